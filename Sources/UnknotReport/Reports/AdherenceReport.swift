public import UnknotKit

extension Report {
  /// How the plan was kept, forgivingly.
  public static func adherence(_ figures: AdherenceFigures) -> Report {
    let days = figures.slots.first.flatMap { first in figures.slots.last.map { first.day...$0.day } }
    let scope =
      "n = \(counted(figures.due, "due slot"))\(days.map { ", \(span($0))" } ?? Self.said(figures.range))"
    guard let days else {
      return Report(
        "How the plan was kept", scope: scope,
        [
          .paragraph(
            "There was no plan on these days. A plan says when to press; this then shows how you kept it."
          )
        ],
        json: figures.json(nil))
    }
    var sentence = figures.score.map { "Score \($0) of 100. " } ?? "Nothing was due yet. "
    sentence +=
      "Done, wholly or in part: \(figures.done) of \(counted(figures.due, "due slot"))"
      + "\(figures.due > 0 ? " (\(Number.percent(Double(figures.done) / Double(figures.due))))" : ""); "
      + "mornings \(figures.morning.done) of \(figures.morning.due), later \(figures.afternoon.done) of \(figures.afternoon.due). "
      + "\(counted(figures.bouts, "bout")), \(Number.text(figures.minutes, 0)) minutes."
    let longer = days.upperBound.number - days.lowerBound.number > 371
    return Report(
      "How the plan was kept", scope: scope,
      [
        .picture(
          CalendarPicture(
            slots: figures.slots,
            caption:
              "Slots by week, \(longer ? "the last 53 weeks of " : "")\(span(days)), n = \(counted(figures.due, "due slot"))."
          )),
        .paragraph(sentence),
        .table(
          columns: [Table.Column("state"), Table.Column("slots")],
          rows: figures.states.map { [$0.0.rawValue, "\($0.1)"] }),
        .note(
          "Recent slots count more: after 7 due ones, a slot counts half. Excused and paused slots do not count for or against you."
        ),
      ], json: figures.json(days))
  }
}

extension AdherenceFigures {
  fileprivate var states: [(SlotState, Int)] {
    [SlotState.done, .partial, .missed, .excused, .paused, .moved, .open, .upcoming].map { state in
      (state, slots.count { $0.state == state })
    }.filter { $0.1 > 0 }
  }

  fileprivate func json(_ days: ClosedRange<LocalDay>?) -> JSONValue {
    .object([
      ("report", .string("adherence")), ("range", UnknotReport.json(days)),
      ("score", score.map { .integer(Int64($0)) } ?? .null), ("due", .integer(Int64(due))),
      ("done", .integer(Int64(done))), ("morning_due", .integer(Int64(morning.due))),
      ("morning_done", .integer(Int64(morning.done))), ("later_due", .integer(Int64(afternoon.due))),
      ("later_done", .integer(Int64(afternoon.done))), ("bouts", .integer(Int64(bouts))),
      ("minutes", Number.json(minutes)), ("slots", .array(slots.map(\.json))),
    ])
  }
}
