import SeededRandom
import Testing
import UnknotCausality

/// Lists that several writers insert into, compared with plain arrays.
@Suite struct OrderInsertionTests {
  /// An element of a list, as a record stands in it: by its key, then by its id.
  private struct Element: Hashable {
    let id: Int
    var key: String
  }

  private static func sorted(_ elements: [Element]) -> [Element] {
    elements.sorted {
      bytewiseEqual($0.key, $1.key)
        ? $0.id < $1.id : Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8))
    }
  }

  private static func writer(_ number: Int) throws -> ActorID {
    var random = SeededGenerator(seed: UInt64(number) &* 7919)
    return try #require(ActorID(random.bytes(16)))
  }

  /// Inserts into a list that is in order, and gives it back in order.
  private static func insert(
    _ id: Int, at place: Int, into list: [Element], unseen: [Element] = [], by writer: ActorID
  ) throws -> [Element] {
    let insertion = try OrderKey.insertion(
      at: place, among: list.map(\.key), unseen: unseen.map(\.key), by: writer)
    var list = list
    for change in insertion.rekeyed { list[change.place].key = change.key }
    return sorted(list + [Element(id: id, key: insertion.key)])
  }

  @Test(arguments: 0..<20)
  func anElementIsDirectlyWhereItWasPut(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let writers = try (0..<3).map { try Self.writer(Int(seed) * 3 + $0) }
    var list: [Element] = []
    for id in 0..<150 {
      // Often at the same place, as people add one step after the other.
      let place = random.pick(3) == 0 ? random.pick(list.count + 1) : min(list.count, random.pick(3))
      let expected = list.map(\.id)[..<place] + [id] + list.map(\.id)[place...]
      list = try Self.insert(id, at: place, into: list, by: writers[random.pick(3)])
      #expect(list.map(\.id) == Array(expected))
    }
    #expect(Set(list.map(\.key)).count == list.count)
    #expect(list.allSatisfy { OrderKey.isValid($0.key) })
  }

  /// Each of several devices, apart, inserts some elements at one place, in any order among themselves. When they meet,
  /// those of each stand together, as they stood on their device, and between the same neighbours.
  @Test(arguments: 0..<40)
  func whatDevicesInsertAtOnePlaceStaysTogether(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed &+ 1000)
    let writers = try (0..<3).map { try Self.writer(Int(seed) * 3 + $0) }
    var list: [Element] = []
    for id in 0..<random.pick(4) {
      list.append(Element(id: id, key: try OrderKey.inNewList(after: list.last?.key)))
    }
    var next = list.count
    for _ in 0..<8 {
      let place = random.pick(list.count + 1)
      var runs: [[Int]] = []
      var added: [Element] = []
      for writer in writers {
        var own = list
        var run: [Int] = []
        for _ in 0..<random.pick(5) {
          let within = [0, run.count, random.pick(run.count + 1)][random.pick(3)]
          run.insert(next, at: within)
          own = try Self.insert(next, at: place + within, into: own, by: writer)
          next += 1
        }
        let end = place + run.count
        #expect(own.map(\.id) == Array(list.map(\.id)[..<place]) + run + list.map(\.id)[place...])
        runs.append(run)
        added += own[place..<end]
      }
      let before = list
      list = Self.sorted(list + added)
      // Kept in the order in which they now stand.
      runs.sort {
        list.map(\.id).firstIndex(of: $0.first ?? 0) ?? 0 < list.map(\.id).firstIndex(of: $1.first ?? 0) ?? 0
      }
      #expect(
        list.map(\.id) == Array(before.map(\.id)[..<place]) + runs.joined() + before.map(\.id)[place...])
    }
    #expect(Set(list.map(\.key)).count == list.count)
  }

  /// The example that two devices fell over: both insert after one step, and then something goes after the second.
  @Test func afterMeansDirectlyAfter() throws {
    let (phone, laptop) = (try Self.writer(1), try Self.writer(2))
    let routine = [Element(id: 0, key: "a0")]
    let list = Self.sorted(
      Set(
        try Self.insert(1, at: 1, into: routine, by: phone) + Self.insert(2, at: 1, into: routine, by: laptop)
      )
      .map { $0 })
    #expect(Set(list.map(\.key)).count == 3)
    let after = try Self.insert(3, at: 2, into: list, by: phone)
    #expect(after.map(\.id) == [list[0].id, list[1].id, 3, list[2].id])
  }

  /// Thousands at one place: a run costs a few bytes, and others between them little more.
  @Test func manyAtOnePlaceStaySmall() throws {
    let (phone, laptop) = (try Self.writer(1), try Self.writer(2))
    func keys(_ count: Int, _ place: (Int) -> Int, _ writer: (Int) -> ActorID) throws -> [String] {
      var keys = ["a0", "a1"]
      for number in 0..<count {
        let place = place(number)
        // Only the neighbours matter here.
        let insertion = try OrderKey.insertion(
          at: 1, among: Array(keys[place - 1...place]), unseen: [], by: writer(number))
        #expect(insertion.rekeyed.isEmpty)
        keys.insert(insertion.key, at: place)
      }
      return keys
    }
    for run in [try keys(2000, { _ in 1 }, { _ in phone }), try keys(2000, { $0 + 1 }, { _ in phone })] {
      #expect(run.map(\.utf8.count).max() ?? 0 < 24)
    }
    let turns = try keys(600, { $0 / 2 + 1 }, { $0 % 2 == 0 ? phone : laptop })
    #expect(turns.map(\.utf8.count).max() ?? 0 <= 600)
    #expect(
      zip(turns, turns.dropFirst()).allSatisfy {
        Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8))
      })
  }

  /// Keys that a file can bring: equal, missing, malformed, overlong ones.
  @Test(arguments: 0..<60)
  func anyKeysAreMadeRoomBetween(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed &+ 5000)
    let writer = try Self.writer(Int(seed))
    let strange = [
      "", "a0", "a0", "a0", "a1", "!", "~", "zzzz", "A" + String(repeating: "0", count: 26),
      "a0" + String(repeating: "V", count: 900), "a00", "b1", "Zz", "é", String(repeating: "z", count: 1024),
    ]
    var list = Self.sorted(
      (0..<random.pick(9)).map { Element(id: $0, key: strange[random.pick(strange.count)]) })
    for id in 100..<130 {
      let place = random.pick(list.count + 1)
      let expected = Array(list.map(\.id)[..<place]) + [id] + list.map(\.id)[place...]
      list = try Self.insert(id, at: place, into: list, by: writer)
      #expect(list.map(\.id) == expected)
    }
  }

  /// A run of this writer's that a file made up, and that has no room at its end: a new one begins there.
  @Test(arguments: [0, 1]) func aFullRunIsPassedBy(place: Int) throws {
    let writer = try Self.writer(1)
    let first = try OrderKey.insertion(at: 0, among: [], unseen: [], by: writer).key
    #expect(first.hasSuffix("a1"))
    let ends = ["A" + String(repeating: "0", count: 25) + "1", String(repeating: "z", count: 27)]
    var list = [Element(id: 0, key: first.dropLast(2) + ends[place])]
    try #require(OrderKey.isValid(list[0].key))
    for id in 1..<6 {
      let at = place == 0 ? 0 : list.count
      list = try Self.insert(id, at: at, into: list, by: writer)
      #expect(list[at].id == id)
    }
  }

  /// Only what a place needs gets new keys: of a sound list, nothing.
  @Test(arguments: 0..<20)
  func soundNeighboursAreNotTouched(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let writers = try (0..<2).map { try Self.writer($0) }
    var list: [Element] = []
    for id in 0..<60 {
      let place = random.pick(list.count + 1)
      let insertion = try OrderKey.insertion(
        at: place, among: list.map(\.key), unseen: [], by: writers[random.pick(2)])
      #expect(insertion.rekeyed.isEmpty)
      list.insert(Element(id: id, key: insertion.key), at: place)
    }
  }

  /// A removed element may come back: its key is not given to another one.
  @Test func keysOfRemovedElementsAreNotGivenAgain() throws {
    let writer = try Self.writer(1)
    var list = [Element(id: 0, key: "a0")]
    for id in 1..<4 { list = try Self.insert(id, at: id, into: list, by: writer) }
    let removed = list.removeLast()
    list = try Self.insert(4, at: 3, into: list, unseen: [removed], by: writer)
    let restored = Self.sorted(list + [removed])
    #expect(restored.map(\.id) == [0, 1, 2, 4, 3])
    #expect(Set(restored.map(\.key)).count == 5)
  }
}
