import UnknotCausality

/// An actor as the running transaction knows it; written back at its end.
final class ActorState {
  let number: Int64
  let actor: ActorID
  var seq: Int64
  /// The chain hash of the change `seq`; while there is none, what the first one will follow.
  var hash: [UInt8]
  /// The context of the change `seq`, without the actor's own entry. A branch's has entries for the actors that it
  /// goes on from.
  var context: LocalClock
  /// The actor that a branch goes on from; 0 for a family's root.
  var parent: Int64
  /// How many changes of its family come before its own.
  let depth: Int64
  /// The family's root.
  fileprivate(set) var root: Int64
  var isChanged = false

  init(
    number: Int64, actor: ActorID, seq: Int64, hash: [UInt8], context: LocalClock, parent: Int64 = 0,
    depth: Int64 = 0, root: Int64? = nil
  ) {
    self.number = number
    self.actor = actor
    self.seq = seq
    self.hash = hash
    self.context = context
    self.parent = parent
    self.depth = depth
    self.root = root ?? number
  }
}

/// Which number stands for which actor, shape, field and table, for the length of one transaction: numbers given
/// in a transaction that is rolled back are forgotten with it.
final class NameCache {
  private let statements: Statements
  private(set) var actors: [Int64: ActorState] = [:]
  /// By root, the numbers of a family's actors: more than one where a fork is known.
  private(set) var families: [Int64: [Int64]] = [:]
  private var actorNumbers: [ActorID: Int64] = [:]
  private var lastActor: (actor: ActorID, number: Int64)?
  private var shapes: [Int64: StoredShape] = [:]
  private var shapeNumbers: [Shape: StoredShape] = [:]
  private var lastShape: StoredShape?
  private var fields: [Int64: FieldName] = [0: .presence]
  private var fieldNumbers: [FieldName: Int64] = [.presence: 0]
  private var tables: [String: Int64] = [:]

  private let tableSchemas: [String: TableSchema]

  /// The journal's own clock.
  var held: LocalClock { LocalClock(actors.values.map { ($0.number, $0.seq) }) }

  init(_ statements: Statements, _ tableSchemas: [String: TableSchema]) throws {
    self.statements = statements
    self.tableSchemas = tableSchemas
    try loadActors()
  }

  private func loadActors() throws {
    var rows: [ActorState] = []
    var parents: [Int64: Int64] = [:]
    try statements["SELECT id, bytes, seq, hash, context, parent, depth FROM actor ORDER BY id"].eachRow {
      row in
      guard let actor = ActorID(row.bytes(1)) else { throw StorageError.damaged("an actor id is too short") }
      guard (0...Int64(Dot.maximumSeq)).contains(row.integer(2)),
        (0...Int64(Dot.maximumSeq)).contains(row.integer(6)),
        (1...Packing.maximumActor).contains(row.integer(0))
      else { throw StorageError.damaged("an actor is malformed") }
      let parent = row.optionalInteger(5) ?? 0
      parents[row.integer(0)] = parent
      rows.append(
        ActorState(
          number: row.integer(0), actor: actor, seq: row.integer(2), hash: row.bytes(3),
          context: try LocalClock(row.bytes(4)), parent: parent, depth: row.integer(6)))
    }
    for state in rows {
      var steps = 0
      while let parent = parents[state.root], parent != 0 {
        state.root = parent
        steps += 1
        guard steps <= rows.count else { throw StorageError.damaged("branches lead in a circle") }
      }
      add(state)
    }
  }

  /// After a part of the transaction was taken back.
  func reload() throws {
    actors = [:]
    families = [:]
    actorNumbers = [:]
    lastActor = nil
    shapes = [:]
    shapeNumbers = [:]
    lastShape = nil
    fields = [0: .presence]
    fieldNumbers = [.presence: 0]
    tables = [:]
    try loadActors()
  }

  private func add(_ state: ActorState) {
    actors[state.number] = state
    families[state.root, default: []].append(state.number)
    actorNumbers[state.actor] = state.number
  }

