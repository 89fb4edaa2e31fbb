import UnknotKit

/// What two devices probably recorded twice: one record, or two after all.
enum DuplicatesPage {
  private static let most = 50

  static func page(_ desk: Desk) throws -> Page {
    let pairs = try desk.journal.duplicates()
    return Page(
      "Recorded twice", here: .more,
      """
      <p>Reports count such a pair once. You can merge it, or say that they are two things.</p>
      \(pairs.isEmpty ? "<p>Nothing seems to be recorded twice.</p>" as HTML : .nothing)
      \(pairs.prefix(most).html { pair(desk, $0) })
      \(pairs.count > most ? "<p>And \(pairs.count - most) more.</p>" as HTML : .nothing)
      """)
  }

  private static func pair(_ desk: Desk, _ pair: DuplicatePair) -> HTML {
    let ids = [("first", pair.first.id), ("second", pair.second.id)]
    return """
      <section class="conflict"><ul class="records">\([pair.first, pair.second].html { record in
        "<li><a href=\"/record/\(record.id)\">\(record.summary(now: desk.now).here(desk.now))</a><br><span class=\"soft\">\(record.device), \(record.recordedAt.readable(now: desk.now).here(desk.now))</span></li>"
      })</ul><div class="row">\(Parts.button("Merge them", to: "/duplicates/merge", ids))\(Parts.button("They are two", to: "/duplicates/dismiss", ids))</div></section>
      """
  }

  static func change(_ request: Request, _ desk: Desk, _ what: String?) throws -> Response {
    let (first, second) = (request["first"] ?? "", request["second"] ?? "")
    switch what {
    case "merge":
      return .wrote(
        "/duplicates", "One record now", try desk.journal.mergeDuplicates(first, second), desk)
    case "dismiss":
      let written = try desk.journal.dismissDuplicate(first, second)
      return .go("/duplicates", Said.words("They count as two from now on.") + written.notices)
    default: throw NotThere(words: "There is no such page.")
    }
  }
}
