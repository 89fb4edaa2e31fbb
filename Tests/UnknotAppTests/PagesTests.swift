import Foundation
import TestSupport
import Testing
import UnknotKit
import UnknotReport

@testable import UnknotApp

/// Every page, of no data, of a year, and of records that are full of markup.
@Suite struct PagesTests {
  private static let utc = TimeZone(secondsFromGMT: 0) ?? .current
  private static let addresses = [
    "", "week", "check", "body", "journal", "more", "plan", "report", "report/trend", "report/effect",
    "report/targets",
    "report/adherence", "report/bodymap", "report/episode", "report/quality", "report/clinician", "conflicts",
    "profile", "safekeeping", "duplicates", "files",
  ]
  private static let hostile = "</textarea><script>alert(\"1\")</script>&'\u{202e}"

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func journal(seed: UInt64 = 1) throws -> Journal {
    try Journal(
      path: "\(folder.path)/\(seed).sqlite", deviceName: "<b>\(seed)&",
      environment: TestEnvironment(seed: seed),
      zone: Self.utc, stateFolder: "\(folder.path)/state")
  }

  func desk(_ journal: Journal) -> Desk {
    Desk(
      journal: journal,
      files: PassingFiles(
        App.Settings(
          port: 0, stateFolder: "\(folder.path)/state", temporaryFolder: folder.path,
          randomBytes: { [UInt8](repeating: 7, count: $0) })))
  }

