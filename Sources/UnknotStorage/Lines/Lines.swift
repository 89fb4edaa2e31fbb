import UnknotCausality

/// A line as the running transaction knows it; written back at its end.
final class LineState {
  let number: Int64
  /// The change that it goes on from; nil where a family begins.
  let parent: ChangeKey?
  /// Of its last change; of a line without one, where the first will follow.
  fileprivate(set) var depth: Int64
  /// The chain hash of that change; while there is none, what the first one will follow.
  fileprivate(set) var hash: [UInt8]
  /// The context of that change as stored, until somebody asks for it.
  private var heads: [UInt8]
  private var known: WriterContext?
  fileprivate var isChanged = false

  init(number: Int64, parent: ChangeKey?, depth: Int64, hash: [UInt8], heads: [UInt8] = []) {
    self.number = number
    self.parent = parent
    self.depth = depth
    self.hash = hash
    self.heads = heads
  }

  var last: ChangeKey { ChangeKey(line: number, depth: depth) }

  /// What the writer of the line's next change has seen, as long as it learns of nothing else.
  func context(_ tree: NameTree) throws -> WriterContext {
    var context =
      try known ?? WriterContext(after: last, heads: LineClock.keys(heads), tree)
    if known == nil { known = context }
    context.previous = last
    return context
  }

  fileprivate func move(to context: WriterContext) {
    known = context
    heads = LineClock.bytes(context.all.flatMap(\.heads).sorted())
    isChanged = true
  }

  fileprivate var storedContext: [UInt8] { heads }
}

/// The lines of the journal and what their changes are called, for the length of one transaction.
final class Lines {
  private let statements: Statements
  private(set) var tree = NameTree()
  /// By number, from 1.
  private var states: [LineState] = []
  /// What changes are called may be otherwise than `line_name` says.
  private var areNamesChanged = false

  init(_ statements: Statements) throws {
    self.statements = statements
    try load()
  }

  private func load() throws {
    try statements[
      "SELECT number, actor, parent, first_hash, beside_hash, depth, hash, context FROM line ORDER BY number"
    ].eachRow { row in
      let last = row.integer(5)
      guard (0...ChangeKey.maximumDepth).contains(last), row.bytes(6).count == ChangeHash.byteCount else {
        throw StorageError.damaged("a line is malformed")
      }
      let parent = row.optionalInteger(2).map { ChangeKey(rawValue: $0) }
      let number: Int64?
      if let parent {
        let hashes = (row.bytes(3), row.bytes(4))
        guard hashes.0.count == ChangeHash.byteCount, hashes.1.count == ChangeHash.byteCount else {
          throw StorageError.damaged("a line has no hash")
        }
        number =
          last > parent.depth
          ? tree.addBranch(after: parent, hash: hashes.0, beside: hashes.1, last: last) : nil
      } else {
        guard let actor = ActorID(row.bytes(1)) else {
          throw StorageError.damaged("an actor id is too short")
        }
        number = tree.addRoot(actor, last: last)
      }
      guard let number, number == row.integer(0) else {
        throw StorageError.damaged("the lines of the journal do not fit together")
      }
      states.append(
        LineState(number: number, parent: parent, depth: last, hash: row.bytes(6), heads: row.bytes(7)))
    }
  }

  /// After a part of the transaction was taken back.
  func reload() throws {
    tree = NameTree()
    states = []
    areNamesChanged = false
    try load()
  }

  subscript(line: Int64) -> LineState? {
    line >= 1 && line <= states.count ? states[Int(line) - 1] : nil
  }

  func state(of key: ChangeKey) throws -> LineState {
    guard let state = self[key.line] else {
      throw StorageError.damaged("a change is of a line that is not listed")
    }
    return state
  }

  var all: [LineState] { states }

  /// What the journal holds.
  var held: LineClock {
    var clock = LineClock()
    for state in states { clock[state.number] = state.depth }
    return clock
  }

  /// nil for a change that is not held.
  func key(of dot: Dot) -> ChangeKey? { tree.key(of: dot) }

