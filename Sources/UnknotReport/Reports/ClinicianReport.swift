public import UnknotKit

extension Report {
  /// A page that is read in a minute.
  public static func clinician(_ figures: ClinicianFigures, trend: TrendFigures) -> Report {
    let days = figures.weeks.days
    let rows = figures.painRows + figures.workRows + figures.otherRows
    var blocks: [Block] = [.facts(rows)]
    if !trend.days.isEmpty {
      blocks.append(
        .picture(
          TrendPicture(
            figures: trend, days: days,
            caption:
              "Daily pain, \(span(days)), n = \(counted(trend.days.count, "day")), with minutes pressed."
          )))
    }
    blocks += figures.smallLines
    // Of pain that lasts, the course of a new one says nothing.
    let course =
      figures.episode?.stage == .persistent && figures.episode?.end == nil
      ? "Of persistent pain, about 65 % was left after six weeks, and 45 % after a year (Costa 2012)."
      : "In studies, untreated acute back pain fell by more than half in six weeks (Costa 2012)."
    blocks.append(
      .note(
        "Self-reported by the person. People with back pain call 2 points or 30 % a change (Ostelo 2008). \(course)"
      ))
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
  fileprivate typealias Row = (name: String, text: String)

  /// Who it is, how much it hurts, and how that has changed.
  fileprivate var painRows: [Row] {
    // To be filled in by hand: the log knows no names.
    var rows: [Row] = [
      ("Name", "______________________ born ______________; page made on \(today.text)"),
      ("Episode", episodeText), ("Pain, 0–10", painText),
    ]
    if let standing, standing != .routine {
      let need = standing == .emergency ? "emergency care" : "a doctor within days"
      rows.insert((Report.warning, "a sign that needs \(need) was recorded and has not been cleared"), at: 0)
    }
    if !sides.isEmpty { rows.append(("Side", words(sides))) }
    if let worst { rows.append(("Worst in 24 h, as rated", "highest \(worst.score) (\(worst.day.text))")) }
    if !elsewhere.isEmpty {
      let places = elsewhere.prefix(10).map { "\($0.word) \($0.count)×, highest \($0.highest)" }
      let more = elsewhere.count > 10 ? " and \(elsewhere.count - 10) more" : ""
      let felt = qualitiesElsewhere.isEmpty ? "" : "; there it feels \(words(qualitiesElsewhere))"
      rows.append(("Rated elsewhere", places.joined(separator: "; ") + more + felt))
    }
    if !weekRatings.isEmpty {
      let ratings = weekRatings.map { "\($0.score) (\($0.day.short))" }
      rows.append(("Past week, 0–10", ratings.joined(separator: ", ")))
    }
    rows.append(("Trend", trendText))
    if !peg.isEmpty {
      let scores = peg.map { "\(Number.text($0.score)) (\($0.day.short))" }
      rows.append(("PEG, 0–10", scores.joined(separator: ", ")))
    }
    return rows
  }

  /// What was pressed, and what came of it.
  fileprivate var workRows: [Row] {
    var rows: [Row] = [("Ball work", workText)]
    if !pressed.isEmpty { rows.append(("Muscles", pressedText)) }
    rows.append(("Before and after sessions", effectText))
    return rows
  }

  /// What else there is to know: how it feels, medicines, signs of danger, and how much there is to go by.
  fileprivate var otherRows: [Row] {
    var rows: [Row] = []
    if !qualities.isEmpty { rows.append(("It feels", words(qualities))) }
    if !aggravations.isEmpty { rows.append(("Worse by", words(aggravations))) }
    rows.append(("Medication", medications.isEmpty ? "none logged" : words(medications)))
    let others = otherFactors.map { "\($0.kind) \($0.count)×" }
    rows.append(("Also", others.isEmpty ? "nothing logged" : others.joined(separator: ", ")))
    rows.append(("Red flags", checkText))
    if !contraindications.isEmpty { rows.append(("Against", contraindications.joined(separator: ", "))) }
    let events = adverse.map(\.words) + tagged.map { "a session tagged \($0.word) (\($0.day.text))" }
    rows.append(("Adverse", events.isEmpty ? "none logged" : events.joined(separator: ", ")))
    return rows + [("Asked", checkIn.words), ("Data", quality.sentence)]
  }

  private var painText: String {
    guard let median = weeks.median else { return "no ratings" }
    let earlier = before.observedDays < Self.fewestDays ? nil : before.median
    return (weeks.observedDays < Self.fewestDays ? "" : "median \(Number.text(median)), ")
      + "\(weeks.highest?.words ?? ""); \(counted(weeks.observedDays, "day")) with a value"
      + (lastDaysText.map { "; \($0)" } ?? "")
      + (earlier.map {
        "; previous \(counted(before.length, "day")): median \(Number.text($0))"
          + (before.highest.map { ", highest \($0.score)" } ?? "")
      } ?? "")
  }

  /// Four quiet weeks do not hide a bad one.
  private var lastDaysText: String? {
    guard let lastDays, lastDays.observedDays >= Self.fewestDays, let median = lastDays.median else {
      return nil
    }
    return "last 7 days: median \(Number.text(median))"
      + (lastDays.highest.map { ", highest \($0.score)" } ?? "")
  }

  private var workText: String {
    "\(counted(weeks.sessions, "session")), \(Number.text(weeks.minutes, 0)) min; "
      + (before.sessions == 0 && quality.begun != nil
        ? "before: nothing was recorded yet"
        : "before: \(before.sessions), \(Number.text(before.minutes, 0)) min")
      + (adherence.due > 0
        ? "; plan kept \(adherence.done) of \(adherence.due)"
        : adherence.slots.isEmpty ? "; no plan" : "; of the plan nothing was due yet")
  }
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
    let isCleared = check.outcome == "clear" && (!signs.isEmpty || check.examined != nil)
    let examined =
      check.examined.map {
        $0 ? "a doctor has examined the sign, as the person says" : "nobody has examined the sign"
      }
      ?? "not recorded whether anyone examined the sign"
    let named = namedSigns.isEmpty ? "" : " (\(words(namedSigns)))"
    return (signs.isEmpty ? "" : "in this period: \(words(signs))\(named); ")
      + "latest: \(check.outcome), asked on \(check.day.text)"
      + (isCleared ? "; \(examined)" : "")
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
      (
        "elsewhere",
        .array(
          elsewhere.map {
            .object([
              ("place", .string($0.word)), ("ratings", .integer(Int64($0.count))),
              ("highest", .integer(Int64($0.highest))),
            ])
          })
      ), ("qualities_elsewhere", counts(qualitiesElsewhere)), ("medications", counts(medications)),
      ("contraindications", .array(contraindications.map { .string($0) })), ("quality", quality.json),
    ]
  }

  private var safety: [(key: String, value: JSONValue)] {
    [
      (
        "check",
        check.map {
          .object([
            ("day", .string($0.day.description)), ("outcome", .string($0.outcome)),
            ("examined", $0.examined.map { .bool($0) } ?? .null),
          ])
        } ?? .null
      ),
      ("standing", standing.map { .string($0.rawValue) } ?? .null),
      ("signs", counts(signs)), ("named_signs", counts(namedSigns)),
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
        "tagged",
        .array(
          tagged.map { .object([("day", .string($0.day.description)), ("tag", .string($0.word))]) })
      ),
    ]
  }

  fileprivate var json: JSONValue {
    let (lists, safety) = (lists, safety)
    let members: [(key: String, value: JSONValue)] = [
      ("report", .string("clinician")), ("site", .string(range.site)), ("weeks", weeks.json),
      ("last_days", lastDays?.json ?? .null), ("before", before.json), ("episode", episode?.json ?? .null),
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
    return .object(members + safety + lists)
  }
}

extension CheckInFrequency {
  /// How often the person is asked for a score: who is asked more often gives other answers.
  var words: String {
    switch self {
    case .daily: "for a score every day"
    case .weekly:
      "for a score of the past week, once a week; other ratings were given by choice"
    }
  }
}

extension ClinicianFigures.Adverse {
  /// "stopped for tingling (Fri 30 Oct)".
  fileprivate var words: String {
    let what =
      isStop
      ? kind == "stopped" ? "a press was stopped" : "a press was stopped for \(Words.stopSignName(kind))"
      : Words.adverseName(kind)
    return "\(what) (\(day.text))"
  }
}
