import UnknotCausality

/// A journal of the first form (`Schema/first-form`): its rows are keyed by what changes were called when it was written. Names are the same in both forms, and the only thing that is taken over: its changes go through
/// the one door, like those of a file.
struct FirstForm {
  static let versions = 1...2

  struct Actor {
    let number: Int64
    let id: ActorID
    let device: Int64
    let seq: Int64
    let hash: [UInt8]
    /// 0 for a family's root.
    let parent: Int64
    /// How many changes of its family come before its own.
    let depth: Int64
  }

  /// Of the journal of the first form.
  let statements: Statements
  /// The one of the second form that it becomes.
  let door: Door
  /// By number.
  let actors: [Int64: Actor]
  private let version: Int64

  init(_ statements: Statements, into door: Door) throws {
    self.statements = statements
    self.door = door
    version = try statements["PRAGMA user_version"].first { $0.integer(0) } ?? 0
    var actors: [Int64: Actor] = [:]
    try statements["SELECT id, bytes, device, seq, hash, parent, depth FROM actor"].eachRow {
      row in
      guard let id = ActorID(row.bytes(1)), (0...Int64(Dot.maximumSeq)).contains(row.integer(3)),
        (0...Int64(Dot.maximumSeq)).contains(row.integer(6))
      else { throw StorageError.damaged("an actor is malformed") }
      actors[row.integer(0)] = Actor(
        number: row.integer(0), id: id, device: row.integer(2), seq: row.integer(3), hash: row.bytes(4),
        parent: row.optionalInteger(5) ?? 0, depth: row.integer(6))
    }
    self.actors = actors
  }

  /// Fills a journal of the second form, which has its tables and nothing in them.
  func bringOver() throws {
    try statements["SELECT number, id FROM journal"].eachRow { row in
      try door.statements["INSERT INTO journal (number, id) VALUES (?, ?)"].bind(row.integer(0), at: 1)
        .bind(row.bytes(1), at: 2).run()
    }
    try statements["SELECT number, bytes FROM stamp"].eachRow { row in
      try door.statements["INSERT INTO stamp (number, bytes) VALUES (?, ?)"].bind(row.integer(0), at: 1)
        .bind(row.bytes(1), at: 2).run()
    }
    try bringDevices()
    for actor in inOrder where actor.parent == 0 {
      _ = try door.lines.introduce(actor.id, device: actor.device)
    }
    try door.makeTables()
    let importer = try Importer(door)
    _ = try importer.takeExactly(history) { _, apply in
      try forEachRun { run, follows in try apply(run, follows) }
    }
    try door.showTiesAnew()
    try bringAcknowledgements()
    try bringOperations()
    if let writer = try statements["SELECT writer FROM device WHERE number = 1"]
      .first({ $0.optionalInteger(0) }) ?? nil
    {
      try door.statements["UPDATE device SET writer = ? WHERE number = 1"].bind(
        try line(of: writer), at: 1
      ).run()
    }
  }

  var inOrder: [Actor] { actors.values.sorted { $0.number < $1.number } }

  func actor(_ number: Int64) throws -> Actor {
    guard let actor = actors[number] else {
      throw StorageError.damaged("a change names an actor that is not listed")
    }
    return actor
  }

  func root(of actor: Actor) throws -> Actor {
    var actor = actor
    for _ in 0...actors.count {
      guard actor.parent != 0 else { return actor }
      actor = try self.actor(actor.parent)
    }
    throw StorageError.damaged("branches lead in a circle")
  }

  /// The change that a branch goes on from; seq 0 where its family begins.
  func parent(of branch: Actor) throws -> Dot {
    var actor = try self.actor(branch.parent)
    for _ in 0...actors.count {
      guard actor.parent != 0, actor.depth >= branch.depth else {
        guard actor.depth <= branch.depth else { break }
        return Dot(actor.id, UInt64(branch.depth - actor.depth))
      }
      actor = try self.actor(actor.parent)
    }
    throw StorageError.damaged("branches lead in a circle")
  }

  private var history: SentHistory {
    get throws {
      SentHistory(
        actors: try inOrder.map {
          SentActor(actor: $0.id, root: try root(of: $0).id, depth: UInt64($0.depth))
        }, base: [],
        tip: try inOrder.filter { $0.seq > 0 }.map { actor in
          guard let hash = ChangeHash(actor.hash) else { throw StorageError.damaged("an actor has no hash") }
          return ClockEntry(Dot(actor.id, UInt64(actor.seq)), hash)
        })
    }
  }