  func name(of key: ChangeKey) throws -> Dot {
    guard let name = tree.name(of: key) else {
      throw StorageError.damaged("a change is of a line that is not listed")
    }
    return name
  }

  func context(of state: LineState) throws -> WriterContext { try state.context(tree) }

  // MARK: Growing

  /// Whether one more line can be told from the others.
  var hasRoom: Bool { tree.count < ChangeKey.maximumLine }

  /// The first line of the actor's family; a new one belongs to the device.
  ///
  /// - Throws: `InvalidChange` where there are too many; `StorageError`.
  func introduce(_ actor: ActorID, device: Int64) throws -> LineState {
    if let root = tree.root(of: actor), let state = self[root] { return state }
    guard hasRoom, let number = tree.addRoot(actor) else {
      throw InvalidChange("too many actors")
    }
    let seed = actor.bytes + [UInt8](repeating: 0, count: ChangeHash.byteCount - ActorID.byteCount)
    try statements[
      "INSERT INTO line (number, actor, device, depth, hash, context) VALUES (?, ?, ?, 0, ?, x'')"
    ].bind(number, at: 1).bind(actor.bytes, at: 2).bind(device, at: 3).bind(seed, at: 4).run()
    states.append(LineState(number: number, parent: nil, depth: 0, hash: seed))
    areNamesChanged = true
    return states[states.count - 1]
  }

  /// A line that goes on from a change in the middle of another; its first change is still to be stored.
  ///
  /// - Parameters:
  ///   - hash: of its first change.
  ///   - beside: that of the one that follows `parent` on its own line.
  ///   - follows: that of `parent`.
  func introduceBranch(
    after parent: ChangeKey, hash: [UInt8], beside: [UInt8], follows: [UInt8]
  ) throws -> LineState {
    guard tree.count < JournalLimits.actors else {
      throw InvalidChange("with it the journal would have too many branches")
    }
    guard let number = tree.addBranch(after: parent, hash: hash, beside: beside) else {
      throw InvalidChange("an actor has the name of a branch")
    }
    let device = try statements["SELECT device FROM line WHERE number = ?"].bind(parent.line, at: 1)
      .first { $0.integer(0) }
    try statements[
      """
      INSERT INTO line (number, parent, first_hash, beside_hash, device, depth, hash, context)
      VALUES (?, ?, ?, ?, ?, ?, ?, x'')
      """
    ].bind(number, at: 1).bind(parent, at: 2).bind(hash, at: 3).bind(beside, at: 4).bind(device ?? 1, at: 5)
      .bind(parent.depth, at: 6).bind(hash, at: 7).run()
    states.append(LineState(number: number, parent: parent, depth: parent.depth, hash: follows))
    areNamesChanged = true
    return states[states.count - 1]
  }

  /// A line's next changes were stored.
  func extend(_ state: LineState, by count: Int64 = 1, hash: [UInt8]) {
    state.depth += count
    state.hash = hash
    state.isChanged = true
    tree.extend(state.number, to: state.depth)
  }

  func moveContext(of state: LineState, to context: WriterContext) {
    state.move(to: context)
  }

  /// The end of a transaction: how far each line is now held.
  func save() throws {
    for state in states where state.isChanged {
      try statements["UPDATE line SET depth = ?, hash = ?, context = ? WHERE number = ?"]
        .bind(state.depth, at: 1).bind(state.hash, at: 2).bind(state.storedContext, at: 3)
        .bind(state.number, at: 4).run()
      state.isChanged = false
    }
    if areNamesChanged { try storeNames() }
  }

  /// For those who read with SQL alone.
  func storeNames() throws {
    try statements["DELETE FROM line_name"].run()
    for (first, name) in tree.firstNames {
      try statements["INSERT INTO line_name (first, actor, before) VALUES (?, ?, ?)"].bind(first, at: 1)
        .bind(name.actor.description, at: 2).bind(first.depth - Int64(name.seq), at: 3).run()
    }
    areNamesChanged = false
  }
}
