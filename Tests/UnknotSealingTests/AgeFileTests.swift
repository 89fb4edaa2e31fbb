import Foundation
import SeededRandom
import TestSupport
import Testing

@testable import UnknotSealing

/// What this program seals, it opens again; and nothing that is not exactly that.
@Suite struct AgeFileTests {
  private final class Chance {
    var generator: SeededGenerator
    init(_ seed: UInt64) { generator = SeededGenerator(seed: seed) }
    func bytes(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
  }

  private func sealed(_ bytes: [UInt8], for target: AgeTarget, pieces: Int = .max, _ chance: Chance) throws
    -> [UInt8]
  {
    let file = Collected()
    var writer = try AgeWriter(for: [target], randomBytes: chance.bytes) { file.bytes += $0 }
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(pieces)
      try writer.write(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    try writer.finish()
    return file.bytes
  }

  private final class Collected { var bytes: [UInt8] = [] }

  private func opened(_ file: [UInt8], _ keys: [AgeKey], pieces: Int = .max) throws -> [UInt8] {
    var rest = file[...]
    var reader = try AgeReader(
      { count in
        let piece = rest.prefix(min(count, pieces))
        rest = rest.dropFirst(piece.count)
        return Array(piece)
      }, keys: keys)
    var bytes: [UInt8] = []
    while let chunk = try reader.next() { bytes += chunk }
    return bytes
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
  func whatIsSealedIsOpened(count: Int) throws {
    let chance = Chance(UInt64(count))
    let identity = try #require(AgeIdentity(chance.bytes(32)))
    let bytes = chance.bytes(count)
    let file = try sealed(bytes, for: .recipient(identity.recipient), pieces: 1000, chance)
    #expect(file.count == count + 184 + max(1, (count + 65_535) / 65_536) * 16)
    #expect(try opened(file, [.identity(identity)], pieces: 777) == bytes)
    let other = try #require(AgeIdentity(chance.bytes(32)))
    #expect(throws: AgeError.noKeyMatches) { try opened(file, [.identity(other)]) }
    #expect(throws: AgeError.noKeyMatches) { try opened(file, []) }
    #expect(try opened(file, [.identity(other), .passphrase("no"), .identity(identity)]) == bytes)
  }

  @Test func aPassphrase() throws {
    let chance = Chance(3)
    let file = try sealed([1, 2, 3], for: .passphrase("ABCDE-FGHJK-MNPQR", workFactor: 10), chance)
    #expect(try opened(file, [.passphrase("ABCDE-FGHJK-MNPQR")]) == [1, 2, 3])
    #expect(throws: AgeError.noKeyMatches) { try opened(file, [.passphrase("ABCDE-FGHJK-MNPQS")]) }
    #expect(throws: AgeError.passphraseNeeded) { try opened(file, []) }
    #expect(throws: AgeError.malformedHeader("it asks for more work than is sensible")) {
      try opened(file, [.passphrase("ABCDE-FGHJK-MNPQR", largestWorkFactor: 9)])
    }
  }

  @Test func forSeveral() throws {
    let chance = Chance(9)
    let identities = try (0..<3).map { _ in try #require(AgeIdentity(chance.bytes(32))) }
    let file = Collected()
    var writer = try AgeWriter(
      for: identities.map { .recipient($0.recipient) }, randomBytes: chance.bytes
    ) { file.bytes += $0 }
    try writer.write([1, 2, 3])
    try writer.finish()
    for identity in identities { #expect(try opened(file.bytes, [.identity(identity)]) == [1, 2, 3]) }
  }

  /// Every byte of the header, and some of the rest; every end in the header and around every chunk.
  @Test func nothingElseIsOpened() throws {
    let chance = Chance(4)
    let identity = try #require(AgeIdentity(chance.bytes(32)))
    let bytes = chance.bytes(140_000)
    let file = try sealed(bytes, for: .recipient(identity.recipient), chance)
    let places = Array(0..<260) + stride(from: 260, to: file.count, by: 9973) + (file.count - 40..<file.count)
    for place in places {
      var altered = file
      altered[place] ^= 1 << UInt8.random(in: 0...7, using: &chance.generator)
      #expect(throws: AgeError.self, "byte \(place)") { try opened(altered, [.identity(identity)]) }
      #expect(throws: AgeError.self, "cut at \(place)") {
        try opened(Array(file.prefix(place)), [.identity(identity)])
      }
    }
    let header = file.count - bytes.count - 3 * 16
    for chunks in 1...2 {
      let end = header + chunks * (65_536 + 16)
      #expect(throws: AgeError.incomplete) { try opened(Array(file.prefix(end)), [.identity(identity)]) }
    }
    #expect(throws: AgeError.self) { try opened(file + [0], [.identity(identity)]) }
    // The header of one file before the chunks of another.
    let other = try sealed(bytes, for: .recipient(identity.recipient), chance)
    #expect(throws: AgeError.payloadNotAuthentic(chunk: 0)) {
      try opened(Array(file.prefix(header)) + other.dropFirst(header), [.identity(identity)])
    }
    // Chunks in another order.
    let (first, second) = (header..<header + 65_552, header + 65_552..<header + 2 * 65_552)
    #expect(throws: AgeError.payloadNotAuthentic(chunk: 0)) {
      try opened(
        [file[..<header], file[second], file[first], file[second.upperBound...]].flatMap { $0 },
        [.identity(identity)])
    }
  }

