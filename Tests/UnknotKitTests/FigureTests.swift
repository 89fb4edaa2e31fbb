import Foundation
import Testing
import UnknotCausality
import UnknotStorage

@testable import UnknotKit

/// What goes into a figure, and what does not.
@Suite struct FigureTests {
  private let household: Household
  private let journal: Journal

  init() throws {
    household = try Household()
    journal = try household.device("phone")
  }

  private func session(_ before: Int?, _ after: Int?, ago: Int64 = 0, site: String = "low-back") throws
    -> JournalRecord
  {
    var entry = SessionEntry(bouts: [try BoutText("ql/left:1m")])
    (entry.before, entry.after, entry.site) = (before, after, try PlaceText(site: site))
    if ago > 0 { entry.at = Moment(milliseconds: journal.now.milliseconds - ago * 1000, offsetMinutes: 120) }
    return try journal.logSession(entry).records[0]
  }

  @Test func pairsAreOfOneSessionAndSideAndRecordedLive() throws {
    _ = try session(6, 4)
    household.advance(seconds: 7200)
    _ = try session(6, nil)
    household.advance(seconds: 7200)
    _ = try session(7, 3, site: "low-back/left")
    household.advance(seconds: 7200)
    // An hour ago: from memory.
    _ = try session(9, 1, ago: 3600)
    let effect = try journal.effect(FigureRange())
    #expect(effect.pairs.map(\.change) == [-2, -4] && effect.pairs.map(\.side) == [nil, "left"])
    #expect(effect.backfilled == 1 && effect.change?.mean == -3)
    #expect(effect.easedByTwo == 1 && effect.easedByThirtyPercent == 1)
    #expect(try journal.effect(FigureRange(site: "neck")).pairs.isEmpty)
    // A rating that was moved away from its session is not one around it.
    let after = try journal.list("pain").first { $0[.context].text == "after" && $0[.side].text == "left" }
    _ = try journal.edit(try #require(after).id, ["side=right"])
    #expect(try journal.effect(FigureRange()).pairs.count == 1)
  }

  @Test func whatWasRemovedCountsNoMore() throws {
    let kept = try session(6, 4)
    household.advance(seconds: 7200)
    let gone = try session(8, 1)
    _ = try journal.remove([gone.id])
    let trend = try journal.trend(FigureRange())
    #expect(trend.sessions == 1 && trend.minutes.map(\.minutes) == [1])
    #expect(try journal.effect(FigureRange()).pairs.map(\.change) == [-2])
    #expect(try journal.targets(FigureRange()).rows.map(\.bouts) == [1])
    _ = try journal.remove([kept.id])
    #expect(try journal.targets(FigureRange()).rows.isEmpty)
  }

  /// Two devices with the same records draw the same.
  @Test func figuresAreOfWhatIsMerged() throws {
    let other = try household.device("laptop")
    _ = try session(6, 4)
    try household.carry(journal, other)
    let pain = try #require(try other.list("pain").first)
    _ = try other.edit(pain.id, ["score=1"])
    _ = try other.ratePain(9)
    // Far enough apart to be two.
    household.advance(seconds: 301)
    _ = try journal.ratePain(3)
    try household.exchange(journal, other)
    let (one, two) = (try journal.trend(FigureRange()), try other.trend(FigureRange()))
    #expect(one.days == two.days && one.ratings == 4)
    #expect(try journal.effect(FigureRange()).pairs == (try other.effect(FigureRange())).pairs)
  }

  /// The streaming scan sees what a list of whole records sees, edited, removed and merged ones among them.
  @Test(arguments: 0..<12) func scansSeeWhatListsSee(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    let other = try household.device("laptop")
    _ = try journal.ratePain(5)
    try household.carry(journal, other)
    for _ in 0..<60 { try change(Bool.random(using: &random) ? journal : other, other, &random) }
    for device in [journal, other] {
      let listed = try device.list("pain")
      try expectValues(device, listed)
      try expectConditions(device, listed)
      try expectOwned(device)
    }
  }

  private func change(_ device: Journal, _ other: Journal, _ random: inout SeededRandom) throws {
    household.advance(seconds: Int64.random(in: 1...20_000, using: &random))
    let pain = try device.list("pain")
    let some = pain.randomElement(using: &random)
    switch Int.random(in: 0..<7, using: &random) {
    case 0, 1: _ = try device.ratePain(Int.random(in: 0...10, using: &random))
    case 2:
      _ = try device.logSession(bouts: [try BoutText("ql/left:1m")], before: 5, after: 3)
    case 3:
      if let some {
        _ = try device.edit(some.id, ["score=\(Int.random(in: 0...10, using: &random))", "note=n"])
      }
    case 4: if let some { _ = try device.remove([some.id]) }
    case 5:
      if let session = try device.list("sessions").randomElement(using: &random) {
        _ = try device.remove([session.id])
      }
    default: try household.exchange(journal, other)
    }
  }

  /// All of them, by time, with the values that they show.
  private func expectValues(_ device: Journal, _ listed: [JournalRecord]) throws {
    var seen: [String: [Value]] = [:]
    var last = Int64.min
    try device.read { session in
      try session.reader.scan("pain", fields: ["score", "note", "context"].map { FieldName($0) }) {
        #expect($0.time >= last)
        last = $0.time
        seen[$0.id.description] = $0.values
      }
    }
    #expect(Set(seen.keys) == Set(listed.map(\.id)))
    for record in listed {
      #expect(
        seen[record.id] == [
          record[.score].value, record[.note].value, record[.context].value,
        ])
    }
  }

