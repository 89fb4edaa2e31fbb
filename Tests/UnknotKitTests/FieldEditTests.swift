import Testing
import UnknotKit

@Suite struct FieldEditTests {
  private let journal: Journal
  private let pain: JournalRecord
  private let session: JournalRecord
  private let routine: JournalRecord

  init() throws {
    journal = try Household().device("phone")
    pain = try journal.ratePain(6).only()
    session = try journal.logSession(bouts: [try BoutText("ql:45s")]).only()
    routine = try journal.newRoutine("Evening", steps: [try BoutText("tfl:30s")]).only()
  }

  private func id(_ type: String) throws -> String {
    switch type {
    case "pain": return pain.id
    case "session": return session.id
    case "bout": return session.children[0].id
    case "routine": return routine.id
    default: return routine.children[0].id
    }
  }

  @Test(arguments: [
    ("pain", "score=0", "0"), ("pain", "score=10", "10"), ("pain", "side=Left", #""left""#),
    ("pain", "site=upper-back", #""upper-back""#), ("pain", "context=next-morning", #""next-morning""#),
    ("pain", "context=", "null"), ("pain", "at=yesterday 18:00", #""2026-05-13T18:00:00+02:00""#),
    ("pain", "note=a=b = c", #""a=b = c""#),
    ("pain", "note=two\nlines\tand a tab", #""two\nlines\tand a tab""#),
    ("session", "routine=Evening", nil), ("session", "ended_at=", "null"), ("bout", "seconds=1m30s", "90"),
    ("bout", "release=partial", #""partial""#), ("bout", "discomfort_start=4", "4"),
    ("bout", "surface=chair", #""chair""#), ("routine", "archived=yes", "true"),
    ("routine", "archived=no", "false"), ("routine", "name=  Morning ", #""Morning""#),
    ("step", "target=glute-min", #""glute-min""#), ("step", "seconds=30m", "1800"),
  ])
  func isTaken(type: String, assignment: String, json: String?) throws {
    let written = try journal.edit(try id(type), [assignment]).only()
    let name = String(assignment.prefix { $0 != "=" })
    #expect(written.value(named: name)?.json.compact == json ?? JSONValue.string(routine.id).compact)
    // The same again changes nothing.
    #expect(try journal.edit(try id(type), [assignment]).records.isEmpty)
  }

  @Test(arguments: [
    ("pain", "score=11"), ("pain", "score=3.5"), ("pain", "score=-1"), ("pain", "score=six"),
    ("pain", "score="),
    ("pain", "score=٣"), ("pain", "at="), ("pain", "at=5/6/2026"), ("pain", "at=2026-05-14T16:03:00Z"),
    ("pain", "site="), ("pain", "site=elbow"), ("pain", "side=up"),
    ("pain", "context=never"), ("pain", "session=1"), ("pain", "session="), ("pain", "note=a\0b"),
    ("pain", "note=\u{1b}[31m"), ("pain", "note=\u{7f}"), ("pain", "note=\u{9b}"), ("pain", "note=a\r\nb"),
    ("session", "started_at="), ("session", "ended_at=yesterday"), ("session", "bouts=1"),
    ("bout", "target="),
    ("bout", "seconds="), ("bout", "seconds=0s"), ("bout", "seconds=31m"), ("bout", "seconds=soon"),
    ("bout", "discomfort_end=11"), ("bout", "release=half"), ("bout", "order=a5"), ("bout", "session=1"),
    ("routine", "name="), ("routine", "name=  "), ("routine", "name=a\nb\u{1b}"),
    ("routine", "archived=maybe"),
    ("step", "routine=Evening"), ("step", "order="), ("step", "target=gluteus"), ("pain", "id=1"),
    ("pain", "presence=1"), ("pain", "SCORE=5"), ("pain", "=5"),
  ])
  func isRefusedAndNothingChanges(type: String, assignment: String) throws {
    let before = try journal.digest()
    _ = try failure(.invalidValue) { try journal.edit(try id(type), [assignment]) }
    _ = try failure(.invalidValue) { try journal.edit(try id(type), ["note=x", assignment]) }
    #expect(try journal.digest().json == before.json)
  }

  @Test func textsHaveALimitThatNoCombiningMarkGoesAround() throws {
    _ = try journal.edit(pain.id, ["note=" + String(repeating: "é", count: 10_000)])
    _ = try failure(.invalidValue) {
      try journal.edit(pain.id, ["note=" + String(repeating: "é", count: 10_001)])
    }
    // To Swift, one character.
    let tower = "e" + String(repeating: "\u{301}", count: 10_000)
    _ = try failure(.invalidValue) { try journal.edit(pain.id, ["note=" + tower]) }
    _ = try journal.edit(routine.id, ["name=" + String(repeating: "n", count: 100)])
    _ = try failure(.invalidValue) {
      try journal.edit(routine.id, ["name=" + String(repeating: "n", count: 101)])
    }
  }

  @Test func whatIsMissingIsNotFound() throws {
    _ = try failure(.notFound) { try journal.edit(session.id, ["routine=Morning"]) }
    _ = try failure(.notFound) { try journal.edit(session.id, ["routine=\(pain.id)"]) }
    _ = try failure(.usage) { try journal.edit(pain.id, []) }
    _ = try failure(.usage) { try journal.edit(pain.id, ["score"]) }
  }

  @Test func theFieldsAreThoseThatScriptsRelyOn() {
    let core = [
      "session": "started_at ended_at routine note",
      "bout": "session target side surface seconds discomfort_start discomfort_end release note",
      "pain": "at score site side context session note", "routine": "name note archived",
      "step": "routine target side surface seconds note",
    ]
    for (name, fields) in core {
      let type = RecordType.all.first { $0.name == name }
      for field in fields.split(separator: " ") {
        #expect(type?.field(String(field)) != nil, "\(name) \(field)")
      }
    }
    #expect(Journal.listable.prefix(5) == ["sessions", "bouts", "pain", "routines", "steps"])
    // A field is found by its name, and so is a type.
    #expect(Set(RecordType.all.map(\.name)).count == RecordType.all.count)
    for type in RecordType.all { #expect(Set(type.fields.map(\.name)).count == type.fields.count) }
  }

  @Test func undoLeavesAloneWhatWasWrittenSince() throws {
    let edit = try journal.edit(pain.id, ["score=7", "note=worse"])
    _ = try journal.edit(pain.id, ["score=8"])
    let undone = try journal.undo(edit.operation)
    #expect(undone.kept.map(\.field) == ["score"])
    #expect(try journal.show(pain.id)[.score].integer == 8)
    #expect(try journal.show(pain.id)[.note].isEmpty)
    _ = try failure(.invalidValue) { try journal.undo(edit.operation) }
    _ = try journal.redo()
    #expect(try journal.show(pain.id)[.note].text == "worse")
    _ = try failure(.notFound) { try journal.redo() }
  }
}
