import UnknotKit
import UnknotReport

/// Records in words, for people.
struct RecordText {
  let output: Output
  let now: Moment

  init(_ context: Context) {
    output = context.output
    now = context.journal.now
  }

  func describe(_ record: JournalRecord) -> String { record.summary(now: now) }

  /// A list of records of one type, in the form that was asked for.
  func list(_ records: JournalSequence<JournalRecord>, _ type: RecordType) throws {
    // What CSV has as its header where nothing is found.
    let columns =
      ["id", "type", "present", "device", "recorded_at"] + type.fields.map(\.name) + type.derivedNames
      + (type.child.map { [$0.plural] } ?? [])
    try output.list(records, columns: columns, \.json) { try table(records, type) }
  }

  /// What a command wrote: one line a record, what is in it below.
  func written(_ verb: String, _ written: Written, nothing: String = "nothing to change") {
    defer { tell(written.notices) }
    guard !written.records.isEmpty else {
      output.list([]) { Message.note(nothing) }
      return
    }
    output.list(written.records.map(\.json)) {
      for record in written.records {
        output.line("\(verb) \(describe(record))  [\(record.shortID)]")
        lines(record.children)
        if let note = record[.note].text { output.line("  note: \(note)") }
      }
    }
  }

  /// A step that was written, and for people the routine as it is now.
  func written(
    _ verb: String, _ written: Written, in routine: JournalRecord, nothing: String = "nothing to change"
  ) {
    self.written(verb, written, nothing: nothing)
    guard output.format == .table, !written.records.isEmpty else { return }
    output.line(describe(routine))
    lines(routine.children)
  }

  func tell(_ notices: [Notice]) {
    for notice in notices { Message.tell(notice) }
  }

  func lines(_ children: [JournalRecord]) {
    for (index, child) in children.enumerated() {
      output.line("  \(index + 1). \(describe(child))  [\(child.shortID)]")
    }
  }

  /// Everything about a record, a field a line.
  func details(_ record: JournalRecord) {
    output.line("\(describe(record))  [\(record.shortID)]\(record.isPresent ? "" : "  (removed)")")
    for (name, value) in record.fields + record.unknownFields where !value.isEmpty && name != "order" {
      output.line("  \(name): \(value.readable(now: now))")
    }
    for (name, value) in record.derived { output.line("  \(name): \(value.plain)") }
    output.line("  device: \(record.device)")
    output.line("  recorded: \(record.recordedAt.readable(now: now))")
    lines(record.children)
  }

  private func table(_ records: JournalSequence<JournalRecord>, _ type: RecordType) throws {
    let keys = type.fields.map(\.key).filter { !Self.unlisted.contains($0) }
    let isFound = try output.table(
      [Table.Column("id")] + keys.map { Table.Column($0.rawValue, Self.uses[$0] ?? .fixed) }
        + [
          Table.Column(type.child?.plural ?? "", .text), Table.Column("device", .optional), Table.Column(""),
          Table.Column("", .optional),
        ],
      records
    ) { record in
      [record.shortID] + keys.map { cell(record[$0]) }
        + [
          record.children.map(describe).joined(separator: "; "), record.device,
          record.isPresent ? "" : "removed",
          record.isBackfilled ? "backfilled" : "",
        ]
    }
    if !isFound { Message.note("nothing found") }
  }

  /// What `show` tells and a table has no room for.
  private static let unlisted: Set<FieldKey> = [
    .order, .endedAt, .localDay, .precision, .source, .episode, .plan, .slot, .plannedSeconds,
    .checklistVersion,
  ]

  /// What a narrow terminal does to a field's column.
  private static let uses: [FieldKey: Table.Column.Use] = [
    .note: .text, .name: .text, .label: .text, .landmark: .text, .trigger: .text, .session: .optional,
    .status: .optional, .tags: .optional, .discomfortStart: .optional,
    .discomfortEnd: .optional,
  ]

  func cell(_ value: FieldValue) -> String { value.moment.map(cell) ?? value.readable(now: now) }

  /// Without the offset where it is the present one.
  func cell(_ moment: Moment) -> String {
    let text = moment.readable(now: now)
    return moment.offsetMinutes == now.offsetMinutes ? String(text.dropLast(" +00:00".count)) : text
  }
}
