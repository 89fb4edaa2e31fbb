import Foundation
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotEngine
@testable import UnknotStorage

/// Which files stay in a folder: few, and enough for whoever comes.
extension FolderTests {
  /// No note is answered by a note.
  @Test func idleDevicesWriteNothing() throws {
    let all = try devices(3)
    for device in all { try device.log() }
    try exchange(all)
    for device in all { device.pass(days: 2) }
    try exchange(all)
    let names = try Set(all[0].names)
    for _ in 0..<24 {
      for device in all {
        device.environment.clock.advance(seconds: 3600)
        #expect(try device.round().written.isEmpty)
      }
    }
    #expect(try Set(all[0].names).isSubset(of: names))
  }

  /// Files stay few, whoever comes has everything, and a device that was off for months comes to the same.
  @Test func monthsLeaveFewFiles() throws {
    let all = try devices(3)
    let absent = try SharingDevice("absent", in: folder.path, seed: 50, folder: all[0].folder)
    try exchange(all + [absent])
    try absent.log()
    try exchange(all + [absent])
    var most = 0
    for day in 0..<150 {
      for (index, device) in all.enumerated() {
        device.pass()
        if (day + index).isMultiple(of: 2) { try device.log() }
        try device.round()
      }
      most = max(most, try all[0].names.count)
    }
    #expect(most <= 4 * 17 + 3)
    absent.pass(days: 150)
    try absent.round()
    try exchange(all)
    try absent.round()
    #expect(try absent.digest == all[0].digest)
    let newcomer = try SharingDevice("newcomer", in: folder.path, seed: 77, folder: all[0].folder)
    try newcomer.round()
    #expect(try newcomer.digest == all[0].digest)
  }

  /// What another device has tidied away is not missed, also where this one has something to write.
  @Test func whatIsTidiedIsNotMissed() throws {
    let all = try devices(2)
    for _ in 0..<20 {
      try all[1].log()
      try all[1].round()
    }
    try all[0].round()
    for day in 0..<20 {
      for device in all.reversed() {
        device.pass()
        if day % 3 == 0 { try device.log() }
        #expect(try device.round().missing == 0, "day \(day), \(device.name)")
      }
    }
    // What nobody is known to hold yet is.
    try all[0].log()
    let written = try all[0].round().written
    for name in written { try FileManager.default.removeItem(atPath: "\(all[0].folder)/\(name)") }
    #expect(try !written.isEmpty && all[0].round().missing > 0)
  }

  /// What replaces something has to be seen by others first, and whoever comes by seldom still finds what it knows.
  @Test func whatIsReplacedStaysForAWhile() throws {
    let device = try devices(2)[0]
    for _ in 0..<20 {
      try device.log()
      try device.round()
    }
    let (first, count) = (try Set(device.names), try device.names.count)
    #expect(count > 20)
    for day in 1...13 {
      device.pass()
      #expect(try device.round().removed == 0, "day \(day)")
    }
    for _ in 0..<14 {
      device.pass()
      let before = try device.names.count
      let removed = try device.round().removed
      #expect(removed <= max(1, before / 4))
    }
    #expect(try device.names.count < 8)
    #expect(try !first.isSubset(of: device.names))
    let newcomer = try SharingDevice("newcomer", in: folder.path, seed: 77, folder: device.folder)
    try newcomer.round()
    #expect(try newcomer.digest == device.digest)
  }

  @Test func tidyingDoesNotWait() throws {
    let device = try devices(2)[0]
    for _ in 0..<20 {
      try device.log()
      try device.round()
    }
    // Carriers take more than a quarter in a day for an accident.
    for _ in 0..<8 {
      let before = try device.names.count
      let removed = try device.round(tidies: true).removed
      #expect(removed <= max(1, before / 4))
      device.pass()
    }
    #expect(try device.names.count < 6)
    let newcomer = try SharingDevice("newcomer", in: folder.path, seed: 77, folder: device.folder)
    try newcomer.round()
    #expect(try newcomer.digest == device.digest)
  }

  /// What was acknowledged is not where a file starts: it would become longer with every day.
  @Test func aSilentDeviceCostsNothing() throws {
    let all = try devices(3)
    try exchange(all)
    for _ in 0..<10 {
      try all[0].log()
      let written = try all[0].round().written
      let changes = try all[0].replica.folderFiles().filter { written.contains($0.name) }.map(\.changes)
      #expect(changes == [1])
      all[0].pass()
      all[1].pass()
      try all[1].round()
    }
  }

  @Test func whatACarrierBringsBackGoesAgain() throws {
    let device = try devices(2)[0]
    for _ in 0..<20 {
      try device.log()
      try device.round()
    }
    let before = try Dictionary(
      uniqueKeysWithValues: device.names.map {
        ($0, try Data(contentsOf: URL(filePath: "\(device.folder)/\($0)")))
      })
    try device.round(tidies: true)
    let left = try Set(device.names)
    for (name, bytes) in before where !left.contains(name) {
      try bytes.write(to: URL(filePath: "\(device.folder)/\(name)"))
    }
    try device.round()
    #expect(try Set(device.names) != left)
    for _ in 0..<20 {
      device.pass()
      try device.round()
    }
    #expect(try Set(device.names).isSubset(of: left))
  }

  /// Of two files that say the same, two devices do not each take the other's for the one that stays.
  @Test func oneOfTwoSnapshotsStays() throws {
    let all = try devices(2, shared: false)
    let files = try (0..<2).map { index in
      let file = try all[index].replica.export(to: .folder(folder.path), for: .everyone, full: true).file
      return try Data(contentsOf: URL(filePath: #require(file)))
    }
    // Each finds its own first, and that of the other some days later.
    for (index, device) in all.enumerated() {
      try files[index].write(to: URL(filePath: "\(device.folder)/whole\(index).unknot"))
      try device.round()
      device.pass(days: 4)
      try files[1 - index].write(to: URL(filePath: "\(device.folder)/whole\(1 - index).unknot"))
    }
    // Of its own files, the newest one stays in any case.
    for device in all { try device.log() }
    for _ in 0..<40 {
      for device in all {
        device.pass()
        try device.round()
      }
    }
    let left = try all.map { device in try Set(device.names.filter { $0.hasPrefix("whole") }) }
    #expect(left[0].intersection(left[1]).count == 1, "\(left)")
  }

  @Test func whatWasDamagedOfItsOwnGoes() throws {
    let device = try devices(1)[0]
    try device.round()
    let name = try #require(device.names.first)
    try Data("half".utf8).write(to: URL(filePath: "\(device.folder)/\(name)"))
    for _ in 0..<4 {
      try device.round()
      device.pass()
    }
    #expect(try !device.names.contains(name))
    let newcomer = try SharingDevice("newcomer", in: folder.path, seed: 77, folder: device.folder)
    try newcomer.round()
    #expect(try newcomer.digest == device.digest)
  }
}
