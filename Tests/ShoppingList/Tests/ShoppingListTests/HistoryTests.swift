import Foundation
import ShoppingList
import Testing
import UnknotEngine

@Suite struct HistoryTests {
  /// A seed is the whole bug report: UNKNOT_SEED runs it alone.
  private static let seeds: [UInt64] =
    ProcessInfo.processInfo.environment["UNKNOT_SEED"].flatMap { UInt64($0) }.map { [$0] } ?? Array(1...30)

  @Test(arguments: seeds) func devicesAgreeWithTheModel(seed: UInt64) async throws {
    let history = try await History(seed: seed)
    try await history.steps(80)
    try await history.meet()
  }
}
