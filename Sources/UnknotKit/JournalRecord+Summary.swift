extension JournalRecord {
  /// What it says in one line, for people: `pain 6, low back (left), Thu 14 May 18:00 +02:00`.
  ///
  /// - Parameter now: days that are near to it are called by what they are to the person.
  public func summary(now: Moment) -> String {
    switch type {
    case "pain": painSummary(now)
    case "session": sessionSummary(now)
    case "bout", "step":
      "\(self[.target].readable(now: now))\(sideText) \(self[.seconds].readable(now: now))"
        + (self[.surface].text.map { ", \($0)" } ?? "")
        + (self[.outcome].value == BoutOutcome.skipped.value ? ", skipped" : "")
    case "routine": "routine \(self[.name].readable(now: now)), \(counted(children.count, "step"))"
    case "factor": factorSummary(now)
    case "episode": episodeSummary(now)
    case "assessment": assessmentSummary(now)
    case "ball": ballSummary(now)
    case "spot": spotSummary(now)
    case "plan": planSummary(now)
    case "check": "safety check: \(self[.outcome].readable(now: now)), \(timeText(now))"
    case "distinct":
      "\(self[.first].readable(now: now)) and \(self[.second].readable(now: now)): they are two"
    default: type
    }
  }

  // MARK: What is measured

  private func painSummary(_ now: Moment) -> String {
    let context = self[.context].text.flatMap { $0 == "spontaneous" ? nil : ", \($0)" } ?? ""
    return "pain \(self[.score].readable(now: now)), \(words(self[.site], now))\(sideText)\(context), "
      + timeText(now)
  }

  private func factorSummary(_ now: Moment) -> String {
    let amount = self[.amount].text.map { " \($0)\(self[.unit].text ?? "")" } ?? ""
    let label = self[.label].text.map { " (\($0))" } ?? ""
    return "\(words(self[.kind], now))\(amount)\(label), \(timeText(now))"
  }

  private func episodeSummary(_ now: Moment) -> String {
    let onset = self[.onset].readable(now: now)
    let end = self[.endedAt].isEmpty ? "" : ", ended \(self[.endedAt].readable(now: now))"
    return "episode, \(words(self[.site], now))\(sideText), since \(onset)\(end), day \(derived("day")), "
      + derived("stage")
  }

  private func assessmentSummary(_ now: Moment) -> String {
    let (name, score) =
      switch self[.kind].text {
      case "peg": ("PEG", derived("score"))
      case "activity": ("got in the way of activity", self[.activity].readable(now: now))
      default: (self[.kind].readable(now: now).uppercased(), self[.change].readable(now: now))
      }
    return "\(name) \(score), \(timeText(now))"
  }

  // MARK: What is done, with what and when

  private func sessionSummary(_ now: Moment) -> String {
    let seconds = children.reduce(Int64(0)) { $0 &+ ($1[.seconds].integer ?? 0) }
    // What belongs to a removed one is removed with it, and not counted.
    guard isPresent else { return "session, \(timeText(now))" }
    let skipped = children.count { $0[.outcome].value == BoutOutcome.skipped.value }
    let untouched = children.count {
      $0[.outcome].value == BoutOutcome.stopped.value && $0[.seconds].integer == 0
    }
    let signs = Set(children.compactMap { $0[.stopSign].text.map(Words.stopSignName) }).sorted()
    return
      "session of \(counted(children.count - skipped - untouched, "bout")), \(DurationText.text(seconds))"
      + (skipped > 0 ? ", \(skipped) skipped" : "")
      + (signs.isEmpty ? "" : ", stopped for \(signs.joined(separator: " and "))") + ", \(timeText(now))"
  }

  private func ballSummary(_ now: Moment) -> String {
    let rope = self[.onRope].isTrue ? ", on a rope" : ""
    let gone = self[.retired].isEmpty ? "" : ", gone since \(self[.retired].readable(now: now))"
    return "ball \(self[.name].readable(now: now))\(rope)\(gone)"
  }

  private func spotSummary(_ now: Moment) -> String {
    let label = self[.label].text.map { " \($0)" } ?? ""
    let state = self[.state].text.map { $0 == "active" ? "" : ", \($0)" } ?? ""
    return "spot\(label) on \(self[.target].readable(now: now))\(sideText)\(state)"
  }

  private func planSummary(_ now: Moment) -> String {
    let slots = self[.slots].entries.map { $0.text == "daily" ? $0.key : "\($0.key) \($0.text)" }
    let isReplaced = self[.untilDay].day.flatMap { last in self[.fromDay].day.map { last < $0 } }
    let until =
      self[.untilDay].isEmpty
      ? ""
      : isReplaced == true
        ? ", replaced on its first day" : " until \(self[.untilDay].readable(now: now))"
    return "\(self[.kind].readable(now: now)) plan, \(slots.joined(separator: " and ")), from "
      + "\(self[.fromDay].readable(now: now))\(until)"
  }

  private var sideText: String { self[.side].text.map { " (\($0))" } ?? "" }

  private func timeText(_ now: Moment) -> String { time?.readable(now: now) ?? "" }

  /// Recorded later, from memory.
  public var isBackfilled: Bool {
    for case ("backfilled", .bool(true)) in derived { return true }
    return false
  }

  private func derived(_ name: String) -> String {
    derived.first { $0.name == name }?.value.plain ?? ""
  }

  private func words(_ value: FieldValue, _ now: Moment) -> String {
    String(value.readable(now: now).map { $0 == "-" ? " " : $0 })
  }
}
