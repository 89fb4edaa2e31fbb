public import UnknotCausality

/// Local edits: what a person does on this device. Everything written through one writer is one operation.
public final class StoreWriter {
  /// The same transaction, to be read: what was written so far is there.
  public let reader: StoreReader
  private let door: Door
  private let lines: Lines
  private let names: NameCache
  private let statements: Statements
  private let label: String
  private let kind: Operation.Kind
  private let reverts: Int64?
  /// Where the journal stood when the person saw what is written to; nil: as it stands.
  let form: Form?
  private let recordedAt: Int64
  private var first: ChangeKey?
  /// Nobody else writes within this transaction: the first change's context is that of all.
  private var context: WriterContext?
  private var body = ByteWriter()
  /// The line that is written on, and what its last change is called: in this transaction nothing else is added to it.
  private var own: (line: LineState, last: Dot)?
  /// Of the list that was last written to the end of, as long as that is known to be its end.
  var listEnd: ListEnd?
  /// Of the last change that was given by its names.
  private var lastShape: Shape?

  init(
    _ door: Door, label: String, asOf form: Form? = nil, kind: Operation.Kind = .done,
    reverts: Int64? = nil
  ) {
    self.door = door
    reader = door.reader
    lines = door.lines
    names = door.names
    statements = door.statements
    self.label = label
    self.kind = kind
    self.reverts = reverts
    self.form = form
    recordedAt = door.store.environment.now()
  }

  /// The operation's id, once something was written.
  public var operation: Dot? {
    get throws { try first.map { try lines.name(of: $0) } }
  }

  /// Makes a record. The parent, where there is one, becomes present again if it was removed.
  public func create(_ table: String, parent: Dot?, _ values: [FieldName: Value]) throws -> Dot {
    if let parent { try expectRecord(parent) }
    let id = try write(.create, table: table, subject: parent, values)
    // A key that somebody chose may stand behind all others.
    if let parent, let end = listEnd, end.isOf(parent, table),
      let field = reader.store.recordTables[table]?.schema.orderField,
      case .text(let key) = values[FieldName(field)], end.isBefore(key)
    {
      listEnd = nil
    }
    return id
  }

  /// Whether a record was made within this operation.
  func isMadeNow(_ record: Dot) -> Bool {
    guard let first, let key = lines.key(of: record) else { return false }
    return key.line == first.line && key.depth >= first.depth
  }

  /// The same for many records of one shape: nothing is looked up by name for each.
  ///
  /// - Parameters:
  ///   - shape: of a create.
  ///   - values: one for each of the shape's fields, in their order.
  public func create(_ shape: Shape, parent: Dot?, _ values: [Value]) throws -> Dot {
    guard shape.action == .create, values.count == shape.fields.count else {
      throw StorageError.invalidWrite("\(shape.table): not a value for each field of a new record")
    }
    if let parent { try expectRecord(parent) }
    return try write(shape, subject: parent, values)
  }

  /// The actor that this device writes as: begun now where it has none yet.
  public var actor: ActorID {
    get throws { try ownLine().last.actor }
  }

  /// Writes those of the fields that differ or are in conflict.
  ///
  /// - Parameter rewritten: fields that are written in any case: what follows from another field is written with it,
  ///   or the two could come from two changes once devices meet.
  /// - Returns: false when nothing differed and nothing was written.
  public func edit(
    _ record: Dot, _ values: [FieldName: Value], rewriting rewritten: Set<FieldName> = []
  ) throws -> Bool {
    let creation = try expectRecord(record)
    let differing = try values.filter { name, value in
      if rewritten.contains(name) { return true }
      let field = try names.existingNumber(of: name).flatMap { try reader.field(of: creation, $0) }
      return field?.isInConflict == true || (field?.visible ?? .null) != value
    }
    guard !differing.isEmpty else { return false }
    if listEnd != nil, differing.keys.contains(where: { isOrder($0, of: creation) }) { listEnd = nil }
    _ = try write(.edit, table: try table(of: creation), subject: record, differing)
    return true
  }

  private func isOrder(_ name: FieldName, of creation: LogRow) -> Bool {
    guard let table = try? table(of: creation),
      let field = reader.store.recordTables[table]?.schema.orderField
    else { return true }
    return bytewiseEqual(name.field, field)
  }

  /// - Returns: false when the record is gone already and nobody disagrees.
  public func delete(_ record: Dot) throws -> Bool {
    try writePresence(record, to: .removed, .delete)
  }

  /// - Returns: false when the record is present already and nobody disagrees.
  public func restore(_ record: Dot) throws -> Bool {
    try writePresence(record, to: .present, .edit)
  }

  /// Says of a record that it is to stay, also where nobody disagrees yet: a device that removes it without knowing of this
  /// meets a conflict, and does not remove it for all.
  public func keep(_ record: Dot) throws {
    let creation = try expectRecord(record)
    listEnd = nil
    _ = try write(.edit, table: try table(of: creation), subject: record, [:])
  }

  private func writePresence(_ record: Dot, to value: Value, _ action: Shape.Action) throws -> Bool {
    let creation = try expectRecord(record)
    let presence = try reader.presence(of: creation)
    guard presence.isInConflict || presence.visible != value else { return false }
    listEnd = nil
    _ = try write(action, table: try table(of: creation), subject: record, [:])
    return true
  }

