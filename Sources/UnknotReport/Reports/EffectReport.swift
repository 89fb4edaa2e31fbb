public import UnknotKit

extension Report {
  /// Pain before and after sessions, beside the same pain without one.
  public static func effect(_ figures: EffectFigures) -> Report {
    let title = "Before and after sessions: \(Self.site(figures.range.site))"
    let days = figures.pairs.first.flatMap { first in figures.pairs.last.map { first.day...$0.day } }
    let scope =
      "n = \(counted(figures.pairs.count, "pair")) of ratings\(days.map { ", \(span($0))" } ?? Self.said(figures.range))"
    var blocks: [Block] = []
    if figures.pairs.isEmpty {
      blocks.append(
        .paragraph(
          figures.backfilled > 0
            ? "Every pair of ratings around a session was recorded from memory, more than half an hour later. A guided session asks at the time."
            : "No session has a rating right before and right after it yet. A guided session asks for "
              + "both."))
    } else {
      blocks.append(.paragraph(figures.sentence))
      let shown = Array(figures.pairs.suffix(DumbbellPicture.most))
      let which = shown.count < figures.pairs.count ? "the last \(shown.count) of " : ""
      blocks.append(
        .picture(
          DumbbellPicture(
            pairs: shown,
            caption:
              "Pain before and after each session, \(which)n = \(figures.pairs.count), \(span(days))."
          )))
      blocks.append(
        .picture(
          HistogramPicture(
            figures.histogram, first: -10, values: "sessions",
            caption:
              "How often pain changed by how much from before to after, n = \(figures.pairs.count), \(span(days)). Below 0 it was lower after."
          )))
      blocks.append(
        .facts(figures.rows.map { ($0[0], $0[1]) }))
      blocks.append(.heading("The same pain without a session"))
      blocks.append(.paragraph(figures.controlSentence))
    }
    if let carry = figures.carryOver {
      blocks.append(.heading("The next day"))
      blocks.append(
        .paragraph(
          "Check-in after a day with a session: mean \(Number.text(carry.withSession)) (n=\(carry.withSessionDays)); after a day "
            + "without: \(Number.text(carry.without)) (n=\(carry.withoutDays)). People press on worse days, so the first may well be "
            + "higher; a trial of two ways answers this question."))
    }
    if figures.backfilled > 0 {
      blocks.append(
        .note("Left out, since recorded from memory: \(counted(figures.backfilled, "pair"))."))
    }
    blocks.append(.note(Self.pitfalls))
    return Report(title, scope: scope, blocks, json: figures.json(days))
  }

  static let pitfalls =
    "What this cannot show: pain that is high falls by itself (regression to the mean), most back pain eases in weeks (natural "
    + "course), expecting relief can bring it, a walk or a painkiller that day counts too, 0 cannot fall, and days that are "
    + "missing are not missing by chance."
}

extension EffectFigures {
  fileprivate var sentence: String {
    guard let change else { return "" }
    let words =
      change.mean < 0 ? "lower" : change.mean > 0 ? "higher" : "the same"
    var text =
      change.mean == 0
      ? "On average pain was the same after sessions as before"
      : "On average pain was \(Number.text(abs(change.mean))) points \(words) after sessions than before"
    switch change.certainty {
    case .tooFew:
      text +=
        ". \(counted(change.count, "pair")): "
        + (change.count < 6
          ? "too few for an interval." : "too few, as alike as they are, for an interval that says anything.")
    case .wide:
      text +=
        change.interval.map {
          ", 95 % interval \(Number.range($0)): wide uncertainty, with \(change.count) pairs."
        } ?? "."
    case .usual: text += change.interval.map { ", 95 % interval \(Number.range($0))." } ?? "."
    }
    if abs(change.mean) < 1.77 {
      text +=
        " A single change of less than 2 points also occurs when one person rates the same pain twice."
    }
    return text
  }

