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
  /// The journal only stands in for one that is not there: what it calls itself is never seen, and no randomness is spent.
  let isStandIn: Bool
  /// What was noted of this device when the transaction began.
  var knownNote: (device: DeviceID, bytes: [UInt8])?
  /// The journal goes on as another device or another actor from this transaction on.
  var isIdentityNew = false
  /// The journal may be damaged: all of it is looked at before anything is written.
  var isDoubted = false
  /// The memory of a row that is being put together, for the next one.
  var rowCells = RowCells()
  var memberCells = RowCells()

  init(_ reader: StoreReader, isStandIn: Bool = false) {
    self.isStandIn = isStandIn
    self.reader = reader
    store = reader.store
    lines = reader.lines
    names = reader.names
    statements = reader.statements
    numbers = Numbering(reader.statements, reader.names)
  }

  func randomBytes(_ count: Int) -> [UInt8] {
    isStandIn ? [UInt8](repeating: 0, count: count) : store.environment.randomBytes(count)
  }

  /// The end of a transaction: all that waits is written, and how far each line is now held.
  func finish() throws {
    try statements.flush()
    try lines.save()
  }
}
