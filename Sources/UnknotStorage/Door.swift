import UnknotCausality

/// The one door: all that is written in a transaction goes through it, local edits (`StoreWriter`), changes of others
/// (`Importer`) and what the engine notes by itself. It has the transaction's reader; a reader has no door.
final class Door {
  let reader: StoreReader
  let store: Store
  let lines: Lines
  let names: NameCache
  let statements: Statements
  let numbers: Numbering
  /// What was noted of this device when the transaction began.
  var knownNote: (device: DeviceID, bytes: [UInt8])?
  /// The journal goes on as another device or another actor from this transaction on.
  var isIdentityNew = false
  /// The memory of a row that is being put together, for the next one.
  var rowCells = RowCells()
  var memberCells = RowCells()

  init(_ reader: StoreReader) {
    self.reader = reader
    store = reader.store
    lines = reader.lines
    names = reader.names
    statements = reader.statements
    numbers = Numbering(reader.statements, reader.names)
  }

  /// The end of a transaction: all that waits is written, and how far each line is now held.
  func finish() throws {
    try statements.flush()
    try lines.save()
  }
}
