package import UnknotCausality

/// How far somebody who watches a store has seen it.
package struct SeenState: Sendable {
  let clock: LineClock
  /// Actors that go on from another's history: as they become more, records are called otherwise.
  let branches: Int
  let devices: [UInt8]
}

/// What is another than somebody has seen.
package struct Touched: Sendable {
  /// Of the records that may look otherwise than before, or are shown or hidden now.
  package fileprivate(set) var kinds: Set<String> = []
  /// Those records; nil where they are too many to be named, or are called otherwise now.
  package fileprivate(set) var records: Set<Dot>? = []
  /// A device was not known before, has another name, or is waited for no more, or again.
  package fileprivate(set) var isOfDevices = false
  package var isNothing: Bool { kinds.isEmpty && !isOfDevices && records != nil }
}

extension StoreReader {
  package var seenState: SeenState {
    get throws {
      var devices = ByteWriter()
      try statements["SELECT id, name_revision, retired_revision FROM device ORDER BY number"].eachRow {
        devices.raw($0.bytes(0))
        devices.signed($0.integer(1))
        devices.signed($0.integer(2))
      }
      let branches = lines.tree.actorIDs.count { id in lines.tree.actor(id).map { $0.root != id } ?? false }
      return SeenState(clock: lines.held, branches: branches, devices: Hashing.sha256(devices.bytes))
    }
  }

  /// What is another since then.
  ///
  /// - Parameters:
  ///   - seen: nil: nothing is known of what was seen, so everything may be another.
  ///   - most: so many records are named.
  package func touched(since seen: SeenState?, most: Int) throws -> Touched {
    let now = try seenState
    var touched = Touched()
    touched.isOfDevices = now.devices != seen?.devices
    guard let seen, now.branches == seen.branches else {
      touched.kinds = Set(try names.kindNames())
      touched.records = nil
      return touched
    }
    var found = TouchedRecords(reader: self)
    for run in runs(between: seen.clock, and: now.clock) {
      try statements["SELECT key, shape, subject FROM change WHERE key BETWEEN ? AND ?"]
        .bind(run.lowerBound, at: 1).bind(run.upperBound, at: 2).eachRow {
          try found.take(change: $0.key(0), shape: $0.integer(1), subject: $0.keyOrNone(2))
        }
    }
    touched.kinds = Set(try found.kinds.map { try names.shape($0).shape.table })
    touched.records =
      found.records.count <= most ? Set(try found.records.map { try lines.name(of: $0) }) : nil
    return touched
  }
}

/// Records whose rows, or what is shown of them, changes have written.
private struct TouchedRecords {
  let reader: StoreReader
  private(set) var records: Set<ChangeKey> = []
  /// The shapes that made them.
  private(set) var kinds: Set<Int64> = []

  init(reader: StoreReader) { self.reader = reader }

  mutating func take(change: ChangeKey, shape number: Int64, subject: ChangeKey?) throws {
    let shape = try reader.names.shape(number).shape
    switch shape.action {
    case .create:
      records.insert(change)
      kinds.insert(number)
      // A record that was removed is there again with what it got.
      if let subject { try insertAndAbove(subject) }
    case .edit, .delete:
      guard let subject else { return }
      try insertAndAbove(subject)
      // What belongs to a record comes and goes with it.
      if shape.fields.isEmpty { try insertBelow(subject) }
    }
  }

  private mutating func insertAndAbove(_ record: ChangeKey) throws {
    var record: ChangeKey? = record
    while let one = record, records.insert(one).inserted {
      let origin = try reader.origin(of: one)
      kinds.insert(origin.shape.number)
      record = origin.parent
    }
  }

  private mutating func insertBelow(_ record: ChangeKey) throws {
    var waiting = [record]
    var seen: Set<ChangeKey> = [record]
    while let one = waiting.popLast() {
      for child in try reader.creations(under: one) where seen.insert(child.key).inserted {
        records.insert(child.key)
        kinds.insert(child.shape)
        waiting.append(child.key)
      }
    }
  }
}
