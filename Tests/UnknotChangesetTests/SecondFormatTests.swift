import Crypto
import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotChangeset

/// What the format's second version has beyond the first: kinds, keys, padding and seals.
@Suite struct SecondFormatTests {
  private let actor = ActorID([UInt8](repeating: 1, count: 16))!
  private let hash = ChangeHash([UInt8](repeating: 2, count: 32))!
  private let key = try! Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 7, count: 32))

  private func header(_ kind: ChangesetKind, changes: UInt64 = 0) -> ChangesetHeader {
    let tip = changes == 0 ? [] : [ClockEntry(Dot(actor, changes), hash)]
    let keys = DeviceKeys(
      signer: Array(key.publicKey.rawRepresentation), recipient: [UInt8](repeating: 3, count: 32), epoch: 2,
      certificate: [UInt8](repeating: 4, count: 64))
    return ChangesetHeader(
      journalIDs: [[UInt8](repeating: 9, count: 16)], writer: [UInt8](repeating: 8, count: 16), base: [],
      tip: tip,
      devices: [
        DeviceState(
          id: [UInt8](repeating: 8, count: 16), name: "phone", nameRevision: 0, actors: [actor], clock: tip,
          keys: keys),
        DeviceState(
          id: [UInt8](repeating: 10, count: 16), name: "lost", nameRevision: 1, actors: [], clock: [],
          lostEpoch: 2),
      ], changeCount: changes, extraActors: [], kind: kind, keyEpoch: 2,
      secrets: kind == .keys ? [EpochSecret(epoch: 1, identity: [UInt8](repeating: 11, count: 32))] : [])
  }

  private func write(
    _ header: ChangesetHeader, padded: @escaping (UInt64) -> UInt64 = { $0 }
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let seal = ChangesetWriter.Seal(
      signer: Array(key.publicKey.rawRepresentation), sign: { Array(try key.signature(for: $0)) },
      padded: padded)
    var writer = try ChangesetWriter(header, seal: seal) { bytes += $0 }
    let changes = (0..<header.changeCount).map { number in
      Change(
        dot: Dot(actor, number + 1), shape: Shape(.create, table: "t", fields: [FieldName("f")]),
        subject: nil, recordedAt: 5, beginsOperation: true, body: Body.encode([.integer(Int64(number))]))
    }
    try writer.append(ChangeRun(context: nil, changes: changes), follows: nil)
    try writer.finish()
    return bytes
  }

  private func read(_ bytes: [UInt8]) throws -> ChangesetReader {
    var rest = bytes[...]
    let reader = try ChangesetReader { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    try reader.verify()
    return reader
  }

  @Test(arguments: [ChangesetKind.changes, .snapshot, .note, .keys])
  func whatWasWrittenIsRead(kind: ChangesetKind) throws {
    let header = header(kind, changes: kind == .changes || kind == .snapshot ? 20 : 0)
    let reader = try read(write(header))
    #expect(reader.header == header)
    #expect(reader.formatVersion == 2)
    #expect(reader.seal?.signer == Array(key.publicKey.rawRepresentation))
  }

  /// Every size: also those that no length of the padding makes.
  @Test func itHasTheSizeThatItIsPaddedTo() throws {
    let header = header(.changes, changes: 3)
    let least = try write(header).count
    for more in Array(0...300) + [16_384, 16_385, 16_386, 16_387, 16_388, 16_389, 100_000, 3_000_000] {
      let bytes = try write(header) { $0 <= UInt64(least + more) ? UInt64(least + more) : $0 }
      let isMade = more == 0 || more > 2 && more != 130 && more != 16_387
      #expect(bytes.count == least + more || !isMade && bytes.count > least + more, "\(more)")
      #expect(try read(bytes).header == header)
    }
  }

  /// Nothing of a file can be altered without the signature, and nothing of it is left out.
  @Test func nothingElseIsRead() throws {
    let bytes = try write(header(.changes, changes: 3)) { max($0, 4096) }
    var generator = SeededGenerator(seed: 3)
    for place in bytes.indices {
      var altered = bytes
      altered[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      // With a checksum that agrees.
      altered.removeLast(32)
      altered += Array(SHA256.hash(data: altered.dropLast(2)))
      if altered == bytes { continue }
      #expect(throws: (any Error).self, "byte \(place)") { try read(altered) }
    }
    // Without a seal, padding has nothing in it all the same.
    var filled = Array(bytes.dropLast(34 + 102))
    filled[filled.count - 1] = 1
    filled += [122, 32] + Array(SHA256.hash(data: filled))
    #expect(throws: ChangesetError.unwritten) { try read(filled) }
    // The seal taken away: a reader says that there is none.
    var stripped = Array(bytes.dropLast(34 + 102))
    stripped += [122, 32] + Array(SHA256.hash(data: stripped))
    #expect(try read(stripped).seal == nil)
  }

  @Test func theFirstVersionHasNoneOfIt() throws {
    var bytes = try write(header(.note))
    #expect(Array(bytes[8..<10]) == [16, 2])
    bytes[9] = 1
    bytes.removeLast(32)
    bytes += Array(SHA256.hash(data: bytes.dropLast(2)))
    #expect(throws: ChangesetError.unwritten) { try read(bytes) }
  }

  @Test func whatIsMalformedIsNeitherWrittenNorRead() throws {
    let changes: [(inout ChangesetHeader) -> Void] = [
      { $0.kind = .note }, { $0.kind = .keys },
      { $0.secrets = [EpochSecret(epoch: 1, identity: [UInt8](repeating: 0, count: 32))] },
      { $0.devices[0].keys?.signer.removeLast() }, { $0.devices[0].keys?.recipient = [] },
      { $0.devices[0].keys?.certificate.append(0) }, { $0.devices[0].keys?.epoch = 0 },
      { $0.devices[0].lostEpoch = 1 << 21 }, { $0.keyEpoch = 1 << 21 },
      {
        $0.kind = .snapshot
        $0.base = [$0.tip[0]]
        $0.changeCount = 0
      },
    ]
    for change in changes {
      var header = header(.changes, changes: 3)
      change(&header)
      #expect(throws: ChangesetError.self) { try write(header) }
    }
    for change: (inout ChangesetHeader) -> Void in [
      { $0.secrets.append($0.secrets[0]) },
      { $0.secrets = [EpochSecret(epoch: 0, identity: $0.secrets[0].identity)] },
      { $0.secrets = [EpochSecret(epoch: 1, identity: [])] },
    ] {
      var header = header(.keys)
      change(&header)
      #expect(throws: ChangesetError.self) { try write(header) }
    }
  }
}
