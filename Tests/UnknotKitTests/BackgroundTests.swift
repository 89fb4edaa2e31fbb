import Foundation
import Testing
import UnknotKit

/// A journal from tasks: nothing blocks who asks, what is cancelled changes nothing, and every change is told.
@Suite struct BackgroundTests {
  let household: Household

  init() throws { household = try Household() }

  @Test func aTaskReadsAndWrites() async throws {
    let journal = try household.device("phone")
    let id = try await journal.perform { try $0.ratePain(4).records[0].id }
    #expect(try await journal.perform { try $0.record(PainRating.self, id) }.score == 4)
    await #expect(throws: KitError.self) { try await journal.perform { _ = try $0.ratePain(11) } }
    #expect(try await journal.perform { try $0.list("pain").count } == 1)
  }

  @Test func changesAreTold() async throws {
    let (phone, laptop) = (try household.device("phone"), try household.device("laptop"))
    _ = try laptop.ratePain(1)
    try household.carry(laptop, phone)
    var changes = phone.changes.makeAsyncIterator()
    let rating = try phone.ratePain(4).records[0]
    var change = try #require(await changes.next())
    while !change.touches(.pain) { change = try #require(await changes.next()) }
    #expect(change.touches(record: rating.id) && !change.touches(.session) && !change.touches(record: "?"))
    #expect(change.origins == [.thisReplica])

    let session = try laptop.logSession(bouts: [try BoutText("ql:1m")]).records[0]
    try household.carry(laptop, phone)
    repeat { change = try #require(await changes.next()) } while !change.touches(.session)
    #expect(change.touches(record: session.id) && change.touches(.bout) && !change.touches(.pain))
    #expect(change.origins == [.imported])
  }

  @Test func aCancelledTaskEnds() async throws {
    let journal = try household.device("phone")
    let (stream, begun) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      try await journal.perform { journal in
        begun.yield()
        // No row is ever given: only cancelling ends it, whatever else could.
        try journal.query(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0",
          isCancelled: { false }
        ) { try $0.rows.each { _ in } }
      }
    }
    for await _ in stream { break }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  /// An import that is cancelled at any point, and the undo of one, are done wholly or not at all, and who asked is told
  /// which.
  @Test(arguments: [false, true]) func whatIsCancelledChangesNothing(isUndo: Bool) async throws {
    let laptop = try household.device("laptop")
    for _ in 0..<300 { _ = try laptop.ratePain(3) }
    let file = "\(household.folder)/all.unknot"
    _ = try laptop.export(to: file, folder: household.folder, for: nil, full: true)
    var (ended, cancelled) = (0, 0)
    for delay in 0..<24 {
      let phone = try household.device("phone")
      if isUndo { _ = try phone.importFiles([.path(file)]) }
      let before = try phone.digest().digest
      let task = Task {
        try await phone.perform { journal in
          if isUndo { _ = try journal.undo() } else { _ = try journal.importFiles([.path(file)]) }
        }
      }
      // From at once to longer than it takes, or on a busy machine never so long: what is said has to be true.
      if delay == 23 { try await task.value } else { try await Task.sleep(for: .microseconds(delay * 500)) }
      task.cancel()
      do {
        try await task.value
        ended += 1
        #expect(try phone.digest().digest != before)
      } catch is CancellationError {
        cancelled += 1
        #expect(try phone.digest().digest == before)
      }
    }
    #expect(ended > 0 && ended + cancelled == 24)
  }

  @Test func openedFromATask() async throws {
    let journal = try await Journal(
      path: household.folder + "/j.sqlite", deviceName: "phone", environment: household.environment(),
      zone: try zone("UTC"), stateFolder: nil)
    #expect(try await journal.perform { try $0.ratePain(1).records.count } == 1)
    await #expect(throws: KitError.self) {
      _ = try await Journal(
        path: nil, deviceName: "", environment: household.environment(), zone: try zone("UTC"),
        stateFolder: nil)
    }
  }
}
