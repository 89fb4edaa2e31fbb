import UnknotCausality
import UnknotStorage

/// How a person likes it, and what to beware of.
public struct Profile: Hashable, Sendable {
  /// Something that speaks against pressing a ball there.
  public struct Contraindication: Hashable, Sendable {
    /// `fracture`, …
    public let item: String
    /// A target or a site; nil: everywhere.
    public let place: String?
    /// Nil: on both sides.
    public let side: String?

    /// Not to be pressed at all, and not only after asking somebody who knows.
    public var blocks: Bool { ["fracture", "open-wound"].contains { bytewiseEqual($0, item) } }

    /// As it is written: `fracture/low-back/left`.
    public var text: String { [item, place, side].compactMap { $0 }.joined(separator: "/") }

    init(key: String) {
      let parts = key.split(separator: "/").map(String.init)
      item = parts.first ?? ""
      place = parts.count > 1 ? parts[1] : nil
      side = parts.count > 2 ? parts[2] : nil
    }

    /// Whether it is about that target and side.
    public func covers(_ target: TargetDescription, side: String?) -> Bool {
      let isThere = place.map { bytewiseEqual($0, target.id) || bytewiseEqual($0, target.region) } ?? true
      guard isThere, let own = self.side, let side else { return isThere }
      let both = ["both", "midline"]
      return bytewiseEqual(own, side) || both.contains(own) || both.contains(side)
    }
  }

  /// Whether getting down to the floor is fine; nil: not said.
  public let floorIsFine: Bool?
  public let preferredSurface: String?
  /// When a day begins, in minutes after midnight.
  public let dayStart: Int
  public let contraindications: [Contraindication]
  /// Whether the answers to the safety questions are kept.
  public let keepsAnswers: Bool

  public static let defaultDayStart = 240
}

extension JournalTransaction {
  /// The profile's records, the one in force first; two where two devices made one without knowing of each other.
  func profileRecords() throws -> [StoredRecord] {
    try reader.records(in: RecordType.profile.name, RecordFilter()).reversed()
  }

  func profile() throws -> Profile {
    let records = try profileRecords()
    func value(_ field: String) -> Value {
      records.lazy.map { $0[field] }.first { $0 != .null } ?? .null
    }
    func flag(_ field: String) -> Bool? {
      if case .integer(let number) = value(field) { number != 0 } else { nil }
    }
    var dayStart = Profile.defaultDayStart
    if case .integer(let number) = value("day_start"), (0...720).contains(number) { dayStart = Int(number) }
    var surface: String?
    if case .text(let text) = value("prefer_surface") { surface = text }
    return Profile(
      floorIsFine: flag("floor_ok"), preferredSurface: surface, dayStart: dayStart,
      contraindications: records.flatMap { $0.members(of: "contraindications") }.map {
        Profile.Contraindication(key: $0.key)
      },
      keepsAnswers: flag("store_safety_answers") ?? false)
  }

  func dayStart() throws -> Int { try profile().dayStart }
}

extension Journal {
  public func profile() throws(KitError) -> Profile { try read { try $0.profile() } }

  /// The records that say so, the one in force first.
  public func profileRecords() throws(KitError) -> [JournalRecord] {
    try read { session in try session.profileRecords().map { try session.show($0) } }
  }

  /// - Parameter assignments: `FIELD=VALUE` or `FIELD/KEY=VALUE`, each.
  public func editProfile(_ assignments: [String]) throws(KitError) -> Written {
    try write("profile") { session in
      if let record = try session.profileRecords().first {
        return try session.written(try session.edit(record, assignments) ? [record.id] : [])
      }
      var values: [FieldName: Value] = [:]
      for assignment in assignments {
        let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw KitError(.usage, "\(assignment) is not FIELD=VALUE") }
        values.merge(
          try session.values(of: String(parts[0]), String(parts[1]), .profile, nil)
        ) { $1 }
      }
      guard !values.isEmpty else { throw KitError(.usage, "nothing to set", hint: "write FIELD=VALUE") }
      return try session.written([try session.create(.profile, values)])
    }
  }

  /// The local day that is now, as this person's days begin.
  public func today() throws(KitError) -> LocalDay { LocalDay(of: now, start: try profile().dayStart) }
}
