import UnknotCausality
import UnknotStorage

// A write that decides what devices disagreed on says so: nothing is overruled unseen.
extension JournalWriter {
  /// - Parameter value: what the field holds from now on.
  func tellDecided(_ name: FieldName, of record: StoredRecord, as value: Value?) {
    guard !notices.isSilent, let register = record.fields[name], register.isInConflict,
      let type = RecordType.named(record.table), isForPeople(name, of: record, type)
    else { return }
    let others = register.entries.filter { $0.value != value }
    guard !others.isEmpty else { return }
    let field = name.isMapKey ? nil : type.field(name.field)
    let texts = others.map { entry in
      let text =
        field?.kind == .order
        ? (try? place(of: record, with: entry.value)) ?? ""
        : FieldValue(entry.value, field).readable(now: journal.now)
      return "\(text.isEmpty ? "nothing" : text) (\((try? reader.deviceName(of: entry.dot.actor)) ?? ""))"
    }
    notices.add(
      .warning,
      "\(name) was in conflict, and this decides it: \(texts.joined(separator: ", ")) is not shown any more; "
        + "history has it")
  }

  /// What another device removed and a write to the record, or to one that belongs to it, keeps. Asked before the
  /// write, which decides it.
  func kept(_ record: StoredRecord?) throws -> [StoredRecord] {
    guard !notices.isSilent else { return [] }
    var kept: [StoredRecord] = []
    var next = record
    while let record = next {
      if record.presence.isInConflict { kept.append(record) }
      next = try record.parent.flatMap { try reader.record($0) }
    }
    return kept
  }

  func tellKept(_ records: [StoredRecord]) {
    for record in records {
      let devices = record.presence.entries.filter { $0.value == .removed }.map { deviceName($0) }
      notices.add(
        .warning,
        "the \(record.table) \(shortID(record.id)) was removed on \(devices.joined(separator: ", ")): this keeps it"
      )
    }
  }

  func tellRemoved(_ record: StoredRecord) {
    guard !notices.isSilent, record.presence.isInConflict else { return }
    let devices = record.presence.entries.filter { $0.value != .removed }.map { deviceName($0) }
    notices.add(
      .warning,
      "the \(record.table) \(shortID(record.id)) was written to on \(devices.joined(separator: ", ")) "
        + "while it was removed elsewhere: this removes it")
  }

  private func deviceName(_ entry: RegisterEntry) -> String {
    (try? reader.deviceName(of: entry.dot.actor)) ?? ""
  }
}
