import Foundation
import SeededRandom
import SwiftProtobuf
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

@testable import UnknotChangeset

/// What a device holds is news even without changes, and its own word goes before what others say of it.
@Suite struct ClockNewsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Sends to one receiver what it is known to lack.
  @discardableResult
  private func send(_ from: TestDevice, _ to: TestDevice) throws -> ImportResult? {
    let isKnown = try from.store.read { try $0.devices().contains { !$0.isThis && $0.name == to.name } }
    let sent = try from.synchronizer.export(
      to: .folder(folder.path), for: Receiver(device: isKnown ? to.name : nil), full: !isKnown)
    return try sent.file.map { try to.synchronizer.importFiles([.path($0)]) }
  }

  private func held(of name: String, by device: TestDevice) throws -> VectorClock {
    try #require(try device.store.read { try $0.devices().first { $0.name == name }?.clock })
  }

  /// A household of three in which the laptop only reads, and two write: nobody is ever sent what it cannot take.
  @Test func aDeviceThatOnlyReadsIsHeardOf() throws {
    let (phone, tablet) = (try TestDevice("phone", seed: 1), try TestDevice("tablet", seed: 2))
    let laptop = try TestDevice("laptop", seed: 3)
    _ = try phone.create("visit")
    for device in [tablet, laptop] { try send(phone, device) }
    for _ in 0..<5 {
      _ = try phone.create("visit")
      _ = try tablet.create("visit")
      // By way of the phone, and in turn straight from the tablet.
      try send(tablet, phone)
      try send(phone, tablet)
      try send(tablet, laptop)
      try send(laptop, phone)
      #expect(try held(of: "laptop", by: phone) == laptop.clock)
      try send(phone, laptop)
      #expect(try laptop.digest == phone.digest && tablet.digest == phone.digest)
      try send(laptop, tablet)
    }
  }

  @Test func aFileOfNothingButClocksIsWrittenUntilItIsHeardOf() throws {
    let (phone, laptop) = (try TestDevice("phone", seed: 1), try TestDevice("laptop", seed: 2))
    _ = try phone.create("visit")
    try send(phone, laptop)
    let told = try laptop.synchronizer.export(to: .folder(folder.path), for: .everyone, full: false)
    #expect(told.changes == 0 && told.file != nil)
    // It may have been lost: it is told again.
    let again = try laptop.synchronizer.export(to: .folder(folder.path), for: .device("phone"), full: false)
    let taken = try phone.synchronizer.importFiles([.path(try #require(again.file))])
    #expect(taken.changesApplied == 0 && taken.changesKnown == 0)
    #expect(try held(of: "laptop", by: phone) == phone.clock)
    // The phone says once that it has heard; then both are quiet.
    #expect(try send(phone, laptop)?.changesApplied == 0)
    for (sender, name) in [(phone, "laptop"), (laptop, "phone")] {
      for receiver in [name, nil] {
        let nothing = try sender.synchronizer.export(
          to: .folder(folder.path), for: Receiver(device: receiver), full: false)
        #expect(nothing.file == nil)
      }
    }
    _ = try phone.create("visit")
    try send(phone, laptop)
    try send(laptop, phone)
    _ = try phone.create("visit")
    let file = try phone.synchronizer.export(to: .folder(folder.path), for: .device("laptop"), full: false)
    #expect(file.changes == 1)
  }

  /// Whatever they write and in whatever order they send, devices that lose no file come to an end.
  @Test(arguments: 0..<12) func exchangesEnd(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let names = ["phone", "laptop", "tablet", "watch"]
    let devices = try names.enumerated().map { try TestDevice($1, seed: seed * 8 + UInt64($0)) }
    _ = try devices[0].create("visit")
    for device in devices.dropFirst() { try send(devices[0], device) }
    for _ in 0..<12 {
      let device = devices[Int.random(in: 0..<4, using: &generator)]
      if Bool.random(using: &generator) { _ = try device.create("visit") }
      let other = devices[Int.random(in: 0..<4, using: &generator)]
      if other.name != device.name { _ = try? send(device, other) }
    }
    var rounds = 0
    while case let sent = try devices.flatMap({ sender in
      try devices.filter { $0.name != sender.name }.filter { try send(sender, $0) != nil }
    }), !sent.isEmpty {
      rounds += 1
      try #require(rounds < 8)
    }
    #expect(Set(try devices.map { try $0.digest }).count == 1)
  }

  /// The same where all devices read one folder, old files as well, in whatever order.
  @Test(arguments: 0..<8) func aFolderThatIsReadAgainIsNoNews(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let names = ["phone", "laptop", "tablet"]
    let devices = try names.enumerated().map { try TestDevice($1, seed: 500 + seed * 8 + UInt64($0)) }
    _ = try devices[0].create("visit")
    for device in devices.dropFirst() { try send(devices[0], device) }
    func read(_ device: TestDevice) throws {
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".unknot") }.sorted().shuffled(using: &generator)
      _ = try device.synchronizer.importFiles(files.map { .path("\(folder.path)/\($0)") })
    }
    var rounds = 0
    var quiet = 0
    while quiet < 2 {
      rounds += 1
      try #require(rounds < 16)
      var sent = 0
      for device in devices {
        if rounds < 5 { _ = try device.create("visit") }
        let file = try device.synchronizer.export(to: .folder(folder.path), for: .everyone, full: false).file
        sent += file == nil ? 0 : 1
      }
      for device in devices { try read(device) }
      quiet = sent == 0 ? quiet + 1 : 0
    }
    #expect(Set(try devices.map { try $0.digest }).count == 1)
  }

  @Test func aJournalOfNothingHasNothingToTell() throws {
    let device = try TestDevice("phone", seed: 1)
    #expect(try device.synchronizer.export(to: .folder(folder.path), for: .everyone, full: false).file == nil)
    #expect(try device.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true).file == nil)
  }

  // MARK: Hearsay

  /// A file of the tablet's that says of the laptop what is not so.
  private func lie(
    _ tablet: TestDevice, _ change: (inout Unknot_Device, _ clocks: [UInt32]) -> Void
  ) throws -> String {
    let path = try #require(
      try tablet.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true).file)
    var message = try Unknot_Changeset(serializedBytes: Array(try Data(contentsOf: URL(filePath: path))))
    let index = try #require(message.header.device.firstIndex { $0.name == "laptop" })
    // Everything: each entry of the tip, which follow those of the base.
    let first = UInt32(message.header.base.count)
    change(&message.header.device[index], (0..<UInt32(message.header.tip.count)).map { first + $0 })
    for other in message.header.device.indices where other != index {
      message.header.device[other].clock = []
      message.header.device[other].clockWithout = []
    }
    // The clocks are differences to the one before: the laptop comes last.
    message.header.device.swapAt(index, message.header.device.count - 1)
    message.checksum = Data()
    let bytes: [UInt8] = try message.serializedBytes()
    let target = "\(folder.path)/lie-\(UUID().uuidString).unknot"
    try Data(bytes + [0x7a, 0x20] + Checksum.sha256(bytes)).write(to: URL(filePath: target))
    return target
  }

  @Test(arguments: [UInt64(0), 1, 1 << 19]) func aDevicesOwnWordGoesBeforeHearsay(epoch: UInt64) throws {
    let (phone, tablet) = (try TestDevice("phone", seed: 1), try TestDevice("tablet", seed: 2))
    let laptop = try TestDevice("laptop", seed: 3)
    _ = try phone.create("visit")
    try send(phone, laptop)
    try send(laptop, phone)
    _ = try phone.create("visit")
    try send(phone, tablet)
    let file = try lie(tablet) { device, clocks in
      device.epoch = epoch
      device.clock = clocks
    }
    _ = try phone.synchronizer.importFiles([.path(file)])
    // Whatever it does to what the phone believes, one honest file puts it right.
    try send(laptop, phone)
    #expect(try held(of: "laptop", by: phone) == laptop.clock)
    try send(phone, laptop)
    #expect(try laptop.digest == phone.digest)
  }

  @Test func hearsayOfAnotherEpochChangesNothingThatADeviceSaid() throws {
    let (phone, tablet) = (try TestDevice("phone", seed: 1), try TestDevice("tablet", seed: 2))
    let laptop = try TestDevice("laptop", seed: 3)
    _ = try phone.create("visit")
    try send(phone, laptop)
    try send(laptop, phone)
    let said = try held(of: "laptop", by: phone)
    _ = try phone.create("visit")
    try send(phone, tablet)
    let file = try lie(tablet) { device, clocks in
      device.epoch = 7
      device.clock = clocks
    }
    _ = try phone.synchronizer.importFiles([.path(file)])
    #expect(try held(of: "laptop", by: phone) == said)
  }

  /// Of the same epoch it fills what was not said: acknowledgements travel with data.
  @Test func whatOthersHeardFills() throws {
    let (phone, tablet) = (try TestDevice("phone", seed: 1), try TestDevice("tablet", seed: 2))
    let laptop = try TestDevice("laptop", seed: 3)
    _ = try phone.create("visit")
    for device in [laptop, tablet] { try send(phone, device) }
    try send(laptop, phone)
    try send(tablet, phone)
    _ = try phone.create("visit")
    try send(phone, tablet)
    try send(tablet, laptop)
    try send(laptop, tablet)
    try send(tablet, phone)
    #expect(try held(of: "laptop", by: phone) == phone.clock)
    // An old file of the laptop's changes nothing that it said later.
    #expect(
      try phone.synchronizer.export(to: .folder(folder.path), for: .device("laptop"), full: false).changes
        == 0)
  }

  /// A folder is taken in again and again: what a device said long ago takes back nothing that was heard of it since.
  @Test func anOlderWordTakesBackNothingThatWasHeard() throws {
    let (phone, tablet) = (try TestDevice("phone", seed: 1), try TestDevice("tablet", seed: 2))
    let laptop = try TestDevice("laptop", seed: 3)
    _ = try phone.create("visit")
    for device in [laptop, tablet] { try send(phone, device) }
    let old = try laptop.synchronizer.export(to: .folder(folder.path), for: .device("phone"), full: false)
    _ = try phone.synchronizer.importFiles([.path(try #require(old.file))])
    _ = try phone.create("visit")
    try send(phone, laptop)
    try send(laptop, phone)
    try send(tablet, phone)
    _ = try phone.create("visit")
    try send(phone, tablet)
    try send(tablet, laptop)
    try send(laptop, tablet)
    try send(tablet, phone)
    #expect(try held(of: "laptop", by: phone) == phone.clock)
    _ = try phone.synchronizer.importFiles([.path(try #require(old.file))])
    #expect(try held(of: "laptop", by: phone) == phone.clock)
  }

  /// A whole copy is made for whoever: whether a known device ever sees it, nobody knows.
  @Test func aFullFileTellsNobody() throws {
    let (phone, laptop) = (try TestDevice("phone", seed: 1), try TestDevice("laptop", seed: 2))
    _ = try phone.create("visit")
    try send(phone, laptop)
    try send(laptop, phone)
    _ = try phone.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true)
    let told = try phone.synchronizer.export(to: .folder(folder.path), for: .device("laptop"), full: false)
    #expect(told.changes == 0 && told.file != nil)
  }

  /// A file for all holds what any of them may lack, and what a retired device lacks makes none.
  @Test func aFileForAllIsOfWhatAnyMayLack() throws {
    let (phone, tablet) = (try TestDevice("phone", seed: 1), try TestDevice("tablet", seed: 2))
    let laptop = try TestDevice("laptop", seed: 3)
    _ = try phone.create("visit")
    for device in [laptop, tablet] { try send(phone, device) }
    for device in [laptop, tablet] { try send(device, phone) }
    func forAll() throws -> ExportResult {
      try phone.synchronizer.export(to: .folder(folder.path), for: .everyone, full: false)
    }
    for (taking, other) in [(laptop, tablet), (tablet, laptop)] {
      _ = try phone.create("visit")
      try send(phone, taking)
      try send(taking, phone)
      #expect(try forAll().changes == 1)
      try send(phone, other)
      try send(other, phone)
    }
    _ = try phone.create("visit")
    try send(phone, laptop)
    try send(laptop, phone)
    try send(phone, laptop)
    let id = try #require(try phone.store.read { try $0.devices().first { $0.name == "tablet" }?.id })
    #expect(try forAll().changes == 1)
    _ = try phone.store.setRetired(id, true)
    #expect(try forAll().file == nil)
  }

  // MARK: Folders

  @Test func ofAFolderWhatFitsIsTakenAndTheRestNamed() throws {
    let (phone, laptop) = (try TestDevice("phone", seed: 1), try TestDevice("laptop", seed: 2))
    let stranger = try TestDevice("stranger", seed: 3)
    let shared = folder.path + "/shared"
    try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: true)
    _ = try phone.create("visit")
    _ = try phone.synchronizer.export(to: .file(shared + "/a.unknot"), for: .everyone, full: true)
    try send(phone, laptop)
    try send(laptop, phone)
    _ = try phone.create("visit")
    _ = try phone.synchronizer.export(to: .file(shared + "/b.unknot"), for: .device("laptop"), full: false)
    _ = try stranger.create("visit")
    _ = try stranger.synchronizer.export(to: .file(shared + "/c.unknot"), for: .everyone, full: true)
    var damaged = try Data(contentsOf: URL(filePath: shared + "/a.unknot"))
    damaged[damaged.count / 2] ^= 1
    try damaged.write(to: URL(filePath: shared + "/d.unknot"))
    // Starts after what nobody here holds.
    try send(phone, laptop)
    try send(laptop, phone)
    _ = try phone.create("visit")
    _ = try phone.synchronizer.export(to: .file(shared + "/e.unknot"), for: .device("laptop"), full: false)
    try FileManager.default.removeItem(atPath: shared + "/b.unknot")

    let fresh = try TestDevice("fresh", seed: 4)
    let result = try fresh.synchronizer.importFiles([.path(shared)])
    #expect(result.files.map(\.name) == [shared + "/a.unknot"])
    #expect(Set(result.leftOut.map(\.name)) == Set(["c", "d", "e"].map { "\(shared)/\($0).unknot" }))
    #expect(try fresh.clock == VectorClock([phone.store.read { try #require($0.actors().first) }: 1]))
    // Named, it is all of them or nothing.
    let before = try fresh.digest
    #expect(throws: SyncError.self) {
      try fresh.synchronizer.importFiles([.path(shared + "/a.unknot"), .path(shared + "/d.unknot")])
    }
    #expect(try fresh.digest == before)
    // A folder in which nothing fits is an error.
    try FileManager.default.removeItem(atPath: shared + "/a.unknot")
    let empty = try TestDevice("empty", seed: 5)
    try FileManager.default.removeItem(atPath: shared + "/c.unknot")
    #expect(throws: SyncError.self) { try empty.synchronizer.importFiles([.path(shared)]) }
    #expect(try empty.clock.isEmpty)
  }
}
