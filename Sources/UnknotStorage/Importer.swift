public import UnknotCausality

/// What a file says of a device.
public struct RemoteDevice: Sendable {
  public let id: DeviceID
  public let name: String
  public let nameRevision: Int64
  public let actors: [ActorID]
  public let entries: [ClockEntry]

  public init(id: DeviceID, name: String, nameRevision: Int64, actors: [ActorID], entries: [ClockEntry]) {
    self.id = id
    self.name = name
    self.nameRevision = nameRevision
    self.actors = actors
    self.entries = entries
  }
}

/// Another history under a name that is held: a journal was copied or restored, and both copies were written to.
public struct ForkFound: Error, Hashable, Sendable {
  public let dot: Dot
}

extension Store {
  /// One transaction that takes in changes of others: all that `body` applies is kept, or, when it throws, nothing.
  ///
  /// - Parameter keeps: false takes everything back at the end: a dry run.
  public func importing<T>(keeps: Bool = true, _ body: (Importer) throws -> T) throws -> T {
    try transaction(keeps: keeps) { try body(Importer(sharing: $0)) }
  }
}

/// Takes changes of others through the one door.
public final class Importer: StoreReader {
  override init(sharing session: StoreReader) { super.init(sharing: session) }

  /// Whether a file that bears these ids is one of this journal. A journal without changes takes them over; two
  /// journals that are joined bear the ids of both from then on.
  public func accepts(journalIDs ids: [[UInt8]], join: Bool) throws -> Bool {
    let own = try journalIDs
    if clock.isEmpty && !own.contains(where: ids.contains) {
      try statements["DELETE FROM journal"].run()
    } else if !join && !own.contains(where: ids.contains) {
      return false
    }
    for id in ids { try statements["INSERT OR IGNORE INTO journal (id) VALUES (?)"].bind(id, at: 1).run() }
    return true
  }

  /// Takes in what a file knows of devices: names, actors, and what each holds. `others` are actors that no device
  /// in the file claims; they are put down to the writer.
  public func hear(of devices: [RemoteDevice], others: [ActorID], from writer: DeviceID) throws {
    for device in devices {
      let number = try self.number(of: device)
      for actor in device.actors { _ = try names.introduce(actor, device: number) }
    }
    let writerNumber = try number(of: writer) ?? 1
    for actor in others { _ = try names.introduce(actor, device: writerNumber) }
    for device in devices {
      guard let number = try number(of: device.id), number != 1 else { continue }
      for entry in device.entries {
        guard let actor = names.number(of: entry.dot.actor) else { continue }
        try statements[
          """
          INSERT INTO acknowledgement (device, actor, seq, hash) VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET seq = excluded.seq, hash = excluded.hash WHERE excluded.seq > seq
          """
        ].bind(number, at: 1).bind(actor, at: 2).bind(Int64(entry.dot.seq), at: 3)
          .bind(entry.hash.bytes, at: 4).run()
      }
    }
  }

  /// The writer's file was taken in now.
  public func noteImport(from writer: DeviceID) throws {
    try statements["UPDATE device SET last_import = ? WHERE id = ? AND number <> 1"]
      .bind(store.environment.now(), at: 1).bind(writer.bytes, at: 2).run()
  }

  private func number(of id: DeviceID) throws -> Int64? {
    try statements["SELECT number FROM device WHERE id = ?"].bind(id.bytes, at: 1).first { $0.integer(0) }
  }

  private func number(of device: RemoteDevice) throws -> Int64 {
    if let number = try number(of: device.id) {
      try statements["UPDATE device SET name = ?, name_revision = ? WHERE number = ? AND name_revision < ?"]
        .bind(device.name, at: 1).bind(device.nameRevision, at: 2).bind(number, at: 3)
        .bind(device.nameRevision, at: 4).run()
      return number
    }
    try statements["INSERT INTO device (id, name, name_revision) VALUES (?, ?, ?)"]
      .bind(device.id.bytes, at: 1).bind(device.name, at: 2).bind(device.nameRevision, at: 3).run()
    guard let number = try number(of: device.id) else {
      throw StorageError.damaged("a device was not stored")
    }
    return number
  }

  /// Applies a run, in which changes that are held may have been left out at the front.
  ///
  /// - Parameter follows: the hash of the change before the run's first, where the run says it.
  /// - Throws: `InvalidChange` for what no writer could have written, `ForkFound` for another history.
  public func apply(_ run: ChangeRun, follows: ChangeHash?) throws {
    guard let first = run.changes.first else { return }
    guard let number = names.number(of: first.dot.actor), let state = names.actors[number] else {
      throw InvalidChange("a change of an actor that the file does not list")
    }
    guard first.dot.seq == UInt64(state.seq) + 1 else {
      throw InvalidChange("changes of \(first.dot.actor) are not in order")
    }
    if let follows, follows.bytes != state.hash { throw ForkFound(dot: first.dot) }

    var delta: [(actor: Int64, seq: Int64)] = []
    if let context = run.context, context.at == first.dot {
      delta = try context.entries.map { entry in
        guard let number = names.number(of: entry.actor), entry.seq <= Dot.maximumSeq else {
          throw InvalidChange("a context names an actor that the file does not list")
        }
        return (number, Int64(entry.seq))
      }
      try moveContext(of: state, by: delta)
    }
    for change in run.changes {
      guard change.dot == Dot(state.actor, UInt64(state.seq) + 1) else {
        throw InvalidChange("changes of \(state.actor) are not in order")
      }
      try apply(change, by: state, delta: delta)
      delta = []
    }
  }

  /// Whether the change of that name is held, with that hash.
  /// - Throws: `ForkFound` where another one is held under the name.
  public func holds(_ entry: ClockEntry) throws -> Bool {
    guard let held = try hash(of: entry.dot) else { return false }
    guard held == entry.hash else { throw ForkFound(dot: entry.dot) }
    return true
  }
}
