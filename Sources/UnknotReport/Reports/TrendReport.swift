public import UnknotKit

extension Report {
  /// Daily pain over time, what was pressed meanwhile, and how untreated pain went in studies.
  public static func trend(_ figures: TrendFigures) -> Report {
    let place = Self.site(figures.range.site)
    guard let days = figures.span else {
      return Report(
        "Pain over time: \(place)", scope: "n = 0 ratings\(Self.said(figures.range))",
        [.paragraph("Nothing is recorded for these days yet. One rating of the pain is a beginning.")],
        json: figures.json(nil))
    }
    var blocks: [Block] = [
      .picture(TrendPicture(figures: figures, days: days, caption: figures.caption(days)))
    ]
    blocks.append(.paragraph(figures.sentence))
    if let baseline = figures.baseline {
      blocks.append(
        .paragraph(
          "Baseline, the median of the 7 days before the course: \(Number.text(baseline)). The band of 2 points around it is what "
            + "most people with back pain would not call a change."))
    }
    if let course = figures.course, let last = figures.days.last {
      let day = min(last.day, course.end ?? last.day)
      let span = course.end.map { "from \(course.from.text) to \($0.text)" } ?? "since \(course.from.text)"
      blocks.append(
        .paragraph(
          "In its first week, the episode \(span) had a median of \(Number.text(course.start)). From studies of such "
            + "\(course.stage == .acute ? "acute" : "lasting") back pain without particular treatment, one would expect about \(Number.text(course.value(on: day))) on \(day.text) (pooled cohorts, Costa 2012). This may simply be natural recovery."
        ))
    }
    if figures.course == nil, !figures.isLasting, days.upperBound.number - days.lowerBound.number >= 14 {
      blocks.append(
        .paragraph(
          "Most acute back pain eases by itself: untreated, in studies, it fell by more than half in six weeks (Costa 2012)."
        ))
    }
    blocks.append(.table(columns: TrendFigures.columns, rows: figures.weekRows(days)))
    blocks.append(
      .note(
        "A day's value is its scheduled check-in, else the median of its other ratings; those around sessions are left out. "
          + "The mean of 7 days is shown where at least 4 of them have a value. Days with sessions are not compared with days without: "
          + "people press when it hurts."))
    return Report(
      "Pain over time: \(place)",
      scope:
        "n = \(counted(figures.ratings, "rating")) on \(counted(figures.days.count, "day")), \(span(days))",
      blocks, json: figures.json(days))
  }
}

extension TrendFigures {
  fileprivate var sentence: String {
    guard let first = days.first, let last = days.last else {
      return "No ratings in these days; \(counted(sessions, "session"))."
    }
    if first.day == last.day {
      let words = highest.within(first.day...first.day)?.words ?? ""
      return "One day with a value so far: \(Number.text(first.value)); \(words)."
    }
    let median = Summary.median(days.map(\.value)) ?? 0
    var text =
      "Median \(Number.text(median)), \(highest.within(first.day...last.day)?.words ?? ""); \(counted(days.count, "day")) with a value; "
      + "\(counted(sessions, "session")), \(Number.text(minutes.reduce(0) { $0 + $1.minutes }, 0)) minutes pressed."
    if let from = means.first, let to = means.last, from.day.number + 7 <= to.day.number {
      let meaning = ChangeMeaning(from: from.mean, to: to.mean)
      text +=
        " The 7-day mean went from \(Number.text(from.mean)) to \(Number.text(to.mean)): \(meaning.words)."
      // What lies between the two ends can be what mattered.
      if let high = means.max(by: { $0.mean < $1.mean }), high.mean >= max(from.mean, to.mean) + 2 {
        text += " In between it was \(Number.text(high.mean)) (\(high.day.text))."
      }
    }
    return text
  }

  fileprivate func caption(_ span: ClosedRange<LocalDay>) -> String {
    let hollow = days.count(where: \.isBackfilled)
    var text =
      "Daily pain, 0 to 10, \(UnknotReport.span(span)), n = \(counted(days.count, "day"))"
      + (hollow > 0 ? ", \(hollow) from memory" : "") + (means.isEmpty ? "" : "; 7-day mean")
      + (minutes.isEmpty ? "" : "; minutes pressed") + "."
    if !factors.isEmpty { text += " Also logged: \(factorWords)." }
    return text
  }

