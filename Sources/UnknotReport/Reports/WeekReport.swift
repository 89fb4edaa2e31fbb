public import UnknotKit

extension Report {
  /// This week beside the last one.
  public static func week(_ figures: WeekFigures, today: LocalDay) -> Report {
    let (this, last) = (figures.this, figures.last)
    var blocks: [Block] = [
      .table(
        columns: [Table.Column(""), Table.Column("these 7 days"), Table.Column("the 7 before")],
        rows: WeekFigures.rows(this, last)),
      .paragraph(figures.sentence),
    ]
    if let now = this.median, let before = last.median, now < before,
      min(this.observedDays, last.observedDays) >= ClinicianFigures.fewestDays
    {
      blocks.append(
        .note(
          "This may simply be natural recovery: untreated acute back pain fell by more than half in six weeks in studies (Costa 2012)."
        ))
    }
    if this.isPressingOnly {
      blocks.append(
        .paragraph(
          "Only pressing is logged this week. Guidelines also advise staying active, with walks and exercise; "
            + "you can record that too."))
    }
    if let next = figures.next {
      let day = next.day == today ? "today" : next.day == today.adding(1) ? "tomorrow" : next.day.text
      blocks.append(.paragraph("Next: \(day), \(next.name)."))
    }
    return Report(
      "The week: \(Self.site(figures.range.site))",
      scope: "n = \(counted(this.observedDays, "day")) with a value, \(span(this.days))", blocks,
      json: .object([
        ("report", .string("week")), ("site", .string(figures.range.site)), ("this", this.json),
        ("last", last.json), ("next", figures.next?.json ?? .null),
      ]))
  }
}

extension WeekFigures {
  /// Rows of two stretches of time beside each other.
  static func rows(_ this: Week, _ last: Week) -> [[String]] {
    func row(_ name: String, _ value: (Week) -> String) -> [String] { [name, value(this), value(last)] }
    return [
      row("days with a value") {
        "\($0.observedDays) of \($0.length)"
      },
      row("median pain") { $0.median.map { Number.text($0) } ?? "–" },
      row("highest rating") { $0.highest.map { "\($0.score) (\($0.day.text))" } ?? "–" },
      row("past week, as rated") { $0.weekRating.map { "\($0.score) (\($0.day.text))" } ?? "–" },
      row("sessions") { "\($0.sessions)" }, row("minutes") { Number.text($0.minutes) },
      row("plan kept") { $0.due == 0 ? "nothing due" : "\($0.done) of \($0.due)" },
      row("other things") { week in
        week.factors.isEmpty
          ? "none" : week.factors.prefix(4).map { "\($0.kind) \($0.count)" }.joined(separator: ", ")
      },
    ]
  }

  fileprivate var sentence: String {
    guard let now = this.median else { return "No ratings in these 7 days." }
    guard let before = last.median else { return "No ratings in the 7 days before to compare with." }
    // Of fewer, a median says nothing of a week.
    guard min(this.observedDays, last.observedDays) >= ClinicianFigures.fewestDays else {
      return "Too few days with a value to compare the two: \(this.observedDays) and \(last.observedDays)."
    }
    let change = now - before
    let meaning = ChangeMeaning(from: before, to: now).words
    if change == 0 { return "Median pain was the same as in the 7 days before." }
    return
      "Median pain was \(Number.text(abs(change))) \(change < 0 ? "lower" : "higher") than in the 7 days before: \(meaning)."
  }
}

extension WeekFigures.Week {
  var json: JSONValue {
    .object([
      ("range", UnknotReport.json(days)), ("days", .integer(Int64(observedDays))),
      ("median", Number.json(median)), ("worst", highest?.json ?? .null),
      ("worst_day", highest?.dayJSON ?? .null),
      ("past_week", weekRating?.json ?? .null), ("past_week_day", weekRating?.dayJSON ?? .null),
      ("sessions", .integer(Int64(sessions))), ("bouts", .integer(Int64(bouts))),
      ("minutes", Number.json(minutes)), ("due", .integer(Int64(due))), ("done", .integer(Int64(done))),
      ("factors", .object(factors.map { ($0.kind, .integer(Int64($0.count))) })),
    ])
  }
}
