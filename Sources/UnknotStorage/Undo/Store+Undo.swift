public import UnknotCausality

/// What an undo or a redo did.
public struct Reverted: Sendable {
  /// The operation that was taken back.
  public let operation: Operation
  /// The records that were written.
  public let changed: [Dot]
  /// Registers that have been written again since, and were left as they are.
  public let keptLater: [(record: Dot, field: FieldName)]
  /// Registers that were in conflict until the operation decided them, with the changes whose values are not seen again:
  /// one writer's undo is one write, and has seen all of them.
  public let decided: [(record: Dot, field: FieldName, others: [StoredField.Entry])]
}

extension Store {
  /// Takes back an operation of this device, or one of its imports: without an id, the newest that is in force. A
  /// record that it made is removed, one that it removed is restored, a field that still holds what it wrote holds
  /// again what was visible before. This is itself an operation, and travels like any other.
  package func undo(_ id: Dot? = nil, isCancelled: (() -> Bool)? = nil) throws -> Reverted {
    try transaction(isCancelled: isCancelled) { door in
      let operations = try door.reader.operations(limit: .max)
      if let id {
        guard let operation = operations.first(where: { $0.id == id }) else {
          throw StorageError.noSuchOperation(id)
        }
        guard !operation.isReverted else { throw StorageError.operationAlreadyReverted(id) }
        return try Reversal(operation, as: operation.kind == .undo ? .redo : .undo, door).run()
      }
      guard
        let operation = operations.first(where: {
          ($0.kind == .done || $0.kind == .imported) && !$0.isReverted
        })
      else {
        throw StorageError.nothingToUndo
      }
      return try Reversal(operation, as: .undo, door).run()
    }
  }

  /// Takes back the newest undo that is in force, as long as nothing else was done since.
  package func redo(isCancelled: (() -> Bool)? = nil) throws -> Reverted {
    try transaction(isCancelled: isCancelled) { door in
      let operations = try door.reader.operations(limit: .max)
      // Whatever was done since an undo would be taken back with it.
      let sinceDone = operations.prefix { $0.kind == .undo || $0.kind == .redo }
      guard let operation = sinceDone.first(where: { $0.kind == .undo && !$0.isReverted })
      else { throw StorageError.nothingToRedo }
      return try Reversal(operation, as: .redo, door).run()
    }
  }
}