  func number(of actor: ActorID) -> Int64? {
    if let lastActor, lastActor.actor == actor { return lastActor.number }
    guard let number = actorNumbers[actor] else { return nil }
    lastActor = (actor, number)
    return number
  }

  /// The actor of that id; new ones belong to the device.
  func introduce(_ actor: ActorID, device: Int64) throws -> ActorState {
    if let number = number(of: actor), let state = actors[number] { return state }
    return try insert(
      ActorState(
        number: try nextActor(), actor: actor, seq: 0,
        hash: actor.bytes + [UInt8](repeating: 0, count: ChangeHash.byteCount - ActorID.byteCount),
        context: LocalClock()),
      device: device)
  }

  /// A branch that goes on after a change and has none of its own yet.
  func introduceBranch(_ actor: ActorID, after dot: LocalDot, hash: [UInt8]) throws -> ActorState {
    guard number(of: actor) == nil else { throw InvalidChange("an actor has the name of a branch") }
    guard let parent = actors[Packing.actor(dot)] else { throw StorageError.damaged("a branch of nothing") }
    let device = try statements["SELECT device FROM actor WHERE id = ?"].bind(parent.number, at: 1)
      .first { $0.integer(0) }
    return try insert(
      ActorState(
        number: try nextActor(), actor: actor, seq: 0, hash: hash, context: LocalClock(),
        parent: parent.number, depth: depth(of: dot), root: parent.root),
      device: device ?? 1)
  }

  private func nextActor() throws -> Int64 {
    let number = Int64(actors.count) + 1
    guard number <= Packing.maximumActor else { throw StorageError.invalidWrite("too many actors") }
    return number
  }

  private func insert(_ state: ActorState, device: Int64) throws -> ActorState {
    try statements[
      "INSERT INTO actor (id, bytes, device, seq, hash, context, parent, depth) VALUES (?, ?, ?, 0, ?, x'', ?, ?)"
    ].bind(state.number, at: 1).bind(state.actor.bytes, at: 2).bind(device, at: 3).bind(state.hash, at: 4)
      .bind(state.parent == 0 ? nil : state.parent, at: 5).bind(state.depth, at: 6).run()
    add(state)
    return state
  }

  /// nil for an actor that this journal has never heard of.
  func pack(_ dot: Dot) -> LocalDot? {
    guard dot.seq >= 1, dot.seq <= Dot.maximumSeq, let number = number(of: dot.actor) else { return nil }
    return Packing.dot(number, Int64(dot.seq))
  }

  func unpack(_ dot: LocalDot) throws -> Dot {
    guard let state = actors[Packing.actor(dot)] else {
      throw StorageError.damaged("a change names an actor that is not listed")
    }
    return Dot(state.actor, UInt64(Packing.seq(dot)))
  }

  func shape(_ number: Int64) throws -> StoredShape {
    if let shape = shapes[number] { return shape }
    let definition = try statements["SELECT definition FROM shape WHERE id = ?"].bind(number, at: 1)
      .first { $0.bytes(0) }
    guard let definition else { throw StorageError.damaged("a change has a shape that is not listed") }
    return try remember(number, try Shape(canonicalBytes: definition))
  }

  func stored(_ shape: Shape) throws -> StoredShape {
    if let lastShape, lastShape.shape == shape { return lastShape }
    if let stored = shapeNumbers[shape] {
      lastShape = stored
      return stored
    }
    let definition = shape.canonicalBytes
    var number = try statements["SELECT id FROM shape WHERE definition = ?"].bind(definition, at: 1)
      .first { $0.integer(0) }
    if number == nil {
      try statements["INSERT INTO shape (definition) VALUES (?)"].bind(definition, at: 1).run()
      number = try statements["SELECT last_insert_rowid()"].first { $0.integer(0) }
    }
    guard let number else { throw StorageError.damaged("a shape could not be stored") }
    return try remember(number, shape)
  }

