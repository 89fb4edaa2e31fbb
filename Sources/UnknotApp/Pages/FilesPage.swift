import Foundation
import UnknotKit

/// Everything for other programs, and records of other programs.
enum FilesPage {
  private static let tables = (RecordType.events + [.bout]).map(\.plural)

  static func page(_ desk: Desk) throws -> Page {
    Page(
      "Export and import", here: .more,
      """
      <section><h2>For other programs</h2><ul class="links">
      <li><a href="/export?as=json" download><strong>Everything</strong><br><span class="soft">JSON: this program reads it back</span></a></li>
      <li><a href="/export?as=fhir" download><strong>For a clinic’s program</strong><br><span class="soft">HL7 FHIR</span></a></li>
      <li><a href="/export?as=ics" download><strong>Sessions, for a calendar</strong><br><span class="soft">iCalendar</span></a></li>
      \(try desk.journal.planInForce() == nil ? .nothing : "<li><a href=\"/export?as=plan\" download><strong>The plan, for a calendar’s reminders</strong><br><span class=\"soft\">iCalendar</span></a></li>" as HTML)
      </ul>
      <h3>Tables, for a spreadsheet</h3><div class="places">\(tables.html { "<a class=\"place\" href=\"/export?table=\($0)\" download>\($0)</a>" })</div></section>
      <section><h2>From other programs</h2>
      <p>An export of this program, of Loop Habit Tracker or of Track &amp; Graph, as it is or in a zip. You see what is in it before it is imported.</p>
      \(Parts.upload("A file with records", to: "/files/preview"))</section>
      """)
  }

  static func export(_ request: Request, _ desk: Desk) throws -> Response {
    let journal = desk.journal
    let day = try journal.today().description
    var text = ""
    if let table = request["table"] {
      try journal.exportTable(table) { text += $0 }
      return .file(
        Data(text.utf8), type: "text/csv; charset=utf-8",
        name: "unknot-\(day)-\(RecordType(listed: table)?.plural ?? "table").csv")
    }
    if request["as"] == "plan" {
      guard let calendar = try journal.planCalendar() else {
        throw KitError(.notFound, "no plan is in force")
      }
      return .file(Data(calendar.utf8), type: "text/calendar", name: "unknot-plan-\(day).ics")
    }
    guard let form = request["as"].flatMap(ExportForm.init) else {
      throw NotThere(words: "There is no such export.")
    }
    try journal.export(as: form) { text += $0 }
    return .file(
      Data(text.utf8), type: form.mediaType,
      name: "unknot-\(day).\(form == .fhir ? "fhir.json" : form.rawValue)")
  }

  static func change(_ request: Request, _ desk: Desk, _ what: String?) throws -> Response {
    switch what {
    case "preview":
      guard let upload = request.files.first else { throw KitError(.usage, "no file was chosen") }
      return try desk.files.inFolder(keeps: true) { folder, put in
        // Programs know their files by how the name ends.
        let ending = upload.name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let name = ["json", "csv", "zip"].contains(ending) ? "file.\(ending)" : "file"
        try desk.files.write(upload.bytes, to: "\(folder)/\(name)")
        return .page(
          try named(upload.name, "\(folder)/\(name)") {
            preview(
              try taken("\(folder)/\(name)", desk, isDryRun: true), upload.name, put: put, name: name)
          })
      }
    case "take":
      return try desk.files.decided(request, leavingTo: "/files") { folder in
        let name: String =
          ["file", "file.json", "file.csv", "file.zip"].first { $0 == request["name"] } ?? "file"
        let result = try taken("\(folder)/\(name)", desk, isDryRun: false)
        return .go("/journal", Said.words("Added: \(counts(result))."))
      }
    default: throw NotThere(words: "There is no such page.")
    }
  }

  private static func taken(_ path: String, _ desk: Desk, isDryRun: Bool) throws -> RecordImportResult {
    var options = ImportOptions()
    (options.isDryRun, options.acceptsGuesses, options.skipsBad) = (isDryRun, true, true)
    return try desk.journal.importRecords(path, options) { desk.progress($0, nil) }
  }

  private static func counts(_ result: RecordImportResult) -> String {
    let added = result.added.map { "\($0.type) \($0.count)" }.joined(separator: ", ")
    return added.isEmpty ? "nothing new" : added
  }

  private static func preview(
    _ result: RecordImportResult, _ name: String, put: String, name stored: String
  ) -> Page {
    Page(
      "What is in it", here: .more, live: nil,
      """
      <p>\(name)\(result.form.map { ": \($0)" } ?? "").</p>
      <p>New here: \(counts(result)). Here already: \(result.known).\(result.problemCount > 0 ? " Unreadable, and left out: \(result.problemCount)." : "")</p>
      \(result.names.isEmpty ? .nothing : "<ul>\(result.names.prefix(100).html { "<li>\($0.name): \($0.meaning)\($0.isGuessed ? " (guessed)" : "")</li>" })</ul>" as HTML)
      \(result.problems.isEmpty ? .nothing : "<details><summary>What cannot be read</summary><ul>\(result.problems.prefix(20).html { "<li>\($0.place): \($0.reason.pageWords)</li>" })</ul></details>" as HTML)
      <div class="row"><form method="post" action="/files/take" data-cancel="\(put)">\(Parts.fields([("put", put), ("name", stored)]))
      <button name="take" value="yes" class="main">Take it</button><button name="take" value="no">Leave it</button></form></div>
      <p class="soft">One undo takes all of it back.</p>
      """)
  }
}
