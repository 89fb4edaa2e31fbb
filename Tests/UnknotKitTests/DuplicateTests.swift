import Foundation
import Testing
import UnknotKit

struct DuplicateTests {
  private func pair() throws -> (Household, Journal, Journal, String, String) {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1, site: PlaceText(site: "foot"))
    try household.carry(laptop, phone)
    let first = try laptop.ratePain(6).only().id
    household.advance(seconds: 60)
    let second = try phone.ratePain(5, note: "on the phone").only().id
    try household.exchange(laptop, phone)
    return (household, laptop, phone, first, second)
  }

  @Test func onlyRecordsOfDifferentDevicesNearEachOtherAreListed() throws {
    let (household, laptop, _, first, second) = try pair()
    _ = try laptop.ratePain(6, site: PlaceText(site: "hip"))
    household.advance(seconds: 400)
    _ = try laptop.ratePain(6)
    let found = try laptop.duplicates()
    #expect(found.map(\.first.id) == [first])
    #expect(found.map(\.second.id) == [second])
  }

  @Test func dismissalTravelsInEitherOrder() throws {
    let (household, laptop, phone, first, second) = try pair()
    _ = try laptop.dismissDuplicate(second, first)
    try household.exchange(laptop, phone)
    #expect(try laptop.duplicates().isEmpty)
    #expect(try phone.duplicates().isEmpty)
    #expect(try phone.dismissDuplicate(first, second).records.isEmpty)
  }

  /// One says that they are two, the other merges them: neither decision is gone unseen, whichever way somebody decides.
  @Test(arguments: [false, true], [false, true])
  func aDismissalAndAMergeMeetInAConflict(keepsFirst: Bool, areTwo: Bool) throws {
    let (household, laptop, phone, first, second) = try pair()
    _ = try laptop.dismissDuplicate(first, second)
    household.advance(seconds: 60)
    let (kept, other) = keepsFirst ? (first, second) : (second, first)
    _ = try phone.mergeDuplicates(kept, other)
    #expect(try phone.list("pain").count == 2)
    try household.exchange(laptop, phone)
    for journal in [laptop, phone] {
      let conflict = try #require(try journal.conflicts().first)
      #expect(try journal.conflictCount() == 1 && conflict.record.id == other)
      #expect(try journal.list("pain").count == 3)
    }
    let conflict = try #require(try laptop.conflicts().first)
    let word = JSONValue.string(areTwo ? "keep" : "delete")
    let chosen = try #require(conflict.values.firstIndex { $0.json == word })
    _ = try laptop.resolve(conflict, .take(chosen + 1))
    try household.exchange(laptop, phone)
    for journal in [laptop, phone] {
      #expect(try journal.conflictCount() == 0)
      #expect(try journal.list("pain").count == (areTwo ? 3 : 2))
      #expect(try journal.duplicates().isEmpty)
    }
  }

  /// A sign and a severe rating do not go in favour of something harmless.
  @Test func aMergeHidesNothing() throws {
    let (_, laptop, _, _, _) = try pair()
    let (clear, sign) = (
      try laptop.recordCheck([]).written.only().id, try laptop.recordCheck(["bladder"]).written.only().id
    )
    let (lesser, severe) = (try laptop.ratePain(5).only().id, try laptop.ratePain(9).only().id)
    let before = try laptop.digest().digest
    for (kept, other) in [(clear, sign), (sign, clear), (lesser, severe)] {
      _ = try failure(.invalidValue) { try laptop.mergeDuplicates(kept, other) }
    }
    #expect(try laptop.digest().digest == before)
    #expect(try laptop.mergeDuplicates(severe, lesser).records.count == 1)
    #expect(try laptop.standingSign()?.tier == .emergency)
  }

  /// A dismissal is one operation, that `undo` takes back.
  @Test func aDismissalIsUndoneWhole() throws {
    let (_, laptop, _, first, second) = try pair()
    _ = try laptop.dismissDuplicate(first, second)
    #expect(try laptop.duplicates().isEmpty)
    _ = try laptop.undo()
    #expect(try laptop.duplicates().count == 1 && laptop.list("pain").count == 3)
  }

  /// What was merged is here: the file that both imported brings nothing back, and corrections reach the one that stayed.
  @Test func whatWasMergedIsKnownToImports() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1, site: PlaceText(site: "foot"))
    try household.carry(laptop, phone)
    let file = household.folder + "/walks.csv"
    func write(_ amount: Int) throws {
      try Data("FeatureName,Timestamp,Value,Note\nWalk,2026-04-01T08:00:00+02:00,\(amount),\n".utf8)
        .write(to: URL(filePath: file))
    }
    try write(3)
    var options = ImportOptions()
    options.acceptsGuesses = true
    options.restores = true
    for device in [laptop, phone] { #expect(try device.importRecords(file, options).addedCount == 1) }
    try household.exchange(laptop, phone)
    _ = try laptop.mergeSameOrigin()
    let again = try laptop.importRecords(file, options)
    #expect(again.known == 1 && again.removed == 0 && again.restored == 0)
    #expect(try laptop.list("factors").count == 1)
  }

  @Test func mergeFillsGapsAndIsUndoneWhole() throws {
    let (_, laptop, _, first, second) = try pair()
    let merged = try laptop.mergeDuplicates(first, second).only()
    #expect(merged[.score].integer == 6)
    #expect(merged[.note].text == "on the phone")
    #expect(try !laptop.show(second).isPresent)
    #expect(try laptop.duplicates().isEmpty)
    _ = try laptop.undo()
    #expect(try laptop.show(first)[.note].isEmpty)
    #expect(try laptop.show(second).isPresent)
  }

  @Test func sessionsTakeTheBoutsThatTheyLack() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1, site: PlaceText(site: "foot"))
    try household.carry(laptop, phone)
    let first = try laptop.logSession(bouts: [BoutText("ql/left:45s")]).only().id
    let second = try phone.logSession(bouts: [BoutText("ql/left:45s"), BoutText("ql/right:45s")]).only().id
    try household.exchange(laptop, phone)
    #expect(try laptop.duplicates().count == 1)
    let merged = try laptop.mergeDuplicates(first, second).only()
    #expect(merged.children.map { $0[.side].text } == ["left", "right"])
  }

  @Test func mergesInBothDirectionsAtOnceLoseNothingUnseen() throws {
    let (household, laptop, phone, first, second) = try pair()
    _ = try laptop.mergeDuplicates(first, second)
    _ = try phone.mergeDuplicates(second, first)
    try household.exchange(laptop, phone)
    let isThere = try [first, second].contains { try laptop.show($0).isPresent }
    let isSeen = try laptop.conflicts().contains { $0.field == "presence" }
    #expect(isThere || isSeen)
  }

  /// Three things that both recorded are three pairs, whatever else was near.
  @Test func eachRecordIsInOnePair() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1, site: PlaceText(site: "foot"))
    try household.carry(laptop, phone)
    for _ in 0..<3 {
      _ = try laptop.ratePain(6)
      _ = try phone.ratePain(6)
      household.advance(seconds: 60)
    }
    try household.exchange(laptop, phone)
    #expect(try laptop.duplicates().count == 3 && phone.duplicates().count == 3)
    let ids = try laptop.duplicates().flatMap { [$0.first.id, $0.second.id] }
    #expect(Set(ids).count == 6)
  }

  /// Who had seen the one and made another made two.
  @Test func whatHadSeenTheOtherIsNoDuplicate() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(6)
    try household.carry(laptop, phone)
    _ = try phone.ratePain(6)
    try household.exchange(laptop, phone)
    #expect(try laptop.duplicates().isEmpty)
  }

  /// Every kind that two devices can record of one thing.
  @Test func everyKindCanBeADuplicate() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.newRoutine("Old", steps: [try BoutText("ql:45s")])
    try household.carry(laptop, phone)
    var made: [String] = []
    for device in [laptop, phone] {
      made = [
        try device.logSession(bouts: [try BoutText("tfl/left:45s")]), try device.ratePain(4),
        try device.recordFactor(FactorEntry(kind: "walk")), try device.openEpisode(),
        try device.recordPEG(pain: 4, enjoyment: 4, activity: 4), try device.recordCheck([]).written,
        try device.addBall("Blue"), try device.addSpot("ql/left", label: "rib"),
        try device.newRoutine("Evening", steps: [try BoutText("ql:45s")]),
        try device.setPlan(PlanEntry(kind: "course")),
        try device.addStep(try BoutText("tfl/left:45s"), to: "Old", at: .last),
      ].map { $0.records[0].type }
      // The week's PEG is one, on whichever day it is asked; what is kept is one whenever it is written down.
      household.advance(seconds: 60)
    }
    try household.exchange(laptop, phone)
    let found = try laptop.duplicates()
    #expect(Set(found.map(\.first.type)).isSuperset(of: made))
    // Bouts are one only where they are copies of one.
    let mergeable = Set(RecordType.all.filter(\.isMergeable).map(\.name)).subtracting(["bout"])
    #expect(Set(found.map(\.first.type)) == mergeable)
    for pair in found where try laptop.show(pair.second.id).isPresent {
      _ = try laptop.mergeDuplicates(pair.first.id, pair.second.id)
    }
    #expect(try laptop.duplicates().isEmpty)
    try household.exchange(laptop, phone)
    #expect(try phone.duplicates().isEmpty)
  }

  @Test func twoPEGsOfOneWeekAreOne() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1)
    try household.carry(laptop, phone)
    _ = try laptop.recordPEG(pain: 4, enjoyment: 4, activity: 4)
    household.advance(seconds: 2 * 86_400)
    _ = try phone.recordPEG(pain: 5, enjoyment: 4, activity: 4)
    household.advance(seconds: 7 * 86_400)
    _ = try laptop.recordPEG(pain: 3, enjoyment: 3, activity: 3)
    try household.exchange(laptop, phone)
    #expect(try phone.duplicates().map(\.first.type) == ["assessment"])
  }

  /// Both devices imported one file: a hundred pairs are merged at once, and taken back at once.
  @Test func whatHasOneOriginIsMergedInBulk() throws {
    let household = try Household()
    let devices = [
      try household.device("laptop"), try household.device("phone"), try household.device("tablet"),
    ]
    _ = try devices[0].ratePain(1, site: PlaceText(site: "foot"))
    for device in devices.dropFirst() { try household.carry(devices[0], device) }
    let rows = (0..<40).map {
      "Walk,2026-04-\(String(format: "%02d", $0 % 28 + 1))T08:\($0 + 10):00+02:00,\($0),,"
    }
    let file = household.folder + "/walks.csv"
    try (["FeatureName,Timestamp,Value,Label,Note"] + rows).joined(separator: "\n")
      .write(toFile: file, atomically: true, encoding: .utf8)
    var options = ImportOptions()
    options.acceptsGuesses = true
    for device in devices { #expect(try device.importRecords(file, options).addedCount == 40) }
    for device in devices.dropFirst() { try household.carry(device, devices[0]) }
    let laptop = devices[0]
    #expect(try laptop.list("factors").count == 120)
    #expect(try laptop.duplicates().allSatisfy(\.hasSameOrigin))
    let merged = try laptop.mergeSameOrigin()
    #expect(merged.records.count == 40)
    #expect(try laptop.list("factors").count == 40 && laptop.duplicates().isEmpty)
    #expect(try laptop.mergeSameOrigin().records.isEmpty)
    _ = try laptop.undo()
    #expect(try laptop.list("factors").count == 120)
  }

  /// Ratings that two devices made here and there, with files that go to and fro: what can be one is of one place,
  /// within five minutes, and neither device had seen the other's.
  @Test(arguments: 0..<40) func duplicatesAgainstBruteForce(_ seed: UInt64) throws {
    struct Made {
      let id: String
      let time: Int64
      let site: String
      let seen: Set<String>
    }
    var random = SeededRandom(seed)
    let household = try Household()
    let devices = [try household.device("laptop"), try household.device("phone")]
    _ = try devices[0].ratePain(1, site: PlaceText(site: "foot"))
    try household.carry(devices[0], devices[1])
    var made: [Made] = []
    var known: [Set<String>] = [[], []]
    for _ in 0..<24 {
      household.advance(seconds: Int64.random(in: 1...250, using: &random))
      let own = Int.random(in: 0..<2, using: &random)
      if Int.random(in: 0..<5, using: &random) == 0 {
        try household.carry(devices[own], devices[1 - own])
        known[1 - own].formUnion(known[own])
      }
      let site = Bool.random(using: &random) ? "knee" : "hip"
      let now = devices[own].now
      let at = Moment(
        milliseconds: now.milliseconds - Int64.random(in: 0...400, using: &random) * 1000,
        offsetMinutes: now.offsetMinutes)
      let id = try devices[own].ratePain(4, site: PlaceText(site: site), at: at).only().id
      made.append(Made(id: id, time: at.milliseconds, site: site, seen: known[own]))
      known[own].insert(id)
    }
    try household.exchange(devices[0], devices[1])
    func canBeOne(_ one: Made, _ other: Made) -> Bool {
      one.id != other.id && one.site == other.site && abs(one.time - other.time) <= 300_000
        && !one.seen.contains(other.id) && !other.seen.contains(one.id)
        && one.id.prefix { $0 != "-" } != other.id.prefix { $0 != "-" }
    }
    let byID = Dictionary(uniqueKeysWithValues: made.map { ($0.id, $0) })
    let found = try devices[0].duplicates()
    for pair in found {
      #expect(canBeOne(try #require(byID[pair.first.id]), try #require(byID[pair.second.id])))
    }
    // Each is in one pair, and of those that are in none no two could be one.
    let paired = found.flatMap { [$0.first.id, $0.second.id] }
    #expect(Set(paired).count == paired.count)
    let left = made.filter { !paired.contains($0.id) }
    #expect(!left.contains { one in left.contains { canBeOne(one, $0) } })
    #expect(try devices[1].duplicates().map(\.first.id) == found.map(\.first.id))
  }

  @Test func beforeAndAfterAreTwo() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1, site: PlaceText(site: "foot"))
    try household.carry(laptop, phone)
    var entry = PainEntry(score: 6)
    entry.context = "before"
    _ = try laptop.ratePain(entry)
    household.advance(seconds: 60)
    entry.context = "after"
    _ = try phone.ratePain(entry)
    try household.exchange(laptop, phone)
    #expect(try laptop.duplicates().isEmpty)
  }

  /// What referred to the one that goes refers to the one that stays, on whichever device it was written.
  @Test func whatReferredToOneRefersToTheOther() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1)
    try household.carry(laptop, phone)
    var ids: [String] = []
    var sessions: [String] = []
    for journal in [laptop, phone] {
      ids.append(try journal.newRoutine("Evening", steps: [BoutText("ql/left:45s")]).only().id)
      var entry = SessionEntry(bouts: [try BoutText("ql/left:45s")])
      entry.routine = "Evening"
      sessions.append(try journal.logSession(entry).records[0].id)
      household.advance(seconds: 3600)
    }
    try household.exchange(laptop, phone)
    _ = try laptop.mergeDuplicates(ids[0], ids[1])
    #expect(try sessions.map { try laptop.show($0)[.routine].reference } == [ids[0], ids[0]])
    _ = try laptop.undo()
    #expect(try sessions.map { try laptop.show($0)[.routine].reference } == ids)
  }

  /// Three devices took in the same file of another program.
  @Test func threeOfOneOriginBecomeOne() throws {
    let household = try Household()
    let journals = try ["laptop", "phone", "tablet"].map { try household.device($0) }
    _ = try journals[0].ratePain(1)
    for other in journals.dropFirst() { try household.carry(journals[0], other) }
    let file = household.folder + "/pain.csv"
    try "id,type,at,score,site\r\nx-1,pain,2026-05-01T08:00:00+02:00,4,knee\r\n".write(
      toFile: file, atomically: false, encoding: .utf8)
    for journal in journals { #expect(try journal.importRecords(file).addedCount == 1) }
    for other in journals.dropFirst() { try household.exchange(journals[0], other) }
    #expect(try journals[0].duplicates().map(\.hasSameOrigin) == [true])
    _ = try journals[0].mergeSameOrigin()
    #expect(try journals[0].list("pain").count == 2 && journals[0].duplicates().isEmpty)
    _ = try journals[0].undo()
    #expect(try journals[0].list("pain").count == 4)
  }

  /// What a merge copies was recorded when the other device recorded it.
  @Test func aCopyWasRecordedWhenTheOtherWas() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1, site: PlaceText(site: "foot"))
    try household.carry(laptop, phone)
    let first = try laptop.logSession(bouts: [BoutText("ql/left:45s")]).records[0].id
    var entry = SessionEntry(bouts: [try BoutText("ql/left:45s")])
    (entry.before, entry.after) = (6, 4)
    let logged = try phone.logSession(entry).records
    let recorded = phone.now
    try household.exchange(laptop, phone)
    household.advance(seconds: 86_400)
    _ = try laptop.mergeDuplicates(first, logged[0].id)
    let copied = try laptop.list("pain").filter { $0[.session].reference == first }
    #expect(copied.count == 2)
    for rating in copied {
      #expect(rating[.firstRecordedAt].moment == recorded)
      #expect(rating.derived.map(\.value) == [.bool(false)])
    }
    #expect(try laptop.effect(FigureRange()).pairs.map(\.change) == [-2])
  }

  /// Also of two that say the same, so that nothing of either is taken over.
  @Test func equalRecordsMergedInBothDirectionsAreNotGoneUnseen() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1, site: PlaceText(site: "foot"))
    try household.carry(laptop, phone)
    let (first, second) = (try laptop.ratePain(6).only().id, try phone.ratePain(6).only().id)
    try household.exchange(laptop, phone)
    _ = try laptop.mergeDuplicates(first, second)
    _ = try phone.mergeDuplicates(second, first)
    try household.exchange(laptop, phone)
    for journal in [laptop, phone] {
      #expect(try journal.list("pain").contains { $0[.score].integer == 6 })
      #expect(try journal.conflicts().contains { $0.field == "presence" })
    }
  }
}