  func isKnown(_ shape: Shape) throws -> Bool { lastShape?.shape == shape || shapeNumbers[shape] != nil }

  private func remember(_ number: Int64, _ shape: Shape) throws -> StoredShape {
    let timeField = tableSchemas[shape.table]?.timeField.map { FieldName($0) }
    let stored = StoredShape(
      number: number, shape: shape, fieldNumbers: try shape.fields.map(self.number(of:)),
      table: try table(shape.table), timeIndex: timeField.flatMap { shape.fields.firstIndex(of: $0) })
    shapes[number] = stored
    shapeNumbers[shape] = stored
    return stored
  }

  func field(_ number: Int64) throws -> FieldName {
    if let name = fields[number] { return name }
    let name = try statements["SELECT name, key FROM field WHERE id = ?"].bind(number, at: 1)
      .first { FieldName(try $0.text(0), key: try $0.optionalText(1)) }
    guard let name else { throw StorageError.damaged("a register has a name that is not listed") }
    fields[number] = name
    fieldNumbers[name] = number
    return name
  }

  /// Nil where no change has written to a field of that name.
  func existingNumber(of name: FieldName) throws -> Int64? {
    if let number = fieldNumbers[name] { return number }
    return try statements["SELECT id FROM field WHERE name = ? AND key IS ?"]
      .bind(name.field, at: 1).bind(name.key, at: 2).first { $0.integer(0) }
  }

  func number(of name: FieldName) throws -> Int64 {
    if let number = fieldNumbers[name] { return number }
    var number = try existingNumber(of: name)
    if number == nil {
      try statements["INSERT INTO field (name, key) VALUES (?, ?)"]
        .bind(name.field, at: 1).bind(name.key, at: 2).run()
      number = try statements["SELECT last_insert_rowid()"].first { $0.integer(0) }
    }
    guard let number else { throw StorageError.damaged("a field name could not be stored") }
    fields[number] = name
    fieldNumbers[name] = number
    return number
  }

  func table(_ name: String) throws -> Int64 {
    if let number = tables[name] { return number }
    var number = try existingTable(name)
    if number == nil {
      try statements["INSERT INTO record_table (name, time_field) VALUES (?, '')"].bind(name, at: 1).run()
      number = try existingTable(name)
    }
    guard let number else { throw StorageError.damaged("a table name could not be stored") }
    tables[name] = number
    return number
  }

  /// nil for a table of which no record was ever seen.
  func existingTable(_ name: String) throws -> Int64? {
    try statements["SELECT id FROM record_table WHERE name = ?"].bind(name, at: 1).first { $0.integer(0) }
  }
}

/// A shape with the numbers of its names, resolved once.
final class StoredShape {
  let number: Int64
  let shape: Shape
  let fieldNumbers: [Int64]
  let table: Int64
  /// The place of the field by which the table's records are listed; nil where the shape has none.
  let timeIndex: Int?
  lazy var digest: [UInt8] = Hashing.sha256(shape.canonicalBytes)
  /// `Entry.bytes` of its fields.
  private(set) lazy var entryFields: [UInt8] = Entry.bytes(fieldNumbers.sorted())

  init(number: Int64, shape: Shape, fieldNumbers: [Int64], table: Int64, timeIndex: Int?) {
    self.timeIndex = timeIndex
    self.number = number
    self.shape = shape
    self.fieldNumbers = fieldNumbers
    self.table = table
  }
}

extension Shape {
  /// Reads what `canonicalBytes` wrote.
  init(canonicalBytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(canonicalBytes)
    guard let action = Action(rawValue: try reader.byte()) else { throw MalformedBytes("unknown action") }
    let table = try reader.text()
    let count = try reader.unsigned()
    var fields: [FieldName] = []
    while UInt64(fields.count) < count {
      let name = try reader.text()
      fields.append(FieldName(name, key: try reader.byte() == 1 ? try reader.text() : nil))
    }
    self.init(action, table: table, fields: fields)
  }
}
