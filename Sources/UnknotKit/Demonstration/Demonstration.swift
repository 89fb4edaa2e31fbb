#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// A journal of somebody who does not exist, to look at and to try things on: the same for the same seed and days.
///
/// Everything is written through the same door as a person's own log, by a clock that is turned on from one event to
/// the next. What it shows about massage balls was made up; nothing can be concluded from it.
public struct Demonstration: Sendable {
  /// What chance is drawn from: another seed makes another log.
  public var seed: UInt64 = 1
  /// The first and the last day; ten years at most.
  public var days: ClosedRange<LocalDay>

  /// The most days that `write` accepts.
  public static let maximumDays = 3660

  /// - Parameter days: the first and the last day; how many they are is checked by `write`.
  public init(days: ClosedRange<LocalDay>) { self.days = days }

  /// Makes the journal.
  ///
  /// - Parameters:
  ///   - path: of a file that does not exist; nil: in memory.
  ///   - zone: where the person lives.
  ///   - report: is told how many of the days are done; what it throws ends it.
  @discardableResult
  public func write(
    to path: String?, zone: TimeZone, report: (Int) throws(KitError) -> Void = { (_: Int) in }
  ) throws(KitError) -> Journal {
    let count = days.upperBound.number - days.lowerBound.number + 1
    guard count <= Self.maximumDays else {
      throw KitError(.invalidValue, "a demonstration has \(Self.maximumDays) days at most")
    }
    let clock = DemonstrationClock(seed: seed)
    let person = DemonstrationPerson(seed: seed, days: days, zone: zone, clock: clock)
    clock.set(person.moment(days.lowerBound, 6 * 60).milliseconds)
    let journal = try Journal(
      path: path, deviceName: "demo", environment: clock, zone: zone, stateFolder: nil)
    try person.begin(journal)
    for number in 0..<count {
      try person.live(journal, days.lowerBound.adding(number))
      try report(number + 1)
    }
    return journal
  }
}

/// Says the time that it was last told, and numbers that follow from its seed.
final class DemonstrationClock: ReplicaEnvironment, @unchecked Sendable {
  // One thread writes the demonstration; the journal asks on that same thread.
  private var time: Int64 = 0
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed ^ 0x756e_6b6e_6f74) }

  func set(_ milliseconds: Int64) { time = max(time, milliseconds) }
  func now() -> Int64 { time }
  func randomBytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }
}
