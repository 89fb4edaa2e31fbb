public import UnknotKit

extension Report {
  /// Where it hurt, what was pressed, and where that was felt.
  public static func body(_ figures: BodyFigures, _ range: FigureRange) -> Report {
    let scope =
      "n = \(counted(figures.ratings, "rating"))\(figures.days.map { ", \(span($0))" } ?? Self.said(range))"
    guard !figures.pain.isEmpty || !figures.work.isEmpty else {
      return Report(
        "Body map", scope: scope, [.paragraph("Nothing is recorded for these days yet.")],
        json: figures.json)
    }
    var blocks: [Block] = [
      .picture(
        BodyPicture(
          figures: figures,
          caption:
            "Where it hurt (mean of ratings, 0 to 10), minutes pressed and where presses were felt, \(scope)."
        ))
    ]
    if !figures.pain.isEmpty {
      blocks.append(.heading("Pain"))
      blocks.append(
        .table(
          columns: ["where", "mean", "highest", "ratings"].map { Table.Column($0) },
          rows: figures.pain.map {
            [placed(Self.site($0.site), $0.side), Number.text($0.mean), "\($0.worst)", "\($0.ratings)"]
          }))
    }
    if !figures.work.isEmpty {
      blocks.append(.heading("Pressed"))
      blocks.append(
        .table(
          columns: ["target", "minutes"].map { Table.Column($0) },
          rows: figures.work.map { [placed($0.target, $0.side), Number.text($0.minutes)] }))
      blocks += Self.inWords(figures.work.map(\.target))
    }
    if !figures.referrals.isEmpty {
      blocks.append(.heading("Felt elsewhere when pressed"))
      blocks.append(
        .table(
          columns: ["pressed", "felt", "bouts"].map { Table.Column($0) },
          rows: figures.referrals.map {
            [placed($0.target, $0.side), Self.site($0.site), "\($0.bouts)"]
          }))
    }
    return Report("Body map", scope: scope, blocks, json: figures.json)
  }
}

extension BodyFigures {
  fileprivate var json: JSONValue {
    func side(_ side: String?) -> JSONValue { side.map { .string($0) } ?? .null }
    return .object([
      ("report", .string("bodymap")), ("range", UnknotReport.json(days)),
      ("ratings", .integer(Int64(ratings))),
      (
        "pain",
        .array(
          pain.map {
            .object([
              ("site", .string($0.site)), ("side", side($0.side)), ("mean", Number.json($0.mean)),
              ("worst", .integer(Int64($0.worst))), ("ratings", .integer(Int64($0.ratings))),
            ])
          })
      ),
      (
        "work",
        .array(
          work.map {
            .object([
              ("target", .string($0.target)), ("side", side($0.side)), ("minutes", Number.json($0.minutes)),
            ])
          })
      ),
      (
        "referrals",
        .array(
          referrals.map {
            .object([
              ("target", .string($0.target)), ("side", side($0.side)), ("site", .string($0.site)),
              ("bouts", .integer(Int64($0.bouts))),
            ])
          })
      ),
    ])
  }
}
