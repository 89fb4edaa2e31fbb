import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotEngine

/// Somebody who reads anew only what changes name has, in the end, what everybody else has.
@Suite struct FollowedChangesTests {
  private final class Screen: @unchecked Sendable {
    private let lock = NSLock()
    private var shown: [Dot: String] = [:]
    private var clock = VectorClock()

    func show(_ records: [Dot: String?], _ clock: VectorClock, isAll: Bool) {
      lock.withLock {
        if isAll { shown = [:] }
        for (id, text) in records { shown[id] = text }
        self.clock = clock
      }
    }

    var state: (shown: [Dot: String], clock: VectorClock) { lock.withLock { (shown, clock) } }
  }

  private static func text(_ record: StoredRecord) -> String {
    let fields = record.fields.sorted { $0.key < $1.key }.map {
      "\($0.key)=\($0.value.visible) \($0.value.isInConflict)"
    }
    return "\(record.isVisible) \(record.presence.isInConflict) \(fields)"
  }

  private static func all(_ session: StoreReader) throws -> [Dot: String] {
    var texts: [Dot: String] = [:]
    for table in testTables {
      for record in try session.records(in: table.name, RecordFilter(includeRemoved: true)) {
        texts[record.id] = text(record)
      }
    }
    return texts
  }

  /// Reads what a change names, or all where it names nothing.
  private static func follow(_ change: ReplicaChange, of replica: Replica, on screen: Screen) async throws {
    let (texts, isAll) = try await replica.read { session in
      guard let records = change.records else {
        return (try all(session).mapValues { Optional($0) }, true)
      }
      let texts = try records.map { ($0, try session.record($0).map(text)) }
      return (Dictionary(uniqueKeysWithValues: texts), false)
    }
    screen.show(texts, change.clock, isAll: isAll)
  }

  private static func write(_ writer: StoreWriter, _ choice: UInt64, _ note: Value, _ pick: Int) throws {
    let records = try testTables.flatMap {
      try writer.reader.records(in: $0.name, RecordFilter(includeRemoved: true)).map { ($0.id, $0.kind) }
    }
    let (record, table) = records[pick % records.count]
    switch choice {
    case 25..<45: _ = try writer.create("visit", parent: nil, ["size": note].named)
    case 45..<60:
      _ = try writer.create("part", parent: table == "visit" ? record : nil, ["tags/a": note].named)
    case 60..<80: _ = try writer.edit(record, ["size": note, "note": .text("\(pick % 3)")].named)
    case 80..<90: _ = try writer.delete(record)
    default: _ = try writer.restore(record)
    }
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func aScreenThatFollowsShowsWhatIsThere(seed: UInt64) async throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(seed: seed)
    func open(_ name: String, _ device: String, _ number: UInt64) async throws -> Replica {
      try await Replica(
        at: "\(folder.path)/\(name)", kinds: testTables, deviceName: device,
        environment: TestEnvironment(seed: seed * 100 + number), noteFolder: "\(folder.path)/state")
    }
    let phone = try await open("a.sqlite", "phone", 1)
    // Begun before the others: they have its records.
    _ = try await phone.write("add") { try $0.create("visit", parent: nil, [:]) }
    let replicas = [phone, try await open("a.sqlite", "phone", 2), try await open("b.sqlite", "laptop", 3)]
    _ = try await phone.export(to: .file("\(folder.path)/0.unknot"), full: true)
    _ = try await replicas[2].importFiles([.path("\(folder.path)/0.unknot")])

    let screen = Screen()
    let changes = phone.changes
    let (shown, clock) = try await phone.read { (try Self.all($0), $0.clock) }
    screen.show(shown, clock, isAll: true)
    let follower = Task {
      for await change in changes { try await Self.follow(change, of: phone, on: screen) }
    }
    for step in 1...60 {
      let number = Int.random(in: 0..<3, using: &generator)
      let choice = UInt64.random(in: 0..<100, using: &generator)
      let note = Value.integer(Int64.random(in: 0..<5, using: &generator))
      let pick = Int.random(in: 0..<1_000_000, using: &generator)
      switch choice {
      case 0..<20:
        let file = "\(folder.path)/\(step).unknot"
        let (from, to) = number == 2 ? (replicas[2], replicas[pick % 2]) : (replicas[number], replicas[2])
        _ = try await from.export(to: .file(file), full: true)
        _ = try await to.importFiles([.path(file)])
      case 20..<25:
        do { try await replicas[number].undo() } catch StorageError.nothingToUndo {}
      default: try await replicas[number].write("step") { try Self.write($0, choice, note, pick) }
      }
    }
    // The last of the own ones: from then on nothing comes but what other programs did.
    try await phone.write("last") { _ = try $0.create("detail", parent: nil, [:]) }
    let (expected, held) = try await phone.read { (try Self.all($0), $0.clock) }
    while screen.state.clock != held { try await Task.sleep(for: .milliseconds(5)) }
    follower.cancel()
    #expect(screen.state.shown == expected, "seed \(seed)")
  }
}
