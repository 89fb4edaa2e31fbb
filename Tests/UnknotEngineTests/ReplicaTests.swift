import Foundation
import TestSupport
import Testing
import UnknotEngine

/// A replica as an app has it: from many tasks, watched, cancelled.
@Suite struct ReplicaTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ name: String, device: String = "phone", seed: UInt64 = 1) async throws -> Replica {
    try await Replica(
      at: "\(folder.path)/\(name)", kinds: testTables, deviceName: device,
      environment: TestEnvironment(seed: seed), noteFolder: "\(folder.path)/state")
  }

  /// The next change that `isMeant` says yes to; what comes before it is passed over.
  private func next(
    _ changes: inout ReplicaChanges.Iterator, where isMeant: (ReplicaChange) -> Bool = { _ in true }
  ) async throws -> ReplicaChange {
    while let change = await changes.next() { if isMeant(change) { return change } }
    throw CancellationError()
  }

  // MARK: Changes

  @Test func ownWritesAreTold() async throws {
    let replica = try await open("a.sqlite")
    var changes = replica.changes.makeAsyncIterator()
    let visit = try await replica.write("add") { try $0.create("visit", parent: nil, [:]) }
    let first = try await next(&changes)
    #expect(first.origins == [.thisReplica] && first.kinds == ["visit"] && first.records == [visit])
    #expect(try await first.clock == replica.read { $0.clock })

    // With what it belongs to, which is there again if it was removed.
    let part = try await replica.write("add") { try $0.create("part", parent: visit, [:]) }
    let second = try await next(&changes)
    #expect(second.kinds == ["part", "visit"] && second.records == [part, visit])
    #expect(second.touches(testTables[0]) && second.touches(testTables[1]) && !second.touches(testTables[2]))

    let detail = try await replica.write("add") { try $0.create("detail", parent: part, [:]) }
    #expect(try await next(&changes).records == [detail, part, visit])

    // What belongs to a record goes with it.
    try await replica.write("delete") { _ = try $0.delete(visit) }
    #expect(try await next(&changes).records == [detail, part, visit])
    try await replica.undo()
    #expect(try await next(&changes).records == [detail, part, visit])
  }

  /// The write comes right after the changes are asked for, and nothing waits in between.
  @Test(arguments: 1...20) func aWriteThatBlocksIsTold(_: Int) async throws {
    let replica = try await open("a.sqlite")
    func write() throws -> (Dot, ReplicaChanges.Iterator) {
      let changes = replica.changes.makeAsyncIterator()
      return (try replica.blocking.write("add") { try $0.create("visit", parent: nil, [:]) }, changes)
    }
    try await replica.write("init") { try $0.renameDevice("other") }
    var (visit, changes) = try write()
    #expect(try await next(&changes).records == [visit])
  }

  @Test func nothingWrittenIsNoChange() async throws {
    let replica = try await open("a.sqlite")
    let visit = try await replica.write("add") {
      try $0.create("visit", parent: nil, ["size": .integer(1)].named)
    }
    var changes = replica.changes.makeAsyncIterator()
    try await replica.write("nothing") { _ = try $0.edit(visit, ["size": .integer(1)].named) }
    await #expect(throws: CocoaError.self) {
      try await replica.write("fails") { writer in
        _ = try writer.create("visit", parent: nil, [:])
        throw CocoaError(.userCancelled)
      }
    }
    let other = try await replica.write("add") { try $0.create("detail", parent: nil, [:]) }
    #expect(try await next(&changes).records == [other])
  }

  @Test func importsAndOtherProgramsAreTold() async throws {
    let (phone, laptop) = (try await open("a.sqlite"), try await open("b.sqlite", device: "laptop", seed: 2))
    let visit = try await phone.write("add") { try $0.create("visit", parent: nil, [:]) }
    let file = "\(folder.path)/1.unknot"
    _ = try await phone.export(to: .file(file), full: true)

    var changes = laptop.changes.makeAsyncIterator()
    _ = try await laptop.importFiles([.path(file)])
    let imported = try await next(&changes)
    #expect(imported.origins == [.imported] && imported.records == [visit] && imported.isOfDevices)

    // Another one with the same file, which was not there when the first one began to watch.
    let other = try await open("b.sqlite", device: "laptop", seed: 3)
    let detail = try await other.write("add") { try $0.create("detail", parent: nil, [:]) }
    let told = try await next(&changes)
    #expect(told.origins == [.otherProgram] && told.records == [detail])
    try await other.write("rename") { try $0.renameDevice("desk") }
    let renamed = try await next(&changes)
    #expect(renamed.isOfDevices && renamed.kinds.isEmpty)
  }

  @Test func aFileThatIsMadeLaterIsWatched() async throws {
    let first = try await open("new/a.sqlite")
    var changes = first.changes.makeAsyncIterator()
    _ = try await first.write("add") { try $0.create("visit", parent: nil, [:]) }
    _ = try await next(&changes)
    let second = try await open("new/a.sqlite", seed: 5)
    let visit = try await second.write("add") { try $0.create("visit", parent: nil, [:]) }
    #expect(try await next(&changes).records == [visit])
  }

  @Test func whoAsksSlowlyGetsAllAsOne() async throws {
    let replica = try await open("a.sqlite")
    var changes = replica.changes.makeAsyncIterator()
    for _ in 0..<20 { try await replica.write("add") { _ = try $0.create("visit", parent: nil, [:]) } }
    #expect(try await next(&changes).records?.count == 20)
    // So many are not named.
    try await replica.write("add") { writer in
      for _ in 0...ReplicaChange.mostRecords { _ = try writer.create("visit", parent: nil, [:]) }
    }
    let many = try await next(&changes)
    #expect(many.records == nil && many.kinds == ["visit"])
  }

  @Test func whoeverIsCancelledHearsNoMore() async throws {
    let replica = try await open("a.sqlite")
    let changes = replica.changes
    let task = Task { for await _ in changes {} }
    task.cancel()
    await task.value
  }

  // MARK: Cancelling

  @Test func aCancelledWriteWritesNothing() async throws {
    let replica = try await open("a.sqlite")
    let task = Task {
      try await replica.write("long") { writer in
        for _ in 0..<1_000_000 { _ = try writer.create("visit", parent: nil, [:]) }
      }
    }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await replica.read { $0.clock.isEmpty })
    // And is not in the way of the next one.
    try await replica.write("add") { _ = try $0.create("visit", parent: nil, [:]) }
  }

  @Test func aCancelledImportTakesInNothing() async throws {
    let (phone, laptop) = (try await open("a.sqlite"), try await open("b.sqlite", device: "laptop", seed: 2))
    try await phone.write("add") { writer in
      for _ in 0..<20_000 { _ = try writer.create("visit", parent: nil, [:]) }
    }
    let file = "\(folder.path)/1.unknot"
    _ = try await phone.export(to: .file(file), full: true)
    let (started, start) = AsyncStream<Void>.makeStream()
    let task = Task {
      try await laptop.importFiles([.path(file)]) { _ in start.yield() }
    }
    for await _ in started { break }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await laptop.read { $0.clock.isEmpty })
    #expect(try await laptop.importFiles([.path(file)]).changesApplied == 20_000)

    // An export likewise: no file is left.
    let export = Task { [folder] in
      try await phone.export(to: .file("\(folder.path)/2.unknot"), full: true) { _ in start.yield() }
    }
    export.cancel()
    await #expect(throws: CancellationError.self) { try await export.value }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("unknot") } == [
        "1.unknot"
      ])
  }

  @Test func aStreamIsImported() async throws {
    let (phone, laptop) = (try await open("a.sqlite"), try await open("b.sqlite", device: "laptop", seed: 2))
    try await phone.write("add") { _ = try $0.create("visit", parent: nil, [:]) }
    let file = "\(folder.path)/1.unknot"
    _ = try await phone.export(to: .file(file), full: true)
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: file)))
    let position = Position()
    let stream = ChangesetSource.stream(named: "a friend") { position.next(of: bytes, atMost: min($0, 7)) }
    await #expect(throws: SyncError.self) { try await laptop.importFiles([stream]) }
    let result = try await laptop.importFiles([stream], MergeOptions(temporaryFolder: folder.path))
    #expect(result.changesApplied == 1 && result.files.map(\.name) == ["a friend"])
  }

  private final class Position: @unchecked Sendable {
    private let lock = NSLock()
    private var place = 0

    func next(of bytes: [UInt8], atMost count: Int) -> [UInt8] {
      lock.withLock {
        let piece = bytes[place..<min(place + count, bytes.count)]
        place = piece.endIndex
        return Array(piece)
      }
    }
  }

  // MARK: Many at once

  /// 100 tasks that read, write, cancel and import: whatever was acknowledged is there.
  @Test func manyTasksLoseNothing() async throws {
    let (replica, friend) = (
      try await open("a.sqlite"), try await open("b.sqlite", device: "laptop", seed: 2)
    )
    let shared = try await friend.write("add") { try $0.create("visit", parent: nil, [:]) }
    let file = "\(folder.path)/1.unknot"
    _ = try await friend.export(to: .file(file), full: true)
    let acknowledged = await withTaskGroup(of: [Dot].self) { group in
      for number in 0..<100 {
        group.addTask {
          do {
            switch number % 4 {
            case 0:
              _ = try await replica.importFiles([.path(file)])
              return [shared]
            case 1:
              return [] + (try await replica.read { try $0.records(in: "visit", RecordFilter()).map(\.id) })
            default:
              let task = Task {
                try await replica.write("add") { writer in
                  try (0..<10).map { _ in try writer.create("visit", parent: nil, [:]) }
                }
              }
              if number % 4 == 2 { task.cancel() }
              return try await task.value
            }
          } catch is CancellationError {
            return []
          } catch {
            Issue.record(error)
            return []
          }
        }
      }
      return await group.reduce(into: Set<Dot>()) { $0.formUnion($1) }
    }
    let held = try await replica.read { Set(try $0.records(in: "visit", RecordFilter()).map(\.id)) }
    #expect(held.isSuperset(of: acknowledged))
    #expect(held.count % 10 == 1, "a write is kept whole or not at all")
    #expect(try await replica.verify().isEmpty)
  }

  // MARK: Forms

  @Test func aFormIsWrittenAsOfWhatItSaw() async throws {
    let (phone, laptop) = (try await open("a.sqlite"), try await open("b.sqlite", device: "laptop", seed: 2))
    let visit = try await phone.write("add") {
      try $0.create("visit", parent: nil, ["note": .text("old")].named)
    }
    _ = try await phone.export(to: .file("\(folder.path)/1.unknot"), full: true)
    _ = try await laptop.importFiles([.path("\(folder.path)/1.unknot")])

    let (shown, form) = try await phone.read { (try $0.record(visit), try $0.form) }
    #expect(shown?["note"] == .text("old"))
    try await laptop.write("edit") { _ = try $0.edit(visit, ["note": .text("laptop")].named) }
    _ = try await laptop.export(to: .file("\(folder.path)/2.unknot"), full: true)
    _ = try await phone.importFiles([.path("\(folder.path)/2.unknot")])

    // Kept while the program was not running.
    let kept = try JSONDecoder().decode(Form.self, from: JSONEncoder().encode(form))
    #expect(kept == form)
    try await phone.write("edit", asOf: kept) { _ = try $0.edit(visit, ["note": .text("phone")].named) }
    #expect(
      try await phone.read { try $0.conflictKeys() } == [ConflictKey(record: visit, field: FieldName("note"))]
    )
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Form.self, from: Data("[\"x-1-y\"]".utf8))
    }
  }

  // MARK: Conflicts

  private func disagreeing() async throws -> (phone: Replica, laptop: Replica, visit: Dot) {
    let (phone, laptop) = (try await open("a.sqlite"), try await open("b.sqlite", device: "laptop", seed: 2))
    let visit = try await phone.write("add") { try $0.create("visit", parent: nil, [:]) }
    try await send(phone, laptop, "1")
    for (replica, note) in [(phone, "phone"), (laptop, "laptop")] {
      try await replica.write("edit") { _ = try $0.edit(visit, ["note": .text(note)].named) }
    }
    try await send(laptop, phone, "2")
    return (phone, laptop, visit)
  }

  private func send(_ from: Replica, _ to: Replica, _ name: String) async throws {
    let file = "\(folder.path)/\(name).unknot"
    _ = try await from.export(to: .file(file), full: true)
    _ = try await to.importFiles([.path(file)])
  }

  @Test func aConflictIsDecidedAsItWasShown() async throws {
    let (phone, laptop, visit) = try await disagreeing()
    let shown = try #require(try await phone.conflicts().first)
    #expect(shown.record == visit && shown.field == FieldName("note") && shown.kind == "visit")
    #expect(Set(shown.candidates.map(\.value)) == [.text("phone"), .text("laptop")])
    #expect(Set(shown.candidates.map(\.device)) == ["phone", "laptop"])
    // A value that nobody saw here comes in between.
    try await laptop.write("edit") { _ = try $0.edit(visit, ["note": .text("later")].named) }
    try await send(laptop, phone, "3")
    let own = try #require(shown.candidates.first { $0.device == "phone" })
    try await phone.resolve(shown, choosing: own.id)
    let anew = try #require(try await phone.conflicts().first)
    #expect(Set(anew.candidates.map(\.value)) == [.text("phone"), .text("later")])
    // What this device has decided since is not decided again.
    await #expect(throws: StorageError.conflictChanged(shown.id)) {
      try await phone.resolve(shown, with: .text("both"))
    }
    try await phone.resolve(anew, choosing: anew.candidates[0].id)
    #expect(try await phone.conflicts().isEmpty)
    await #expect(throws: StorageError.conflictChanged(shown.id)) {
      try await phone.resolve(anew, with: .text("both"))
    }
  }

  @Test func whatIsNoCandidateIsNotChosen() async throws {
    let (phone, _, visit) = try await disagreeing()
    let shown = try #require(try await phone.conflicts().first)
    await #expect(throws: StorageError.self) { try await phone.resolve(shown, choosing: visit) }
    await #expect(throws: StorageError.self) {
      try await phone.write("now") { try $0.resolve(shown, with: .text("both")) }
    }
    #expect(try await phone.conflicts() == [shown])
    try await phone.resolve(shown, with: .text("both"))
    #expect(try await phone.read { try $0.record(visit)?["note"] } == .text("both"))
  }

  @Test func presenceIsDecidedLikewise() async throws {
    let (phone, laptop) = (try await open("a.sqlite"), try await open("b.sqlite", device: "laptop", seed: 2))
    let visit = try await phone.write("add") { try $0.create("visit", parent: nil, [:]) }
    try await send(phone, laptop, "1")
    try await phone.write("delete") { _ = try $0.delete(visit) }
    try await laptop.write("edit") { _ = try $0.edit(visit, ["note": .text("kept")].named) }
    try await send(laptop, phone, "2")
    let shown = try #require(try await phone.conflicts().first { $0.field == .presence })
    let removal = try #require(shown.candidates.first { $0.value == .removed })
    try await phone.resolve(shown, choosing: removal.id)
    #expect(try await phone.read { try $0.record(visit)?.isVisible } == false)
  }
}
