import UnknotCausality
import UnknotEngine
import UnknotStorage

extension Simulation {
  /// Runs a write on the engine and takes what it wrote into the model, with what the model says was seen.
  func write(
    on device: SimulatedDevice, form: (form: Form, seen: ChangeSet)? = nil,
    _ body: (StoreWriter) throws -> Void
  ) throws {
    try learn(device, form: form) { try device.store.write("step", asOf: form?.form, body) }
  }

  func learn(
    _ device: SimulatedDevice, form: (form: Form, seen: ChangeSet)? = nil,
    _ body: () throws -> Void
  ) throws {
    let before = try device.store.read { $0.clock }
    try body()
    try device.store.read { session in
      try session.forEachRun(after: before) { run, _ in
        for change in run.changes { try learn(change, device, form?.seen, session) }
      }
    }
    try check(device)
  }

  private func learn(
    _ change: Change, _ device: SimulatedDevice, _ seen: ChangeSet?, _ session: StoreReader
  ) throws {
    func number(_ dot: Dot) throws -> Int {
      try require(try session.hash(of: dot).flatMap { model.numbers[$0] })
    }
    let dot = change.dot
    let previous = dot.seq > 1 ? try number(Dot(dot.actor, dot.seq - 1)) : nil
    // The own changes before it are always seen, also those that the form had not.
    var context = seen ?? device.held
    var own = previous
    while let number = own {
      context.insert(number)
      own = model.changes[number].previous
    }
    let hash = try require(try session.hash(of: dot))
    var entry: HistoryEntry?
    try session.forEachChange(of: change.record) { if $0.change.dot == dot { entry = $0 } }
    let values = try require(entry).values
    let added = model.add(
      Model.Change(
        hash: hash, previous: previous, root: dot.actor,
        record: change.shape.action == .create
          ? model.numbers[hash] ?? model.changes.count : try number(change.record),
        parent: change.shape.action == .create ? try change.subject.map(number) : nil,
        table: change.shape.table, action: change.shape.action, recordedAt: change.recordedAt,
        fields: try values.mapValues { value in
          if case .reference(let dot) = value { return .reference(try number(dot)) }
          return .plain(value)
        }, context: context))
    try expect(!device.held.contains(added), "a change was written twice")
    device.held.insert(added)
  }
}
