import UnknotCausality

/// The one door: all that is written in a transaction goes through it, local edits (`StoreWriter`), changes of others
/// (`Importer`) and what the engine notes by itself. It has the transaction's reader; a reader has no door.
final class Door {
  let reader: StoreReader
  let numbers: Numbering
  /// The memory of a row that is being put together, for the next one.
  var rowCells = RowCells()
  var memberCells = RowCells()

  init(_ reader: StoreReader) {
    self.reader = reader
    numbers = Numbering(reader.statements, reader.names)
  }

  var store: Store { reader.store }
  var lines: Lines { reader.lines }
  var names: NameCache { reader.names }
  var statements: Statements { reader.statements }

  /// The end of a transaction: all that waits is written, and how far each line is now held.
  func finish() throws {
    try statements.flush()
    try lines.save()
  }
}