  /// Those alone of which a condition holds.
  private func expectConditions(_ device: Journal, _ listed: [JournalRecord]) throws {
    for condition in [ScanCondition.equals("scheduled"), .equals("n"), .isSet] {
      for field in [FieldKey.context, .note] {
        var found: Set<String> = []
        try device.read { session in
          try session.reader.scan("pain", fields: [], where: [FieldName(field): condition]) {
            found.insert($0.id.description)
          }
        }
        let expected = listed.filter { record in
          if case .equals(let text) = condition { return record[field].value == .text(text) }
          return record[field].value != .null
        }
        #expect(found == Set(expected.map(\.id)))
      }
    }
  }

  /// The bouts of some sessions.
  private func expectOwned(_ device: Journal) throws {
    let sessions = try device.list("sessions")
    let some = sessions.filter { $0.id.utf8.last.map { $0 % 2 == 0 } ?? false }
    var bouts: [String] = []
    try device.read { session in
      let owners = Set(try some.map { try session.record($0.id).id })
      try session.reader.scan("bout", fields: [], of: owners) { bouts.append($0.id.description) }
    }
    #expect(bouts.sorted() == some.flatMap { $0.children.map(\.id) }.sorted())
  }

  @Test func aTrialIsKeptAndDueByItsArm() throws {
    let written = try journal.setTrial(TrialEntry("session", "rest"))
    let plan = try #require(written.records.first)
    #expect(plan[.outcome].text == "next-day" && plan[.blocks].entries.count == 8)
    let other = try household.device("laptop")
    try household.exchange(journal, other)
    #expect(try other.trialToday()?.arm == (try journal.trialToday())?.arm)
    let figures = try #require(try journal.trial(FigureRange()))
    #expect(figures.blocks.map(\.arm) == plan[.blocks].entries.map(\.text) && !figures.isOver)
    // Nothing is due on days of rest.
    let last = try #require(figures.blocks.last?.days.upperBound)
    let slots = try journal.slots(figures.blocks[0].days.lowerBound...last)
    for block in figures.blocks {
      let own = slots.filter { block.days.contains($0.day) }
      #expect(own.isEmpty == (block.arm == "rest"))
    }
  }

  @Test(arguments: [
    ("wall", "wall", 4, ""), ("wall", " ", 4, ""), ("wall", "floor", 3, ""), ("wall", "floor", 11, ""),
    ("session", "rest", 4, "change"), ("wall", "floor", 4, "mood"),
  ])
  func aTrialThatCannotShowAnythingIsRefused(
    _ first: String, _ second: String, _ blocks: Int, _ outcome: String
  ) throws {
    var entry = TrialEntry(first, second)
    entry.blocks = blocks
    if !outcome.isEmpty { entry.outcome = outcome }
    let digest = try journal.digest().digest
    #expect(throws: KitError.self) { try journal.setTrial(entry) }
    #expect(try journal.digest().digest == digest)
  }

