import ArgumentParser
import UnknotKit

struct List: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "List records, newest first.")
  @Argument(help: "sessions, pain, bouts, routines or steps.") var records: String
  @Option(help: "From then on.") var since: String?
  @Option(help: "Until then; a day is included.") var until: String?
  @Option(help: "At most so many.") var limit: Int?
  @Flag(help: "Removed ones too.") var deleted = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let times = context.journal.times
    if let limit, limit < 0 { throw KitError(.usage, "--limit cannot be negative") }
    let filter = ListFilter(
      since: try since.map { text throws(KitError) in try times.moment(text, for: .since) },
      until: try until.map { text throws(KitError) in try times.moment(text, for: .until) }, limit: limit,
      includesRemoved: deleted)
    let found = try context.journal.list(records, filter)
    context.output.list(found.map(\.json), columns: columns) { RecordText(context).table(found) }
  }

  /// What CSV has as its header where nothing is found.
  private var columns: [String] {
    guard let type = RecordType.all.first(where: { $0.plural == records }) else { return [] }
    return ["id", "type", "present", "device", "recorded_at"] + type.fields.map(\.name)
      + (type.child.map { [$0.plural] } ?? [])
  }
}

struct Show: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Show a record.")
  @Argument var id: String
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let record = try context.journal.show(id)
    context.output.one(record.json) { RecordText(context).details(record) }
  }
}

struct Edit: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Edit fields of a record.")
  @Argument var id: String
  @Argument(help: "FIELD=VALUE; FIELD= sets it to empty.") var fields: [String]
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    RecordText(context).written("changed", try context.journal.edit(id, fields))
  }
}

struct Remove: JournalCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove records; restore brings them back.")
  @Argument var ids: [String]
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    RecordText(context).written("removed", try context.journal.remove(ids), nothing: "removed already")
  }
}

struct Restore: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Bring removed records back.")
  @Argument var ids: [String]
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    RecordText(context).written("restored", try context.journal.restore(ids), nothing: "nothing was removed")
  }
}

struct History: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Show every change of a record, oldest first.")
  @Argument var id: String
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let items = try context.journal.history(id)
    let text = RecordText(context)
    context.output.list(items.map(\.json)) {
      context.output.table(
        [
          Table.Column("change"), Table.Column("when"), Table.Column("device"), Table.Column("did"),
          Table.Column("fields", .text),
        ],
        items.map { item in
          [
            item.shortID, text.cell(item.recordedAt), item.device, item.action,
            item.fields.filter { $0.name != "order" }
              .map { "\($0.name)=\($0.value.readable(now: text.now))" }.joined(separator: ", "),
          ]
        })
    }
  }
}

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
            conflict.field == "presence"
            ? candidate.json.compact.filter { $0 != "\"" } : candidate.value.readable(now: text.now)
          let when = candidate.recordedAt.readable(now: text.now)
          context.output.line(
            "  \(index + 1). \(value.isEmpty ? "(empty)" : value)  — \(candidate.device), \(when)\(index == 0 ? "  (shown)" : "")"
          )
        }
        context.output.line("  unknot resolve \(conflict.record.shortID) \(conflict.field) --take N")
      }
    }
  }
}

struct Resolve: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Decide a conflict.")
  @Argument var id: String
  @Argument var field: String
  @Option(help: "The listed value of that number.") var take: Int?
  @Option(help: "Another value; for presence, keep or delete.") var value: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let resolution: Resolution
    switch (take, value) {
    case (.some(let number), nil): resolution = .take(number)
    case (nil, .some(let value)): resolution = .value(value)
    default: throw KitError(.usage, "say either --take N or --value VALUE")
    }
    RecordText(context).written("resolved", try context.journal.resolve(id, field: field, resolution))
  }
}
