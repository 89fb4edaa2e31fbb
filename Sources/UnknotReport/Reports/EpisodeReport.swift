public import UnknotKit

extension Report {
  /// Episodes of pain, the newest first.
  public static func episodes(_ figures: EpisodeFigures) -> Report {
    let place = Self.site(figures.range.site)
    let title = "Episodes: \(place)"
    guard let first = figures.rows.first, let newest = figures.rows.last else {
      return Report(
        title, scope: "n = 0 episodes\(Self.said(figures.range))",
        [
          .paragraph(
            "No episode is recorded for these days. An episode is more than a day of pain after a month without."
          )
        ], json: figures.json)
    }
    let days = first.onset...max(first.onset, newest.end ?? figures.today)
    var blocks: [Block] = []
    let most = figures.rows.map(\.days).max() ?? 1
    blocks.append(
      .picture(
        BarPicture(
          bars: figures.rows.suffix(20).map { row in
            BarPicture.Bar(
              label: row.onset.description, value: Double(row.days),
              words: "\(counted(row.days, "day"))\(row.end == nil ? ", open" : "")", isSecond: row.end == nil)
          },
          rows: "since", values: "days",
          caption:
            "How long each episode lasted, n = \(figures.rows.count), \(span(days)); the longest \(counted(most, "day"))."
        )))
    blocks.append(
      .tableOfWhatIsKnown(
        columns: [
          Table.Column("since"), Table.Column("days"), Table.Column("stage"),
          Table.Column("first week"), Table.Column("last week"), Table.Column("highest"),
          Table.Column("calm within", .optional), Table.Column("free before", .optional),
          Table.Column("sessions", .optional), Table.Column("trigger", .text), Table.Column("id", .optional),
        ], rows: figures.rows.reversed().map(\.cells)))
    blocks.append(.paragraph(newest.sentence))
    blocks.append(
      .note(
        "First and last week are medians of daily values. Calm: 1 or less for 7 days. Acute is up to 6 weeks, subacute up to 12. Of people "
          + "with back pain, about 3 in 4 have it again within a year (Pengel 2003)."))
    return Report(
      title, scope: "n = \(counted(figures.rows.count, "episode")), \(span(days))", blocks,
      json: figures.json)
  }
}

extension Report.Block {
  /// A table without the columns in which nothing is known of any row.
  fileprivate static func tableOfWhatIsKnown(columns: [Table.Column], rows: [[String]]) -> Self {
    let known = columns.indices.filter { index in rows.contains { $0[index] != "–" } }
    return .table(columns: known.map { columns[$0] }, rows: rows.map { row in known.map { row[$0] } })
  }
}

extension EpisodeFigures.Row {
  fileprivate var cells: [String] {
    [
      onset.text, "\(days)\(end == nil ? "+" : "")", stage.rawValue,
      firstWeek.map { Number.text($0) } ?? "–", lastWeek.map { Number.text($0) } ?? "–",
      highest.map { "\($0.score)" } ?? "–", daysToCalm.map { counted($0, "day") } ?? "–",
      daysSinceLast.map { counted($0, "day") } ?? "–", "\(sessions)", trigger ?? "", id,
    ]
  }

  /// The pain of its first week, of its last, and what would be expected without any treatment.
  var sentence: String {
    var text =
      "The newest began on \(onset.text)\(end.map { ", ended on \($0.text)" } ?? ", is open on day \(days)") and \(end == nil ? "is" : "was") \(stage.rawValue)."
    if let firstWeek, let lastWeek, days > 7 {
      text +=
        " Pain went from \(Number.text(firstWeek)) to \(Number.text(lastWeek)): \(ChangeMeaning(from: firstWeek, to: lastWeek).words)."
    }
    if let untreated {
      text +=
        " Untreated, in studies, it would be about \(Number.text(untreated)) by then (Costa 2012): this may simply be natural recovery."
    }
    return text
  }

  var json: JSONValue {
    .object([
      ("id", .string(id)), ("onset", .string(onset.description)),
      ("end", end.map { .string($0.description) } ?? .null), ("stage", .string(stage.rawValue)),
      ("days", .integer(Int64(days))), ("side", side.map { .string($0) } ?? .null),
      ("trigger", trigger.map { .string($0) } ?? .null), ("first_week", Number.json(firstWeek)),
      ("last_week", Number.json(lastWeek)), ("worst", highest?.json ?? .null),
      ("worst_day", highest?.dayJSON ?? .null),
      ("days_to_calm", daysToCalm.map { .integer(Int64($0)) } ?? .null),
      ("days_since_last", daysSinceLast.map { .integer(Int64($0)) } ?? .null),
      ("sessions", .integer(Int64(sessions))), ("untreated", Number.json(untreated)),
    ])
  }
}

extension EpisodeFigures {
  fileprivate var json: JSONValue {
    .object([
      ("report", .string("episode")), ("site", .string(range.site)), ("episodes", .array(rows.map(\.json))),
    ])
  }
}
