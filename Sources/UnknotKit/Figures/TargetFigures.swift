import UnknotEngine

/// What was pressed, and how tender it was.
public struct TargetFigures: Sendable {
  /// A target on one side.
  public struct Row: Sendable {
    /// A word of the catalogue: "glute-med".
    public let target: String
    /// "left", "right", …; nil: not said.
    public let side: String?
    /// How many were pressed in the range; skipped ones are left out.
    public let bouts: Int
    /// How long was pressed in those bouts, in minutes.
    public let minutes: Double
    /// Mean change of tenderness within a bout.
    public let change: Double?
    /// Bouts whose tenderness was rated at the start and at the end: `change` is their mean.
    public let rated: Int
    /// The change drawn towards the mean of all where there are few bouts; nil below 8.
    public let shrunk: Double?
  }

  /// A remembered point.
  public struct SpotRow: Sendable {
    /// The record's short id.
    public let id: String
    /// What the person calls it; without that, its target and side: "glute-med (left)".
    public let label: String
    /// How many bouts of the range were pressed there.
    public let bouts: Int
    /// Mean change of tenderness within a bout, in points; nil where no bout was rated at both ends.
    public let change: Double?
  }

  /// The range that was asked for; its site is not looked at.
  public let range: FigureRange
  /// The most minutes first.
  public let rows: [Row]
  /// Sessions in the range, also those logged without a bout; running ones, and those left before anything was pressed, are left out.
  public let sessions: Int
  /// Sessions in which only one target was pressed: only there can what came of it be told.
  public let singleTargetSessions: Int
  /// Minutes of the left and of the right.
  public let left: Double
  /// Minutes of the right; bouts on both sides or the midline are in neither.
  public let right: Double
  /// Ten at most, those with the most bouts first; removed ones are left out.
  public let spots: [SpotRow]
  /// The days of the first and the last session; nil: there is none.
  public let days: ClosedRange<LocalDay>?

  /// The fewest rated bouts for `Row.shrunk`; in it the mean of all counts as much as this many bouts.
  public static let fewestBouts = 8
}

extension Journal {
  /// What was pressed in the range, by target and side. The site of the range is not looked at.
  public func targets(_ range: FigureRange) throws(KitError) -> TargetFigures {
    try read { session in
      let sessions = try session.sessionPoints(range)
      let bouts = try session.boutPoints(sessions)
      let changes = bouts.compactMap(\.change)
      let overall = Summary.mean(changes) ?? 0
      let groups = Dictionary(grouping: bouts) { Place(target: $0.target, side: $0.side) }
      let rows = groups.map { place, bouts in
        let changes = bouts.compactMap(\.change)
        let mean = Summary.mean(changes)
        // As if each had another eight bouts that went as all of them do.
        let weight = Double(changes.count) / Double(changes.count + TargetFigures.fewestBouts)
        return TargetFigures.Row(
          target: place.target, side: place.side, bouts: bouts.count,
          minutes: Double(bouts.reduce(0) { $0 + $1.seconds }) / 60, change: mean, rated: changes.count,
          shrunk: changes.count < TargetFigures.fewestBouts
            ? nil : mean.map { overall + ($0 - overall) * weight })
      }.sorted { ($1.minutes, $0.target, $0.side ?? "") < ($0.minutes, $1.target, $1.side ?? "") }
      func minutes(_ side: String) -> Double {
        Double(bouts.filter { $0.side == side }.reduce(0) { $0 + $1.seconds }) / 60
      }
      let targets = Dictionary(grouping: bouts) { $0.session }.values.map { Set($0.map(\.target)).count }
      let days = sessions.map(\.day)
      return TargetFigures(
        range: range, rows: rows, sessions: sessions.count(where: \.isPressed),
        singleTargetSessions: targets.count { $0 == 1 },
        left: minutes("left"), right: minutes("right"), spots: try session.spotRows(bouts),
        days: days.min().flatMap { first in days.max().map { first...$0 } })
    }
  }
}

private struct Place: Hashable {
  let target: String
  let side: String?
}

extension BoutPoint {
  /// Of tenderness, from its start to its end.
  var change: Double? {
    guard let discomfortStart, let discomfortEnd else { return nil }
    return Double(discomfortEnd - discomfortStart)
  }
}

extension JournalTransaction {
  /// The ten that were pressed most.
  fileprivate func spotRows(_ bouts: [BoutPoint]) throws -> [TargetFigures.SpotRow] {
    let groups = Dictionary(grouping: bouts.filter { $0.spot != nil }) { $0.spot }
    return try groups.sorted {
      ($1.value.count, $0.key?.description ?? "") < ($0.value.count, $1.key?.description ?? "")
    }
    .prefix(10).compactMap { id, bouts in
      guard let id, let record = try reader.record(id), record.isVisible else { return nil }
      var label = bouts[0].target
      if let side = bouts[0].side { label += " (\(side))" }
      if case .text(let text) = record[.label] { label = text }
      return TargetFigures.SpotRow(
        id: shortID(id), label: label, bouts: bouts.count, change: Summary.mean(bouts.compactMap(\.change)))
    }
  }
}
