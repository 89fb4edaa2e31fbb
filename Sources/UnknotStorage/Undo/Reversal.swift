import UnknotCausality

/// One undo or redo: what an operation did to each record is taken back, as one more operation.
final class Reversal {
  private let operation: Operation
  private let door: Door
  private let reader: StoreReader
  private let writer: StoreWriter
  /// What was held before the operation.
  private let before: LineClock
  /// The operation, and those that did it again.
  private let again: [Operation]
  private var changed: [Dot] = []
  private var kept: [(record: Dot, field: FieldName)] = []
  private var decided: [(record: Dot, field: FieldName, others: [StoredField.Entry])] = []

  init(_ operation: Operation, as kind: Operation.Kind, _ door: Door) throws {
    self.operation = operation
    self.door = door
    reader = door.reader
    writer = StoreWriter(door, label: operation.label, kind: kind, reverts: operation.number)
    before =
      try operation.held?.before
      ?? reader.lines.tree.closure(of: reader.context(of: operation.first).covered)
    again = try reader.redone(operation)
  }

  func run() throws -> Reverted {
    let written = try reader.writes(of: operation)
    let removed = try reader.recordsToRemove(again, written, before: before)
    // Last first, so that a child goes before its parent.
    for (record, wrote) in written.reversed() {
      let id = try reader.lines.name(of: record)
      if try wrote.created ? writer.delete(id) : takeBack(wrote, of: record, id) { changed.append(id) }
    }
    // After what was written above: a write to a child is one more touch of its parents.
    for record in removed {
      let id = try reader.lines.name(of: record)
      if try writer.delete(id), !changed.contains(id) { changed.append(id) }
    }
    try writer.close()
    // Without a change there is no undo to keep: the next one goes further back all the same.
    if try writer.operation == nil {
      try door.statements["UPDATE operation SET spent = 1 WHERE number = ?"].bind(operation.number, at: 1)
        .run()
    }
    return Reverted(operation: operation, changed: changed, keptLater: kept, decided: decided)
  }

  /// What was written to a record that was there already.
  ///
  /// - Returns: whether anything had to be written for it.
  private func takeBack(_ wrote: Wrote, of record: ChangeKey, _ id: Dot) throws -> Bool {
    var isChanged = false
    var values: [FieldName: Value] = [:]
    // A record that was removed since, or by this operation, is not brought back by its fields.
    let isThere = try reader.isPresent(record) || wrote.deleted
    for (field, last) in wrote.fields {
      let name = try reader.names.field(field)
      if isThere, let earlier = try earlierValue(of: field, name, of: record, id, last: last) {
        values[name] = earlier
      } else {
        kept.append((id, name))
      }
    }
    let rewritten = try reader.takeAlong(record, wrote, &values) {
      let earlier = try reader.field(record, $0, before: before)?.visible
      if case .reference(let dot) = earlier, !writer.canName(dot) { return nil }
      return earlier
    }
    if operation.held == nil {
      let presence = try reader.presence(of: record, before: before)
      try note(id, .presence, presence.visible.map { StoredField(presence, visible: $0) })
    }
    if !values.isEmpty { isChanged = try writer.edit(id, values, rewriting: rewritten) }
    if wrote.deleted, try !reader.wasRemoved(record, before: before) {
      isChanged = try writer.restore(id) || isChanged
    }
    if wrote.restored, try reader.wasRemoved(record, before: before) {
      isChanged = try writer.delete(id) || isChanged
    }
    return isChanged
  }

  /// What a field is to hold again; nil where it is left as it is.
  ///
  /// - Parameter last: the operation's last write to it.
  private func earlierValue(
    of field: Int64, _ name: FieldName, of record: ChangeKey, _ id: Dot, last: ChangeKey
  ) throws -> Value? {
    let present = try reader.present(record, field)
    let entries = try (present?.entries ?? []).map { try reader.heldKey(of: $0.dot) }
    let isOwn = entries.allSatisfy { key in before.covers(key) || again.contains { $0.covers(key) } }
    let isWrittenSince =
      try !isOwn
      && (present?.isInConflict == true
        || present?.visible != reader.written(reader.heldChange(at: last), field))
    // A conflict from before an import is not to be had back: who decided it now would take a side. Equal values are none.
    let earlierValues = try entries.filter(before.covers).map {
      try reader.written(reader.heldChange(at: $0), field)
    }
    let wasInConflict = operation.held != nil && Set(earlierValues).count > 1
    if wasInConflict || isWrittenSince { return nil }
    let earlier = try reader.field(record, field, before: before)
    // Nothing there can mean that it was forgotten.
    if earlier == nil, try reader.hasForgotten { return nil }
    // A file can bring a reference to what nobody holds; it is not to be written again.
    if case .reference(let dot) = earlier?.visible, !writer.canName(dot) { return nil }
    try note(id, name, earlier)
    return earlier?.visible ?? .null
  }

  /// A register that was in conflict until the operation decided it.
  private func note(_ record: Dot, _ name: FieldName, _ field: StoredField?) throws {
    guard let field, field.isInConflict else { return }
    decided.append(
      (
        record, name,
        try field.entries.filter { try reader.value(of: name, writtenBy: $0.dot) != field.visible }
      ))
  }
}