  @Test func keysAsText() throws {
    let chance = Chance(5)
    for _ in 0..<100 {
      let identity = try #require(AgeIdentity(chance.bytes(32)))
      #expect(identity.text.utf8.count == 74)
      #expect(AgeIdentity(identity.text) == identity)
      #expect(AgeIdentity(identity.text.lowercased()) == identity)
      #expect(AgeRecipient(identity.recipient.text) == identity.recipient)
      #expect(AgeRecipient(identity.text) == nil)
      var mistyped = Array(identity.text)
      let place = Int.random(in: 16..<74, using: &chance.generator)
      mistyped[place] = mistyped[place] == "Q" ? "P" : "Q"
      #expect(AgeIdentity(String(mistyped)) == nil)
      mistyped.swapAt(20, 21)
      #expect(AgeIdentity(String(mistyped)) == nil)
    }
    #expect(AgeIdentity("") == nil)
    #expect(AgeIdentity("AGE-SECRET-KEY-1") == nil)
    #expect(AgeIdentity([1, 2, 3]) == nil)
  }

  /// Debian's `age`, where it is there: it opens what is sealed here, and the other way round.
  @Test(
    .enabled(if: age != nil, "without age"), arguments: [0, 1, 65_536, 100_000])
  func withTheOtherProgram(count: Int) throws {
    let folder = try TemporaryFolder()
    let chance = Chance(UInt64(6 + count))
    let identity = try #require(AgeIdentity(chance.bytes(32)))
    let bytes = chance.bytes(count)
    let path = { (name: String) in "\(folder.path)/\(name)" }
    try Data(identity.text.utf8).write(to: URL(fileURLWithPath: path("key")))
    try Data(sealed(bytes, for: .recipient(identity.recipient), chance)).write(
      to: URL(fileURLWithPath: path("a.age")))
    try run(["-d", "-i", path("key"), "-o", path("a"), path("a.age")])
    // It writes no file where nothing was in it.
    #expect((try? Data(contentsOf: URL(fileURLWithPath: path("a")))).map { Array($0) } ?? [] == bytes)
    try Data(bytes).write(to: URL(fileURLWithPath: path("b")))
    for options in [[], ["-a"]] {
      try? FileManager.default.removeItem(atPath: path("b.age"))
      try run(["-r", identity.recipient.text] + options + ["-o", path("b.age"), path("b")])
      let file = Array(try Data(contentsOf: URL(fileURLWithPath: path("b.age"))))
      #expect(AgeReader.isStart(file))
      #expect(try opened(file, [.identity(identity)], pieces: 100) == bytes)
    }
  }

  private static let age = ["/usr/bin/age", "/usr/local/bin/age"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private func run(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.age))
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
