import UnknotEngine

/// A step of a session that is guided: a bout to come.
public struct GuidedStep: Hashable, Sendable, Codable {
  /// The muscle to press: the id of a `TargetDescription`.
  public let target: String
  /// "left", "right", "midline"; nil: not said.
  public let side: String?
  /// "floor", "wall" or "chair"; nil: not said.
  public let surface: String?
  /// How long to press: 1 to 1800 seconds.
  public let seconds: Int
  /// From this discomfort on, 0–10, ease off.
  public let discomfortCap: Int
  /// The id of the tender spot.
  public let spot: String?
  /// What the person has written at this step of the routine; nil: nothing.
  public let note: String?

  ///
  /// - Parameters:
  ///   - target: a word of `Catalogue.targets`.
  ///   - side: "left" or "right"; nil: it has none.
  ///   - surface: "floor", "wall" or another word of `Catalogue.surfaces`; nil: as suits.
  ///   - seconds: how long it is pressed, 1 … 1800.
  ///   - discomfortCap: nil: the target's own, or 6 for a target that the catalogue does not have.
  ///   - spot: the id of a remembered spot; nil: none.
  ///   - note: the person's own words; nil: none.
  public init(
    target: String, side: String?, surface: String?, seconds: Int, discomfortCap: Int? = nil,
    spot: String? = nil,
    note: String? = nil
  ) {
    self.target = target
    self.side = side
    self.surface = surface
    self.seconds = seconds
    self.discomfortCap = discomfortCap ?? TargetDescription.named(target)?.discomfortCap ?? 6
    self.spot = spot
    self.note = note
  }
}

/// A routine that everybody has, to begin with.
public struct DefaultRoutine: Hashable, Sendable, Identifiable {
  /// A bout of the routine, for one side or for both.
  public struct Step: Hashable, Sendable {
    /// The muscle to press: the id of a `TargetDescription`.
    public let target: String
    /// "left", "right", "both", or "painful": the side that hurts.
    public let side: String
    /// "wall" in the gentle routine; nil in the others: chosen by what the person asks for or prefers.
    public let surface: String?
    /// How long to press on each side, in seconds: the target's usual time, or 30 in the gentle routine.
    public let seconds: Int
    /// From this discomfort on, 0–10, ease off: the target's own, or 4 in the gentle routine.
    public let discomfortCap: Int
  }

  /// The word by which a person asks for it: "quick", "both-sides", "gentle-wall" or "minimal".
  public let id: String
  /// What a person reads, as the title of the session too.
  public let name: String
  /// In the order in which they are done.
  public let steps: [Step]

  init(
    _ id: String, _ name: String, _ targets: [String], side: String, surface: String? = nil,
    gentle: Bool = false
  ) {
    self.id = id
    self.name = name
    steps = targets.compactMap { TargetDescription.named($0) }.map { target in
      Step(
        target: target.id, side: side, surface: surface, seconds: gentle ? 30 : target.defaultSeconds,
        discomfortCap: gentle ? 4 : target.discomfortCap)
    }
  }
}

extension Catalogue {
  private static let inOrder = ["erector-mid", "ql", "glute-med", "glute-max", "glute-min", "tfl"]

  /// In the order erectors, side of the waist, buttock, hip.
  public static let defaultRoutines = [
    DefaultRoutine(
      "quick", "Quick", ["erector-mid", "ql", "glute-med", "glute-max", "tfl"], side: "painful"),
    DefaultRoutine("both-sides", "Above and below, both sides", inOrder, side: "both"),
    DefaultRoutine(
      "gentle-wall", "Gentle, at the wall", inOrder, side: "both", surface: "wall", gentle: true),
    // Replaced by the person's two best spots where there are any.
    DefaultRoutine("minimal", "Two spots", ["erector-mid", "glute-med"], side: "painful"),
  ]

  /// A default routine's steps, to make one's own of; `painful` stays to be found out when it is done.
  public static func defaultSteps(_ id: String) throws(KitError) -> [BoutText] {
    let id = try WordList(name: "default routine", words: defaultRoutines.map(\.id)).check(id)
    let steps = defaultRoutines.first { bytewiseEqual($0.id, id) }?.steps ?? []
    return steps.map { BoutText(target: $0.target, side: $0.side, seconds: $0.seconds, surface: $0.surface) }
  }
}
