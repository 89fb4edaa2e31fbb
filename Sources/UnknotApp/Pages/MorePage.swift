import UnknotKit

/// The way to everything that is not needed every day.
enum MorePage {
  static func page(_ desk: Desk) throws -> Page {
    let conflicts = try desk.journal.conflictCount()
    let links: [(address: String, name: String, words: String)] = [
      ("/plan", "Plan", "when to press, pauses, how it is kept"),
      ("/report/week", "Reports", "the week, pain over time, what helped"),
      ("/report/clinician", "For an appointment", "one page for a doctor or therapist"),
      (
        "/conflicts", "Conflicts",
        conflicts == 0 ? "all devices agree" : counted(conflicts, "conflict") + " to decide"
      ),
      ("/duplicates", "Recorded twice", "things that two devices probably both recorded"),
      ("/devices", "Devices", "exchange with your other devices"),
      ("/files", "Export and import", "for other programs, and from them"),
      ("/journal?removed=yes", "Removed records", "they can be put back"),
      ("/check", "Safety check", "signs that need a doctor"),
      ("/profile", "Profile", "where it mostly hurts, what suits you, where not to press"),
      ("/safekeeping", "Safekeeping", "backups, and a check for damage"),
    ]
    return Page(
      "More", here: .more,
      """
      <ul class="links">\(links.html { "<li><a href=\"\($0.address)\"><strong>\($0.name)</strong><br><span class=\"soft\">\($0.words)</span></a></li>" })</ul>
      <p class="soft">This device: \(try desk.journal.deviceName()).</p>
      """)
  }
}
