/// A line of a report for a terminal, and what it is part of.
public struct ReportLine: Hashable, Sendable {
  /// What a front end may show in a way of its own.
  public enum Part: Hashable, Sendable {
    /// The report's name, and what stands above a part or a table.
    case title
    /// What comes before everything else.
    case warning
    case text
    /// Marks and bars.
    case picture
    /// What is smaller elsewhere: captions, and where figures come from.
    case note
  }

  /// Without line ends and control characters.
  public let text: String
  /// What it is part of.
  public let part: Part
}
