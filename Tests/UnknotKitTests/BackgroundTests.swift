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

  /// However far it has come when it is cancelled: all of it is there, or nothing.
  @Test func aCancelledTaskChangesNothing() async throws {
    let journal = try household.device("phone")
    let digest = try journal.digest().digest
    let (stream, begun) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      try await journal.perform { journal in
        begun.yield()
        // No row is ever given: only cancelling ends it.
        try journal.query(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"
        ) { try $0.rows.each { _ in } }
      }
    }
    for await _ in stream { break }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await journal.perform { try $0.digest().digest } == digest)
  }
}
