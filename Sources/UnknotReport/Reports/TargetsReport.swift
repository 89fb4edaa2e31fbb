public import UnknotKit

extension Report {
  /// What was pressed, how long, and how tender it was.
  public static func targets(_ figures: TargetFigures) -> Report {
    let bouts = figures.rows.reduce(0) { $0 + $1.bouts }
    let scope =
      "n = \(counted(bouts, "bout")) in \(counted(figures.sessions, "session"))\(figures.days.map { ", \(span($0))" } ?? Self.said(figures.range))"
    guard !figures.rows.isEmpty else {
      return Report(
        "Targets", scope: scope,
        [.paragraph("No session is recorded for these days.")],
        json: figures.json)
    }
    var blocks: [Block] = [
      .picture(
        BarPicture(
          bars: figures.paired.map { row in
            BarPicture.Bar(
              label: placed(row.target, row.side), value: row.minutes,
              words: "\(Number.text(row.minutes)) min, \(counted(row.bouts, "bout"))",
              isSecond: row.side == "right", group: (row.target, row.side ?? ""))
          },
          rows: "target", values: "minutes pressed",
          caption:
            "Minutes pressed by target and side, n = \(counted(bouts, "bout")), \(span(figures.days)).",
          marks: "Right sides have a colour of their own."
        )),
      .table(columns: TargetFigures.columns, rows: figures.tableRows),
    ]
    blocks += Self.inWords(figures.paired.map(\.target))
    blocks += [
      .paragraph(
        "Left \(Number.text(figures.left)) min, right \(Number.text(figures.right)) min. In \(figures.singleTargetSessions) of "
          + "\(counted(figures.sessions, "session")) only one target was pressed: the effect of a session with several cannot be split "
          + "between them.")
    ]
    if !figures.spots.isEmpty {
      blocks.append(.heading("Spots pressed most"))
      blocks.append(
        .table(
          columns: [
            Table.Column("spot", .text), Table.Column("id"), Table.Column("bouts"),
            Table.Column("tenderness"),
          ],
          rows: figures.spots.map { spot in
            [spot.label, spot.id, "\(spot.bouts)", spot.change.map { Number.signed($0) } ?? ""]
          }))
    }
    blocks.append(
      .note(
        "Tenderness is the change from the start to the end of a bout, shown from \(TargetFigures.fewestBouts) rated bouts on. With "
          + "few bouts, it is moved towards the overall mean. A spot that eases under the ball says nothing about the next day."
      ))
    return Report("Targets", scope: scope, blocks, json: figures.json)
  }
}

extension TargetFigures {
  fileprivate static let columns: [Table.Column] = [
    Table.Column("target"), Table.Column("side"), Table.Column("minutes"), Table.Column("bouts"),
    Table.Column("rated", .optional), Table.Column("tenderness"),
  ]

  /// A target's sides beside each other, the left first; the target with the most minutes of them all at the top.
  fileprivate var paired: [Row] {
    func rank(_ side: String?) -> Int { side == "left" ? 0 : side == "right" ? 1 : 2 }
    let groups = Dictionary(grouping: rows, by: \.target).map { target, rows in
      (
        target: target, minutes: rows.reduce(0) { $0 + $1.minutes },
        rows: rows.sorted { (rank($0.side), $0.side ?? "") < (rank($1.side), $1.side ?? "") }
      )
    }
    return groups.sorted { ($1.minutes, $0.target) < ($0.minutes, $1.target) }.flatMap(\.rows)
  }

  fileprivate var tableRows: [[String]] {
    paired.map { row in
      [
        row.target, row.side ?? "", Number.text(row.minutes), "\(row.bouts)", "\(row.rated)",
        row.shrunk.map { Number.signed($0) } ?? (row.rated > 0 ? "n<\(Self.fewestBouts)" : ""),
      ]
    }
  }

  fileprivate var json: JSONValue {
    .object([
      ("report", .string("targets")), ("range", UnknotReport.json(days)),
      ("sessions", .integer(Int64(sessions))),
      ("single_target_sessions", .integer(Int64(singleTargetSessions))),
      ("left_minutes", Number.json(left)), ("right_minutes", Number.json(right)),
      (
        "targets",
        .array(
          rows.map {
            .object([
              ("target", .string($0.target)), ("side", $0.side.map { .string($0) } ?? .null),
              ("minutes", Number.json($0.minutes)), ("bouts", .integer(Int64($0.bouts))),
              ("rated", .integer(Int64($0.rated))), ("change", Number.json($0.shrunk)),
            ])
          })
      ),
      (
        "spots",
        .array(
          spots.map {
            .object([
              ("id", .string($0.id)), ("label", .string($0.label)), ("bouts", .integer(Int64($0.bouts))),
              ("change", Number.json($0.change)),
            ])
          })
      ),
    ])
  }
}
