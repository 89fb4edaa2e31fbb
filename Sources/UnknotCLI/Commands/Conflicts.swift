import ArgumentParser
import UnknotKit

struct Conflicts: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what devices wrote differently, unaware of each other, until you decide.")
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let text = RecordText(context)
    try context.journal.conflicts { conflicts in
      try context.output.list(conflicts, \.json) {
        var isEmpty = true
        try conflicts.each {
          isEmpty = false
          show($0, text)
        }
        if isEmpty { Message.note("no conflicts") }
      }
    }
  }

  private func show(_ conflict: ConflictItem, _ text: RecordText) {
    let removed = conflict.record.isPresent ? "" : "  (removed)"
    text.output.line(
      "\(conflict.field) of \(text.describe(conflict.record))  [\(conflict.record.shortID)]\(removed)")
    for (index, candidate) in conflict.values.enumerated() {
      let value =
        candidate.place
        ?? (conflict.field == "presence"
          ? candidate.json.compact.filter { $0 != "\"" } : candidate.value.readable(now: text.now))
      let when =
        candidate.recordedAt.readable(now: text.now)
        + (candidate.isAhead ? " by a clock that is ahead" : "")
      text.output.line(
        "  \(index + 1). \(value.isEmpty ? "(empty)" : value)  — \(candidate.device), \(when)\(index == 0 ? "  (shown)" : "")"
      )
    }
    text.output.line("  unknot resolve \(conflict.record.shortID) \(conflict.field) --take N")
  }
}
