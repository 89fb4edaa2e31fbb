import Foundation
import TestSupport
import Testing
import UnknotKit

@testable import UnknotApp

/// Every page, of no data, of a year, and of records that are full of markup.
@Suite struct PagesTests {
  private static let utc = TimeZone(secondsFromGMT: 0) ?? .current
  private static let addresses = [
    "", "week", "check", "body", "journal", "more", "plan", "report", "report/trend", "report/effect",
    "report/targets",
    "report/adherence", "report/bodymap", "report/episode", "report/quality", "report/clinician", "conflicts",
    "profile", "safekeeping",
  ]
  private static let hostile = "</textarea><script>alert(\"1\")</script>&'\u{202e}"

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func journal(seed: UInt64 = 1) throws -> Journal {
    try Journal(
      path: "\(folder.path)/\(seed).sqlite", deviceName: "<b>\(seed)&",
      environment: TestEnvironment(seed: seed),
      zone: Self.utc, stateFolder: "\(folder.path)/state")
  }

  private func desk(_ journal: Journal) -> Desk {
    Desk(
      journal: journal,
      files: PassingFiles(
        App.Settings(
          port: 0, stateFolder: "\(folder.path)/state", temporaryFolder: folder.path,
          randomBytes: { [UInt8](repeating: 7, count: $0) })))
  }

  private func page(_ address: String, _ desk: Desk) throws -> String {
    let path = address.split(separator: "/").map(String.init)
    guard case .page(let page) = try Routes.answer(Request(method: .get, path: path), desk).body else {
      Issue.record("\(address) is no page")
      return ""
    }
    return page.html.text
  }

  @Test(arguments: addresses) func aPageOfNothing(address: String) throws {
    let text = try page(address, desk(try journal()))
    #expect(text.hasPrefix("<!DOCTYPE html>") && text.contains("</html>"))
    // Whoever looks at pages makes nothing.
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/1.sqlite"))
  }

  @Test(arguments: addresses) func whatRecordsSayIsNoMarkup(address: String) throws {
    let journal = try journal()
    let rating = try journal.ratePain(
      9, site: try PlaceText(site: "low-back/left"), note: Self.hostile)
    _ = try journal.openEpisode(trigger: Self.hostile)
    _ = try journal.addSpot("ql/left", label: "<i>\"'&")
    var factor = FactorEntry(kind: "medication")
    (factor.label, factor.note) = ("<script>x</script>", Self.hostile)
    _ = try journal.recordFactor(factor)
    _ = try journal.logSession(bouts: [try BoutText("ql/left:45s")], before: 6, after: 3)
    _ = try journal.tag(rating.records[0].id, ["+x"])
    for address in [address, "record/\(rating.records[0].id)"] {
      let text = try page(address, desk(journal))
      #expect(
        !text.contains("<script>alert") && !text.contains("<i>") && !text.contains("<b>1")
          && !text.contains("<script>x"))
      // But for what a form gives back as it is.
      let shown = text.components(separatedBy: "action=\"/record/")[0]
      #expect(!shown.unicodeScalars.contains { $0.value == 0x202e || $0.value == 0x1b })
      // No script and no style that is not a file of its own.
      #expect(!text.contains(" style=") && !text.contains("<style") && !text.contains(" onclick"))
      #expect(text.components(separatedBy: "<script").count == 2)
    }
  }

  @Test func aYearIsNoLargePage() throws {
    let last = try LocalDay("2026-05-31")
    let journal = try Demonstration(days: last.adding(-364)...last).write(to: nil, zone: Self.utc)
    for address in Self.addresses {
      let bytes = try page(address, desk(journal)).utf8.count
      #expect(bytes < 150_000, "\(address): \(bytes)")
    }
  }

  @Test func whatDoesNotExistIsSaid() throws {
    let desk = desk(try journal())
    for path in [["x"], ["report", "x"], ["record"], ["record", "a", "b"], ["..", "etc", "passwd"]] {
      #expect(throws: NotThere.self) { try Routes.answer(Request(method: .get, path: path), desk) }
    }
    #expect(throws: KitError.self) {
      try Routes.answer(Request(method: .get, path: ["record", "x-1"]), desk)
    }
    for path in [["plan", "x"], ["safekeeping", "x"], ["devices", "x"], ["journal", "x"]] {
      #expect(throws: NotThere.self) { try Routes.answer(Request(method: .post, path: path), desk) }
    }
  }

  // MARK: Forms

  private func post(_ path: String, _ fields: [(String, String)], _ desk: Desk) throws -> Response {
    try Routes.answer(
      Request(
        method: .post, path: path.split(separator: "/").map(String.init),
        fields: fields.map { (name: $0.0, value: $0.1) }), desk)
  }

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
    #expect(try journal.list("profile").first?[.contraindications].entries.map(\.key) == ["osteoporosis"])
  }
}
