import Foundation
import SeededRandom
import SwiftProtobuf
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

@testable import UnknotChangeset

/// Files with branches, forgotten changes, epochs and retired devices, changed in any place and made whole again around
/// the change: compression and checksum are right. A receiver refuses them and stays as it was, or takes them and
/// still holds together.
@Suite struct HostileFileTests {
  let folder: TemporaryFolder
  let file: [UInt8]
  /// Journals that the files meet: an empty one, one that holds one branch, one that holds all but the last changes.
  let journals: [String]

  init() throws {
    folder = try TemporaryFolder()
    let first = folder.path + "/first.sqlite"
    let a = try TestDevice("a", seed: 1, path: first)
    let b = try TestDevice("b", seed: 2, path: folder.path + "/b.sqlite")
    let visit = try a.create("visit", ["at": .time(milliseconds: 5, offsetMinutes: -60), "note": .text("é")])
    let part = try a.create("part", parent: visit, ["size": .integer(-7), "of": .reference(visit)])
    try a.send(to: b, in: folder)
    for number in 0..<4 { try a.edit(visit, ["note": .text("\(number)")]) }
    try a.send(to: b, in: folder)
    try b.edit(part, ["size": .null, "tags/x": .present])
    try b.send(to: a, in: folder)
    _ = try a.store.compact(before: .max, dryRun: false)
    // A twin of `a` goes on as the same actor, and both write.
    let second = folder.path + "/second.sqlite"
    try FileManager.default.copyItem(atPath: first, toPath: second)
    let twin = try TestDevice("a", seed: 3, path: second)
    try twin.edit(visit, ["note": .text("twin")])
    try twin.edit(part, ["raw": .bytes([1, 2, 3]), "of": .reference(part)])
    let halfway = folder.path + "/halfway.sqlite"
    try FileManager.default.copyItem(atPath: second, toPath: halfway)
    try a.edit(visit, ["note": .text("original")])
    try a.delete(part)
    let laptop = try #require(try a.store.read { try $0.devices().first { $0.name == "b" }?.id })
    _ = try a.store.setRetired(laptop, true)
    try twin.send(to: a, in: folder)
    let nearly = folder.path + "/nearly.sqlite"
    try FileManager.default.copyItem(atPath: first, toPath: nearly)
    try a.edit(visit, ["size": .integer(1)])
    let path = try #require(
      try a.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true).file)
    file = Array(try Data(contentsOf: URL(filePath: path)))
    journals = ["", halfway, nearly]
  }

  /// The file with a few bytes of one part changed, made whole again.
  private func changed(_ generator: inout SeededGenerator) throws -> [UInt8] {
    var message = try Unknot_Changeset(serializedBytes: file)
    func change(_ bytes: inout [UInt8]) {
      guard !bytes.isEmpty else { return }
      for _ in 0...Int.random(in: 0...2, using: &generator) {
        let at = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[at] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes[at] &+= 1
        default: bytes[at] = bytes[Int.random(in: bytes.indices, using: &generator)]
        }
      }
    }
    let block = Int.random(in: message.block.indices, using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0:
      var bytes: [UInt8] = try message.header.serializedBytes()
      change(&bytes)
      if let header = try? Unknot_Header(serializedBytes: bytes) { message.header = header }
    case 1:
      let run = Int.random(in: message.block[block].run.indices, using: &generator)
      var bytes: [UInt8] = try message.block[block].run[run].serializedBytes()
      change(&bytes)
      if let changed = try? Unknot_Run(serializedBytes: bytes) { message.block[block].run[run] = changed }
    case 2:
      message.block[block].run.shuffle(using: &generator)
    case 3:
      let run = Int.random(in: message.block[block].run.indices, using: &generator)
      message.block[block].run.remove(at: run)
    default:
      let packed = message.block[block]
      var columns = try inflated(packed)
      change(&columns)
      message.block[block].columns = Data(try Deflate.deflate(columns))
      message.block[block].columnsSize = UInt32(columns.count)
    }
    return try sealed(message)
  }

  private func sealed(_ message: Unknot_Changeset) throws -> [UInt8] {
    var message = message
    message.checksum = Data()
    let bytes: [UInt8] = try message.serializedBytes()
    return bytes + [0x7a, 0x20] + Checksum.sha256(bytes)
  }

  private func receiver(_ journal: String, _ seed: UInt64) throws -> TestDevice {
    guard !journal.isEmpty else { return try TestDevice("receiver", seed: 100 + seed) }
    let path = "\(folder.path)/receiver-\(seed).sqlite"
    try FileManager.default.copyItem(atPath: journal, toPath: path)
    return try TestDevice("receiver", seed: 100 + seed, path: path)
  }

  private func take(_ bytes: [UInt8], _ device: TestDevice, _ seed: UInt64) throws -> ImportResult {
    let path = "\(folder.path)/bad-\(seed).unknot"
    try Data(bytes).write(to: URL(filePath: path))
    return try device.synchronizer.importFiles([.path(path)])
  }

  @Test func theGoodFileIsTakenByAll() throws {
    var digests: Set<[UInt8]> = []
    for (number, journal) in journals.enumerated() {
      let device = try receiver(journal, UInt64(number))
      #expect(try take(file, device, UInt64(number)).changesApplied > 0)
      digests.insert(try device.digest)
    }
    #expect(digests.count == 1)
    let message = try Unknot_Changeset(serializedBytes: file)
    #expect(
      !message.header.branch.isEmpty && message.block.contains { $0.run.contains { !$0.forgotten.isEmpty } })
    #expect(message.header.device.contains { $0.retired })
  }

  /// Counts to which one is added later, and more actors, ids and devices than a journal can pass on.
  @Test(arguments: 0..<13)
  func numbersThatAJournalCouldNotPassOn(which: Int) throws {
    var message = try Unknot_Changeset(serializedBytes: file)
    let last = message.header.device.count - 1
    switch which {
    // The next step on would be one too many for those that are still to take it in.
    case 10: message.header.device[last].retiredRevision = (1 << 20) + 1
    case 11: message.header.device[last].epoch = (1 << 20) + 1
    case 12: message.header.device[last].nameRevision = (1 << 20) + 1
    case 7: message.header.device[last].retiredRevision = 1 << 53
    case 8: message.header.device[last].epoch = 1 << 40
    case 9: message.header.device[last].nameRevision = 1 << 53
    case 0: message.header.device[last].retiredRevision = UInt64(Int64.max)
    case 1: message.header.device[last].epoch = 1 << 54
    case 2: message.header.device[last].nameRevision = UInt64(Int64.max)
    case 3:
      message.header.device[last].actor = Array(repeating: 0, count: message.header.actor.count + 1)
    case 4: message.header.journal += (0..<64).map { Data([UInt8](repeating: UInt8($0), count: 16)) }
    case 5:
      message.header.device += (0..<10_000).map { number in
        var device = Unknot_Device()
        device.id = Data((0..<16).map { UInt8(truncatingIfNeeded: number >> ($0 * 8 % 16)) ^ UInt8($0) })
        device.name = "n"
        return device
      }
    default:
      let block = message.block.firstIndex { $0.run.contains(where: \.movesContext) } ?? 0
      let run = message.block[block].run.firstIndex(where: \.movesContext) ?? 0
      message.block[block].run[run].contextActor = Array(repeating: 1, count: 100_000)
      message.block[block].run[run].contextSeq = Array(repeating: 1, count: 100_000)
    }
    let bytes = try sealed(message)
    #expect(bytes != file)
    for (number, journal) in journals.enumerated() {
      let device = try receiver(journal, UInt64(number))
      let before = try device.store.read { ("\(try $0.entries())", try $0.digest()) }
      #expect(throws: SyncError.self, "journal \(number)") { try take(bytes, device, UInt64(number)) }
      #expect(try device.store.read { ("\(try $0.entries())", try $0.digest()) } == before)
    }
  }

  /// Whatever a series of files counts up to, a journal that knows nothing of it takes the next file, and so does one
  /// that knows the devices from before.
  @Test func whatWasCountedCanBePassedOn() throws {
    let raised = try receiver(journals.last ?? "", 1)
    for count: UInt64 in [1 << 19, (1 << 20) - 1, 1 << 20] {
      var message = try Unknot_Changeset(serializedBytes: file)
      for index in message.header.device.indices {
        message.header.device[index].nameRevision = count
        message.header.device[index].epoch = count
        message.header.device[index].retiredRevision = count
      }
      _ = try take(try sealed(message), raised, count)
    }
    try raised.store.write("rename") { try $0.renameDevice("another") }
    let path = "\(folder.path)/raised.unknot"
    _ = try raised.synchronizer.export(to: .file(path), for: .everyone, full: true)
    for (number, journal) in ([""] + journals).enumerated() {
      let device = try receiver(journal, UInt64(10 + number))
      _ = try device.synchronizer.importFiles([.path(path)])
      #expect(try device.digest == raised.digest, "journal \(number)")
    }
  }

  /// Clocks are written as differences: a few bytes could say that ten thousand devices hold so much of everything.
  @Test func clocksThatAreLargeTogether() throws {
    var message = try Unknot_Changeset(serializedBytes: file)
    let (clocks, actors) = (message.header.base.count + message.header.tip.count, message.header.actor.count)
    for number in 0..<6000 {
      message.header.actor.append(
        Data([255, UInt8(number >> 8), UInt8(number & 255)] + [UInt8](repeating: 7, count: 13)))
      var entry = Unknot_ClockEntry()
      entry.actor = UInt32(actors + number)
      entry.seq = 1
      entry.hash = Data([UInt8](repeating: 1, count: 32))
      message.header.entry.append(entry)
    }
    // Places of those that were there already come first.
    let first = UInt32(clocks + message.header.entry.count - 6000)
    let file = message
    func sent(_ devices: Int) throws -> [UInt8] {
      var message = file
      for number in 0..<devices {
        var device = Unknot_Device()
        device.id = Data([UInt8(number)] + [UInt8](repeating: 9, count: 15))
        device.name = "n"
        if number == 0 { device.clock = (first..<first + 6000).map { $0 } }
        message.header.device.append(device)
      }
      return try sealed(message)
    }
    let device = try receiver("", 1)
    let before = try device.digest
    #expect(throws: SyncError.self) { try take(try sent(90), device, 1) }
    #expect(try device.digest == before)
    #expect(try take(try sent(1), device, 2).changesApplied > 0)
  }

  /// What one file may bring, several may not bring together: the journal could not be sent on.
  @Test(arguments: 0..<3)
  func numbersThatAddUp(which: Int) throws {
    func grown(_ part: Int) throws -> [UInt8] {
      var message = try Unknot_Changeset(serializedBytes: file)
      func id(_ number: Int) -> Data {
        Data([UInt8(part), UInt8(number >> 8), UInt8(number & 255)] + [UInt8](repeating: 7, count: 13))
      }
      switch which {
      case 0: message.header.journal += (0..<40).map(id)
      case 1:
        message.header.device += (0..<6000).map { number in
          var device = Unknot_Device()
          device.id = id(number)
          device.name = "n"
          return device
        }
      default: message.header.actor += (0..<15_000).map(id)
      }
      return try sealed(message)
    }
    let (first, second) = (try grown(1), try grown(2))
    for (number, journal) in journals.enumerated().suffix(1) {
      let device = try receiver(journal, UInt64(number))
      _ = try take(first, device, UInt64(number))
      let before = try device.store.read { ("\(try $0.entries())", try $0.digest()) }
      #expect(throws: SyncError.self, "journal \(number)") { try take(second, device, UInt64(number)) }
      #expect(try device.store.read { ("\(try $0.entries())", try $0.digest()) } == before)
      let sent = try device.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true)
      let another = try receiver("", UInt64(50 + number))
      let taken = try another.synchronizer.importFiles([.path(#require(sent.file))])
      #expect(taken.changesApplied > 0)
    }
  }

  /// A branch is never what a change refers to: whoever took such a change in could not write a file of it.
  @Test func aReferenceToABranchIsRefused() throws {
    let folder = try TemporaryFolder()
    let a = try TestDevice("a", seed: 31, path: folder.path + "/a.sqlite")
    let visit = try a.create("visit", ["of": .null])
    try a.edit(visit, ["of": .reference(visit)])
    let path = try #require(
      try a.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true).file)
    var message = try Unknot_Changeset(serializedBytes: Array(try Data(contentsOf: URL(filePath: path))))
    var branch = Unknot_Branch()
    branch.actor = 1
    branch.root = 0
    branch.depth = 1
    // After the other one: the list is in order.
    message.header.actor.append(Data([UInt8](repeating: 0xff, count: 16)))
    message.header.branch = [branch]
    let packed = message.block[0]
    var columns = try Unknot_Columns(
      serializedBytes: try inflated(packed))
    let column = try #require(columns.values.firstIndex { !$0.referenceActor.isEmpty })
    columns.values[column].referenceActor = Data([1])
    let bytes: [UInt8] = try columns.serializedBytes()
    message.block[0].columns = Data(try Deflate.deflate(bytes))
    message.block[0].columnsSize = UInt32(bytes.count)
    let device = try TestDevice("receiver", seed: 32)
    #expect(throws: SyncError.self) { try take(try sealed(message), device, 1) }
    #expect(try device.clock.isEmpty)
  }

  /// A text that stands once in a file and is chosen by thousands of changes: a few kilobytes for gigabytes.
  @Test func aTextThatEveryChangeHas() throws {
    let a = try TestDevice("a", seed: 41)
    _ = try a.store.write("many") { writer in
      for _ in 0..<4000 {
        _ = try writer.create("visit", parent: nil, ["note": .text("a"), "size": .null].named)
      }
    }
    let path = try #require(
      try a.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true).file)
    var message = try Unknot_Changeset(serializedBytes: Array(try Data(contentsOf: URL(filePath: path))))
    let packed = message.block[0]
    var columns = try Unknot_Columns(
      serializedBytes: try inflated(packed))
    let column = try #require(columns.values.firstIndex { !$0.content.isEmpty })
    columns.values[column].content = Data([UInt8](repeating: 0x61, count: 1 << 19))
    columns.values[column].length = Data([0x80, 0x80, 0x20])
    let bytes: [UInt8] = try columns.serializedBytes()
    message.block[0].columns = Data(try Deflate.deflate(bytes))
    message.block[0].columnsSize = UInt32(bytes.count)
    let device = try TestDevice("receiver", seed: 42)
    let error = #expect(throws: SyncError.self) { try take(try sealed(message), device, 1) }
    guard case .damaged(_, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("larger than the format allows"))
    #expect(try device.clock.isEmpty)
  }

  /// The first length of those by turns may be 0, and no other one.
  @Test func lengthsOfNothing() throws {
    let a = try TestDevice("a", seed: 43)
    _ = try a.create("visit")
    let path = try #require(
      try a.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true).file)
    for begins: [UInt8] in [[0, 0], [0, 0, 1], [0, 0, 0, 1], [1, 0]] {
      var message = try Unknot_Changeset(serializedBytes: Array(try Data(contentsOf: URL(filePath: path))))
      let packed = message.block[0]
      var columns = try Unknot_Columns(
        serializedBytes: try inflated(packed))
      columns.begins = Data(begins)
      let bytes: [UInt8] = try columns.serializedBytes()
      message.block[0].columns = Data(try Deflate.deflate(bytes))
      message.block[0].columnsSize = UInt32(bytes.count)
      let device = try TestDevice("receiver", seed: 44)
      #expect(throws: SyncError.self, "\(begins)") { try take(try sealed(message), device, 1) }
    }
  }

  @Test(arguments: 0..<20)
  func changedAndSealedAgain(group: UInt64) throws {
    var generator = SeededGenerator(seed: group)
    for seed in (group * 25)..<(group * 25 + 25) {
      let bytes = try changed(&generator)
      guard bytes != file else { continue }
      for (number, journal) in journals.enumerated() {
        let number = seed * 8 + UInt64(number)
        let device = try receiver(journal, number)
        defer { try? FileManager.default.removeItem(atPath: "\(folder.path)/receiver-\(number).sqlite") }
        let before = try device.store.read { ("\(try $0.entries())", try $0.digest()) }
        do {
          _ = try take(bytes, device, seed)
        } catch is SyncError {
          let after = try device.store.read { ("\(try $0.entries())", try $0.digest()) }
          #expect(after == before, "seed \(seed)")
          continue
        }
        // What it holds now goes through a file once more and is the same.
        let fresh = try TestDevice("fresh", seed: 10)
        #expect(throws: Never.self, "seed \(seed)") { try device.send(to: fresh, in: folder, full: true) }
        #expect(try fresh.digest == device.digest, "seed \(seed)")
      }
    }
  }
}

private func inflated(_ block: Unknot_Block) throws -> [UInt8] {
  var rest: ArraySlice<UInt8>? = Array(block.columns)[...]
  return try Deflate.inflate(most: Int(block.columnsSize)) {
    defer { rest = nil }
    return rest
  }
}
