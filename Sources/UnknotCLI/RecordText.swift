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

  /// `pain 6, low back (left), Thu 14 May 18:00 +02:00`
  func describe(_ record: JournalRecord) -> String {
    let side = record[.side].text.map { " (\($0))" } ?? ""
    let time = (record[.at].moment ?? record[.startedAt].moment)?.readable(now: now)
    switch record.type {
    case "pain":
      let context = record[.context].text.flatMap { $0 == "spontaneous" ? nil : ", \($0)" } ?? ""
      return
        "pain \(record[.score].readable(now: now)), \(words(record[.site]))\(side)\(context), \(time ?? "")"
    case "session":
      let seconds = record.children.reduce(Int64(0)) { $0 &+ ($1[.seconds].integer ?? 0) }
      let skipped = record.children.count { $0[.outcome].text == "skipped" }
      let signs = Set(record.children.compactMap { $0[.stopSign].text }).sorted()
      return "session of \(counted(record.children.count - skipped, "bout")), \(DurationText.text(seconds))"
        + (skipped > 0 ? ", \(skipped) skipped" : "")
        + (signs.isEmpty ? "" : ", stopped for \(signs.joined(separator: " and "))") + ", \(time ?? "")"
    case "bout", "step":
      let surface = record[.surface].text.map { ", \($0)" } ?? ""
      return "\(record[.target].readable(now: now))\(side) \(record[.seconds].readable(now: now))\(surface)"
    case "routine":
      return "routine \(record[.name].readable(now: now)), \(counted(record.children.count, "step"))"
    case "factor":
      let amount = record[.amount].text.map { " \($0)\(record[.unit].text ?? "")" } ?? ""
      let label = record[.label].text.map { " (\($0))" } ?? ""
      return "\(words(record[.kind]))\(amount)\(label), \(time ?? "")"
    case "episode":
      let onset = record[.onset].readable(now: now)
      let end = record[.endedAt].isEmpty ? "" : ", over \(record[.endedAt].readable(now: now))"
      return "episode, \(words(record[.site]))\(side), since \(onset)\(end), day \(derived(record, "day")), "
        + derived(record, "stage")
    case "assessment":
      let (name, score) =
        switch record[.kind].text {
        case "peg": ("PEG", derived(record, "score"))
        case "activity": ("got in the way of activity", record[.activity].readable(now: now))
        default: (record[.kind].readable(now: now).uppercased(), record[.change].readable(now: now))
        }
      return "\(name) \(score), \(time ?? "")"
    case "ball":
      let rope = record[.onRope].isTrue ? ", on a rope" : ""
      let gone = record[.retired].isEmpty ? "" : ", gone since \(record[.retired].readable(now: now))"
      return "ball \(record[.name].readable(now: now))\(rope)\(gone)"
    case "spot":
      let label = record[.label].text.map { " \($0)" } ?? ""
      let state = record[.state].text.map { $0 == "active" ? "" : ", \($0)" } ?? ""
      return "spot\(label) on \(record[.target].readable(now: now))\(side)\(state)"
    case "plan":
      let slots = record[.slots].entries.map { $0.text == "daily" ? $0.key : "\($0.key) \($0.text)" }
      let isReplaced = record[.untilDay].day.flatMap { last in record[.fromDay].day.map { last < $0 } }
      let until =
        record[.untilDay].isEmpty
        ? ""
        : isReplaced == true
          ? ", replaced on its first day" : " until \(record[.untilDay].readable(now: now))"
      return "\(record[.kind].readable(now: now)) plan, \(slots.joined(separator: " and ")), from "
        + "\(record[.fromDay].readable(now: now))\(until)"
    case "check":
      return "safety check: \(record[.outcome].readable(now: now)), \(time ?? "")"
    case "distinct":
      return "\(record[.first].readable(now: now)) and \(record[.second].readable(now: now)): they are two"
    default:
      return record.type
    }
  }

  /// Recorded later, from memory.
  private func isBackfilled(_ record: JournalRecord) -> Bool {
    for case ("backfilled", .bool(true)) in record.derived { return true }
    return false
  }

  private func derived(_ record: JournalRecord, _ name: String) -> String {
    record.derived.first { $0.name == name }?.value.plain ?? ""
  }

  private func words(_ value: FieldValue) -> String {
    String(value.readable(now: now).map { $0 == "-" ? " " : $0 })
  }

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
          isBackfilled(record) ? "backfilled" : "",
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
