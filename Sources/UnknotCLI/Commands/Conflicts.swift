import ArgumentParser
import UnknotKit

struct Conflicts: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what devices wrote without knowing of each other, until you decide.")
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let conflicts = try context.journal.conflicts()
    let text = RecordText(context)
    context.output.list(conflicts.map(\.json)) {
      guard !conflicts.isEmpty else { return Message.note("no conflicts") }
      for conflict in conflicts {
        let removed = conflict.record.isPresent ? "" : "  (removed)"
        context.output.line(
          "\(conflict.field) of \(text.describe(conflict.record))  [\(conflict.record.shortID)]\(removed)")
        for (index, candidate) in conflict.values.enumerated() {
          let value =
            candidate.place
            ?? (conflict.field == "presence"
              ? candidate.json.compact.filter { $0 != "\"" } : candidate.value.readable(now: text.now))
          let when =
            candidate.recordedAt.readable(now: text.now)
            + (candidate.isAhead ? " by a clock that is ahead" : "")
          context.output.line(
            "  \(index + 1). \(value.isEmpty ? "(empty)" : value)  — \(candidate.device), \(when)\(index == 0 ? "  (shown)" : "")"
          )
        }
        context.output.line("  unknot resolve \(conflict.record.shortID) \(conflict.field) --take N")
      }
    }
  }
}
