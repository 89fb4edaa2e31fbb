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
      \(backups.isEmpty ? "<p>There is none yet.</p>" as HTML : "<ul>\(backups.html { "<li>\($0.madeAt.readable(now: desk.now)), \($0.bytes >> 10) KiB</li>" })</ul>")
      <p class="soft">They lie on the same disk as a rule: for when that breaks, copy one to another.</p></section>
      <section><h2>Is all of it whole?</h2>\(Parts.button("Look at all of it", to: "/safekeeping/verify"))</section>
      <section><h2>Are two devices the same?</h2>\(comparison(digest?.digest))</section>
      """)
  }

  private static func comparison(_ digest: String?) -> HTML {
    guard let digest else {
      return """
        <p>Two devices with the same journal show the same four groups of letters.</p>
        <p><a class="button" href="/safekeeping?compare=yes">Show this device’s</a></p>
        """
    }
    return """
      <p>They are if both show these four groups:</p><p class="value code">\(groups(digest))</p>
      """
  }

  /// The first 16 digits, in fours: enough to tell two states apart, and short enough to be read out.
  private static func groups(_ digest: String) -> String {
    let digits = Array(digest.prefix(16))
    return stride(from: 0, to: digits.count, by: 4).map { String(digits[$0..<min($0 + 4, digits.count)]) }
      .joined(separator: " ")
  }

  static func change(_ desk: Desk, _ what: String?) throws -> Response {
    switch what {
    case "backup":
      let backup = try desk.journal.backUp(.asked)
      return .go("/safekeeping", Said.words("A backup was made and found whole: \(backup.bytes >> 10) KiB."))
    case "verify":
      let faults = try desk.journal.verify(deep: true)
      guard let first = faults.first else {
        return .go("/safekeeping", Said.words("All of it was looked at, and is what was written."))
      }
      return .go(
        "/safekeeping",
        [
          Notice(
            level: .warning,
            text: Advice(
              "Something is wrong, of \(counted(faults.count, "thing")) the first: \(first.reason)"))
        ])
    default: throw NotThere(words: "There is no such page.")
    }
  }
}
