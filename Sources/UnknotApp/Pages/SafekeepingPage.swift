import Foundation
import UnknotKit

/// Backups, and a look at whether everything is whole.
enum SafekeepingPage {
  static func page(_ request: Request, _ desk: Desk) throws -> Page {
    let backups = try desk.journal.backups()
    // It takes all of the journal to be made.
    let digest = request["compare"] == nil ? nil : try desk.journal.digest()
    return Page(
      "Safekeeping", here: .more,
      """
      <section><h2>Backups</h2>\(Parts.button("Make a backup", to: "/safekeeping/backup", isMain: true))
      \(backups.isEmpty ? "<p>There is none yet.</p>" as HTML : list(backups, desk))
      <p class="soft">They are usually on the same disk: copy one to another, in case it breaks.</p></section>
      <section><h2>Is it undamaged?</h2>\(Parts.button("Look at all of it", to: "/safekeeping/verify"))</section>
      <section><h2>Are two devices the same?</h2>\(comparison(digest))</section>
      """)
  }

  private static func list(_ backups: [JournalBackup], _ desk: Desk) -> HTML {
    let items = backups.html { backup in
      let made = backup.madeAt.readable(now: desk.now).here(desk.now)
      return """
        <li>\(made), \(backup.bytes >> 10) KiB<div class="row">\(Parts.button("Download it", to: "/safekeeping/give", [("backup", backup.path)], about: made, givesFile: true))\
        <details><summary>Go back to it<span class="heard"> (\(made))</span></summary><p>What was recorded since then is removed from this device; your other devices bring back what they have. The current journal is backed up first.</p>
        \(Parts.button("Yes, go back", to: "/safekeeping/restore", [("backup", backup.path)], about: made))</details></div></li>
        """ as HTML
    }
    return "<ul>\(items)</ul>"
  }

  /// One of those that are listed: no other file is opened, whatever a form says.
  private static func backup(_ request: Request, _ desk: Desk) throws -> JournalBackup {
    guard let path = request["backup"],
      let backup = try desk.journal.backups().first(where: { $0.path == path })
    else { throw KitError(.notFound, "that backup is not there any more") }
    return backup
  }

  private static func comparison(_ digest: StateDigest?) -> HTML {
    guard let digest else {
      return """
        <p>Two devices with the same journal show the same four words.</p>
        <p><a class="button" href="/safekeeping?compare=yes">Show this device’s</a></p>
        """
    }
    return """
      <p>They are if both show these four words:</p><p class="value code">\(digest.words.joined(separator: " "))</p>
      """
  }

  static func change(_ request: Request, _ desk: Desk, _ what: String?) throws -> Response {
    switch what {
    case "backup":
      let backup = try desk.journal.backUp(.asked)
      return .go("/safekeeping", Said.words("A backup was made and checked: \(backup.bytes >> 10) KiB."))
    case "give":
      let backup = try backup(request, desk)
      guard let bytes = FileManager.default.contents(atPath: backup.path) else {
        throw KitError(.failed, "the backup cannot be read")
      }
      return .file(
        bytes, type: "application/vnd.sqlite3",
        name: backup.path.split(separator: "/").last.map(String.init) ?? "backup")
    case "restore":
      try desk.journal.restore(fromBackup: backup(request, desk).path)
      return .go(
        "/safekeeping",
        Said.words(
          "The journal was restored. The journal before that is now the newest backup in the list: going back to it undoes this."
        ))
    case "verify":
      let faults = try desk.journal.verify(deep: true)
      guard let first = faults.first else {
        return .go("/safekeeping", Said.words("Everything was checked, and it is undamaged."))
      }
      return .go(
        "/safekeeping",
        [
          Notice(
            level: .warning,
            text: Advice(
              "Something is wrong (\(counted(faults.count, "thing"))). First: \(first.reason)"))
        ])
    default: throw NotThere(words: "There is no such page.")
    }
  }
}
