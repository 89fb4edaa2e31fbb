import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality
import UnknotChangeset
import UnknotEngine
import UnknotStorage

/// Files that are not what a writer wrote: each is refused, and the journal's file stays the same to the byte.
@Suite struct BadFileTests {
  let folder: TemporaryFolder
  let receiver: TestDevice
  let journal: String
  /// A good file, with several shapes, values of every kind, two actors and contexts.
  let file: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    let a = try TestDevice("a", seed: 1)
    let b = try TestDevice("b", seed: 2)
    let visit = try a.create(
      "visit", ["at": .time(milliseconds: 5, offsetMinutes: -60), "note": .text("é"), "tags/x": .present])
    try a.send(to: b, in: folder)
    let part = try b.create(
      "part", parent: visit, ["size": .integer(-7), "raw": .bytes([0, 255]), "of": .reference(visit)])
    try b.edit(part, ["size": .null])
    try a.edit(visit, ["note": .text("other")])
    try b.send(to: a, in: folder)
    try a.delete(visit)
    let path = try #require(
      try a.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true).file)
    file = Array(try Data(contentsOf: URL(filePath: path)))
    journal = folder.path + "/receiver.sqlite"
    receiver = try TestDevice("receiver", seed: 3, path: journal)
    try receiver.makeFile()
  }

  private func importing(_ bytes: [UInt8]) throws -> ImportResult {
    let path = folder.path + "/bad.unknot"
    try Data(bytes).write(to: URL(filePath: path))
    return try receiver.synchronizer.importFiles([.path(path)])
  }

  private func expectRefused(_ bytes: [UInt8], _ comment: Comment) throws {
    let before = try Data(contentsOf: URL(filePath: journal))
    #expect(throws: SyncError.self, comment) { try importing(bytes) }
    #expect(try Data(contentsOf: URL(filePath: journal)) == before, comment)
  }

  @Test func theGoodFileIsTaken() throws {
    #expect(try importing(file).changesApplied == 5)
    #expect(try receiver.store.read { try $0.conflictKeys().count } == 0)
  }

  @Test func truncatedAtEveryByte() throws {
    for length in 0..<file.count { try expectRefused(Array(file[..<length]), "cut to \(length) bytes") }
  }

  @Test func everyBitFlipped() throws {
    for index in file.indices {
      for bit in index < 64 ? Array(0..<8) : [index % 8] {
        var bytes = file
        bytes[index] ^= 1 << UInt8(bit)
        try expectRefused(bytes, "bit \(bit) of byte \(index)")
      }
    }
  }

  @Test func appendedAndRandomBytes() throws {
    var generator = SeededGenerator(seed: 5)
    try expectRefused(file + [0], "one byte more")
    try expectRefused(file + file, "twice")
    for length in [1, 7, 100, 5000] {
      let random = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      try expectRefused(random, "\(length) random bytes")
      try expectRefused(Array(file[..<20]) + random, "a header and \(length) random bytes")
    }
    // Lengths that no memory holds.
    try expectRefused(Array(file[..<10]) + [0x1a, 0xff, 0xff, 0xff, 0xff, 0x7f], "a header of 32 GB")
  }

  /// Mistakes that a checksum does not catch: the file is made whole again around them.
  @Test(arguments: 0..<300)
  func flippedAndSealedAgain(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var bytes = Array(file.dropLast(34))
    for _ in 0...Int.random(in: 0...2, using: &generator) {
      bytes[Int.random(in: 10..<bytes.count, using: &generator)] = UInt8.random(
        in: 0...255, using: &generator)
    }
    bytes += [0x7a, 0x20] + Checksum.sha256(bytes)
    let before = try receiver.digest
    do {
      _ = try importing(bytes)
      // A change of a value or a name is another file, not a damaged one; its state must still hold together.
      _ = try receiver.digest
    } catch is SyncError {
      #expect(try receiver.digest == before, "seed \(seed)")
    }
  }

  @Test func aNewerFormatIsNamed() throws {
    var bytes = file
    #expect(bytes[8] == 0x10 && bytes[9] == 2)
    bytes[9] = 9
    let error = #expect(throws: SyncError.self) { try importing(bytes) }
    guard case .newerFormat(_, let version, let supported) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(version == 9 && supported == 2)
  }

  /// What a file would add to the journal is counted as it comes, whatever its own size is.
  @Test func aFileThatAddsTooMuchIsRefused() throws {
    let a = try TestDevice("a", seed: 21)
    _ = try a.store.write("many") { writer in
      for _ in 0..<40 {
        let note = Value.text(String(repeating: "a", count: 1 << 18))
        _ = try writer.create("visit", parent: nil, ["note": note].named)
      }
    }
    let sent = try a.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true)
    let file = try #require(sent.file)
    #expect(sent.bytes < 100_000)
    let b = try TestDevice("b", seed: 22)
    let error = #expect(throws: SyncError.self) {
      try b.synchronizer.importFiles([.path(file)], MergeOptions(growthLimit: 8 << 20))
    }
    guard case .tooLarge(_, let limit) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(limit == 8 << 20)
    #expect(try b.clock.isEmpty)
    // Of a folder it is left out, and the rest is taken.
    let shared = folder.path + "/shared"
    try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: file, toPath: shared + "/large.unknot")
    _ = try b.create("visit")
    _ = try b.synchronizer.export(to: .file(shared + "/small.unknot"), for: .everyone, full: true)
    let c = try TestDevice("c", seed: 23)
    let result = try c.synchronizer.importFiles(
      [.path(shared)], MergeOptions(joins: true, growthLimit: 8 << 20))
    #expect(result.files.map(\.name) == [shared + "/small.unknot"])
    #expect(result.leftOut.map(\.name) == [shared + "/large.unknot"])
    #expect(try c.digest == b.digest)
    _ = try c.synchronizer.importFiles([.path(file)], MergeOptions(joins: true, growthLimit: nil))
    #expect(try c.store.read { $0.clock }.changeCount(beyond: VectorClock()) == 41)
  }

  /// Not the values alone: contexts, entries and indexes are on the disk as well.
  @Test func whatALimitCountsIsWhatTheJournalTakes() throws {
    let path = folder.path + "/grown.sqlite"
    let b = try TestDevice("b", seed: 22, path: path)
    try b.makeFile()
    func size() throws -> UInt64 {
      let number = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
      return try #require(number).uint64Value
    }
    let before = try size()
    let a = try TestDevice("a", seed: 21)
    // Every change has seen another one of the others: the values are the least of it.
    let others = try (0..<20).map { try TestDevice("other \($0)", seed: 100 + UInt64($0)) }
    let record = try a.create("visit", ["note": .text("n")])
    for other in others { try a.send(to: other, in: folder, full: true) }
    for round in 0..<10 {
      for other in others {
        try other.edit(record, ["size": .integer(Int64(round))])
        try other.send(to: a, in: folder)
        try a.edit(record, ["size": .integer(Int64(-round - 1))])
      }
    }
    let sent = try a.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true)
    let file = try #require(sent.file)
    _ = try b.synchronizer.importFiles([.path(file)], MergeOptions(growthLimit: nil))
    let growth = try size() - before
    let c = try TestDevice("c", seed: 23, path: folder.path + "/c.sqlite")
    #expect(throws: SyncError.self) {
      try c.synchronizer.importFiles([.path(file)], MergeOptions(growthLimit: growth / 2))
    }
    #expect(try c.clock.isEmpty)
    _ = try c.synchronizer.importFiles([.path(file)], MergeOptions(growthLimit: growth + (1 << 16)))
    #expect(try c.digest == b.digest)
  }

  @Test func foldersOfNothingAndPathsToNothing() throws {
    #expect(
      try receiver.synchronizer.importFiles([.path(folder.path + "/")], MergeOptions(isDryRun: true)).files
        .count
        >= 2)
    let empty = folder.path + "/empty"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    #expect(try receiver.synchronizer.importFiles([.path(empty)]).files.isEmpty)
    #expect(throws: SyncError.self) {
      try receiver.synchronizer.importFiles([.path(folder.path + "/none.unknot")])
    }
    #expect(throws: SyncError.self) {
      try receiver.synchronizer.importFiles([.path("/dev/zero")])
    }
  }

  @Test func exportsReplaceNothing() throws {
    _ = try importing(file)
    let target = folder.path + "/taken.unknot"
    try Data("mine".utf8).write(to: URL(filePath: target))
    #expect(throws: SyncError.self) {
      try receiver.synchronizer.export(to: .file(target), for: .everyone, full: true)
    }
    let link = folder.path + "/link.unknot"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path + "/elsewhere")
    #expect(throws: SyncError.self) {
      try receiver.synchronizer.export(to: .file(link), for: .everyone, full: true)
    }
    #expect(try Data(contentsOf: URL(filePath: target)) == Data("mine".utf8))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/elsewhere"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!names.contains { $0.hasSuffix(".tmp") })
  }

  /// Blocks are cut at 4,096 changes; what is held is passed over.
  @Test func manyChangesGoThroughInBlocks() throws {
    let a = try TestDevice("a", seed: 11)
    _ = try a.store.write("many") { writer in
      for number in 0..<10_000 {
        _ = try writer.create(
          "visit", parent: nil, ["note": .text("n\(number)"), "size": .integer(Int64(number))].named)
      }
    }
    let b = try TestDevice("b", seed: 12)
    try a.send(to: b, in: folder, full: true)
    #expect(try a.digest == b.digest)
    _ = try a.create("visit")
    let again = try #require(try a.send(to: b, in: folder, full: true))
    #expect(again.changesApplied == 1 && again.changesKnown == 10_000)
    #expect(try a.digest == b.digest)
  }
}