  /// Changing what comes after does not alter how earlier blocks were drawn.
  @Test func aTrialsResultIsOfItsBlocks() throws {
    _ = try journal.setTrial(TrialEntry("wall", "floor"))
    for _ in 0..<40 {
      household.advance(seconds: 86_400)
      let arm = try journal.trialToday()?.arm
      _ = try session(6, arm == "floor" ? 3 : 5)
    }
    let figures = try #require(try journal.trial(FigureRange()))
    #expect(figures.isOver && figures.usable == (4, 4))
    #expect(figures.test?.difference == -2 && figures.test?.p == 2.0 / 70)
  }

  /// Of the next day is what the morning after says.
  @Test func aTrialOfRestIsOfTheNextDay() throws {
    _ = try journal.setTrial(TrialEntry("session", "rest"))
    for _ in 0..<40 {
      let arm = try journal.trialToday()?.arm
      household.advance(seconds: 86_400)
      _ = try journal.ratePain(arm == "rest" ? 6 : 3)
    }
    let figures = try #require(try journal.trial(FigureRange()))
    #expect(figures.isOver && figures.usable == (4, 4))
    #expect(figures.test?.difference == 3 && figures.test?.p == 2.0 / 70)
  }

  @Test func aSkippedBoutIsNotPressed() throws {
    let session = try journal.logSession(bouts: [BoutText("ql/left:1m"), BoutText("tfl/left:1m")]).records[0]
    _ = try journal.edit(session.children[1].id, ["outcome=skipped"])
    let targets = try journal.targets(FigureRange())
    #expect(targets.rows.map(\.target) == ["ql"] && targets.left == 1 && targets.singleTargetSessions == 1)
    #expect(try journal.trend(FigureRange()).minutes.map(\.minutes) == [1])
    #expect(try journal.adherence(FigureRange()).bouts == 1)
  }

  /// As if each target had another eight bouts that went as all of them did; with fewer than eight of its own, nothing
  /// is said.
  @Test func aTargetsChangeIsDrawnTowardsThatOfAll() throws {
    let texts = Array(repeating: "ql/left:30s", count: 24) + Array(repeating: "tfl/left:30s", count: 7)
    let session = try journal.logSession(bouts: try texts.map { text throws(KitError) in try BoutText(text) })
      .records[0]
    for (index, bout) in session.children.enumerated() {
      _ = try journal.edit(bout.id, ["discomfort_start=6", "discomfort_end=\(index < 24 ? 2 : 6)"])
    }
    let rows = try journal.targets(FigureRange()).rows
    let all = -4 * 24.0 / 31
    #expect(rows.map(\.target) == ["ql", "tfl"] && rows.map(\.change) == [-4, 0])
    #expect(abs(try #require(rows[0].shrunk) - (all * 8 + -4 * 24) / 32) < 1e-12)
    #expect(rows[1].shrunk == nil)
  }

  @Test func theLongestGapIsOfDaysWithoutAValue() throws {
    for days in [1, 1, 4, 2] as [Int64] {
      _ = try journal.ratePain(4)
      household.advance(seconds: days * 86_400)
    }
    let quality = try journal.quality(FigureRange())
    #expect(quality.days == 7 && quality.observedDays == 4 && quality.longestGap == 3)
    #expect(quality.ratings == 4 && quality.live == 4 && quality.scores[4] == 4)
  }

  /// Who asks for four weeks on the first day has no gap of 27 days. Of another site, or after an earlier rating, it is one.
  @Test func whatIsBeforeTheFirstRatingIsNoGap() throws {
    _ = try journal.ratePain(4)
    let today = try journal.today()
    let weeks = FigureRange(since: today.adding(-27), until: today)
    let first = try journal.quality(weeks)
    #expect(first.begun == today && first.longestGap == 0 && first.days == 28)
    let knee = try journal.quality(FigureRange(since: today.adding(-27), until: today, site: "knee"))
    #expect(knee.begun == nil && knee.longestGap == 28)
    household.advance(seconds: 40 * 86_400)
    _ = try journal.ratePain(3)
    let later = try journal.today()
    let afterwards = try journal.quality(FigureRange(since: later.adding(-27), until: later))
    #expect(afterwards.begun == nil && afterwards.longestGap == 27)
  }