  /// An episode that is open has lasted for twelve weeks: of it, what is said of new pain is not true.
  fileprivate var isLasting: Bool {
    episodes.last.map { $0.isOpen && $0.until.number - $0.from.number >= 84 } ?? false
  }

  private var factorWords: String {
    let counts = Dictionary(grouping: factors) { $0.kind }.map { ($0.key, $0.value.count) }
    return counts.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(4).map { "\($0.0) \($0.1)×" }.joined(
      separator: ", ")
  }

  fileprivate static let columns: [Table.Column] = [
    Table.Column("from"), Table.Column("days"), Table.Column("median"), Table.Column("highest"),
    Table.Column("memory", .optional), Table.Column("minutes"),
  ]

  /// The picture in numbers: by week, of longer times by month or by year.
  fileprivate func weekRows(_ span: ClosedRange<LocalDay>) -> [[String]] {
    let length = span.upperBound.number - span.lowerBound.number + 1
    let step = length <= 112 ? 7 : length <= 1460 ? 28 : 364
    return stride(from: span.lowerBound.number, through: span.upperBound.number, by: step).map { start in
      let own = LocalDay(number: start)...LocalDay(number: min(start + step - 1, span.upperBound.number))
      let values = days.filter { own.contains($0.day) }
      let summary = values.summary(own)
      return [
        own.lowerBound.text, "\(values.count)/\(own.upperBound.number - start + 1)",
        summary.median.map { Number.text($0) } ?? "–", highest.within(own).map { "\($0.score)" } ?? "–",
        "\(values.count(where: \.isBackfilled))",
        Number.text(minutes.filter { own.contains($0.day) }.reduce(0) { $0 + $1.minutes }, 0),
      ]
    }
  }

  fileprivate func json(_ span: ClosedRange<LocalDay>?) -> JSONValue {
    .object([
      ("report", .string("trend")), ("site", .string(range.site)), ("range", UnknotReport.json(span)),
      ("ratings", .integer(Int64(ratings))), ("sessions", .integer(Int64(sessions))),
      ("baseline", Number.json(baseline)),
      (
        "days",
        .array(
          days.map {
            .object([
              ("day", .string($0.day.description)), ("value", Number.json($0.value)),
              ("check_in", .bool($0.isCheckIn)), ("backfilled", .bool($0.isBackfilled)),
              ("ratings", .integer(Int64($0.ratings))),
            ])
          })
      ),
      (
        "means",
        .array(means.map { .object([("day", .string($0.day.description)), ("mean", Number.json($0.mean))]) })
      ),
      (
        "minutes",
        .array(
          minutes.map {
            .object([("day", .string($0.day.description)), ("minutes", Number.json($0.minutes))])
          })
      ),
      (
        "episodes",
        .array(
          episodes.map {
            .object([
              ("from", .string($0.from.description)), ("until", .string($0.until.description)),
              ("open", .bool($0.isOpen)),
            ])
          })
      ),
      (
        "factors",
        .array(
          factors.map {
            .object([("day", .string($0.day.description)), ("kind", .string($0.kind))])
          })
      ),
      (
        "untreated",
        course.flatMap { course in
          days.last.map { last in
            .object([
              ("from", .string(course.from.description)), ("start", Number.json(course.start)),
              ("day", .string(last.day.description)), ("value", Number.json(course.value(on: last.day))),
            ])
          }
        } ?? .null
      ),
    ])
  }
}

extension Report {
  /// "low back"
  static func site(_ id: String) -> String {
    Catalogue.siteName(id)
  }

  /// "ql: side of the waist; tfl: front pocket.", each once, in their order.
  static func inWords(_ targets: [String]) -> [Block] {
    var known: [String] = []
    for target in targets {
      guard let name = TargetDescription.named(target)?.name, !known.contains("\(target): \(name)") else {
        continue
      }
      known.append("\(target): \(name)")
    }
    return known.isEmpty ? [] : [.note("Where that is: \(known.joined(separator: "; ")).")]
  }

  /// What was asked for, where there is nothing to take the days from.
  static func said(_ range: FigureRange) -> String {
    let parts = [range.since.map { "since \($0.text)" }, range.until.map { "until \($0.text)" }]
      .compactMap { $0 }
    return parts.isEmpty ? "" : ", " + parts.joined(separator: " ")
  }
}
