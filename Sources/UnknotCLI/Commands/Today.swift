import ArgumentParser
import UnknotKit

struct Today: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "What is meant today, how the last days were, and what to type next.")
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let journal = context.journal
    try FirstQuestions.ask(journal)
    try SafetySigns.leadUrgent(journal)
    let today = try journal.today()
    let slots = try journal.slots(today...today)
    let running = try journal.runningSession()
    let week = today.adding(-6)...today
    let trend = try journal.trend(journal.figureRange(since: week.lowerBound, until: today))
    let conflicts = try journal.conflictCount()
    let checkIn = try journal.checkIn()
    let devices = try journal.otherDevices()
    let trial = try journal.trialToday()
    let steps = try nextSteps(
      journal, slots, checkIn, running: running, hasDays: !trend.days.isEmpty, conflicts)
    let json = JSONValue.object([
      ("day", .string(today.description)), ("slots", .array(slots.map(\.json))),
      ("check_in", checkIn.json),
      (
        "days",
        .array(
          trend.days.map {
            .object([("day", .string($0.day.description)), ("value", .decimal("\($0.value)"))])
          })
      ), ("next", .array(steps.map { .object([("do", .string($0.what)), ("type", .string($0.type))]) })),
    ])
    context.output.one(json) {
      let output = context.output
      output.line(slots.isEmpty ? "today: nothing is planned" : SlotText(today: today).day(today, slots))
      if let trial { output.line("trial: \(trial.arm) today, block \(trial.block) of \(trial.of)") }
      output.line("pain (\(Catalogue.siteName(trend.range.site))), last 7 days: \(days(week, trend))")
      if !devices.isEmpty { output.line(OtherDevice.line(devices)) }
      if let reason = try? journal.reasonNotToPress() { output.line("no ball for now: \(reason)") }
      output.line("")
      for step in steps { output.line("\(step.what): \(step.type)") }
    }
  }

  /// Each day's value, the newest last; – where there is none.
  private func days(_ week: ClosedRange<LocalDay>, _ trend: TrendFigures) -> String {
    let values = Dictionary(trend.days.map { ($0.day, $0.value) }) { first, _ in first }
    guard !values.isEmpty else { return "no rating yet" }
    return (week.lowerBound.number...week.upperBound.number).map { number in
      guard let value = values[LocalDay(number: number)] else { return "–" }
      return value.rounded() == value ? "\(Int(value))" : "\(value)"
    }.joined(separator: " ")
  }

  /// At most three, the most pressing first.
  private func nextSteps(
    _ journal: Journal, _ slots: [SlotStatus], _ checkIn: CheckInStatus,
    running: (record: JournalRecord, isOwn: Bool)?,
    hasDays: Bool, _ conflicts: Int
  ) throws -> [(what: String, type: String)] {
    var steps: [(what: String, type: String)] = []
    // Who should see a doctor first is not sent to the ball.
    let mayPress = try journal.reasonNotToPress() == nil
    if try journal.standingSign()?.tier == .emergency {
      return [("look at the signs again, once somebody has seen to it", "unknot check")]
    }
    // What hurt too much ends with the day, and not with a check.
    let isResting = try journal.hasHurtTooMuchToday() && journal.unansweredStopSign() == nil
    if !mayPress, !isResting {
      steps.append(("look at the signs that need a doctor", "unknot check"))
    } else if let pointer = try journal.signPointer() {
      steps.append(("look at the signs that need a doctor (\(pointer))", "unknot check"))
    }
    // What a doctor has not looked at yet does not stop anybody; to send somebody to the ball is another thing.
    let isUnexamined = try journal.unexaminedSign() != nil
    if isUnexamined {
      steps.append(("once a doctor has examined the sign", "unknot check none --examined"))
    }
    if let running, mayPress {
      let command = running.isOwn ? "unknot start" : "unknot start --take-over"
      steps.append(("go on with the session that runs", command))
    }
    if conflicts > 0 { steps.append(("decide \(counted(conflicts, "conflict"))", "unknot conflicts")) }
    let isOpen = slots.contains { $0.state == .open || $0.state == .upcoming }
    if running == nil, mayPress, !isUnexamined {
      steps.append((isOpen ? "press, as planned" : "press for a few minutes", "unknot start"))
    }
    if !checkIn.isDone { steps.append((checkIn.question, checkIn.command)) }
    if hasDays { steps.append(("see how the week went", "unknot report week")) }
    if mayPress, !isUnexamined { steps.append(("choose what to press", "unknot suggest")) }
    return Array(steps.prefix(3))
  }
}
