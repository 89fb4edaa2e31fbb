import Dispatch
import Foundation
import Testing

/// Several processes at one journal: each waits for its turn, and nothing is lost.
@Suite struct ContentionTests {
  @Test func processesThatMakeAndWriteOneJournalAtOnce() throws {
    let place = try Workplace()
    let failures = Failures()
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      do {
        let outcome = try place.run("a", ["pain", "\(number)"])
        if outcome.status != 0 { failures.add(outcome.errors) }
      } catch {
        failures.add("\(error)")
      }
    }
    #expect(failures.all == [])
    let scores = try place.objects("a", ["list", "pain"]).compactMap { $0["score"] as? Int }
    #expect(scores.sorted() == Array(0..<8))
    #expect(try place.object("a", ["sync", "digest"])["clock"].map { ($0 as? [Any])?.count } == 1)
  }

  private final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private var texts: [String] = []
    func add(_ text: String) { lock.withLock { texts.append(text) } }
    var all: [String] { lock.withLock { texts } }
  }
}
