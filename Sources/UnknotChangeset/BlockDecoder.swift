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
    var starts: [(actor: ActorID, first: UInt64, count: Int)] = []
    var total = 0
    for run in message.run {
      let actor = try actors.actor(at: run.actor)
      guard run.first == clock[actor] + 1, run.count > 0, run.count <= Format.changesPerBlock else {
        throw ChangesetError.damaged("changes of an actor are not in order")
      }
      let last = run.first + UInt64(run.count) - 1
      guard last <= tip[actor] else { throw ChangesetError.damaged("it goes beyond its tip") }
      clock[actor] = last
      starts.append((actor, run.first, Int(run.count)))
      total += Int(run.count)
    }
    guard total <= Format.changesPerBlock, total > 0 else {
      throw ChangesetError.damaged("a block has too many changes")
    }

    let isKnown = starts.allSatisfy { known[$0.actor] >= $0.first + UInt64($0.count) - 1 }
    var columns = isKnown ? nil : try ColumnReader(message.columns, actors, shapes, count: total)
    var runs: [SentRun] = []
    for (run, start) in zip(message.run, starts) {
      var changes: [Change] = []
      if columns != nil {
        for seq in start.first..<start.first + UInt64(start.count) {
          let dot = Dot(start.actor, seq)
          // Columns are read in order: a change that is held is read too, and left out.
          if let change = try columns?.next(dot), !known.covers(dot) { changes.append(change) }
        }
      }
      let follows = run.follows.isEmpty ? nil : ChangeHash(run.follows)
      // A root's first change follows nothing; a branch's says where it branches off.
      let isBranching = start.first == 1 && branches.contains(start.actor)
      guard run.follows.isEmpty ? !isBranching : follows != nil && (start.first > 1 || isBranching) else {
        throw ChangesetError.damaged("a run does not say what it follows")
      }
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

  private func context(_ run: Unknot_Run, _ actor: ActorID) throws -> ContextDelta? {
    guard run.contextActor.count == run.contextSeq.count, run.movesContext || run.contextSeq.isEmpty else {
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
