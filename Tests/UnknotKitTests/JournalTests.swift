import Foundation
import TestSupport
import Testing
import UnknotKit

@Suite struct JournalTests {
  private let environment = TestEnvironment(now: 1_795_444_200_000)

  private func journal(_ name: String = "phone") throws -> Journal {
    try Journal(
      path: nil, deviceName: name, environment: environment, zone: try #require(TimeZone(identifier: "UTC")),
      stateFolder: nil)
  }

  private func expect<T>(_ kind: KitError.Kind, _ journal: Journal, _ body: () throws -> T) throws {
    let before = try journal.digest()
    let error = #expect(throws: KitError.self) { try body() }
    #expect(error?.kind == kind, "\(String(describing: error))")
    #expect(try journal.digest().json == before.json, "nothing was changed")
  }

  @Test func aSessionWithoutATimeHasJustEnded() throws {
    let journal = try journal()
    let written = try journal.logSession(bouts: [try BoutText("ql/left:45s@wall"), try BoutText("tfl:15s")])
    let session = try #require(written.records.first)
    #expect(session[.endedAt].moment?.milliseconds == environment.clock.now)
    #expect(session[.startedAt].moment?.milliseconds == environment.clock.now - 60_000)
    #expect(session.children.map { $0[.order].text } == ["a0", "a1"])
  }

  @Test(arguments: ["11", "3.5", "-1", "five", "+5", " 5", "5 ", "٥", ""])
  func ratingsAreWholeNumbersFrom0To10(text: String) throws {
    let journal = try journal()
    _ = try journal.ratePain(6)
    if text != "+5" {
      try expect(.invalidValue, journal) { try journal.edit("1", ["score=\(text)"]) }
    }
    try expect(.invalidValue, journal) { try journal.ratePain(11) }
    try expect(.invalidValue, journal) { try journal.ratePain(-1) }
  }

  @Test func wordsAreCheckedAndTheNearestIsNamed() throws {
    let journal = try journal()
    _ = try journal.ratePain(6)
    let error = #expect(throws: KitError.self) { try BoutText("glute-mde:45s") }
    #expect(error?.hint?.contains("did you mean glute-med?") == true)
    try expect(.invalidValue, journal) { try journal.edit("1", ["site=lowbakc"]) }
    try expect(.invalidValue, journal) { try journal.edit("1", ["side=up"]) }
    try expect(.invalidValue, journal) { try journal.edit("1", ["nope=1"]) }
    try expect(.invalidValue, journal) { try journal.edit("1", ["session=1"]) }
    try expect(.invalidValue, journal) { try journal.edit("1", ["at="]) }
    try expect(.usage, journal) { try journal.edit("1", ["score"]) }
  }

  @Test func textsAreCheckedAndKeptInOneForm() throws {
    let journal = try journal()
    _ = try journal.ratePain(6, note: "e\u{301} and é\n\ttwo lines")
    let note = try journal.show("1")[.note].text
    #expect(note?.utf8.elementsEqual("\u{e9} and \u{e9}\n\ttwo lines".utf8) == true)
    try expect(.invalidValue, journal) {
      try journal.edit("1", ["note=\(String(repeating: "a", count: 10_001))"])
    }
    try expect(.invalidValue, journal) {
      try journal.ratePain(1, note: String(repeating: "a", count: 1 << 20))
    }
    try expect(.invalidValue, journal) { try journal.edit("1", ["note=a\u{0}b"]) }
    try expect(.invalidValue, journal) { try journal.edit("1", ["note=\u{1b}[31m"]) }
    _ = try journal.edit("1", ["note="])
    #expect(try journal.show("1")[.note].isEmpty)
  }

  @Test func sessionsEndAfterTheyBegin() throws {
    let journal = try journal()
    _ = try journal.logSession(
      at: try journal.times.moment("2026-05-14 10:00"), bouts: [try BoutText("ql:1m")])
    try expect(.invalidValue, journal) { try journal.edit("1", ["ended_at=2026-05-14 09:59"]) }
    try expect(.invalidValue, journal) { try journal.edit("1", ["ended_at=2026-05-14 13:01"]) }
    try expect(.invalidValue, journal) { try journal.edit("1", ["started_at=2026-05-14 10:02"]) }
    _ = try journal.edit("1", ["started_at=2026-05-14 11:00", "ended_at=2026-05-14 11:05"])
    try expect(.usage, journal) { try journal.logSession(bouts: []) }
    for bad in ["ql", "ql:", "ql:30", "ql:0s", "ql:31m", "ql/up:30s", "ql:30s@moon"] {
      try expect(.invalidValue, journal) { try BoutText(bad) }
    }
  }

  @Test func idsAreFoundByTheirPrefixes() throws {
    let journal = try journal()
    let id = try #require(try journal.ratePain(6).records.first)
    let actor = id.id.prefix(26)
    for text in [id.id, id.shortID, "1", "\(actor.prefix(5))-1", id.id.uppercased()] {
      #expect(try journal.show(text).id == id.id)
    }
    for text in ["2", "0", "-1", "\(actor.prefix(4))-2", "u-1", "x", "", "1-1-1", "99999999999999999999"] {
      try expect(.notFound, journal) { try journal.show(text) }
    }
  }

  @Test func routinesAreFoundByNameOrIdAndMustBeClear() throws {
    let journal = try journal()
    _ = try journal.newRoutine("Evening", steps: [])
    let second = try #require(try journal.newRoutine("Evening", steps: []).records.first)
    try expect(.notFound, journal) { try journal.routine("Evening") }
    #expect(try journal.routine(second.shortID).id == second.id)
    _ = try journal.renameRoutine(second.id, to: "Late")
    #expect(try journal.routine("Late").id == second.id)
    let error = #expect(throws: KitError.self) { try journal.routine("Lade") }
    #expect(error?.hint == "did you mean Late?")
    try expect(.invalidValue, journal) { try journal.newRoutine("  ", steps: []) }
    let step = try #require(
      try journal.addStep(try BoutText("ql:45s"), to: "Late", at: .last).records.first)
    try expect(.notFound, journal) { try journal.moveStep(step.id, in: "Evening", to: .first) }
    try expect(.invalidValue, journal) { try journal.editStep(step.id, in: "Late", ["order=a5"]) }
  }

  @Test func writesThatFailHalfWayLeaveNothing() throws {
    let journal = try journal()
    _ = try journal.ratePain(6)
    try expect(.notFound, journal) { try journal.remove(["1", "7"]) }
    try expect(.notFound, journal) {
      try journal.logSession(routine: "none", bouts: [try BoutText("ql:45s")])
    }
    try expect(.notFound, journal) { try journal.resolve("1", field: "score", .take(1)) }
    try expect(.notFound, journal) { try journal.redo() }
    try expect(.usage, journal) { try journal.list("things") }
  }

  @Test func jsonIsAlwaysValid() throws {
    let text = "\u{0}\u{1b}\"\\\n\u{85}\u{202e}\u{2028}\u{feff}é😀/"
    let value = JSONValue.object([
      ("k\"", .array([.string(text), .null, .bool(true), .integer(.min)])), ("e", .object([])),
    ])
    for printed in [value.compact, value.pretty()] {
      #expect(!printed.unicodeScalars.contains { SafeText.isUnsafe($0) && $0 != "\n" })
      let parsed = try JSONSerialization.jsonObject(with: Data(printed.utf8)) as? [String: Any]
      #expect((parsed?["k\""] as? [Any])?.first as? String == text)
    }
  }
}
