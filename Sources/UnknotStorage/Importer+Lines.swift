import UnknotCausality

/// One actor of a file.
final class SentLine {
  /// The family, by its number here.
  let root: Int64
  /// How many changes of the family come before the actor's own, in the writer's names.
  let depth: Int64
  /// How many of the actor's changes were read or are known to be held.
  var seq: Int64
  /// The last of them, or where the first one will follow; nil as long as only the file knows where.
  var head: LocalDot?

  init(root: Int64, depth: Int64, seq: Int64, head: LocalDot?) {
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
  func open(_ history: SentHistory, exactly: Bool) throws -> VectorClock {
    lines = [:]
    var known = VectorClock()
    let actors = Dictionary(history.actors.map { ($0.actor, $0) }, uniquingKeysWith: { first, _ in first })
    let tips = Dictionary(history.tip.map { ($0.dot.actor, $0) }, uniquingKeysWith: { first, _ in first })
    let bases = Dictionary(history.base.map { ($0.dot.actor, $0) }, uniquingKeysWith: { first, _ in first })
    let forkedThere = Set(history.actors.filter { $0.actor != $0.root }.map(\.root))

    for sent in history.actors {
      guard let root = names.number(of: sent.root), let depth = Int64(exactly: sent.depth) else {
        throw InvalidChange("an actor of the file belongs to no family")
      }
      let line: SentLine
      if let tip = tips[sent.actor], let head = try held(tip, actors) {
        line = SentLine(root: root, depth: depth, seq: Int64(tip.dot.seq), head: head)
      } else if !exactly, sent.actor == sent.root, !names.isForked(root), !forkedThere.contains(sent.actor),
        let state = names.actors[root], state.seq < Int64(clamping: tips[sent.actor]?.dot.seq ?? 0)
      {
        line = SentLine(root: root, depth: 0, seq: state.seq, head: Packing.dot(root, state.seq))
      } else if let base = bases[sent.actor] {
        line = SentLine(root: root, depth: depth, seq: Int64(base.dot.seq), head: try held(base, actors))
      } else {
        let start = sent.actor == sent.root ? Packing.dot(root, 0) : nil
        line = SentLine(root: root, depth: depth, seq: 0, head: start)
      }
      lines[sent.actor] = line
      known[sent.actor] = UInt64(line.seq)
    }
    return known
  }

  /// What a name of the writer is called here.
  func translate(_ dot: Dot) throws -> LocalDot {
    guard let line = lines[dot.actor], let head = line.head, let seq = Int64(exactly: dot.seq), seq >= 1,
      seq <= line.seq
    else { throw InvalidChange("a change names another that does not come before it") }
    return names.ancestor(of: head, atDepth: line.depth + seq)
  }

  /// The context from a run's first change on, in this journal's names.
  private func context(_ delta: ContextDelta, of line: SentLine, at head: LocalDot) throws -> LocalClock {
    // A branch begins with its whole context; others say what moves.
    var context = line.seq == 0 ? LocalClock() : try foreignContext(at: head)
    var families: [Int64: [LocalDot]] = [:]
    for entry in delta.entries {
      guard let other = lines[entry.actor] else {
        throw InvalidChange("a context names an actor that the file does not list")
      }
      if entry.seq == 0 {
        families[other.root, default: []] += []
      } else {
        families[other.root, default: []].append(try translate(entry))
      }
    }
    for (root, dots) in families {
      for number in names.families[root] ?? [] { context[number] = 0 }
      for (number, seq) in names.closure(of: dots).entries { context[number] = max(context[number], seq) }
    }
    return context
  }

  /// A context as a change after `head` has it: what leads to the change is in it.
  private func closed(_ context: LocalClock, after head: LocalDot, by number: Int64) -> LocalClock {
    var context = context
    for (actor, seq) in names.closure(of: [head]).entries { context[actor] = max(context[actor], seq) }
    context[number] = 0
    return context
  }

  /// Applies a run, in which changes that are held may have been left out at the front.
  ///
  /// - Throws: `InvalidChange` for what no writer could have written; `ForkFound` where it does not follow what is
  ///   held under its name.
  func apply(_ run: ChangeRun, follows: ChangeHash?, exactly: Bool) throws {
    guard let first = run.first else { return }
    guard let line = lines[first.actor] else {
      throw InvalidChange("a change of an actor that the file does not list")
    }
    guard first.seq == UInt64(line.seq) + 1 else {
      throw InvalidChange("changes of \(first.actor) are not in order")
    }
    if line.head == nil, let follows {
      line.head =
        line.depth == 0
        ? Packing.dot(line.root, 0) : try find(root: line.root, depth: line.depth, hash: follows.bytes)
    }
    guard let head = line.head else { throw InvalidChange("a branch follows nothing that is held") }
    if let follows, try hash(at: head) != follows.bytes {
      if !exactly { throw ForkFound() }
      throw InvalidChange("a run follows another change than it says")
    }

    var delta = run.context.flatMap { $0.at == first ? $0 : nil }
    if let forgotten = run.forgotten {
      // Their hashes are taken as they are: only what they follow ties them to what is held.
      guard follows != nil || Packing.seq(head) == 0 else {
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
    guard let head = line.head, let state = names.actors[Packing.actor(head)] else {
      throw StorageError.damaged("a branch follows nothing that is held")
    }
    var subject = try change.subject.map(translate)
    let children = try self.children(of: head)
    if children.isEmpty, delta == nil {
      try append(change, subject: subject, by: state, moved: [], to: line)
      return
    }

    let before = try foreignContext(at: head)
    var context = before
    if let delta {
      context = closed(try self.context(delta, of: line, at: head), after: head, by: state.number)
    }
    var moved = delta == nil ? [] : movedFamilies(from: before, to: context, after: head)
    var target = state
    if !children.isEmpty {
      let hash = try chainHash(
        after: try self.hash(at: head), shape: try names.stored(change.shape), begins: change.beginsOperation,
        recordedAt: change.recordedAt,
        subject: try subject.map { try canonical($0, previous: head) { context } }, moved: moved,
        body: change.body)
      if let same = try children.first(where: { try self.hash(at: $0) == hash }) {
        line.head = same
        line.seq += 1
        return
      }
      let renaming: Renaming?
      (target, renaming) = try branch(after: head, hash: hash)
      if let renaming {
        context = renaming.renaming(context)
        subject = subject.map(renaming.renaming)
        moved = moved.map { FamilyHeads(root: $0.root, heads: $0.heads.map(renaming.renaming)) }
      }
      context = closed(context, after: head, by: target.number)
    }
    try moveContext(of: target, by: names.delta(from: target.context, to: context, own: target.number))
    try append(change, subject: subject, by: target, moved: moved, to: line)
  }

  private func append(
    _ change: Change, subject: LocalDot?, by state: ActorState, moved: [FamilyHeads], to line: SentLine
  ) throws {
    guard state.seq < Int64(Dot.maximumSeq) else { throw InvalidChange("an actor has too many changes") }
    let dot = Packing.dot(state.number, state.seq + 1)
    newlyWritten.insert(state.number)
    try apply(change, as: dot, subject: subject, by: state, moved: moved)
    line.head = dot
    line.seq += 1
  }

  /// Forgotten changes: they are held already, or they become forgotten here too. Whatever they wrote, others that
  /// come with them, or came before, have overwritten.
  private func take(
    _ forgotten: ForgottenChanges, _ delta: ContextDelta?, of line: SentLine, at head: LocalDot
  ) throws {
    var rest = forgotten
    while let next = try children(of: line.head ?? head).first(where: { try hash(at: $0) == rest.firstHash })
    {
      line.head = next
      line.seq += 1
      guard let later = rest.dropFirst(1) else { return }
      rest = later
    }
    let isFirst = rest.first == forgotten.first
    let head = line.head ?? head
    guard let state = names.actors[Packing.actor(head)] else {
      throw StorageError.damaged("a branch follows nothing that is held")
    }
    var target = state
    var context = try foreignContext(at: head)
    if isFirst, let delta {
      context = closed(try self.context(delta, of: line, at: head), after: head, by: state.number)
    }
    if try !children(of: head).isEmpty {
      let renaming: Renaming?
      (target, renaming) = try branch(after: head, hash: rest.firstHash)
      if let renaming { context = renaming.renaming(context) }
      context = closed(context, after: head, by: target.number)
    }
    try moveContext(of: target, by: names.delta(from: target.context, to: context, own: target.number))
    guard Int64(clamping: rest.count) <= Int64(Dot.maximumSeq) - target.seq else {
      throw InvalidChange("an actor has too many changes")
    }
    let last = Packing.dot(target.number, target.seq + Int64(rest.count))
    try noteForgotten(Packing.dot(target.number, target.seq + 1)...last, rest.hashes)
    target.seq += Int64(rest.count)
    target.hash = rest.lastHash
    target.isChanged = true
    try storeCheckpoint(target.hash, at: last)
    line.head = last
    line.seq += Int64(rest.count)
  }

  /// The changes that follow one directly.
  private func children(of dot: LocalDot) throws -> [LocalDot] {
    guard let state = names.actors[Packing.actor(dot)] else { return [] }
    var children: [LocalDot] = []
    if Packing.seq(dot) < state.seq { children.append(dot + 1) }
    if names.isForked(state.number) {
      let depth = names.depth(of: dot)
      for number in names.families[state.root] ?? [] {
        guard let branch = names.actors[number], branch.parent == state.number, branch.depth == depth,
          branch.seq > 0
        else { continue }
        children.append(Packing.dot(number, 1))
      }
    }
    return children
  }

  /// A second history after a change that has one: the one whose first change has the smallest hash keeps the name.
  ///
  /// - Parameter hash: of the new history's first change.
  /// - Returns: the actor that the new history is written as, and what was renamed for it.
  private func branch(after head: LocalDot, hash: [UInt8]) throws -> (ActorState, Renaming?) {
    guard let state = names.actors[Packing.actor(head)] else {
      throw StorageError.damaged("a branch follows nothing that is held")
    }
    forks.append(
      ForkNote(
        device: try deviceName(of: state.actor),
        after: Packing.seq(head) == 0 ? nil : try names.unpack(head), isOwn: state.root == ownRoot))
    let kept = try self.hash(at: head + 1)
    if hash.lexicographicallyPrecedes(kept) {
      if let ownHead, ownHead.state === state, ownHead.seq > Packing.seq(head) { isOwnRenamed = true }
      let renamed = try renameHistory(after: head)
      heldBefore = renamed.renaming(heldBefore)
      for line in lines.values {
        if let moved = line.head, Packing.actor(moved) == state.number, Packing.seq(moved) > Packing.seq(head)
        {
          line.head = renamed.renaming(moved)
        }
      }
      return (state, renamed)
    }
    let branch = try names.introduceBranch(
      try actor(ofBranch: hash), after: head, hash: try self.hash(at: head))
    return (branch, nil)
  }
}
