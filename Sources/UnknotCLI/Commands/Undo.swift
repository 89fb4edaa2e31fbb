import ArgumentParser
import UnknotKit

struct Undo: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take back what this device did or imported last, or an operation.")
  @Argument(help: "The operation's id; history shows it.") var operation: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    try show(try context.journal.undo(operation), "taken back:", context)
  }
}

struct Redo: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Take back the last undo.")
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws { try show(try context.journal.redo(), "done again:", context) }
}

/// Of an import there can be any number of records.
private let mostLines = 20

private func show(_ undone: Undone, _ verb: String, _ context: Context) throws {
  let text = RecordText(context)
  let isTable = context.output.format == .table
  let shown = isTable ? Array(undone.records.prefix(mostLines)) : undone.records
  try context.journal.records(shown) { records in
    try context.output.list(records, \.json) {
      context.output.line("\(verb) \(undone.label)  [\(undone.operation)]")
      try records.each { record in
        context.output.line(
          "  \(text.describe(record))  [\(record.shortID)]\(record.isPresent ? "" : "  (removed)")")
      }
    }
  }
  if isTable {
    for notice in undone.notices { Message.tell(notice) }
    if undone.records.isEmpty { Message.note("nothing of it was left to take back") }
    if undone.records.count > mostLines {
      context.output.line("  … and \(counted(undone.records.count - mostLines, "more record"))")
    }
  }
  for decided in undone.decided.prefix(mostLines) {
    for (value, device) in decided.values {
      let way =
        if !value.isWhole {
          "unknot history \(decided.record) has it"
        } else if decided.field == "presence" {
          "unknot \(value.text == "delete" ? "rm" : "restore") \(decided.record) takes it"
        } else if let parent = decided.parent {
          "unknot routine move \(parent) \(decided.record) --\(value.text) takes it"
        } else {
          "unknot edit \(decided.record) \(decided.field)=\(value.text) takes it"
        }
      Message.note(
        "note: \(decided.field) of \(decided.record) was in conflict before; \(value.text.isEmpty ? "nothing" : value.text) "
          + "(\(device)) is not shown again: \(way)")
    }
    if decided.more > 0 {
      Message.note(
        "note: and \(counted(decided.more, "more value")) of it: see unknot history \(decided.record)"
      )
    }
  }
  for kept in undone.kept.prefix(mostLines) {
    Message.note("note: \(kept.field) of \(kept.record) was changed again since, so it stays as it is")
  }
}
