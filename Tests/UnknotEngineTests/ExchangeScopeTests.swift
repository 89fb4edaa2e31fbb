import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Every short course of writes and exports among three devices, by way of a hub or from anyone to anyone, with
/// devices that only read: whatever came before, devices that keep exchanging become equal and then have nothing to tell.
@Suite struct ExchangeScopeTests {
  enum Event: Hashable, CustomStringConvertible {
    case write(Int)
    /// An export of the first, never a whole one, imported by the second where it fits.
    case send(Int, Int)

    var description: String {
      switch self {
      case .write(let device): "\(device) writes"
      case .send(let sender, let receiver): "\(sender)→\(receiver)"
      }
    }
  }

  struct Household: CustomTestStringConvertible, Sendable {
    /// The device that all files go through.
    let hub: Int?
    let writers: [Int]
    let length: Int
    var testDescription: String { "hub \(hub.map(String.init) ?? "none"), \(writers) write" }

    var sends: [(Int, Int)] {
      (0..<3).flatMap { sender in
        (0..<3).filter { $0 != sender && (hub == nil || sender == hub || $0 == hub) }.map { (sender, $0) }
      }
    }

    var events: [Event] { writers.map { .write($0) } + sends.map { .send($0, $1) } }
  }

  private static let isFull = ProcessInfo.processInfo.environment["UNKNOT_SCOPE"] == "5"

  @Test(arguments: [
    Household(hub: 1, writers: [0], length: isFull ? 4 : 3),
    Household(hub: 1, writers: [0, 2], length: isFull ? 4 : 3),
    Household(hub: 1, writers: [0, 1], length: isFull ? 4 : 3),
    Household(hub: nil, writers: [0, 1], length: isFull ? 3 : 2),
    Household(hub: nil, writers: [0, 1, 2], length: isFull ? 3 : 2),
  ])
  func everyCourseComesToAnEnd(household: Household) throws {
    let events = household.events
    var courses: [[Event]] = [[]]
    for _ in 0..<household.length { courses = courses.flatMap { course in events.map { course + [$0] } } }
    for course in courses { try play(course, household) }
  }

  private func play(_ course: [Event], _ household: Household) throws {
    let folder = try TemporaryFolder()
    let devices = try (0..<3).map { try TestDevice("device \($0)", seed: UInt64($0)) }
    _ = try devices[0].create("visit")
    // Begun the way that files go later on.
    for (sender, receiver) in household.hub.map({ [(0, $0), ($0, 2)] }) ?? [(0, 1), (0, 2)] {
      try devices[sender].send(to: devices[receiver], in: folder, full: true)
    }
    for event in course {
      switch event {
      case .write(let device): _ = try devices[device].create("visit")
      case .send(let sender, let receiver): _ = try send(devices[sender], devices[receiver], folder)
      }
    }
    for round in 0... {
      try #require(round < 8, "\(course) in \(household.testDescription) does not come to an end")
      let sent = try household.sends.filter { try send(devices[$0], devices[$1], folder) }
      if sent.isEmpty { break }
    }
    let clocks = Set(try devices.map { try $0.clock })
    #expect(clocks.count == 1, "\(course) in \(household.testDescription)")
  }

  /// - Returns: whether there was something to tell.
  private func send(_ sender: TestDevice, _ receiver: TestDevice, _ folder: TemporaryFolder) throws -> Bool {
    // By name, once the other is known.
    let isKnown = try sender.store.read { try $0.devices().contains { $0.name == receiver.name } }
    let sent = try sender.synchronizer.export(
      to: .folder(folder.path), for: Receiver(device: isKnown ? receiver.name : nil), full: false)
    guard let file = sent.file else { return false }
    do {
      _ = try receiver.synchronizer.importFiles([.path(file)])
    } catch SyncError.changesMissing {}
    return true
  }
}
