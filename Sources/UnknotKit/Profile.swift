import UnknotEngine

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

    /// On the wall the weight of the body does not lie on the ball.
    public var asksForWall: Bool { ["osteoporosis", "pregnancy"].contains { bytewiseEqual($0, item) } }

    /// The place that it names is left alone until somebody who knows was asked; nobody is forbidden to press there.
    public var leavesOut: Bool {
      place != nil
        && ["clot", "bone-infection", "inflamed", "ossification", "numb-skin", "surgery"].contains {
          bytewiseEqual($0, item)
        }
    }

    /// What whoever presses all the same should do; nil for what blocks.
    public var caution: String? {
      switch item {
      case "clot": "a clot can come loose: not on that leg or buttock, and ask your doctor first"
      case "bone-infection": "ask your doctor first, and leave that area alone"
      case "inflamed": "leave the inflamed area alone until it has calmed down"
      case "ossification": "do not press where bone has formed in the muscle"
      case "osteoporosis": "press softly, at the wall and over muscle only: never on ribs, hips or spine"
      case "blood-thinner": "press softly and for a short time: bruises come easily"
      case "pregnancy": "press softly, at the wall, and ask whoever looks after the pregnancy first"
      case "numb-skin": "where you feel little you cannot tell when it is too much: leave that out"
      case "surgery": "not over or near the scar before the surgeon agrees"
      case "hip-replacement": "stay on the muscle, softly, and away from the joint"
      case "cancer": "ask the doctor who treats you first"
      default: blocks ? nil : "ask somebody who knows first"
      }
    }

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
  /// What the person likes to press on: a word of `Catalogue.surfaces`; nil: not said.
  public let preferredSurface: String?
  /// When a day begins, in minutes after midnight.
  public let dayStart: Int
  /// Where it mostly hurts: meant where nothing is said; the lower back where the person has not said so.
  public let usualPlace: PlaceText
  /// What speaks against pressing, and where, in the order of the bytes of their texts.
  public let contraindications: [Contraindication]
  /// Whether the answers to the safety questions are kept.
  public let keepsAnswers: Bool
  /// The log is nobody's: every page and picture has to say so.
  public let isMadeUp: Bool

  /// When a day begins where the profile does not say so, in minutes after midnight: 04:00.
  public static let defaultDayStart = 240
}

extension JournalTransaction {
  func profile() throws -> Profile {
    let record = try single(
      .profile,
      fields: [
        .floorOk, .preferSurface, .site, .side, .dayStart, .contraindications, .storeSafetyAnswers, .madeUp,
      ])
    func flag(_ field: FieldKey) -> Bool? {
      if case .integer(let number) = record?[field] { number != 0 } else { nil }
    }
    var dayStart = Profile.defaultDayStart
    if case .integer(let number) = record?[.dayStart], (0...720).contains(number) { dayStart = Int(number) }
    var surface: String?
    if case .text(let text) = record?[.preferSurface] { surface = text }
    return Profile(
      floorIsFine: flag(.floorOk), preferredSurface: surface, dayStart: dayStart,
      usualPlace: PlaceText(
        place: record?.text(.site) ?? Catalogue.defaultSite, side: record?.text(.side)),
      contraindications: (record?.members(of: .contraindications) ?? []).map {
        Profile.Contraindication(key: $0.key)
      },
      keepsAnswers: flag(.storeSafetyAnswers) ?? false, isMadeUp: flag(.madeUp) ?? false)
  }

  /// When the person's days begin, in minutes after midnight.
  func dayStart() throws -> Int {
    if let knownDayStart { return knownDayStart }
    let start = try profile().dayStart
    knownDayStart = start
    return start
  }
}

extension Journal {
  /// What the person has said so far; what was not said is nil or has its default.
  public func profile() throws(KitError) -> Profile { try read { try $0.profile() } }

  /// The record that says so; nil as long as nothing was set.
  public func profileRecord() throws(KitError) -> JournalRecord? {
    try read { session in try session.single(.profile).map { try session.show($0) } }
  }

  /// - Parameter assignments: `FIELD=VALUE` or `FIELD/KEY=VALUE`, each.
  public func editProfile(_ assignments: [String]) throws(KitError) -> Written {
    try write("profile") { session in
      if let record = try session.single(.profile) {
        return try session.written(try session.edit(record, assignments) ? [record.id] : [])
      }
      let values = try session.assigned(assignments, .profile)
      guard !values.isEmpty else { throw KitError(.usage, "nothing to set", hint: "write FIELD=VALUE") }
      return try session.written([try session.create(.profile, values)])
    }
  }

  /// The local day that is now, as this person's days begin.
  public func today() throws(KitError) -> LocalDay { try read { try $0.today().day } }
}
