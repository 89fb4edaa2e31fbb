import Foundation
import TestSupport
import Testing
import UnknotKit

@testable import UnknotApp

/// What forms send is written as of what they showed, and what is wrong in it changes nothing.
extension PagesTests {
  /// What was imported after a form was opened is not overwritten by it.
  @Test func aFormWritesAsOfWhatItShowed() throws {
    let (one, two) = (try journal(), try journal(seed: 2))
    let desk = desk(one)
    let id = try one.ratePain(4).records[0].id
    func carry(_ from: Journal, _ to: Journal, _ name: String) throws {
      _ = try from.export(to: "\(folder.path)/\(name)", folder: folder.path, for: nil, full: true)
      _ = try to.importFiles([.path("\(folder.path)/\(name)")])
    }
    try carry(one, two, "1.unknot")
    let text = try page("record/\(id)", desk)
    let start = try #require(text.range(of: "name=\"form\" value=\"")?.upperBound)
    let end = try #require(text[start...].firstIndex(of: "\""))
    let form = String(text[start..<end]).replacing("&quot;", with: "\"")
    _ = try two.edit(id, ["score=9"])
    try carry(two, one, "2.unknot")
    let fields = [
      ("form", form), ("was.score", "4"), ("field.score", "2"), ("was.note", ""), ("field.note", ""),
    ]
    #expect(try post("record/\(id)/edit", fields, desk).location == "/record/\(id)")
    let conflict = try #require(try one.conflicts().first)
    #expect(Set(conflict.values.compactMap { $0.value.integer }) == [2, 9])
    // Nor is what came after a conflict was shown.
    let shown = conflict.values.map { ("seen", $0.change) }
    #expect(throws: KitError.self) {
      try post(
        "conflicts",
        [("id", id), ("field", "score"), ("take", conflict.values[0].change)] + shown.dropLast(), desk)
    }
    #expect(try one.conflictCount() == 1)
    _ = try post(
      "conflicts", [("id", id), ("field", "score"), ("take", conflict.values[1].change)] + shown, desk)
    #expect(try one.conflictCount() == 0)
    // Without what was shown, nothing is written.
    let before = try one.digest().digest
    for form in ["", "x", "[]x", "[\"a-1-2\"]"] {
      #expect(throws: KitError.self) {
        try post("record/\(id)/edit", [("form", form), ("field.score", "7")], desk)
      }
    }
    #expect(try one.digest().digest == before)
  }

  @Test(
    arguments: [
      ("rate", [("score", "11")]), ("rate", [("score", "")]), ("rate", [("score", "5"), ("site", "elbow")]),
      ("rate", []),
      ("week", [("score", "-1")]), ("peg", [("pain", "3"), ("enjoyment", "x"), ("activity", "2")]),
      ("check", []),
      ("check", [("sign", "fever"), ("none", "yes")]), ("check", [("sign", "x")]),
      ("plan/set", [("kind", "x")]),
      ("plan/pause", []), ("journal/factor", [("kind", "x")]),
      ("journal/pain", [("score", "4"), ("at", "tomorrow")]),
      ("profile", [("against", "x/y/z")]), ("profile", [("site", "elbow")]),
      ("devices/folder", [("folder", "relative")]),
      ("devices/import", [("put", "../../etc"), ("take", "yes")]), ("devices/preview", []), ("undo", []),
    ] as [(String, [(String, String)])])
  func whatIsWrongChangesNothing(path: String, fields: [(String, String)]) throws {
    let journal = try journal()
    let desk = desk(journal)
    if path != "undo" { _ = try journal.ratePain(3) }
    let before = try journal.digest().digest
    #expect(throws: (any Error).self) { try post(path, fields, desk) }
    #expect(try journal.digest().digest == before)
  }

  /// An upload waits for a word, and goes with it, or with the server.
  @Test func anUploadIsLookedAtBeforeItIsTaken() throws {
    let (one, two) = (try journal(), try journal(seed: 2))
    _ = try two.ratePain(7)
    _ = try two.export(to: "\(folder.path)/2.unknot", folder: folder.path, for: nil, full: true)
    let bytes = try Data(contentsOf: URL(filePath: "\(folder.path)/2.unknot"))
    let desk = desk(one)
    func preview() throws -> Response {
      try Routes.answer(
        Request(method: .post, path: ["devices", "preview"], files: [Upload(name: "<f>", bytes: bytes)]), desk
      )
    }
    func waiting() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).count { $0.hasPrefix("unknot-app-") }
    }
    let put = String(repeating: "07", count: 8)
    for take in ["no", "yes"] {
      guard case .page(let page) = try preview().body else { return #expect(Bool(false)) }
      #expect(page.html.text.contains("1 change would be new here") && page.html.text.contains("&lt;f&gt;"))
      #expect(try waiting() == 1 && one.list("pain").isEmpty)
      _ = try post("devices/import", [("put", put), ("take", take)], desk)
      #expect(try waiting() == 0 && one.list("pain").count == (take == "yes" ? 1 : 0))
    }
    #expect(throws: KitError.self) { try post("devices/import", [("put", put), ("take", "yes")], desk) }
    _ = try preview()
    #expect(try waiting() == 1)
    desk.files.removeAll()
    #expect(try waiting() == 0)
  }

  /// A text of any kind comes back as it was, and only what was changed is written.
  @Test func aFormGivesBackWhatItShowed() throws {
    let journal = try journal()
    let desk = desk(journal)
    let note = "\n two lines,\nright to left \u{200f}\u{5d0}, <&\"'> \\u{a}"
    let id = try journal.ratePain(4, note: note).records[0].id
    let text = try page("record/\(id)", desk)
    func unescaped(_ text: some StringProtocol) -> String {
      [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(String(text)) {
        $0.replacing($1.0, with: $1.1)
      }
    }
    // As a browser reads it: the first line end of a text's field is none of it.
    let start = try #require(text.range(of: "name=\"field.note\" rows=\"3\">\n")?.upperBound)
    let end = try #require(text[start...].range(of: "</textarea>")?.lowerBound)
    #expect(unescaped(text[start..<end]) == note)
    let form = String(decoding: try JSONEncoder().encode(try journal.form()), as: UTF8.self)
    let sent = note.replacing("\n", with: "\r\n").replacing("\r\n", with: "\n")
    let fields = [
      ("form", form), ("was.note", note), ("field.note", sent), ("was.score", "4"), ("field.score", "4"),
    ]
    #expect(
      try post("record/\(id)/edit", fields, desk).notices.map(\.text.description) == ["Nothing was changed."])
    #expect(try journal.show(id)[.note].text == note)
  }

  /// What has to be chosen is a value: of an empty one, a browser says that nothing was chosen.
  @Test func bothSidesCanBeChosen() throws {
    let journal = try journal()
    let form = try #require(
      try page("journal", desk(journal)).firstMatch(of: /Which side was pressed.*?<\/select>/)?.0)
    #expect(form.matches(of: /value=""/).count == 1 && form.contains("value=\"both\""))
    _ = try post("journal/session", [("routine", "quick"), ("side", "both")], desk(journal))
    _ = try post("journal/session", [("routine", "quick"), ("side", "left")], desk(journal))
    let counts = try journal.list("sessions").map(\.children.count)
    #expect(counts.max() == (counts.min() ?? 0) * 2)
  }

  @Test func wordsOfNewerProgramsStayTicked() throws {
    let field = try #require(RecordType(listed: "bout")?.field("referred_to"))
    let text = OneRecordPage.ticks(field, ["hip"], ["hip", "elbow"]).text
    #expect(text.contains("value=\"elbow\" checked") && text.contains("value=\"hip\" checked"))
  }

  /// Where a press is felt: ticks of a form that was opened before another device ticked one.
  @Test func ticksAreOfWhatWasShown() throws {
    let journal = try journal()
    let session = try journal.logSession(bouts: [try BoutText("ql/left:45s")]).records[0]
    let bout = try #require(session.children.first?.id)
    _ = try journal.edit(bout, ["referred_to/hip=yes"])
    #expect(try page("record/\(bout)", desk(journal)).contains("value=\"hip\" checked"))
    let form = String(decoding: try JSONEncoder().encode(try journal.form()), as: UTF8.self)
    _ = try journal.edit(bout, ["referred_to/knee=yes"])
    _ = try post(
      "record/\(bout)/edit",
      [("form", form), ("set", "referred_to"), ("was.referred_to", "hip"), ("set.referred_to", "thigh")],
      desk(journal))
    #expect(try Set(journal.show(bout)[.referredTo].keys) == ["knee", "thigh"])
  }

  @Test func formsDoWhatTheySay() throws {
    let journal = try journal()
    let desk = desk(journal)
    let form = String(decoding: try JSONEncoder().encode(try journal.form()), as: UTF8.self)
    for (path, fields) in [
      ("rate", [("score", "6"), ("site", "low-back"), ("side", "left")]),
      ("week", [("score", "4"), ("activity", "3")]),
      ("peg", [("pain", "3"), ("enjoyment", "4"), ("activity", "2")]), ("check", [("none", "yes")]),
      ("plan/set", [("kind", "course")]), ("plan/pause", []), ("plan/resume", []),
      ("journal/pain", [("score", "4"), ("site", "neck"), ("at", "yesterday")]),
      ("journal/session", [("routine", "quick"), ("side", "right"), ("before", "5"), ("after", "3")]),
      ("journal/factor", [("kind", "medication"), ("label", "ibuprofen"), ("amount", "400mg")]),
      ("journal/episode", [("site", "low-back"), ("trigger", "dug")]), ("plan/close", []),
      ("journal/spot", [("target", "ql"), ("side", "left"), ("label", "rib")]),
      ("profile", [("form", form), ("site", "neck"), ("side", "left")]),
      ("profile", [("against", "osteoporosis")]), ("safekeeping/verify", []), ("undo", []), ("redo", []),
    ] as [(String, [(String, String)])] {
      let response = try post(path, fields, desk)
      #expect(response.status == 303 && !response.notices.isEmpty, "\(path)")
    }
    #expect(try journal.list("pain").count == 5)
    let pain = try #require(try journal.list("pain").first?.id)
    for (path, fields) in [
      ("record/\(pain)/tag", [("tag", "garden")]),
      ("plan/set", [("kind", "maintenance"), ("slots", "07:30=mon pm"), ("days", "9")]),
      ("safekeeping/backup", []),
    ] as [(String, [(String, String)])] {
      let response = try post(path, fields, desk)
      #expect(response.status == 303 && !response.notices.isEmpty, "\(path)")
    }
    #expect(try journal.show(pain)[.tags].keys == ["garden"])
    _ = try post("record/\(pain)/untag", [("tag", "garden")], desk)
    #expect(try journal.show(pain)[.tags].keys.isEmpty)
    let slot = try #require(
      try journal.slots(journal.today()...journal.today().adding(8)).first { $0.state == .upcoming })
    _ = try post("plan/excuse", [("slot", "\(slot.day)/\(slot.name)"), ("reason", "sick")], desk)
    #expect(try journal.slots(slot.day...slot.day).contains { $0.name == slot.name && $0.state == .excused })
    _ = try post("plan/count", [("slot", "\(slot.day)/\(slot.name)")], desk)
    #expect(try journal.slots(slot.day...slot.day).contains { $0.name == slot.name && $0.state == .upcoming })
    let backup = try #require(try journal.backups().first)
    let count = try journal.list("pain").count
    _ = try journal.ratePain(1)
    _ = try post("safekeeping/restore", [("backup", backup.path)], desk)
    #expect(try journal.list("pain").count == count)
    // A form names what it likes: nothing but a backup is given or put back.
    for path in ["safekeeping/give", "safekeeping/restore"] {
      #expect(throws: KitError.self) { try post(path, [("backup", "\(folder.path)/1.sqlite")], desk) }
    }
    #expect(try journal.list("profile").first?[.contraindications].entries.map(\.key) == ["osteoporosis"])
  }
}
