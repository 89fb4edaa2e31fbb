import SeededRandom
import Testing

@testable import UnknotKit

@Suite struct SearchTests {
  private static let words = ["garden", "Gar", "50%", "a_b", "back\\slash", "stairs", "ql", "low", "x"]

  /// A history of two devices with conflicts, removed records, tags and bouts.
  private func history(_ seed: UInt64) throws -> [Journal] {
    var random = SeededGenerator(seed: seed)
    let household = try Household()
    let devices = [try household.device("phone"), try household.device("laptop")]
    _ = try devices[0].ratePain(5)
    try household.carry(devices[0], devices[1])
    for _ in 0..<30 {
      household.advance(seconds: Int64(random.pick(5000)))
      let journal = devices[random.pick(2)]
      let note = (0..<2).map { _ in Self.words[random.pick(Self.words.count)] }.joined(separator: " ")
      let records = try journal.list("pain") + journal.list("sessions")
      let chosen = random.element(of: records)
      switch (random.pick(6), chosen) {
      case (0, let record?): _ = try journal.edit(record.id, ["note=\(note)"])
      case (1, let record?): _ = try journal.remove([record.id])
      case (2, let record?): _ = try journal.tag(record.id, [random.once(in: 2) ? "garden" : "stairs"])
      case (3, _): try household.exchange(devices[0], devices[1])
      case (4, _):
        _ = try journal.logSession(bouts: [BoutText(random.once(in: 2) ? "ql/left:45s" : "tfl/left:30s")])
      default:
        var entry = PainEntry(score: random.pick(11))
        entry.note = note
        _ = try journal.ratePain(entry)
      }
    }
    return devices
  }

  /// Every text of a record and of what belongs to it.
  private func texts(_ record: JournalRecord) -> [String] {
    record.fields.filter { !["origin", "order", "precision", "source"].contains($0.name) }.flatMap {
      $0.value.keys + [$0.value.text].compactMap { $0 }
    } + record.children.flatMap { texts($0) }
  }

  @Test(arguments: 0..<8) func itFindsWhatAModelFinds(seed: UInt64) throws {
    for journal in try history(seed) {
      let all = try (journal.list("pain") + journal.list("sessions"))
      for word in Self.words + ["PAIN", "session", "nowhere", "%", "_", "\\"] {
        let expected = all.filter { record in
          word.count > 2 && record.type.hasPrefix(word.lowercased())
            || texts(record).contains { $0.lowercased().contains(word.lowercased()) }
        }
        let found = try journal.search(word, limit: 1000).filter { ["pain", "session"].contains($0.type) }
        #expect(
          Set(found.map(\.id)) == Set(expected.map(\.id)), "\(word), seed \(seed): \(found.map { texts($0) })"
        )
        let both = expected.filter { texts($0).contains { $0.lowercased().contains("garden") } }
        let foundBoth = try journal.search("\(word) GARDEN", limit: 1000).filter {
          ["pain", "session"].contains($0.type)
        }
        #expect(Set(foundBoth.map(\.id)) == Set(both.map(\.id)), "\(word) garden, seed \(seed)")
        let few = try journal.search("\(word) garden", kind: "pain", limit: 3)
        #expect(few.count <= 3 && few.allSatisfy { $0.type == "pain" })
      }
    }
  }

  @Test func theNewestComeFirst() throws {
    let household = try Household()
    let journal = try household.device("phone")
    for score in 1...5 {
      var entry = PainEntry(score: score)
      entry.note = "stairs"
      _ = try journal.ratePain(entry)
      household.advance(seconds: 60)
    }
    #expect(try journal.search("stairs", limit: 2).map { $0[.score].rating } == [5, 4])
    #expect(try journal.search("  ", limit: 2).isEmpty && journal.search("stairs", limit: -1).isEmpty)
    #expect(try journal.search("stairs", limit: .max).count == 5)
    _ = try failure(.usage) { try journal.search("stairs", kind: "stairs", limit: 2) }
  }

  @Test func aScoreIsFoundAndRemovedOnesAreApart() throws {
    let household = try Household()
    let journal = try household.device("phone")
    var ids: [String] = []
    for score in [1, 10, 5, 1] {
      ids.append(contentsOf: try journal.ratePain(score).records.map(\.id))
      household.advance(seconds: 60)
    }
    #expect(try journal.search("pain 1", limit: 9).map { $0[.score].rating } == [1, 1])
    #expect(try journal.search("pain 10 low", limit: 9).count == 1)
    var filter = ListFilter()
    filter.isOfRemoved = true
    #expect(try journal.list("pain", filter).isEmpty)
    _ = try journal.remove([ids[1]])
    #expect(try journal.list("pain", filter).map(\.id) == [ids[1]])
    #expect(try journal.list("bouts", filter).isEmpty && journal.search("10", limit: 9).isEmpty)
    // What belongs to a removed record went with it.
    let session = try journal.logSession(bouts: [BoutText("ql/left:45s")], before: 6).records[0].id
    #expect(try journal.search("pain 6", limit: 9).count == 1)
    _ = try journal.remove([session])
    #expect(try journal.search("pain 6", limit: 9).isEmpty && journal.search("ql", limit: 9).isEmpty)
  }

  /// One state, whoever writes meanwhile; and nothing but reading.
  @Test func aSnapshotIsOneState() throws {
    let household = try Household()
    let journal = try household.device("phone")
    _ = try journal.ratePain(5)
    var kept: Journal?
    let counts = try journal.snapshot { snapshot in
      kept = snapshot
      _ = try failure(.failed) { try snapshot.ratePain(3) }
      _ = try failure(.failed) { try snapshot.views() }
      return try snapshot.snapshot {
        [try $0.list("pain").count, try snapshot.quality(FigureRange()).ratings]
      }
    }
    #expect(counts == [1, 1])
    _ = try failure(.failed) { try kept?.list("pain") }
    _ = try journal.ratePain(4)
    #expect(try journal.list("pain").count == 2)
  }

  /// The published examples of proquints: 127.0.0.1 and 63.84.220.193.
  @Test func aDigestCanBeReadOut() {
    let digest = StateDigest(digest: "7f0000013f54dcc1" + String(repeating: "0", count: 48), clock: [])
    #expect(digest.words == ["lusab", "babad", "gutih", "tugad"])
  }
}
