import UnknotKit

/// What is meant today, how the last days were, and the pain with one tap.
enum TodayPage {
  static func page(_ desk: Desk) throws -> Page {
    let journal = desk.journal
    let today = try journal.today()
    let usual = try journal.profile().usualPlace
    let running = try journal.runningSession()
    let mayPress = try journal.reasonNotToPress() == nil
    let conflicts = try journal.conflictCount()
    let devices = try journal.otherDevices()
    let checkIn = try journal.checkIn()
    let slots = try journal.slots(today...today)
    let go: HTML =
      if try journal.standingSign()?.tier == .emergency {
        // Nothing leads to the ball.
        .nothing
      } else if let running {
        """
        <p>A session runs\(running.isOwn ? "" : " on \(running.record.device)" as HTML).</p><p><a class="button main" href="/session">Go on with it</a></p>
        """
      } else if mayPress {
        "<p><a class=\"button main\" href=\"/session\">Start a session</a></p>"
      } else { .nothing }
    return Page(
      "Today", here: .today,
      """
      \(try Parts.signs(journal))
      \(conflicts > 0 ? "<p class=\"said warning\"><a href=\"/conflicts\">\(counted(conflicts, "conflict")) to decide</a></p>" as HTML : "")
      <section aria-labelledby="pain"><h2 id="pain">How much does it hurt now?</h2>
      \(Parts.scale("score", to: "/rate", usual.words, [("site", usual.place), ("side", usual.side ?? "")]))
      <p><a href="/body">Somewhere else</a></p></section>
      <section aria-labelledby="plan"><h2 id="plan">Planned for today</h2>
      \(slots.isEmpty ? "<p>Nothing is planned. <a href=\"/plan\">Plan</a></p>" as HTML : list(slots))
      \(go)
      \(checkIn.isDone ? "" : asked(checkIn))</section>
      <section aria-labelledby="days"><h2 id="days">The last 7 days</h2>\(try days(journal, today))
      <p><a href="/report/week">The week</a></p></section>
      \(devices.isEmpty ? "" : "<p class=\"soft\">\(OtherDevice.line(devices))</p>" as HTML)
      """)
  }

  private static func list(_ slots: [SlotStatus]) -> HTML {
    "<ul class=\"slots\">\(slots.html { "<li>\($0.name): \($0.state.rawValue)</li>" })</ul>"
  }

  private static func asked(_ checkIn: CheckInStatus) -> HTML {
    checkIn.frequency == .weekly
      ? "<p><a href=\"/week\">Once a week: how was the past week?</a></p>"
      : "<p>Today’s check-in is open: the buttons above answer it.</p>"
  }

  private static func days(_ journal: Journal, _ today: LocalDay) throws -> HTML {
    let days = today.adding(-6)...today
    let trend = try journal.trend(journal.figureRange(since: days.lowerBound, until: days.upperBound))
    let values = Dictionary(trend.days.map { ($0.day, $0.value) }) { first, _ in first }
    let cells = (days.lowerBound.number...days.upperBound.number).map { LocalDay(number: $0) }.html { day in
      let value = values[day]
      let words = value.map { $0.rounded() == $0 ? "\(Int($0))" : "\($0)" } ?? "–"
      return """
        <li class="n\(Int(value?.rounded() ?? 99))"><span class="soft">\(day.readable(today: today))</span><strong>\(words)</strong></li>
        """
    }
    return "<ol class=\"days\">\(cells)</ol>"
  }

  /// Today's check-in where that is open and asked for, else a rating like any other.
  static func rate(_ request: Request, _ desk: Desk) throws -> Response {
    let checkIn = try desk.journal.checkIn()
    var entry = PainEntry(score: try number("score", request), site: try place(request))
    entry.context =
      checkIn.frequency == .daily && !checkIn.hasCheckedInToday && request["back"] == nil ? "scheduled" : nil
    entry.note = request["note"]
    let written = try desk.journal.ratePain(entry)
    return .wrote(request["back"] == "body" ? "/body" : "/", "Recorded", written, desk)
  }

  static func place(_ request: Request) throws -> PlaceText? {
    guard let site = request["site"] else { return nil }
    return try PlaceText(site: site + (request["side"].map { "/\($0)" } ?? ""))
  }

  static func number(_ name: String, _ request: Request) throws -> Int {
    guard let text = request[name], let number = Int(text), (0...10).contains(number) else {
      throw KitError(.invalidValue, "a number from 0 to 10 is missing: \(name)")
    }
    return number
  }

  // MARK: Once a week

  static func week() -> Page {
    Page(
      "The past week", here: .today, live: nil,
      """
      <form method="post" action="/week"><p>How much did it hurt over the past week, on average?</p>
      \(Parts.choice("score", "0 none, 10 worst imaginable", numbers, isRequired: true))
      \(Parts.choice("activity", "How much did it get in the way of what you do?", [("", "no answer")] + numbers))
      <button class="main">Record</button></form>
      <h2>Or the three questions of PEG</h2><form method="post" action="/peg">
      \(Parts.choice("pain", "Pain on average", numbers, isRequired: true))
      \(Parts.choice("enjoyment", "It got in the way of enjoying life", numbers, isRequired: true))
      \(Parts.choice("activity", "It got in the way of what you do", numbers, isRequired: true))
      <button>Record</button></form>
      """)
  }

  private static var numbers: [(value: String, words: String)] { (0...10).map { ("\($0)", "\($0)") } }

  static func rateWeek(_ request: Request, _ desk: Desk) throws -> Response {
    let written = try desk.journal.rateWeek(
      try number("score", request),
      activity: request["activity"] == nil ? nil : try number("activity", request))
    return .wrote("/", "Recorded", written, desk)
  }

  static func peg(_ request: Request, _ desk: Desk) throws -> Response {
    let written = try desk.journal.recordPEG(
      pain: try number("pain", request), enjoyment: try number("enjoyment", request),
      activity: try number("activity", request))
    return .wrote("/", "Recorded", written, desk)
  }
}

/// What is said after something was done.
enum Said {
  static func words(_ words: String) -> [Notice] { [Notice(level: .hint, text: Advice(words))] }

  static func written(_ verb: String, _ written: Written, _ desk: Desk) -> [Notice] {
    guard !written.records.isEmpty else { return words("Nothing had to be changed.") + written.notices }
    return written.records.flatMap { words("\(verb): \($0.summary(now: desk.now).here(desk.now))") }
      + written.notices
  }
}