  fileprivate var rows: [[String]] {
    guard let change else { return [] }
    return [
      ["pairs", "\(change.count)"], ["mean change", Number.signed(change.mean)],
      ["median change", Number.signed(change.median)],
      [
        "95 % interval",
        change.interval.map {
          Number.range($0) + (change.certainty == .wide ? ", wide uncertainty" : "")
        } ?? "too few pairs",
      ],
      ["effective number of pairs", Number.text(change.effectiveCount)],
      ["eased by 2 or more", Number.percent(easedByTwo)],
      ["eased by 30 % or more", Number.percent(easedByThirtyPercent)],
    ]
  }

  fileprivate var controlSentence: String {
    guard let control else {
      return
        "There are no ratings of the same pain equally far apart without a session between them. So nobody can say whether it "
        + "would have eased anyway. Rate on days without a session to get such pairs."
    }
    var text =
      "With a session \(Number.signed(control.sessionMean)) (n=\(control.matched)); same starting pain, same time, no session "
      + "\(Number.signed(control.controlMean)) (n=\(control.controls)); difference \(Number.signed(control.differenceAsShown))"
    if let interval = control.interval {
      text += ", 95 % interval \(Number.range(interval))."
      if interval.contains(0) { text += " That cannot be told from zero." }
    } else {
      text += "."
    }
    if control.controls < MatchedControl.fewestControls {
      text +=
        " Fewer than \(MatchedControl.fewestControls) pairs without a session: a rough comparison at best."
    }
    return text
  }

  fileprivate func json(_ days: ClosedRange<LocalDay>?) -> JSONValue {
    .object([
      ("report", .string("effect")), ("site", .string(range.site)), ("range", UnknotReport.json(days)),
      (
        "pairs",
        .array(
          pairs.map {
            .object([
              ("day", .string($0.day.description)), ("side", $0.side.map { .string($0) } ?? .null),
              ("before", .integer(Int64($0.before))), ("after", .integer(Int64($0.after))),
            ])
          })
      ),
      ("backfilled", .integer(Int64(backfilled))), ("change", change.map(UnknotReport.json) ?? .null),
      ("eased_by_2", Number.json(pairs.isEmpty ? nil : easedByTwo)),
      ("eased_by_30_percent", Number.json(pairs.isEmpty ? nil : easedByThirtyPercent)),
      (
        "control",
        control.map {
          .object([
            ("matched", .integer(Int64($0.matched))), ("controls", .integer(Int64($0.controls))),
            ("session_mean", Number.json($0.sessionMean)), ("control_mean", Number.json($0.controlMean)),
            ("difference", Number.json($0.difference)), ("interval", UnknotReport.json($0.interval)),
          ])
        } ?? .null
      ),
      (
        "next_day",
        carryOver.map {
          .object([
            ("after_session", Number.json($0.withSession)),
            ("after_session_days", .integer(Int64($0.withSessionDays))),
            ("after_none", Number.json($0.without)), ("after_none_days", .integer(Int64($0.withoutDays))),
          ])
        } ?? .null
      ),
    ])
  }
}

func json(_ interval: ClosedRange<Double>?) -> JSONValue {
  interval.map { .array([Number.json($0.lowerBound), Number.json($0.upperBound)]) } ?? .null
}

func json(_ change: MeanChange) -> JSONValue {
  .object([
    ("count", .integer(Int64(change.count))), ("mean", Number.json(change.mean)),
    ("median", Number.json(change.median)), ("standard_deviation", Number.json(change.standardDeviation)),
    ("autocorrelation", Number.json(change.autocorrelation)),
    ("effective_count", Number.json(change.effectiveCount)), ("interval", json(change.interval)),
    (
      "certainty",
      .string(
        change.certainty == .tooFew ? "too few" : change.certainty == .wide ? "wide uncertainty" : "usual")
    ),
  ])
}

extension MatchedControl {
  /// Of the two means as they stand beside it, rounded: a reader who subtracts them gets the same.
  fileprivate var differenceAsShown: Double {
    func tenths(_ value: Double) -> Double { (value * 10).rounded(.toNearestOrAwayFromZero) }
    return (tenths(sessionMean) - tenths(controlMean)) / 10
  }
}
