import UnknotCausality

/// One actor of a file.
final class SentLine {
  /// The family, by the line on which it begins here.
  let root: Int64
  /// How many changes of the family come before the actor's own, in the writer's names.
  let depth: Int64
  /// How many of the actor's changes were read or are known to be held.
  var seq: Int64
  /// The last of them, or where the first one will follow; nil as long as only the file knows where.
  var head: ChangeKey?

  init(root: Int64, depth: Int64, seq: Int64, head: ChangeKey?) {
    self.root = root
    self.depth = depth
    self.seq = seq
    self.head = head
  }
}

extension Importer {
  /// Finds out where each of the file's actors stands here.
  ///
  /// - Parameter exactly: false takes what has the same name for the same history, which the tip then proves;
  ///   true reads everything from the base on.
  /// - Returns: what is held of it, in the writer's names.
  func locate(_ history: SentHistory, exactly: Bool) throws -> VectorClock {
    sent = [:]
    var known = VectorClock()
    let actors = Dictionary(history.actors.map { ($0.actor, $0) }, uniquingKeysWith: { first, _ in first })
    let tips = Dictionary(history.tip.map { ($0.dot.actor, $0) }, uniquingKeysWith: { first, _ in first })
    let bases = Dictionary(history.base.map { ($0.dot.actor, $0) }, uniquingKeysWith: { first, _ in first })
    let forkedThere = Set(history.actors.filter { $0.actor != $0.root }.map(\.root))

    for actor in history.actors {
      guard let root = lines.tree.root(of: actor.root), let depth = Int64(exactly: actor.depth) else {
        throw InvalidChange("an actor of the file belongs to no family")
      }
      let line: SentLine
      if let tip = tips[actor.actor], let head = try held(tip, actors) {
        line = SentLine(root: root, depth: depth, seq: Int64(tip.dot.seq), head: head)
      } else if !exactly, actor.actor == actor.root, !lines.tree.isForked(root),
        !forkedThere.contains(actor.actor), let state = lines[root],
        state.depth < Int64(clamping: tips[actor.actor]?.dot.seq ?? 0)
      {
        line = SentLine(root: root, depth: 0, seq: state.depth, head: state.last)
      } else if let base = bases[actor.actor] {
        line = SentLine(root: root, depth: depth, seq: Int64(base.dot.seq), head: try held(base, actors))
      } else {
        let start = actor.actor == actor.root ? ChangeKey(line: root, depth: 0) : nil
        line = SentLine(root: root, depth: depth, seq: 0, head: start)
      }
      sent[actor.actor] = line
      known[actor.actor] = UInt64(line.seq)
    }
    return known
  }

  /// What a name of the writer stands for here.
  func translate(_ dot: Dot) throws -> ChangeKey {
    guard let line = sent[dot.actor], let head = line.head, let seq = Int64(exactly: dot.seq), seq >= 1,
      seq <= line.seq
    else { throw InvalidChange("a change names another that does not come before it") }
    return lines.tree.ancestor(of: head, atDepth: line.depth + seq)
  }

  /// The context of a run's first change, which follows `head`.
  private func context(_ delta: ContextDelta, of line: SentLine, at head: ChangeKey) throws -> WriterContext {
    // A branch begins with its whole context; others say what moves.
    var context = line.seq == 0 ? WriterContext(after: head) : try reader.foreignContext(at: head)
    var families: [Int64: [ChangeKey]] = [:]
    for entry in delta.entries {
      guard let other = sent[entry.actor] else {
        throw InvalidChange("a context names an actor that the file does not list")
      }
      families[other.root, default: []] += entry.seq == 0 ? [] : [try translate(entry)]
    }
    for (root, keys) in families {
      let heads = lines.tree.reduced(keys, ofFamily: root, after: head)
      context.replace(FamilyHeads(root: root, heads: heads), lines.tree)
    }
    return context
  }

  /// Takes in a run, in which changes that are held may have been left out at the front.
  ///
  /// - Throws: `InvalidChange` for what no writer could have written; `ForkFound` where it does not follow what is
  ///   held under its name.
  func take(_ run: ChangeRun, follows: ChangeHash?, exactly: Bool) throws {
    guard let first = run.first else { return }
    guard let line = sent[first.actor] else {
      throw InvalidChange("a change of an actor that the file does not list")
    }
    guard first.seq == UInt64(line.seq) + 1 else {
      throw InvalidChange("changes of \(first.actor) are not in order")
    }
    if line.head == nil, let follows {
      line.head =
        line.depth == 0
        ? ChangeKey(line: line.root, depth: 0)
        : try reader.find(root: line.root, depth: line.depth, hash: follows.bytes)
    }
    guard let head = line.head else { throw InvalidChange("a branch follows nothing that is held") }
    if let follows, try reader.hash(at: head) != follows.bytes {
      if !exactly { throw ForkFound() }
      throw InvalidChange("a run follows another change than it says")
    }

    var delta = run.context.flatMap { $0.at == first ? $0 : nil }
    if let forgotten = run.forgotten {
      // Their hashes are taken as they are: only what they follow ties them to what is held.
      guard follows != nil || head.depth == 0 else {
        throw InvalidChange("forgotten changes do not say what they follow")
      }
      try take(forgotten, delta, of: line, at: head)
      return
    }
    for change in run.changes {
      guard change.dot == Dot(first.actor, UInt64(line.seq) + 1) else {
        throw InvalidChange("changes of \(first.actor) are not in order")
      }
      try take(change, delta, of: line)
      delta = nil
    }
  }

