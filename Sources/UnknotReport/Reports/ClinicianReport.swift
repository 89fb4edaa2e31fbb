public import UnknotKit

extension Report {
  /// A page that is read in a minute.
  public static func clinician(_ figures: ClinicianFigures, trend: TrendFigures) -> Report {
    let (weeks, before) = (figures.weeks, figures.before)
    let days = weeks.days
    // To be filled in by hand: the log knows no names.
    var rows: [[String]] = [
      ["Name", "______________________ born ______________; page made on \(figures.today.text)"],
      ["Episode", figures.episodeText],
    ]
    rows.append(
      [
        "Pain, 0–10",
        weeks.median.map { median in
          (weeks.observedDays < ClinicianFigures.fewestDays ? "" : "median \(Number.text(median)), ")
            + "\(weeks.highest?.words ?? ""); \(counted(weeks.observedDays, "day")) with a value"
            + ((before.observedDays < ClinicianFigures.fewestDays ? nil : before.median).map {
              "; previous \(counted(before.length, "day")): median \(Number.text($0))"
                + (before.highest.map { ", highest \($0.score)" } ?? "")
            } ?? "")
        } ?? "no ratings",
      ])
    if !figures.sides.isEmpty { rows.append(["Side", words(figures.sides)]) }
    if let worst = figures.worst {
      rows.append(["Worst in 24 h, as rated", "highest \(worst.score) (\(worst.day.text))"])
    }
    if !figures.elsewhere.isEmpty { rows.append(["Rated elsewhere", words(figures.elsewhere)]) }
    if !figures.weekRatings.isEmpty {
      rows.append(
        [
          "Past week, 0–10",
          figures.weekRatings.map { "\($0.score) (\($0.day.short))" }.joined(separator: ", "),
        ])
    }
    rows.append(["Trend", figures.trendText])
    if !figures.peg.isEmpty {
      rows.append(
        [
          "PEG, 0–10",
          figures.peg.map { "\(Number.text($0.score)) (\($0.day.short))" }.joined(separator: ", "),
        ])
    }
    let adherence = figures.adherence
    rows.append(
      [
        "Ball work",
        "\(counted(weeks.sessions, "session")), \(Number.text(weeks.minutes, 0)) min; before: \(before.sessions), \(Number.text(before.minutes, 0)) min"
          + (adherence.due > 0
            ? "; plan kept \(adherence.done) of \(adherence.due)"
            : adherence.slots.isEmpty ? "; no plan" : "; of the plan nothing was due yet"),
      ])
    if !figures.pressed.isEmpty { rows.append(["Muscles", figures.pressedText]) }
    rows.append(["Before and after sessions", figures.effectText])
    if !figures.qualities.isEmpty { rows.append(["It feels", words(figures.qualities)]) }
    if !figures.aggravations.isEmpty { rows.append(["Worse by", words(figures.aggravations)]) }
    rows.append(["Medication", figures.medications.isEmpty ? "none logged" : words(figures.medications)])
    rows.append(
      [
        "Also",
        figures.otherFactors.isEmpty
          ? "nothing logged" : figures.otherFactors.map { "\($0.kind) \($0.count)×" }.joined(separator: ", "),
      ])
    rows.append(
      [
        "Red flags",
        figures.checkText,
      ])
    if !figures.contraindications.isEmpty {
      rows.append(["Against", figures.contraindications.joined(separator: ", ")])
    }
    rows.append(
      [
        "Adverse",
        figures.adverse.isEmpty
          ? "none logged" : figures.adverse.map(\.words).joined(separator: ", "),
      ])
    rows.append(["Asked", figures.checkIn.words])
    rows.append(["Data", figures.quality.sentence])
    var blocks: [Block] = [.facts(rows.map { ($0[0], $0[1]) })]
    if !trend.days.isEmpty {
      blocks.append(
        .picture(
          TrendPicture(
            figures: trend, days: days,
            caption:
              "Daily pain, \(span(days)), n = \(counted(trend.days.count, "day")); hollow: from memory; below, minutes pressed."
          )))
    }
    blocks += figures.smallLines
    blocks.append(
      .note(
        "Self-reported by the person. A change of 2 points or 30 % is what people with back pain call one (Ostelo 2008). Untreated acute back "
          + "pain fell by more than half in six weeks in studies (Costa 2012)."))
    return Report(
      "Back pain summary: \(Self.site(figures.range.site))",
      scope: "n = \(counted(figures.quality.ratings, "rating")), \(span(days))", blocks, json: figures.json)
  }
}

