import Foundation
import UnknotKit

/// Files of other devices, by hand: out, looked at, and in.
extension DevicesPage {
  static func files(_ request: Request, _ desk: Desk, _ what: String?) throws -> Response {
    let journal = desk.journal
    switch what {
    case "export":
      return try desk.files.inFolder { folder, _ in
        let exported = try journal.export(to: nil, folder: folder, for: nil, full: true)
        guard let file = exported.file, let bytes = FileManager.default.contents(atPath: file) else {
          return .go("/devices", Said.words("There is nothing to send yet."))
        }
        let name = file.split(separator: "/").last.map(String.init) ?? "export.unknot"
        return .file(bytes, type: "application/octet-stream", name: name)
      }
    case "preview":
      guard let upload = request.files.first else { throw KitError(.usage, "no file was chosen") }
      return try desk.files.inFolder(keeps: true) { folder, name in
        let path = "\(folder)/file"
        try desk.files.write(upload.bytes, to: path)
        return .page(
          try named(upload.name, path) {
            preview(try journal.importFiles([.path(path)], dryRun: true), upload.name, put: name)
          })
      }
    case "import":
      return try desk.files.decided(request, leavingTo: "/devices") { folder in
        let taken = try journal.importFiles([.path("\(folder)/file")]) {
          desk.progress(Int(clamping: $0.done), Int(clamping: $0.total))
        }
        let conflicts: [Notice] =
          taken.conflictsNew > 0
          ? [Notice(level: .warning, text: Advice("\(counted(taken.conflictsNew, "conflict")) to decide."))]
          : []
        return .go(
          "/devices",
          Said.words("Added: \(counted(Int(clamping: taken.applied), "change")).") + conflicts
            + taken.notes.map { Notice(level: .warning, text: $0) })
      }
    default: throw NotThere(words: "There is no such page.")
    }
  }

  private static func preview(_ found: Imported, _ name: String, put: String) -> Page {
    Page(
      "What is in it", here: .more, live: nil,
      """
      <p>\(name): \(counted(Int(clamping: found.applied), "change")) would be new here, \(counted(Int(clamping: found.known), "change")) known; \
      \(counted(found.conflictsNew, "new conflict")).</p>
      <div class="row"><form method="post" action="/devices/import" data-cancel="\(put)">\(Parts.fields([("put", put)]))
      <button name="take" value="yes" class="main">Take it</button><button name="take" value="no">Leave it</button></form></div>
      """)
  }
}
