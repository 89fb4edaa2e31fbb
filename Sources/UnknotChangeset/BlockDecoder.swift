import SwiftProtobuf
import UnknotCausality

/// Takes a block's columns apart into changes. Every number is checked before it is used.
struct BlockDecoder {
  private let runs: [(message: Unknot_Run, actor: ActorID)]
  private let actors: ActorTable
  private let branches: Set<ActorID>
  /// Forgotten ones left out.
  let changeCount: Int

  /// With how many bytes of values a piece ends, and at most one change more.
  private static let pieceBytes = 1 << 18

  /// - Parameter clock: where the runs begin; moved on to where they end.
  init(
    _ messages: [Unknot_Run], actors: ActorTable, tip: VectorClock, branches: Set<ActorID>,
    _ clock: inout VectorClock
  ) throws {
    var total = 0
    runs = try messages.map { run in
      let actor = try actors.actor(at: run.actor)
      guard run.first == clock[actor] + 1, run.count > 0, run.count <= Format.changesPerBlock else {
        throw ChangesetError.damaged("changes of an actor are not in order")
      }
      let (last, overflow) = run.first.addingReportingOverflow(UInt64(run.count) - 1)
      guard !overflow, last <= tip[actor] else { throw ChangesetError.damaged("it goes beyond its tip") }
      clock[actor] = last
      if run.forgotten.isEmpty { total += Int(run.count) }
      return (run, actor)
    }
    guard total <= Format.changesPerBlock, !runs.isEmpty else {
      throw ChangesetError.damaged("a block has too many changes")
    }
    changeCount = total
    self.actors = actors
    self.branches = branches
  }

  func isKnown(_ known: VectorClock) -> Bool {
    runs.allSatisfy { known[$0.actor] >= $0.message.first + UInt64($0.message.count) - 1 }
  }

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

  /// - Parameter columns: nil where all of it is known.
  func decode(
    _ columns: [UInt8]?, _ shapes: [Shape], skipping known: VectorClock, _ body: (SentRun) throws -> Void
  ) throws {
    var columns = try columns.map { try ColumnReader($0, actors, shapes, count: changeCount) }
    // A text that stands once in the columns can be chosen by every change.
    var valueBytes = 0
    for (run, actor) in runs {
      guard run.forgotten.isEmpty else {
        let forgotten = try forgotten(run, actor)
        let held = known[actor] >= run.first ? known[actor] - run.first + 1 : 0
        guard let rest = forgotten.dropFirst(held) else { continue }
        try body(
          SentRun(
            run: ChangeRun(context: held == 0 ? try context(run, actor) : nil, forgotten: rest),
            // Forgotten changes prove nothing of what comes before them: it has to be said.
            follows: held == 0 ? try follows(run, actor) : forgotten.hash(at: held - 1)))
        continue
      }
      let (context, follows) = (try context(run, actor), try follows(run, actor))
      var changes: [Change] = []
      var pieceBytes = 0
      // Once changes at its front are left out, a run no longer follows what it says.
      func give() throws {
        let isFront = changes.first?.dot.seq == run.first
        let piece = ChangeRun(context: isFront ? context : nil, changes: changes)
        changes = []
        pieceBytes = 0
        try body(SentRun(run: piece, follows: isFront ? follows : nil))
      }
      guard columns != nil else { continue }
      for seq in run.first..<run.first + UInt64(run.count) {
        let dot = Dot(actor, seq)
        // Columns are read in order: a change that is held is read too, and left out.
        guard let change = try columns?.next(dot), !known.covers(dot) else { continue }
        valueBytes += change.body.count
        guard valueBytes <= Format.maximumBlockBytes else {
          throw ChangesetError.damaged("the values of a block are larger than the format allows")
        }
        pieceBytes += change.body.count
        changes.append(change)
        if pieceBytes > Self.pieceBytes { try give() }
      }
      if !changes.isEmpty { try give() }
    }
    try columns?.expectEnd()
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