/// "ache 12×, stiff 3×", at most ten: what is left out may be what matters.
private func words(_ counts: [(word: String, count: Int)]) -> String {
  let most = 10
  return counts.prefix(most).map { "\($0.word) \($0.count)×" }.joined(separator: ", ")
    + (counts.count > most ? " and \(counts.count - most) more" : "")
}

extension ClinicianFigures {
  /// What is asked of whole weeks, where there are two of them.
  fileprivate var smallLines: [Report.Block] {
    func line(_ name: String, _ points: [LinePicture.Point]) -> [Report.Block] {
      guard points.count > 1, let first = points.first, let last = points.last else { return [] }
      let days = first.day...max(first.day, last.day)
      return [
        .picture(
          LinePicture(
            points: points, name: name, caption: "\(name), 0–10, n = \(points.count), \(span(days))."))
      ]
    }
    return line(
      "PEG", peg.map { LinePicture.Point(day: $0.day, score: $0.score, words: Number.text($0.score)) })
      + line(
        "Past week, as rated",
        weekRatings.map { LinePicture.Point(day: $0.day, score: Double($0.score), words: "\($0.score)") })
  }

  /// Without the medicines, which have a line of their own.
  fileprivate var otherFactors: [(kind: String, count: Int)] {
    weeks.factors.filter { $0.kind != "medication" }
  }

  /// A sign that was there does not go away by a later check without one.
  fileprivate var checkText: String {
    guard let check else {
      return range.until.map { $0 < today } == true
        ? "not asked up to \(range.until?.text ?? "")" : "never asked"
    }
    let isCleared = check.outcome == "clear" && !signs.isEmpty
    return (signs.isEmpty ? "" : "in this period: \(words(signs)); ")
      + "latest: \(check.outcome), asked on \(check.day.text)"
      + (isCleared ? "; that somebody has looked at the sign is not said" : "")
  }

  /// Each muscle once, with minutes left and right.
  fileprivate var pressedText: String {
    var muscles: [(target: String, sides: [String], minutes: Double)] = []
    for part in pressed {
      let words = "\(part.side.map { "\($0) " } ?? "")\(Number.text(part.minutes, part.minutes < 10 ? 1 : 0))"
      if let index = muscles.firstIndex(where: { bytewiseEqual($0.target, part.target) }) {
        muscles[index].sides.append(words)
        muscles[index].minutes += part.minutes
      } else {
        muscles.append((part.target, [words], part.minutes))
      }
    }
    return muscles.sorted { $0.minutes > $1.minutes }.map { muscle in
      let name = TargetDescription.named(muscle.target)?.latin ?? muscle.target
      return "\(name): \(muscle.sides.joined(separator: ", ")) min"
    }.joined(separator: "; ")
  }

  fileprivate var episodeText: String {
    guard let episode else { return "none recorded" }
    var text =
      "since \(episode.onset.text)\(episode.end.map { " until \($0.text)" } ?? ""), \(counted(episode.days, "day")), \(episode.stage.rawValue)"
    if let side = episode.side { text += ", \(side)" }
    if let trigger = episode.trigger { text += "; trigger: \(trigger)" }
    if earlierEpisodes > 0 { text += "; \(counted(earlierEpisodes, "earlier episode"))" }
    return text
  }

  /// Of fewer, a median says nothing of weeks.
  static let fewestDays = 4

