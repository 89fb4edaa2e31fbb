import SwiftProtobuf
import UnknotCausality

/// Takes a block's columns apart into changes. Every number is checked before it is used.
struct BlockDecoder {
  let actors: ActorTable
  let tip: VectorClock
  let branches: Set<ActorID>

  static func shape(_ message: Unknot_Shape) throws -> Shape {
    guard let action = UInt8(exactly: message.action).flatMap(Shape.Action.init(rawValue:)) else {
      throw ChangesetError.damaged("a change does something that this format does not know")
    }
    let fields = message.field.map { FieldName($0.name, key: $0.hasKey ? $0.key : nil) }
    let shape = Shape(action, table: message.table, fields: fields)
    guard shape.isValid, shape.fields == fields else {
      throw ChangesetError.damaged("the names of its fields are malformed")
    }
    return shape
  }

  /// - Parameter clock: where the runs begin; moved on to where they end.
  func runs(
    of message: Unknot_Block, _ shapes: [Shape], skipping known: VectorClock, _ clock: inout VectorClock
  ) throws -> [SentRun] {
    var starts: [(actor: ActorID, first: UInt64, count: UInt64)] = []
    var total = 0
    for run in message.run {
      let actor = try actors.actor(at: run.actor)
      guard run.first == clock[actor] + 1, run.count > 0,
        run.count <= Format.changesPerBlock
      else {
        throw ChangesetError.damaged("changes of an actor are not in order")
      }
      let (last, overflow) = run.first.addingReportingOverflow(UInt64(run.count) - 1)
      guard !overflow, last <= tip[actor] else { throw ChangesetError.damaged("it goes beyond its tip") }
      clock[actor] = last
      starts.append((actor, run.first, UInt64(run.count)))
      if run.forgotten.isEmpty { total += Int(run.count) }
    }
    guard total <= Format.changesPerBlock, !starts.isEmpty else {
      throw ChangesetError.damaged("a block has too many changes")
    }

    let isKnown = starts.allSatisfy { known[$0.actor] >= $0.first + $0.count - 1 }
    var columns: ColumnReader?
    if !isKnown {
      guard message.columnsSize <= Format.maximumBlockBytes else {
        throw ChangesetError.damaged("a block is larger than the format allows")
      }
      columns = try ColumnReader(
        try Deflate.inflate(Array(message.columns), size: Int(message.columnsSize)), actors, shapes,
        count: total)
    }
    var runs: [SentRun] = []
    // A text that stands once in the columns can be chosen by every change.
    var valueBytes = 0
    for (run, start) in zip(message.run, starts) {
      if !run.forgotten.isEmpty {
        let forgotten = try forgotten(run, start.actor)
        let held = known[start.actor] >= start.first ? known[start.actor] - start.first + 1 : 0
        guard let rest = forgotten.dropFirst(held) else { continue }
        runs.append(
          SentRun(
            run: ChangeRun(context: held == 0 ? try context(run, start.actor) : nil, forgotten: rest),
            // Forgotten changes prove nothing of what comes before them: it has to be said.
            follows: held == 0 ? try follows(run, start.actor) : forgotten.hash(at: held - 1)))
        continue
      }
      var changes: [Change] = []
      if columns != nil {
        for seq in start.first..<start.first + start.count {
          let dot = Dot(start.actor, seq)
          // Columns are read in order: a change that is held is read too, and left out.
          guard let change = try columns?.next(dot), !known.covers(dot) else { continue }
          valueBytes += change.body.count
          guard valueBytes <= Format.maximumBlockBytes else {
            throw ChangesetError.damaged("the values of a block are larger than the format allows")
          }
          changes.append(change)
        }
      }
      let follows = try follows(run, start.actor)
      // Once changes at its front are left out, a run no longer follows what it says.
      let isWhole = changes.first?.dot.seq == start.first
      runs.append(
        SentRun(
          run: ChangeRun(context: try context(run, start.actor), changes: changes),
          follows: isWhole ? follows : nil))
    }
    try columns?.expectEnd()
    return runs
  }

  private func forgotten(_ run: Unknot_Run, _ actor: ActorID) throws -> ForgottenChanges {
    guard let forgotten = ForgottenChanges(first: Dot(actor, run.first), hashes: Array(run.forgotten)),
      forgotten.count == UInt64(run.count)
    else { throw ChangesetError.damaged("the hashes of forgotten changes are malformed") }
    return forgotten
  }

  /// A root's first change follows nothing; a branch's says where it branches off.
  private func follows(_ run: Unknot_Run, _ actor: ActorID) throws -> ChangeHash? {
    let isBranching = run.first == 1 && branches.contains(actor)
    let follows = ChangeHash(run.follows)
    guard run.follows.isEmpty ? !isBranching : follows != nil && (run.first > 1 || isBranching) else {
      throw ChangesetError.damaged("a run does not say what it follows")
    }
    return follows
  }

  private func context(_ run: Unknot_Run, _ actor: ActorID) throws -> ContextDelta? {
    guard run.contextActor.count == run.contextSeq.count, run.contextSeq.count <= actors.actors.count,
      run.movesContext || run.contextSeq.isEmpty
    else {
      throw ChangesetError.damaged("a context is malformed")
    }
    guard run.movesContext else { return nil }
    let entries = try zip(run.contextActor, run.contextSeq).map { Dot(try actors.actor(at: $0), $1) }
    let delta = ContextDelta(at: Dot(actor, run.first), entries: entries)
    try delta.check()
    return delta
  }
}

extension ContextDelta {
  /// No actor twice, not the own one, and no number that an actor never reaches. Both sides check it.
  func check() throws {
    var seen: Set<ActorID> = [at.actor]
    for entry in entries {
      guard seen.insert(entry.actor).inserted, entry.seq <= Dot.maximumSeq else {
        throw ChangesetError.damaged("a context is malformed")
      }
    }
  }
}