  func page(_ address: String, _ desk: Desk) throws -> String {
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

  func post(_ path: String, _ fields: [(String, String)], _ desk: Desk) throws -> Response {
    try Routes.answer(
      Request(
        method: .post, path: path.split(separator: "/").map(String.init),
        fields: fields.map { (name: $0.0, value: $0.1) }), desk)
  }

  /// What a session did is on its page, also when many ratings came since.
  @Test func aSessionSaysWhatItDid() throws {
    let journal = try journal()
    let days = try journal.times
    var entry = SessionEntry(bouts: [try BoutText("ql/left:45s")])
    (entry.before, entry.after, entry.at) = (7, 3, try days.moment("300 days ago"))
    let session = try journal.logSession(entry).records[0].id
    for hours in 1...120 {
      _ = try journal.ratePain(PainEntry(score: 1, at: try days.moment("\(hours)h ago")))
    }
    #expect(try page("record/\(session)", desk(journal)).contains("Pain 7 before, 3 after."))
  }

  @Test func whatAKilledServerLeftGoes() throws {
    let desk = desk(try journal())
    var paths: [String] = []
    for days in [0.0, 2] {
      let path = "\(folder.path)/unknot-app-0000-\(Int(days))"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      try FileManager.default.setAttributes(
        [

          .modificationDate: Date(timeIntervalSinceNow: -days * 86_400)
        ],
        ofItemAtPath: path)
      paths.append(path)
    }
    desk.files.removeAbandoned(
      now: Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000), offsetMinutes: 0))
    #expect(paths.map { FileManager.default.fileExists(atPath: $0) } == [true, false])
  }

  /// Each of two devices recorded it: one record, or two, as the person says.
  @Test func whatWasRecordedTwiceIsOneOrTwo() throws {
    let (one, two) = (try journal(), try journal(seed: 2))
    _ = try one.ratePain(5)
    let file = try one.export(to: nil, folder: folder.path, for: nil, full: true).file ?? ""
    _ = try two.importFiles([.path(file)])
    for path in ["merge", "dismiss"] {
      _ = try one.recordFactor(FactorEntry(kind: path == "merge" ? "walk" : "heat"))
      _ = try two.recordFactor(FactorEntry(kind: path == "merge" ? "walk" : "heat"))
      let file = try two.export(to: nil, folder: folder.path, for: nil, full: true).file ?? ""
      _ = try one.importFiles([.path(file)])
      let pair = try #require(try one.duplicates().first)
      #expect(try page("duplicates", desk(one)).contains("Merge them"))
      _ = try post("duplicates/\(path)", [("first", pair.first.id), ("second", pair.second.id)], desk(one))
      #expect(try one.duplicates().isEmpty)
      #expect(!(try page("duplicates", desk(one))).contains("Merge them"))
    }
    #expect(try one.list("factors").count == 3)
  }

  /// What a page gives out, another journal takes in; and only after it was looked at.
  @Test func recordsGoOutAndIn() throws {
    let (one, two) = (try journal(), try journal(seed: 2))
    _ = try one.ratePain(5, note: Self.hostile)
    _ = try one.logSession(bouts: [try BoutText("ql/left:45s")])
    func file(_ address: String) throws -> Data {
      let name = address.split(separator: "=").map(String.init)
      let response = try Routes.answer(
        Request(method: .get, path: ["export"], query: [(name[0], name[1])]), desk(one))
      guard case .bytes(let bytes, _, _) = response.body else { return Data() }
      return bytes
    }
    #expect(String(decoding: try file("table=pain"), as: UTF8.self).hasPrefix("id,type,device,recorded_at"))
    #expect(String(decoding: try file("as=ics"), as: UTF8.self).hasPrefix("BEGIN:VCALENDAR"))
    #expect(String(decoding: try file("as=fhir"), as: UTF8.self).contains("\"Bundle\""))
    for wrong in ["as=exe", "as=plan", "table=secrets"] {
      #expect(throws: (any Error).self) { try file(wrong) }
    }
    let upload = Request(
      method: .post, path: ["files", "preview"], files: [Upload(name: "x.json", bytes: try file("as=json"))])
    guard case .page(let preview) = try Routes.answer(upload, desk(two)).body else {
      Issue.record("it is no page")
      return
    }
    #expect(try preview.html.text.contains("Take it") && two.list("pain").isEmpty)
    let put = try #require(preview.html.text.firstMatch(of: /name="put" value="([0-9a-f]{16})"/)?.1)
    _ = try post("files/take", [("put", String(put)), ("name", "../../etc"), ("take", "no")], desk(two))
    #expect(try two.list("pain").isEmpty)
    _ = try Routes.answer(upload, desk(two))
    _ = try post("files/take", [("put", String(put)), ("name", "file.json"), ("take", "yes")], desk(two))
    #expect(try two.list("pain").count == 1 && two.list("sessions").count == 1)
    #expect(try two.list("pain").first?[.note].text == one.list("pain").first?[.note].text)
  }

  /// A tap is on the place that is drawn there, and one beside the body is on none.
  @Test func aTapIsWhereThePictureSaysItIs() throws {
    let desk = desk(try journal())
    func tapped(_ view: String, _ x: Int, _ y: Int) throws -> String {
      let query = [("view", view), ("tap.x", "\(x)"), ("tap.y", "\(y)")]
      guard
        case .page(let page) = try Routes.answer(Request(method: .get, path: ["body"], query: query), desk)
          .body
      else { return "" }
      return page.html.text
    }
    #expect(try tapped("back", 58, 179).contains("<h2>low back, left</h2>"))
    #expect(try tapped("back", 82, 179).contains("<h2>low back, right</h2>"))
    #expect(try tapped("back", 70, 179).contains("<h2>low back</h2>"))
    #expect(try tapped("front", 47, 308).contains("<h2>knee, right</h2>"))
    for (x, y) in [(2, 2), (138, 5), (0, 0), (-4, 200), (70, 4000)] {
      #expect(try tapped("back", x, y).contains("There is no place near that"))
    }
    let picture = BodyMap.picture(.front)
    #expect(picture.hasPrefix("<svg") && !picture.contains("<style") && !picture.contains("class="))
  }

  /// Markup that is shown as text was a literal of another type: nothing of it is ever meant.
  @Test func noMarkupIsShownAsText() throws {
    let journal = try Journal(
      path: "\(folder.path)/plain.sqlite", deviceName: "phone", environment: TestEnvironment(seed: 9),
      zone: Self.utc, stateFolder: "\(folder.path)/state")
    func look(_ state: String) throws {
      for address in Self.addresses {
        let text = try page(address, desk(journal))
        #expect(!text.contains("&lt;") && !text.contains("unknot "), "\(address), \(state)")
      }
      let choice = try SessionChoice.page(journal, routine: nil).html.text
      #expect(!choice.contains("&lt;"), "\(state)")
    }
    try look("nothing")
    _ = try journal.setPlan(PlanEntry(kind: "course"))
    _ = try journal.logSession(bouts: [try BoutText("ql/left:45s")], before: 6, after: 3)
    _ = try journal.recordFactor(FactorEntry(kind: "walk"))
    _ = try journal.openEpisode()
    _ = try journal.backUp(.asked)
    try look("a session and a plan")
    _ = try journal.ratePain(9)
    try look("severe pain")
    #expect(try SessionChoice.page(journal, routine: nil).html.text.contains("Begin all the same"))
    _ = try journal.recordCheck(["fever"])
    try look("an urgent sign")
    #expect(
      try SessionChoice.page(journal, routine: nil).html.text.contains("type=\"checkbox\" name=\"despite\""))
    _ = try journal.recordCheck(["saddle-numbness"])
    try look("an emergency")
    #expect(try CheckPage.page(desk(journal)).html.text.contains("has a doctor examined it?"))
  }
}
