import GRDB

/// As long as it is held, whoever wants to write to the file waits.
package final class ReadLock {
  private let queue: DatabaseQueue

  init(_ queue: DatabaseQueue) throws {
    self.queue = queue
    try queue.inDatabase { try $0.execute(sql: "BEGIN; SELECT count(*) FROM sqlite_schema") }
  }

  package func release() { try? queue.inDatabase { try $0.execute(sql: "ROLLBACK") } }
}
