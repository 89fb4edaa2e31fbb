import ArgumentParser
import UnknotKit

struct Undo: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take back what this device did last, or an operation.")
  @Argument(help: "The operation's id; history shows it.") var operation: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws { show(try context.journal.undo(operation), "undid", context) }
}

struct Redo: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Take back the last undo.")
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws { show(try context.journal.redo(), "redid", context) }
}

private func show(_ undone: Undone, _ verb: String, _ context: Context) {
  let text = RecordText(context)
  context.output.list(undone.records.map(\.json)) {
    context.output.line("\(verb) \(undone.label)  [\(undone.operation)]")
    for record in undone.records {
      context.output.line(
        "  \(text.describe(record))  [\(record.shortID)]\(record.isPresent ? "" : "  (removed)")")
    }
  }
  for kept in undone.kept {
    Message.note("note: \(kept.field) of \(kept.record) was written again since, and is left as it is")
  }
}
