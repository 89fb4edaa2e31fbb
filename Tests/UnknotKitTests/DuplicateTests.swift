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

  @Test func mergeFillsGapsAndIsUndoneWhole() throws {
    let (_, laptop, _, first, second) = try pair()
    let merged = try laptop.mergeDuplicates(first, second).only()
    #expect(merged["score"].integer == 6)
    #expect(merged["note"].text == "on the phone")
    #expect(try !laptop.show(second).isPresent)
    #expect(try laptop.duplicates().isEmpty)
    _ = try laptop.undo()
    #expect(try laptop.show(first)["note"].isEmpty)
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
    #expect(merged.children.map { $0["side"].text } == ["left", "right"])
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
    let mergeable = Set(RecordType.all.filter(\.isMergeable).map(\.name))
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

  /// What referred to the one that goes refers to the one that stays, and a copied rating stays as live as it was.
  @Test func mergingLeavesNothingPointingNowhere() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1, site: PlaceText(site: "foot"))
    try household.carry(laptop, phone)
    var sessions: [String] = []
    for device in [laptop, phone] {
      _ = try device.addBall("Blue")
      var entry = SessionEntry(bouts: [try BoutText("ql/left:45s")])
      entry.ball = "Blue"
      entry.after = device.now.milliseconds % 2 == 0 ? 4 : 4
      sessions.append(try device.logSession(entry).records[0].id)
      household.advance(seconds: 60)
    }
    _ = try phone.ratePain(5)
    try household.exchange(laptop, phone)
    household.advance(seconds: 86_400)
    let ball = try #require(try laptop.duplicates().first { $0.first.type == "ball" })
    _ = try laptop.mergeDuplicates(ball.first.id, ball.second.id)
    for session in sessions { #expect(try laptop.show(session)["ball"].reference == ball.first.id) }
    let pair = try #require(try laptop.duplicates().first { $0.first.type == "session" })
    _ = try laptop.edit(pair.second.id, ["note=x"])
    _ = try laptop.mergeDuplicates(pair.first.id, pair.second.id)
    let ratings = try laptop.list("pain").filter { $0["session"].reference == pair.first.id }
    #expect(!ratings.isEmpty && ratings.allSatisfy { $0.derived.first?.value == .bool(false) })
  }
}
