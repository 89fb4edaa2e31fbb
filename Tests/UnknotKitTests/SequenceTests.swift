import Foundation
import Testing

@testable import UnknotKit

/// What is read one at a time is what there is, as often as it is gone through.
@Suite struct SequenceTests {
  private func expectEqual<T>(_ sequence: JournalSequence<T>, _ all: [T], _ text: (T) -> String) throws {
    for _ in 0..<2 {
      var seen: [String] = []
      try sequence.each { seen.append(text($0)) }
      #expect(seen == all.map(text))
    }
  }

  @Test func listsAreGoneThroughTwice() throws {
    let path = NSTemporaryDirectory() + "unknot-sequence-\(UUID().uuidString).sqlite"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let zone = try zone("Europe/Berlin")
    _ = try Demonstration(days: LocalDay("2026-04-20")...LocalDay("2026-05-14")).write(to: path, zone: zone)
    let household = try Household()
    let journal = try household.device("phone", path: path)
    for plural in Journal.listable {
      let whole = try journal.list(plural)
      for limit in [nil, 0, 1, 7, 10_000] {
        let filter = ListFilter(limit: limit)
        let all = try journal.list(plural, filter)
        #expect(all.map(\.id) == whole.prefix(limit ?? .max).map(\.id), "\(plural) \(limit ?? -1)")
        try journal.list(plural, filter) { try expectEqual($0, all) { $0.json.compact } }
      }
      guard let id = whole.first?.id else { continue }
      let history = try journal.history(id)
      #expect(!history.isEmpty)
      try journal.history(id) { try expectEqual($0, history) { $0.json.compact } }
    }
  }

  /// What goes wrong in between is what the caller hears of.
  @Test func whatIsThrownComesOut() throws {
    struct Enough: Error {}
    let journal = try Household().device("phone")
    _ = try journal.ratePain(5)
    var seen = 0
    let error = #expect(throws: KitError.self) {
      try journal.list("pain") { sequence in
        try sequence.each { _ in
          seen += 1
          throw KitError(.failed, "enough")
        }
      }
    }
    #expect(seen == 1 && error?.message == "enough")
  }

  /// Of any number of values that a decision overrules, some are told, and none in full length.
  @Test func aDecisionTellsSomeOfManyValues() throws {
    let household = try Household()
    let phone = try household.device("phone")
    let id = try #require(try phone.ratePain(5).records.first?.id)
    let others = try (1...12).map { try household.device("device \($0)") }
    for other in others { _ = try household.carry(phone, other) }
    for (number, other) in others.enumerated() {
      _ = try other.edit(id, ["note=\(number)" + String(repeating: "n", count: 1000)])
    }
    for other in others { _ = try household.carry(other, phone) }
    #expect(try phone.conflicts().first?.values.count == 12 && phone.conflictCount() == 1)
    let notices = try phone.edit(id, ["note=mine"]).notices.filter { $0.text.contains("in conflict") }
    #expect(notices.count == 1)
    let text = try #require(notices.first?.text)
    #expect(text.contains("and 2 more values are not shown any more; history has them"))
    #expect(text.description.count < 10 * 230 + 200 && text.contains("nnn… (device "))
    #expect(try phone.history(id).count == 14)
    // Nor of those that an undo does not bring back.
    let decided = try #require(try phone.undo().decided.first)
    #expect(decided.values.count == 10 && decided.more == 1)
    #expect(decided.values.allSatisfy { !$0.text.isWhole && $0.text.text.utf8.count < 210 })
  }
}
