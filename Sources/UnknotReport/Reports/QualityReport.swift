public import UnknotKit

extension Report {
  /// How far the log can be relied on.
  public static func quality(_ figures: QualityFigures) -> Report {
    let scope =
      "n = \(counted(figures.ratings, "rating"))\(figures.span.map { ", \(span($0))" } ?? Self.said(figures.range))"
    guard figures.ratings > 0 || figures.sessions > 0 else {
      return Report(
        "How good the data is", scope: scope, [.paragraph("Nothing is recorded for these days yet.")],
        json: figures.json)
    }
    var blocks: [Block] = [
      .facts(figures.rows.map { ($0[0], $0[1]) })
    ]
    if figures.ratings > 0 {
      blocks.append(
        .picture(
          BarPicture(
            bars: figures.scores.enumerated().map {
              BarPicture.Bar(label: "\($0.offset)", value: Double($0.element), words: "\($0.element)")
            },
            rows: "pain 0–10", values: "how often it was given",
            caption:
              "How often each score was given, n = \(figures.ratings), \(span(figures.span)). People like some numbers more than others."
          )))
    }
    if figures.conflicts > 0 {
      blocks.append(
        .paragraph(
          "\(counted(figures.conflicts, "field")) \(figures.conflicts == 1 ? "waits" : "wait") for a decision."
        ))
    }
    if figures.duplicates > 0 {
      blocks.append(
        .paragraph(
          "\(counted(figures.duplicates, "pair")) may be one thing recorded twice; figures count such a pair once until you decide."
        ))
    }
    if let first = figures.contradictory.first {
      let words =
        figures.contradictory.count == 1 ? "session ends before it begins" : "sessions end before they begin"
      blocks.append(
        .paragraph(
          "\(figures.contradictory.count) \(words), as when two devices have each changed one of the times: \(first) is the first."
        ))
    }
    blocks.append(
      .note(
        "Live: recorded within half an hour. People said they kept 90 % of paper pain diaries; it was 11 %; with time-stamps, 94 % "
          + "(Stone 2003). Values from memory are left out of before and after; a picture shows them hollow.")
    )
    return Report("How good the data is", scope: scope, blocks, json: figures.json)
  }
}

extension QualityFigures {
  private func part(_ count: Int, of all: Int) -> String {
    all == 0 ? "none" : "\(count) of \(all) (\(Number.percent(Double(count) / Double(all))))"
  }

  fileprivate var rows: [[String]] {
    [
      ["ratings recorded live", part(live, of: ratings)],
      ["sessions recorded live", part(liveSessions, of: sessions)],
      ["ratings with an approximate time", part(approximate, of: ratings)],
      ["days with a value", part(observedDays, of: days)],
      ["longest gap", counted(longestGap, "day")], ["conflicts", "\(conflicts)"],
      ["possible duplicates", "\(duplicates)"],
    ] + (begun.map { [["first day of all with a value", $0.text]] } ?? [])
      + (clockAhead > 0 ? [["recorded by a clock that is ahead", "\(clockAhead)"]] : [])
  }

  /// In one sentence, for a page that is read in a minute.
  var sentence: String {
    let recorded = ratings == 0 ? "no" : part(live, of: ratings)
    return
      "\(recorded) ratings recorded within half an hour; a value on \(part(observedDays, of: days)) days, "
      + (begun.map { "the first of all on \($0.text), " } ?? "") + "longest gap "
      + "\(counted(longestGap, "day")); \(counted(conflicts, "undecided conflict")), \(counted(duplicates, "possible duplicate"))."
  }

  var json: JSONValue {
    .object([
      ("report", .string("quality")), ("site", .string(range.site)), ("range", UnknotReport.json(span)),
      ("ratings", .integer(Int64(ratings))), ("live", .integer(Int64(live))),
      ("approximate", .integer(Int64(approximate))), ("sessions", .integer(Int64(sessions))),
      ("live_sessions", .integer(Int64(liveSessions))), ("days", .integer(Int64(days))),
      ("observed_days", .integer(Int64(observedDays))), ("longest_gap", .integer(Int64(longestGap))),
      ("begun", begun.map { .string($0.description) } ?? .null),
      ("duplicates", .integer(Int64(duplicates))), ("conflicts", .integer(Int64(conflicts))),
      ("contradictory_sessions", .array(contradictory.map { .string($0) })),
      ("clock_ahead", .integer(Int64(clockAhead))),
      ("scores", .array(scores.map { .integer(Int64($0)) })),
    ])
  }
}
