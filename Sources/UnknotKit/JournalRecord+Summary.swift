extension JournalRecord {
  /// What it says in one line, for people: `pain 6, low back (left), Thu 14 May 18:00 +02:00`.
  ///
  /// - Parameter now: days that are near to it are called by what they are to the person.
  public func summary(now: Moment) -> String {
    let side = self[.side].text.map { " (\($0))" } ?? ""
    let time = (self[.at].moment ?? self[.startedAt].moment)?.readable(now: now)
    switch type {
    case "pain":
      let context = self[.context].text.flatMap { $0 == "spontaneous" ? nil : ", \($0)" } ?? ""
      return
        "pain \(self[.score].readable(now: now)), \(words(self[.site], now))\(side)\(context), \(time ?? "")"
    case "session":
      let seconds = children.reduce(Int64(0)) { $0 &+ ($1[.seconds].integer ?? 0) }
      let skipped = children.count { $0[.outcome].text == "skipped" }
      let signs = Set(children.compactMap { $0[.stopSign].text.map(Words.stopSignName) }).sorted()
      return "session of \(counted(children.count - skipped, "bout")), \(DurationText.text(seconds))"
        + (skipped > 0 ? ", \(skipped) skipped" : "")
        + (signs.isEmpty ? "" : ", stopped for \(signs.joined(separator: " and "))") + ", \(time ?? "")"
    case "bout", "step":
      let surface = self[.surface].text.map { ", \($0)" } ?? ""
      return "\(self[.target].readable(now: now))\(side) \(self[.seconds].readable(now: now))\(surface)"
    case "routine":
      return "routine \(self[.name].readable(now: now)), \(counted(children.count, "step"))"
    case "factor":
      let amount = self[.amount].text.map { " \($0)\(self[.unit].text ?? "")" } ?? ""
      let label = self[.label].text.map { " (\($0))" } ?? ""
      return "\(words(self[.kind], now))\(amount)\(label), \(time ?? "")"
    case "episode":
      let onset = self[.onset].readable(now: now)
      let end = self[.endedAt].isEmpty ? "" : ", ended \(self[.endedAt].readable(now: now))"
      return "episode, \(words(self[.site], now))\(side), since \(onset)\(end), day \(derived("day")), "
        + derived("stage")
    case "assessment":
      let (name, score) =
        switch self[.kind].text {
        case "peg": ("PEG", derived("score"))
        case "activity": ("got in the way of activity", self[.activity].readable(now: now))
        default: (self[.kind].readable(now: now).uppercased(), self[.change].readable(now: now))
        }
      return "\(name) \(score), \(time ?? "")"
    case "ball":
      let rope = self[.onRope].isTrue ? ", on a rope" : ""
      let gone = self[.retired].isEmpty ? "" : ", gone since \(self[.retired].readable(now: now))"
      return "ball \(self[.name].readable(now: now))\(rope)\(gone)"
    case "spot":
      let label = self[.label].text.map { " \($0)" } ?? ""
      let state = self[.state].text.map { $0 == "active" ? "" : ", \($0)" } ?? ""
      return "spot\(label) on \(self[.target].readable(now: now))\(side)\(state)"
    case "plan":
      let slots = self[.slots].entries.map { $0.text == "daily" ? $0.key : "\($0.key) \($0.text)" }
      let isReplaced = self[.untilDay].day.flatMap { last in self[.fromDay].day.map { last < $0 } }
      let until =
        self[.untilDay].isEmpty
        ? ""
        : isReplaced == true
          ? ", replaced on its first day" : " until \(self[.untilDay].readable(now: now))"
      return "\(self[.kind].readable(now: now)) plan, \(slots.joined(separator: " and ")), from "
        + "\(self[.fromDay].readable(now: now))\(until)"
    case "check":
      return "safety check: \(self[.outcome].readable(now: now)), \(time ?? "")"
    case "distinct":
      return "\(self[.first].readable(now: now)) and \(self[.second].readable(now: now)): they are two"
    default:
      return type
    }
  }

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
