import UnknotCausality

/// A journal of the first form (`Schema/first-form`), attached as `first`: its rows are keyed by what changes were called
/// when it was written. Names are the same in both forms, and the only thing that is taken over: its changes go through
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

  let session: StoreReader
  /// By number.
  let actors: [Int64: Actor]
  private let version: Int64

  var statements: Statements { session.statements }

  init(_ session: StoreReader) throws {
    self.session = session
    version = try session.statements["PRAGMA first.user_version"].first { $0.integer(0) } ?? 0
    var actors: [Int64: Actor] = [:]
    try session.statements["SELECT id, bytes, device, seq, hash, parent, depth FROM first.actor"].eachRow {
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
    try statements["INSERT INTO journal (number, id) SELECT number, id FROM first.journal"].run()
    try statements["INSERT INTO stamp (number, bytes) SELECT number, bytes FROM first.stamp"].run()
    try bringDevices()
    for actor in inOrder where actor.parent == 0 {
      _ = try session.lines.introduce(actor.id, device: actor.device)
    }
    // What is listed by which field is noted before the first record comes.
    try session.listAnew(Array(session.store.tables.values))
    let importer = try Importer(joining: session, exactly: true)
    _ = try importer.take(history) { _, apply in
      try forEachRun { run, follows in try apply(run, follows) }
    }
    try importer.listTiesAnew()
    try bringAcknowledgements()
    try bringOperations()
    if let writer = try statements["SELECT writer FROM first.device WHERE number = 1"]
      .first({ $0.optionalInteger(0) }) ?? nil
    {
      try statements["UPDATE device SET writer = ? WHERE number = 1"].bind(try line(of: writer), at: 1).run()
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
    guard let known = session.lines.tree.actor(actor.id) else {
      throw StorageError.damaged("this device's actor is not listed")
    }
    return known.last.line
  }

  /// What a key of the first form, an actor's number and a seq, stands for now.
  func key(_ number: Int64, _ seq: Int64) throws -> ChangeKey {
    guard seq >= 1, let key = session.lines.key(of: Dot(try actor(number).id, UInt64(seq))) else {
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
      INSERT INTO device (number, id, name, name_revision, epoch, retired, retired_revision, last_import, said_epoch,
        heard, told)
      SELECT number, id, name, name_revision, epoch, retired, retired_revision, last_import, \(later)
      FROM first.device
      """
    ].run()
  }

  private func bringAcknowledgements() throws {
    var known: [Int64: [(key: ChangeKey, isSaid: Bool)]] = [:]
    let said = version >= 2 ? "said" : "0"
    try statements["SELECT device, actor, seq, \(said) FROM first.acknowledgement"].eachRow { row in
      known[row.integer(0), default: []].append((try key(row.integer(1), row.integer(2)), false))
      if row.integer(3) > 0 {
        known[row.integer(0), default: []].append((try key(row.integer(1), row.integer(3)), true))
      }
    }
    for (device, keys) in known {
      for isSaid in [false, true] {
        let clock = session.lines.tree.closure(of: keys.filter { $0.isSaid == isSaid }.map(\.key))
        try session.raiseAcknowledgements(of: device, to: clock, isSaid: isSaid)
      }
    }
  }

  // MARK: Operations

  private func bringOperations() throws {
    let spent = version >= 2 ? "spent" : "0"
    var rows: [(number: Int64, first: ChangeKey, last: ChangeKey, held: (LineClock, LineClock)?)] = []
    try statements["SELECT number, dot, last, held_before, held_after FROM first.operation"].eachRow { row in
      let held = row.isNull(3) ? nil : (try clock(row.bytes(3)), try clock(row.bytes(4)))
      rows.append((row.integer(0), try key(row.integer(1)), try key(row.integer(2)), held))
    }
    for row in rows where row.first.line == row.last.line && row.first <= row.last {
      let insert = try statements[
        """
        INSERT INTO operation (number, first, last, held_before, held_after, label, recorded_at, kind, reverts, spent)
        SELECT ?1, ?2, ?3, ?4, ?5, label, recorded_at, kind, reverts, \(spent)
        FROM first.operation WHERE number = ?1
        """
      ].bind(row.number, at: 1).bind(row.first, at: 2).bind(row.last, at: 3)
      if let (before, after) = row.held {
        try insert.bind(before.bytes, at: 4).bind(after.bytes, at: 5).run()
      } else {
        try insert.bind(Int64?.none, at: 4).bind(Int64?.none, at: 5).run()
      }
    }
  }

  private func clock(_ bytes: [UInt8]) throws -> LineClock {
    session.lines.tree.closure(of: try Self.pairs(bytes).map { try key($0.actor, $0.seq) })
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
