import Foundation
import TestSupport
import Testing
import UnknotKit

/// Thursday 2026-05-14, 18:00 in Berlin.
let thursdayEvening: Int64 = 1_778_774_400_000
func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

/// Devices that hand each other files; their journals are in memory.
final class Household {
  var folder: String { temporary.path }
  private let temporary: TemporaryFolder
  private let clock: TestClock
  private var files = 0
  private var devices: UInt64 = 0

  init(now: Int64 = thursdayEvening) throws {
    clock = TestClock(now)
    temporary = try TemporaryFolder()
  }

  func advance(seconds: Int64) { clock.advance(seconds: seconds) }

  /// The household's clock, and randomness that no other device has.
  func environment() -> any ReplicaEnvironment {
    devices += 1
    return TestEnvironment(seed: devices, clock: clock)
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

extension FigureRange {
  /// Of the lower back, as most tests are.
  init(since: LocalDay? = nil, until: LocalDay? = nil) {
    self.init(since: since, until: until, site: Catalogue.defaultSite)
  }
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
