import UnknotEngine

// A write that decides what devices disagreed on says so: nothing is overruled unseen.
extension JournalWriter {
  /// - Parameter value: what the field holds from now on.
  func tellDecided(_ name: FieldName, of record: StoredRecord, as value: Value?) throws {
    guard !notices.isSilent, let state = record.fields[name], state.isInConflict,
      let type = RecordType.named(record.kind), isForPeople(name, of: record, type)
    else { return }
    let field = name.isMapKey ? nil : type.field(name.field)
    var texts: [String] = []
    var others = 0
    for entry in state.entries {
      let other = try reader.value(of: name, writtenBy: entry.dot)
      guard other != value else { continue }
      others += 1
      guard others <= ToldText.most else { continue }
      let text =
        field?.kind == .order
        ? try place(of: record, with: other) : FieldValue(other, field).readable(now: journal.now)
      texts.append(
        "\(text.isEmpty ? "nothing" : ToldText(text).text) (\(try reader.deviceName(of: entry.dot.actor)))")
    }
    guard others > 0 else { return }
    if others > texts.count { texts.append("and \(counted(others - texts.count, "more value"))") }
    notices.add(
      .warning,
      "\(name) was in conflict, and this decides it: \(texts.joined(separator: ", ")) "
        + "\(others == 1 ? "is" : "are") not shown any more; history has \(others == 1 ? "it" : "them")")
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
        "the \(record.kind) \(shortID(record.id)) was removed on \(devices.joined(separator: ", ")): this keeps it"
      )
    }
  }

  func tellRemoved(_ record: StoredRecord) {
    guard !notices.isSilent, record.presence.isInConflict else { return }
    let devices = record.presence.entries.filter { $0.value != .removed }.map { deviceName($0) }
    notices.add(
      .warning,
      "the \(record.kind) \(shortID(record.id)) was changed on \(devices.joined(separator: ", ")) "
        + "and removed elsewhere: now it is removed")
  }

  private func deviceName(_ entry: RegisterEntry) -> String {
    (try? reader.deviceName(of: entry.dot.actor)) ?? ""
  }
}
