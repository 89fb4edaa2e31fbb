import UnknotCausality
import UnknotStorage

/// What one journal gives to another at once, and the one place here that knows how the engine takes it.
struct ScopeDelivery {
  let base: [ClockEntry]
  let tip: [ClockEntry]
  let runs: [(run: ChangeRun, follows: ChangeHash?)]

  /// What the journal holds beyond `base`, as an export would have it.
  init(_ session: StoreReader, after base: [ClockEntry]) throws {
    var runs: [(run: ChangeRun, follows: ChangeHash?)] = []
    let clock = VectorClock(Dictionary(uniqueKeysWithValues: base.map { ($0.dot.actor, $0.dot.seq) }))
    try session.forEachRun(after: clock) { runs.append(($0, $1)) }
    self.base = base
    self.tip = try session.entries()
    self.runs = runs
  }

  func take(into importer: Importer) throws {
    let actors = tip.map(\.dot.actor)
    let history = SentHistory(
      actors: actors.map { SentActor(actor: $0, root: $0, depth: 0) }, base: base, tip: tip)
    try importer.hear(of: [], others: actors, from: Self.nobody)
    _ = try importer.take(history) { _, apply in
      for (run, follows) in runs { try apply(run, follows) }
    }
  }

  /// Takes it in, looks at what came of it, and takes it back: a file that holds nothing, and whose reading fails,
  /// puts a savepoint around.
  func trying(_ importer: Importer, _ body: () throws -> Void) throws {
    try importer.tryingOut {
      do {
        try take(into: importer)
        try importer.settle()
        try body()
      } catch let failure as ScopeFailure {
        throw failure
      } catch {
        throw ScopeFailure("\(error)")
      }
    }
  }

  private static let nobody = DeviceID([UInt8](repeating: 0, count: DeviceID.byteCount))!
}
