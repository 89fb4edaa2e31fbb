/// A plan's slots as an iCalendar (RFC 5545): a repeating event for each, with a reminder.
enum ICalendar {
  private static let days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

  /// Local times without a zone: wherever the person is, eight is eight.
  static func text(
    _ plan: JournalRecord, excused: [SlotStatus], stamp: Moment, isMadeUp: Bool = false
  ) throws(KitError) -> String {
    var lines: [String] = []
    let from = plan[.fromDay].day ?? LocalDay(number: 0)
    for (name, text) in plan[.slots].entries {
      guard let slot = try? SlotName(name), let set = try? WeekdaySet(text), !set.days.isEmpty else {
        continue
      }
      var first = from
      while !set.contains(first) { first = first.adding(1) }
      if let last = plan[.untilDay].day, first > last { continue }
      let time = clock(slot)
      lines += [
        "BEGIN:VEVENT", "UID:\(plan.id)-\(name.filter { $0 != ":" })@unknot", "DTSTAMP:\(utc(stamp))",
        "DTSTART:\(compact(first))T\(time)", "DURATION:PT15M",
        "SUMMARY:\(escaped("\(summary(isMadeUp)) (\(name))"))",
      ]
      let until = plan[.untilDay].day.map { ";UNTIL=\(compact($0))T235959" } ?? ""
      lines.append(
        "RRULE:FREQ=WEEKLY;BYDAY=\(set.days.sorted().map { days[$0] }.joined(separator: ","))\(until)")
      let off = excused.filter { $0.name == name && set.contains($0.day) }
      if !off.isEmpty {
        lines.append("EXDATE:" + off.map { "\(compact($0.day))T\(time)" }.joined(separator: ","))
      }
      lines += [
        "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:\(escaped("Massage ball"))", "TRIGGER:PT0M",
        "END:VALARM",
        "END:VEVENT",
      ]
    }
    return head + written(lines) + tail
  }

  static let head = written([
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Unknot//Unknot//EN", "CALSCALE:GREGORIAN",
  ])
  static let tail = written(["END:VCALENDAR"])

  /// A session as an event; nil of any other record.
  static func event(_ exported: ExportedRecord, stamp: Moment, isMadeUp: Bool = false) -> String? {
    guard exported.type == .session, let start = exported.record[.startedAt].moment else { return nil }
    let record = exported.record
    var lines = [
      "BEGIN:VEVENT", "UID:\(record.id)@unknot", "DTSTAMP:\(utc(stamp))", "DTSTART:\(utc(start))",
    ]
    if let end = record[.endedAt].moment, end.milliseconds > start.milliseconds + 999 {
      lines.append("DTEND:\(utc(end))")
    }
    let state = record[.status].text.map { $0 == SessionStatus.done.rawValue ? "" : " (\($0))" } ?? ""
    lines.append("SUMMARY:\(escaped("\(summary(isMadeUp))\(state)"))")
    if let note = record[.note].text { lines.append("DESCRIPTION:\(escaped(note))") }
    return written(lines + ["END:VEVENT"])
  }

  /// Among a person's own events, those of a demonstration are told apart.
  private static func summary(_ isMadeUp: Bool) -> String {
    isMadeUp ? "Made-up data: massage ball" : "Massage ball"
  }

  private static func written(_ lines: [String]) -> String {
    var text = ""
    for line in lines { fold(line, into: &text) }
    return text
  }

  /// 8 and 19 o'clock where the slot is half a day.
  private static func clock(_ slot: SlotName) -> String {
    let minutes = slot.description == "am" ? 480 : slot.description == "pm" ? 1140 : slot.minutes.lowerBound
    return two(minutes / 60) + two(minutes % 60) + "00"
  }

  private static func compact(_ day: LocalDay) -> String { day.description.filter { $0 != "-" } }

  private static func utc(_ moment: Moment) -> String {
    let text = Moment(milliseconds: moment.milliseconds / 1000 * 1000, offsetMinutes: 0).rfc3339
    return text.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func escaped(_ text: String) -> String {
    var result = ""
    // By scalars: a comma with a combining mark after it is still a comma to whoever reads this.
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", ";", ",":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case "\n": result += "\\n"
      // It begins with a backslash, which is one of those that are escaped.
      case let scalar where SafeText.isUnsafe(scalar): result += "\\" + SafeText.visible(String(scalar))
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// At most 75 bytes a line, scalars whole; what follows begins with a blank.
  private static func fold(_ line: String, into text: inout String) {
    var length = 0
    for scalar in line.unicodeScalars {
      if length + scalar.utf8.count > 75 {
        text += "\r\n "
        length = 1
      }
      text.unicodeScalars.append(scalar)
      length += scalar.utf8.count
    }
    text += "\r\n"
  }
}