  /// The line on which an actor's next change goes on.
  private func line(of number: Int64) throws -> Int64 {
    let actor = try self.actor(number)
    guard let known = door.lines.tree.actor(actor.id) else {
      throw StorageError.damaged("this device's actor is not listed")
    }
    return known.last.line
  }

  /// What a key of the first form, an actor's number and a seq, stands for now.
  func key(_ number: Int64, _ seq: Int64) throws -> ChangeKey {
    guard seq >= 1, let key = door.lines.key(of: Dot(try actor(number).id, UInt64(seq))) else {
      throw StorageError.damaged("a row names a change that is not held")
    }
    return key
  }

  func key(_ dot: Int64) throws -> ChangeKey { try key(dot >> 40, dot & (1 << 40 - 1)) }

  // MARK: Devices

  private func bringDevices() throws {
    let later = version >= 2 ? "said_epoch, heard, told" : "NULL, NULL, NULL"
    try statements[
      """
      SELECT number, id, name, name_revision, epoch, retired, retired_revision, last_import, \(later) FROM device
      """
    ].eachRow { row in
      let insert = try door.statements[
        """
        INSERT INTO device (number, id, name, name_revision, epoch, retired, retired_revision, last_import, said_epoch,
          heard, told)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
      ].bind(row.integer(0), at: 1).bind(row.bytes(1), at: 2).bind(try row.text(2), at: 3)
      for column: Int32 in 3...8 { insert.bind(row.optionalInteger(column), at: column + 1) }
      for column: Int32 in 9...10 {
        insert.bind(row.isNull(column) ? nil : row.bytes(column), at: column + 1)
      }
      try insert.run()
    }
  }

  private func bringAcknowledgements() throws {
    var known: [Int64: [(key: ChangeKey, isSaid: Bool)]] = [:]
    let said = version >= 2 ? "said" : "0"
    try statements["SELECT device, actor, seq, \(said) FROM acknowledgement"].eachRow { row in
      known[row.integer(0), default: []].append((try key(row.integer(1), row.integer(2)), false))
      if row.integer(3) > 0 {
        known[row.integer(0), default: []].append((try key(row.integer(1), row.integer(3)), true))
      }
    }
    for (device, keys) in known {
      for isSaid in [false, true] {
        let clock = door.lines.tree.closure(of: keys.filter { $0.isSaid == isSaid }.map(\.key))
        try door.raiseAcknowledgements(of: device, to: clock, isSaid: isSaid)
      }
    }
  }

  // MARK: Operations

  private func bringOperations() throws {
    let spent = version >= 2 ? "spent" : "0"
    try statements[
      """
      SELECT number, dot, last, label, recorded_at, kind, reverts, held_before, held_after, \(spent) FROM operation
      """
    ].eachRow { row in
      let (first, last) = (try key(row.integer(1)), try key(row.integer(2)))
      // One in the middle of which two histories part cannot be undone as one.
      guard first.line == last.line, first <= last else { return }
      let insert = try door.statements[
        """
        INSERT INTO operation (number, first, last, label, recorded_at, kind, reverts, held_before, held_after, spent)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
      ].bind(row.integer(0), at: 1).bind(first, at: 2).bind(last, at: 3).bind(try row.text(3), at: 4)
        .bind(row.integer(4), at: 5).bind(row.integer(5), at: 6).bind(row.optionalInteger(6), at: 7)
        .bind(row.integer(9), at: 10)
      for column: Int32 in 7...8 {
        insert.bind(row.isNull(column) ? nil : try clock(row.bytes(column)).bytes, at: column + 1)
      }
      try insert.run()
    }
  }

  private func clock(_ bytes: [UInt8]) throws -> LineClock {
    door.lines.tree.closure(of: try Self.pairs(bytes).map { try key($0.actor, $0.seq) })
  }

  /// (actor, seq) pairs as varints.
  static func pairs(_ bytes: [UInt8]) throws -> [(actor: Int64, seq: Int64)] {
    var reader = ByteReader(bytes)
    var pairs: [(Int64, Int64)] = []
    while !reader.isAtEnd {
      guard let actor = Int64(exactly: try reader.unsigned()), let seq = Int64(exactly: try reader.unsigned())
      else { throw MalformedBytes("clock entry out of range") }
      pairs.append((actor, seq))
    }
    return pairs
  }
}
