extension GuidedSession {
  /// A bout as it was done. One that was skipped after something had been pressed is done, with its reason.
  public struct BoutDone: Hashable, Sendable, Codable {
    /// The step as it was to be done.
    public let step: GuidedStep
    /// How long it was pressed: 0 to 1800 seconds, and 0 where nothing was.
    public let seconds: Int
    /// How it ended.
    public let outcome: BoutOutcome
    /// Why it was skipped, or cut short by a skip; nil where it was not.
    public let skipReason: String?
    /// What it was stopped for, a word of `Words.stopSigns`; nil where it was not stopped.
    public let stopSign: String?
    /// How tender the spot was before the press, 0–10; nil: not answered or not asked.
    public let discomfortStart: Int?
    /// How tender the spot was after the press, 0–10; nil: not answered or not asked.
    public let discomfortEnd: Int?
  }

  /// What is to be written before the session is saved.
  public enum Effect: Hashable, Sendable, Codable {
    case bout(BoutDone)
    /// "before" or "after", and the rating.
    case rating(String, Int)
    /// It is over, and how.
    case end(SessionStatus)
  }
}
