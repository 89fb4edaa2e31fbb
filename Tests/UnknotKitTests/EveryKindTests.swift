import Foundation
import TestSupport
import Testing
import UnknotKit

extension Household {
  /// Some of every kind of record, with texts that are hard on any form.
  func recordEveryKind(in journal: Journal) throws {
    for text in [
      "=1+1", "-2", "+3", "@x", "'=4", "a,\"b\"\nc;d", "  é\u{0301} 👩‍👩‍👧 \u{202e}x", "\tx", "true", "null",
    ] {
      _ = try journal.ratePain(3, site: try PlaceText(site: "low-back/left"), note: text)
      advance(seconds: 60)
    }
    var rating = PainEntry(score: 6)
    (rating.qualities, rating.aggravations, rating.tags) = (["ache", "stiff"], ["sitting"], ["work", "q.1"])
    _ = try journal.ratePain(rating)
    _ = try journal.addBall("=cmd|' /C calc'!A0", ["on_rope=yes", "firmness=4"])
    _ = try journal.addSpot("ql/left", label: "under the rib", ["felt_in=hip,groin"])
    _ = try journal.newRoutine(
      "R, \"1\"", steps: [try BoutText("ql/left:45s@wall"), try BoutText("tfl:30s")])
    var plan = PlanEntry(kind: "course")
    plan.slots = ["am=mon-fri", "19:30"]
    _ = try journal.setPlan(plan)
    _ = try journal.excuseSlot(nil, reason: "travel")
    _ = try journal.editProfile([
      "contraindications/osteoporosis=2026-01-01", "day_start=03:00", "floor_ok=no",
    ])
    _ = try journal.openEpisode(trigger: "dug the garden", firstEver: true)
    _ = try journal.logSession(
      bouts: [try BoutText("ql/left:45s@wall"), try BoutText("glute-med/both:60s")], before: 6, after: 4)
    // A press that a sign ended before it began.
    let stopped = try journal.logSession(bouts: [try BoutText("ql/left:45s@wall")]).records[0].children[0]
    _ = try journal.edit(stopped.id, ["outcome=stopped", "stop_sign=electric"])
    _ = try journal.edit(stopped.id, ["seconds=0"])
    var factor = FactorEntry(kind: "medication")
    (factor.amount, factor.label) = ("0.5mg", "-x")
    _ = try journal.recordFactor(factor)
    _ = try journal.recordPEG(pain: 4, enjoyment: 5, activity: 6)
    _ = try journal.recordCheck([])
    let ratings = try journal.list("pain")
    _ = try journal.dismissDuplicate(ratings[0].id, ratings[1].id)
    // Two that were one: the kept one remembers the other, which is gone.
    _ = try journal.mergeDuplicates(ratings[2].id, ratings[3].id)
  }
}

/// A kind of record that is new is not forgotten anywhere: what goes by kinds says something of each, or names those of which
/// it says nothing.
@Suite struct EveryKindTests {
  static let whatToDo: Comment =
    "A new kind is recorded in `recordEveryKind`; Schema/architecture.md, “Where to add what”, says what else it needs."

  private let household: Household
  private let journal: Journal
  private let records: [ExportedRecord]

  init() throws {
    household = try Household()
    journal = try household.device("phone")
    try household.recordEveryKind(in: journal)
    var found: [ExportedRecord] = []
    try journal.export { found.append($0) }
    records = found
  }

  @Test func eachIsRecordedHere() {
    #expect(Set(records.map(\.type)) == Set(RecordType.all), Self.whatToDo)
  }

  /// Its records come after those that they refer to.
  @Test func eachIsExportedAfterWhatItRefersTo() {
    var seen: Set<String> = []
    for record in records {
      let ids = record.record.fields.compactMap(\.value.reference)
      #expect(ids.allSatisfy(seen.contains), "\(record.type.name): \(ids)")
      seen.insert(record.id)
    }
  }

  @Test func eachSaysWhatItIs() throws {
    let silent = records.filter { $0.record.summary(now: journal.now) == $0.type.name }.map(\.type)
    #expect(Set(silent) == [.profile], "JournalRecord+Summary.swift")
  }

  @Test func eachHasASwiftType() {
    let types: [any TypedRecord.Type] = [
      Session.self, Bout.self, PainRating.self, Routine.self, Step.self, Spot.self, Ball.self, Episode.self,
      Factor.self, PEGAssessment.self,
    ]
    let without: Set<RecordType> = [.plan, .check, .profile, .distinct]
    #expect(Set(types.map { $0.type }).union(without) == Set(RecordType.all), "Sources/UnknotKit/Typed")
  }

  /// What happened goes to a clinic's program; the answers to the safety questions do not.
  @Test func eachEventIsInABundle() throws {
    let bundle = FHIRBundle(timestamp: journal.now)
    let left = records.filter { RecordType.events.contains($0.type) && bundle.entry($0) == nil }.map(\.type)
    #expect(Set(left) == [.check], "FHIRBundle.entry")
  }

  @Test func eachIsTriedByTheFuzzer() throws {
    let text = try String(contentsOf: Repository.root.appending(path: "Scripts/fuzz"), encoding: .utf8)
    let kinds = try #require(text.firstMatch(of: /KINDS = "([^"]*)"/)).1.split(separator: " ").map(
      String.init)
    #expect(Set(kinds) == Set(RecordType.all.map(\.plural)), "Scripts/fuzz")
  }
}