  private func take(_ change: Change, _ delta: ContextDelta?, of line: SentLine) throws {
    guard let head = line.head else { throw StorageError.damaged("a branch follows nothing that is held") }
    let state = try lines.state(of: head)
    let subject = try change.subject.map(translate)
    if head == state.last, delta == nil {
      try append(change, subject: subject, to: state, moved: [], of: line)
      return
    }

    let before = try reader.foreignContext(at: head)
    let context = try delta.map { try self.context($0, of: line, at: head) } ?? before
    let moved = before.moved(to: context)
    var target = state
    if head != state.last {
      let hash = try reader.chainHash(
        after: try reader.hash(at: head), shape: try door.numbers.stored(change.shape),
        begins: change.beginsOperation,
        recordedAt: change.recordedAt,
        subject: try subject.map { try reader.canonical($0, previous: head) { context } }, moved: moved,
        body: change.body)
      if let same = try follower(of: head, hash: hash) {
        line.head = same
        line.seq += 1
        return
      }
      target = try branch(after: head, hash: hash)
    }
    try door.moveContext(of: target, to: context, moved: moved)
    try append(change, subject: subject, to: target, moved: moved, of: line)
  }

  private func append(
    _ change: Change, subject: ChangeKey?, to state: LineState, moved: [FamilyHeads], of line: SentLine
  ) throws {
    guard state.depth < ChangeKey.maximumDepth else { throw InvalidChange("an actor has too many changes") }
    newlyWritten.insert(state.number)
    try door.apply(change, as: state.last + 1, subject: subject, on: state, moved: moved)
    line.head = state.last
    line.seq += 1
  }

  /// Forgotten changes: they are held already, or they become forgotten here too. Whatever they wrote, others that
  /// come with them, or came before, have overwritten.
  private func take(
    _ forgotten: ForgottenChanges, _ delta: ContextDelta?, of line: SentLine, at head: ChangeKey
  ) throws {
    var rest = forgotten
    var head = head
    while let next = try follower(of: head, hash: rest.firstHash) {
      head = next
      line.head = next
      line.seq += 1
      guard let later = rest.dropFirst(1) else { return }
      rest = later
    }
    let before = try reader.foreignContext(at: head)
    var context = before
    if let delta, rest.first == forgotten.first { context = try self.context(delta, of: line, at: head) }
    let moved = before.moved(to: context)
    let state = try lines.state(of: head)
    let target = head == state.last ? state : try branch(after: head, hash: rest.firstHash)
    try door.moveContext(of: target, to: context, moved: moved)
    guard Int64(clamping: rest.count) <= ChangeKey.maximumDepth - target.depth else {
      throw InvalidChange("an actor has too many changes")
    }
    let first = target.last + 1
    // By forgotten changes nothing before them can be proven.
    if head.depth > 0 { try door.storeCheckpoint(reader.hash(at: head), at: head) }
    try door.noteForgotten(first...target.last + Int64(rest.count), rest.hashes)
    lines.extend(target, by: Int64(rest.count), hash: rest.lastHash)
    reader.changesAtDepth = [:]
    try door.storeCheckpoint(target.hash, at: target.last)
    line.head = target.last
    line.seq += Int64(rest.count)
  }

  /// The change of that hash, if it is held and follows this one directly.
  private func follower(of key: ChangeKey, hash: [UInt8]) throws -> ChangeKey? {
    if lines.tree.isPoint(key) { return lines.tree.follower(of: key, hash: hash) }
    guard let next = lines.tree.next(key) else { return nil }
    return try reader.hash(at: next) == hash ? next : nil
  }

  /// A second history after a change that has one: a line of its own.
  ///
  /// - Parameter hash: of its first change.
  private func branch(after head: ChangeKey, hash: [UInt8]) throws -> LineState {
    guard let next = lines.tree.next(head) else {
      throw StorageError.damaged("a branch where the line ends")
    }
    let beside = try reader.hash(at: next)
    try door.storeCheckpoint(beside, at: next)
    let own = try ownHead.flatMap { isOwn(head) ? ($0, try lines.name(of: $0)) : nil }
    let branch = try lines.introduceBranch(
      after: head, hash: hash, beside: beside, follows: try reader.hash(at: head))
    if let place = branchings.firstIndex(where: { $0.after == head }) {
      branchings[place].count += 1
    } else {
      branchings.append((head, 1))
    }
    // Of two devices with one history and one name, the one whose changes are called otherwise now is another.
    if let own, try lines.name(of: own.0) != own.1 { isOwnRenamed = true }
    return branch
  }
}