  fileprivate var trendText: String {
    guard let now = weeks.median, let then = before.median else { return "nothing before to compare with" }
    guard min(weeks.observedDays, before.observedDays) >= Self.fewestDays else {
      return "too few days with a value to compare: \(weeks.observedDays) and \(before.observedDays)"
    }
    let change = now - then
    let words = ChangeMeaning(from: then, to: now).words
    var text = "median \(Number.signed(change)) against the period before: \(words)"
    // Of one that is over, it says nothing of these weeks.
    if let episode, episode.end == nil, let untreated = episode.untreated {
      text += "; untreated, in studies, it would be about \(Number.text(untreated)) now"
    }
    return text
  }

  fileprivate var effectText: String {
    guard let change = effect.change else {
      return effect.backfilled > 0
        ? "\(counted(effect.backfilled, "pair")) of ratings, left out since recorded from memory"
        : "no ratings before and after"
    }
    var text = "mean change \(Number.signed(change.mean)), n=\(change.count)"
    if let interval = change.interval {
      text += ", 95 % interval \(Number.range(interval))"
      if change.certainty == .wide { text += ", wide uncertainty" }
    } else {
      text += ", too few for an interval"
    }
    if let control = effect.control {
      text += "; without a session \(Number.signed(control.controlMean)), n=\(control.controls)"
    }
    return text
  }

  private func counts(_ counts: [(word: String, count: Int)]) -> JSONValue {
    .object(counts.map { ($0.word, .integer(Int64($0.count))) })
  }

  private var lists: [(key: String, value: JSONValue)] {
    [
      ("qualities", counts(qualities)), ("aggravated_by", counts(aggravations)),
      ("worst_24h", worst.map { .integer(Int64($0.score)) } ?? .null), ("sides", counts(sides)),
      ("elsewhere", counts(elsewhere)), ("medications", counts(medications)),
      ("contraindications", .array(contraindications.map { .string($0) })), ("quality", quality.json),
    ]
  }

  fileprivate var json: JSONValue {
    let lists = lists
    let members: [(key: String, value: JSONValue)] = [
      ("report", .string("clinician")), ("site", .string(range.site)), ("weeks", weeks.json),
      ("before", before.json), ("episode", episode?.json ?? .null),
      ("earlier_episodes", .integer(Int64(earlierEpisodes))),
      (
        "peg",
        .array(
          peg.map {
            .object([("day", .string($0.day.description)), ("score", Number.json($0.score))])
          })
      ),
      (
        "past_week",
        .array(
          weekRatings.map {
            .object([("day", .string($0.day.description)), ("score", .integer(Int64($0.score)))])
          })
      ), ("asked", .string(checkIn.rawValue)),
      ("change", effect.change.map(UnknotReport.json) ?? .null),
      (
        "check",
        check.map { .object([("day", .string($0.day.description)), ("outcome", .string($0.outcome))]) }
          ?? .null
      ),
      ("signs", counts(signs)),
      (
        "adverse",
        .array(
          adverse.map {
            .object([
              ("day", .string($0.day.description)), ("kind", .string($0.kind)), ("stopped", .bool($0.isStop)),
            ])
          })
      ),
      (
        "pressed",
        .array(
          pressed.map {
            .object([
              ("target", .string($0.target)), ("side", $0.side.map { .string($0) } ?? .null),
              ("minutes", Number.json($0.minutes)),
            ])
          })
      ),
    ]
    return .object(members + lists)
  }
}

extension CheckInFrequency {
  /// How often the person is asked for a score: who is asked more often gives other answers.
  var words: String {
    switch self {
    case .daily: "for a score every day"
    case .weekly:
      "for a score of the past week, once a week; other ratings were given without being asked for"
    }
  }
}

extension ClinicianFigures.Adverse {
  /// "stopped for tingling (Fri 30 Oct)".
  fileprivate var words: String {
    let what =
      isStop
      ? kind == "stopped" ? "a press was stopped" : "a press was stopped for \(Words.stopSignName(kind))"
      : kind
    return "\(what) (\(day.text))"
  }
}