  /// Gives this device another name, which travels with the next files. It is no change: no undo takes it back.
  ///
  /// - Parameter name: at most 256 bytes in UTF-8, without a NUL.
  /// - Throws: `StorageError.invalidWrite` for another one.
  public func renameDevice(_ name: String) throws {
    try Device.checkName(name)
    try statements[
      "UPDATE device SET name = ?1, name_revision = min(name_revision + 1, ?2) WHERE number = 1 AND name <> ?1"
    ]
    .bind(name, at: 1).bind(JournalLimits.revision, at: 2).run()
  }

  @discardableResult
  private func expectRecord(_ record: Dot) throws -> LogRow {
    guard let key = lines.key(of: record), let row = try reader.change(at: key),
      try names.shape(row.shape).shape.action == .create
    else { throw StorageError.noSuchRecord(record) }
    return row
  }

  private func table(of creation: LogRow) throws -> String { try names.shape(creation.shape).shape.table }

  private func write(
    _ action: Shape.Action, table: String, subject: Dot?, _ values: [FieldName: Value]
  ) throws -> Dot {
    let shape = shape(action, table, values)
    return try write(shape, subject: subject, shape.fields.map { values[$0] ?? .null })
  }

  /// Many records are written one after the other that say the same things: their names are not put in order for each.
  private func shape(_ action: Shape.Action, _ table: String, _ values: [FieldName: Value]) -> Shape {
    if let lastShape, lastShape.action == action, bytewiseEqual(lastShape.table, table),
      lastShape.fields.count == values.count, lastShape.fields.allSatisfy({ values[$0] != nil })
    {
      return lastShape
    }
    let shape = Shape(action, table: table, fields: Array(values.keys))
    lastShape = shape
    return shape
  }

  private func write(_ shape: Shape, subject: Dot?, _ values: [Value]) throws -> Dot {
    // One that the journal knows was checked when it came to know it.
    guard try names.isKnown(shape) || shape.isValid else {
      throw StorageError.invalidWrite(
        shape.fields.count > Shape.maximumFields
          ? "\(shape.table): one write reaches at most \(Shape.maximumFields) fields, texts and keys"
          : "\(shape.table): not names that a change may carry")
    }
    let (state, before) = try ownLine()
    guard state.depth < ChangeKey.maximumDepth else { throw StorageError.invalidWrite("too many changes") }
    let key = state.last + 1
    let previous = lines.tree.before(key)
    let isFirst = self.context == nil
    let context = try self.context ?? wantedContext(of: state)
    body.clear()
    for value in values {
      if case .text(let text) = value, text.utf8.contains(0) {
        throw StorageError.invalidWrite("a text with a NUL in it cannot be kept")
      }
      try Body.write(value, to: &body) { (reference) throws -> CanonicalReference in
        guard let held = lines.key(of: reference),
          context.covers(held, lines.tree) || held < key && held.line == state.number
        else { throw StorageError.noSuchRecord(reference) }
        return try reader.canonical(held, previous: previous) { context }
      }
    }
    guard body.bytes.count <= Body.maximumBytes else {
      throw StorageError.invalidWrite(
        "the values take \(body.bytes.count) bytes; \(Body.maximumBytes) at most")
    }
    var moved: [FamilyHeads] = []
    if isFirst {
      moved = try lines.context(of: state).moved(to: context)
      try door.moveContext(of: state, to: context, moved: moved)
      self.context = context
    }
    let name = Dot(before.actor, before.seq + 1)
    do {
      try door.apply(
        Change(
          dot: name, shape: shape, subject: subject, recordedAt: recordedAt,
          beginsOperation: first == nil, body: body.bytes),
        as: key, subject: try subject.map(reader.heldKey), on: state, moved: moved)
    } catch let error as InvalidChange {
      // Only a form that was opened before the record came can get here.
      throw StorageError.invalidWrite("\(error)")
    }
    own = (state, name)
    if first == nil { first = key }
    return name
  }

  /// Whether a value may refer to that: only to what is held.
  func canName(_ dot: Dot) -> Bool {
    lines.key(of: dot) != nil
  }

  /// Everything held, less what the form had not yet seen.
  private func wantedContext(of own: LineState) throws -> WriterContext {
    var clock = lines.held
    if let form { clock = lines.tree.closure(of: try reader.keys(of: form) + [own.last]) }
    return WriterContext(clock, after: own.last, lines.tree)
  }

  /// The line of this device's actor, begun with its first write, or with the first after it could no longer be sure that it
  /// alone writes as the one before.
  private func ownLine() throws -> (line: LineState, last: Dot) {
    if let own { return own }
    let state = try findOwnLine()
    let found = (state, try lines.name(of: state.last))
    own = found
    return found
  }

  private func findOwnLine() throws -> LineState {
    if let number = try reader.ownLine {
      guard let state = lines[number] else {
        throw StorageError.damaged("this device's line is not listed")
      }
      return state
    }
    guard let actor = ActorID(door.store.environment.randomBytes(ActorID.byteCount)),
      lines.tree.root(of: actor) == nil
    else { preconditionFailure("randomness gave an actor that exists") }
    guard lines.hasRoom else { throw StorageError.invalidWrite("too many actors") }
    let state = try lines.introduce(actor, device: 1)
    try statements["UPDATE device SET writer = ? WHERE number = 1"].bind(state.number, at: 1).run()
    return state
  }

  /// Keeps the operation for undo; nothing to keep where nothing was written.
  func close() throws {
    guard let first, let last = own?.line.last else { return }
    try statements[
      "INSERT INTO operation (first, last, label, recorded_at, kind, reverts) VALUES (?, ?, ?, ?, ?, ?)"
    ].bind(first, at: 1).bind(last, at: 2).bind(label, at: 3).bind(recordedAt, at: 4)
      .bind(kind.rawValue, at: 5).bind(reverts, at: 6).run()
  }
}