  /// The first days of a range have a mean of the days before it, as in a longer range.
  @Test func aMeanKnowsTheDaysBefore() throws {
    for score in [8, 7, 6, 5, 4, 3, 2, 1, 0, 0] {
      _ = try journal.ratePain(score)
      household.advance(seconds: 86_400)
    }
    let today = try journal.today()
    let whole = try journal.trend(FigureRange())
    let part = try journal.trend(FigureRange(since: today.adding(-3), until: today))
    #expect(part.days.count == 3 && part.ratings == 3 && part.highest.count == 3)
    #expect(part.means.map(\.day) == part.days.map(\.day))
    #expect(part.means.map(\.mean) == whole.means.suffix(3).map(\.mean))
  }

  /// What a clinician must not overlook: another place that hurts more, with tingling; a bad week after quiet ones; a tag.
  @Test func theClinicianSeesWhatIsElsewhere() throws {
    for _ in 0..<20 {
      _ = try journal.ratePain(1, site: try PlaceText(site: "low-back/left"))
      household.advance(seconds: 86_400)
    }
    _ = try journal.rateWeek(6, try PlaceText(site: "low-back/left"))
    for score in [6, 7, 7, 8] {
      _ = try journal.ratePain(score)
      household.advance(seconds: 86_400)
    }
    for (score, place, quality) in [
      (3, "calf/right", "ache"), (6, "calf/right", "tingling"), (2, "knee", "ache"),
    ] {
      var entry = PainEntry(score: score, site: try PlaceText(site: place))
      entry.qualities = [quality]
      _ = try journal.ratePain(entry)
    }
    var entry = SessionEntry(bouts: [try BoutText("ql/left:45s")])
    entry.tags = ["adverse-dizzy"]
    _ = try journal.logSession(entry)
    let figures = try journal.clinician(FigureRange())
    #expect(
      figures.elsewhere.map(\.word) == ["calf/right", "knee"] && figures.elsewhere.map(\.highest) == [6, 2])
    #expect(figures.qualitiesElsewhere.map(\.word) == ["ache", "tingling"] && figures.qualities.isEmpty)
    #expect(figures.tagged.map(\.word) == ["adverse-dizzy"])
    #expect(
      figures.lastDays?.median == 6.5 || figures.lastDays?.median == 7,
      "\(String(describing: figures.lastDays))")
    // As many as the page counts: what was said of a week is none of them.
    #expect(figures.sides.map(\.count) == [20] && figures.quality.ratings == 24)
  }

  /// Four weeks, and the four before them: each day is in one of them.
  @Test func theWeeksBeforeShareNoDay() throws {
    for hours in [0, 27, 28, 55, 56].map({ $0 * 24 }) + [55 * 24 - 6] as [Int64] {
      _ = try session(nil, nil, ago: hours * 3600)
    }
    let clinician = try journal.clinician(FigureRange())
    #expect(clinician.weeks.sessions == 2 && clinician.before.sessions == 3)
  }

  /// What a clinician asks first: which side, where else, and how much of the medicine.
  @Test func sidesOtherPlacesAndAmounts() throws {
    for place in ["left", "left", "right", "neck", "knee/left", "neck"] {
      _ = try journal.ratePain(4, site: try journal.place(place))
    }
    for (label, amount) in [("ibuprofen", "400mg"), ("ibuprofen", "200mg"), ("ibuprofen", "400mg"), ("", "")]
    {
      var entry = FactorEntry(kind: "medication")
      (entry.label, entry.amount) = (label.isEmpty ? nil : label, amount.isEmpty ? nil : amount)
      _ = try journal.recordFactor(entry)
      household.advance(seconds: 3600)
    }
    let figures = try journal.clinician(FigureRange())
    #expect(figures.sides.map { "\($0.word) \($0.count)" } == ["left 2", "right 1"])
    #expect(figures.elsewhere.map { "\($0.word) \($0.count)" } == ["neck 2", "knee/left 1"])
    #expect(
      figures.medications.map { "\($0.word) \($0.count)" } == [
        "ibuprofen 400 mg 2", "ibuprofen 200 mg 1", "not named 1",
      ])
  }
}
