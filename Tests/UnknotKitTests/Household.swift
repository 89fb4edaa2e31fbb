import Foundation
import Testing
import UnknotKit

/// A clock that stands still until it is moved, and randomness from a seed.
private final class HouseholdClock: ReplicaEnvironment, @unchecked Sendable {
  private let lock = NSLock()
  private var time: Int64
  private var state: UInt64

  init(_ time: Int64, seed: UInt64) {
    self.time = time
    state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  }

  func now() -> Int64 { lock.withLock { time } }

  func advance(seconds: Int64) { lock.withLock { time += seconds * 1000 } }

  func randomBytes(_ count: Int) -> [UInt8] {
    lock.withLock {
      (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 32)
      }
    }
  }
}

/// Thursday 2026-05-14, 18:00 in Berlin.
let thursdayEvening: Int64 = 1_778_774_400_000
func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

/// Devices that hand each other files; their journals are in memory.
final class Household {
  let folder = NSTemporaryDirectory() + "unknot-kit-" + UUID().uuidString
  private let clock: HouseholdClock
  private var files = 0
  private var devices: UInt64 = 0

  init(now: Int64 = thursdayEvening) throws {
    clock = HouseholdClock(now, seed: 1)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  func advance(seconds: Int64) { clock.advance(seconds: seconds) }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// The household's clock, and randomness that no other device has.
  func environment() -> any ReplicaEnvironment {
    devices += 1
    return SeededEnvironment(clock, seed: devices)
  }

  func device(_ name: String, path: String? = nil, zone: String = "Europe/Berlin") throws -> Journal {
    try Journal(
      path: path, deviceName: name, environment: environment(), zone: try UnknotKitTests.zone(zone),
      stateFolder: nil)
  }

  /// Everything that one holds goes to the other.
  @discardableResult
  func carry(_ from: Journal, _ to: Journal) throws -> Imported {
    files += 1
    let file = "\(folder)/\(files).unknot"
    _ = try from.export(to: file, folder: folder, for: nil, full: true)
    return try to.importFiles([.path(file)])
  }

  func exchange(_ one: Journal, _ other: Journal) throws {
    try carry(one, other)
    try carry(other, one)
    #expect(try one.digest().digest == other.digest().digest)
  }
}

/// The household's clock with a device's own randomness.
private struct SeededEnvironment: ReplicaEnvironment {
  private let clock: HouseholdClock
  private let random: HouseholdClock

  init(_ clock: HouseholdClock, seed: UInt64) {
    self.clock = clock
    random = HouseholdClock(0, seed: seed)
  }

  func now() -> Int64 { clock.now() }
  func randomBytes(_ count: Int) -> [UInt8] { random.randomBytes(count) }
}

/// The error that has to come.
func failure<T>(
  _ kind: KitError.Kind, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> T
) throws -> KitError {
  let error = try #require(throws: KitError.self, sourceLocation: sourceLocation) { _ = try body() }
  #expect(error.kind == kind, "\(error.message)", sourceLocation: sourceLocation)
  return error
}

extension Written {
  func only() throws -> JournalRecord {
    try #require(records.count == 1)
    return records[0]
  }
}

extension Journal {
  /// As it stands now.
  func resolve(_ id: String, field: String, _ resolution: Resolution) throws(KitError) -> Written {
    try resolve(conflict(id, field: field), resolution)
  }
}
