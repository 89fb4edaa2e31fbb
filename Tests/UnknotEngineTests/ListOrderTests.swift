import SeededRandom
import TestSupport
import Testing
import UnknotEngine

/// Orders that one operation writes to many times, against a list in memory.
@Suite struct ListOrderTests {
  private static let list = RecordKind(name: "list")
  private static let item = RecordKind(
    name: "item", fields: [RecordField("name", .text)], orderField: "place")

  @Test(arguments: 1...60) func whateverAnOperationDoesTheOrderIsAsSaid(seed: UInt64) async throws {
    let replica = try await Replica(
      at: nil, kinds: [Self.list, Self.item], deviceName: "phone", environment: TestEnvironment(seed: seed))
    let before = try await replica.write("begin") { writer in
      let list = try writer.create(Self.list)
      _ = try writer.create(Self.item, in: list)
      return list
    }
    let (first, wanted) = try await replica.write("all") { writer in
      var random = SeededGenerator(seed: seed)
      let lists = [before, try writer.create(Self.list), try writer.create(Self.list)]
      var wanted = try lists.map { try writer.reader.children(of: $0, Self.item).map(\.id) }
      var removed: [[Dot]] = [[], [], []]
      for _ in 0..<40 {
        let number = Int.random(in: 0..<lists.count, using: &random)
        let count = wanted[number].count
        func place() -> (ListPlace, Int) {
          switch Int.random(in: 0..<6, using: &random) {
          case 0: return (.first, 0)
          case 1 where count > 0:
            let after = Int.random(in: 0..<count, using: &random)
            return (.after(wanted[number][after]), after + 1)
          default: return (.last, count)
          }
        }
        switch Int.random(in: 0..<8, using: &random) {
        case 0 where count > 0:
          let gone = wanted[number].remove(at: Int.random(in: 0..<count, using: &random))
          _ = try writer.delete(gone)
          removed[number].append(gone)
        case 1:
          guard let back = removed[number].popLast() else { continue }
          _ = try writer.restore(back)
          // It comes back to where it stood: the engine says where that is.
          wanted[number] = try writer.reader.children(of: lists[number], Self.item).map(\.id)
        case 2 where count > 0:
          let moved = wanted[number].remove(at: Int.random(in: 0..<count, using: &random))
          _ = try writer.move(moved, to: .last)
          wanted[number].append(moved)
        default:
          let (place, index) = place()
          wanted[number].insert(try writer.create(Self.item, in: lists[number], at: place), at: index)
        }
      }
      return (lists, wanted)
    }
    for (list, ids) in zip(first, wanted) {
      #expect(try await replica.read { try $0.children(of: list, Self.item).map(\.id) } == ids)
      // No key was given twice, also not one of a record that may come back.
      let keys = try await replica.read { reader in
        try reader.children(of: list, in: "item", includeRemoved: true).map { $0["place"] }
      }
      #expect(Set(keys).count == keys.count)
    }
  }
}

@Suite struct PageTests {
  private static let item = RecordKind(name: "item", fields: [RecordField("at", .time)], timeField: "at")

  /// However many records are of one time, and however long a page is: each comes once, newest first.
  @Test(arguments: [1, 3, 10, 24, 25, 26, 1000, .max]) func everyRecordComesOnce(limit: Int) async throws {
    let replica = try await Replica(
      at: nil, kinds: [Self.item], deviceName: "phone", environment: TestEnvironment(seed: 1))
    let at = Field<Timestamp>("at")
    let made = try await replica.write("begin") { writer in
      try (0..<25).map { try writer.create(Self.item, [at.set(Timestamp(milliseconds: Int64($0 / 20)))]) }
    }
    let first = try await replica.read { try $0.page(Self.item, RecordFilter(limit: limit)) }
    #expect(first.records.count == min(limit, 25) && (first.next == nil) == (limit >= 25))
    // What is written between two pages does not move the others.
    try await replica.write("more") { writer in
      _ = try writer.create(Self.item, [at.set(Timestamp(milliseconds: 9))])
      _ = try writer.delete(made[24])
    }
    var (found, next) = (first.records, first.next)
    while let after = next {
      let page = try await replica.read { try $0.page(Self.item, RecordFilter(limit: limit, after: after)) }
      #expect(!page.records.isEmpty && page.records.count <= limit)
      (found, next) = (found + page.records, page.next)
    }
    #expect(Set(found.map(\.id)) == Set(made) && found.count == made.count)
    let times = found.map { $0[at]?.milliseconds ?? -1 }
    #expect(times == times.sorted(by: >))
  }
}
