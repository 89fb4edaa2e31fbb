import ArgumentParser
import UnknotKit

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "What you plan to do, and when; changing it never alters the past.",
    subcommands: [Showing.self, Set.self, Pause.self, Resume.self, Excuse.self, Trial.self])

  struct Set: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Begin a plan: course (7 days, morning and evening) or maintenance (mornings, mon-fri).",
      discussion: "A course is for a new (acute) spell, maintenance for pain that lasts or keeps coming back."
    )
    @Argument(help: "course or maintenance.", completion: .list(["course", "maintenance"])) var kind: String
    @Option(help: "The routine that it is for: its name or id.", completion: Completions.storedRoutines)
    var routine: String?
    @Option(help: "am, pm or a time, for every day or with =DAYS, as in am=mon-fri; once for each.")
    var slot: [String] = []
    @Option(help: "Its first day; today if not said.") var from: String?
    @Option(help: "Its last day.") var until: String?
    @Option(help: "How many days it lasts.") var days: Int?
    @Option(
      help: "daily or weekly: how often you are asked how much it hurts; as long as the pain is new, weekly.",
      completion: .list(Words.checkIns.words)) var checkIn: String?
    @Option(help: "Anything else.") var note: String?
    @Flag(help: "Even if that ends a trial, without a result.") var endTrial = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let times = try context.journal.times
      var entry = PlanEntry(kind: kind)
      entry.routine = routine
      entry.slots = slot
      entry.from = try from.map { text throws(KitError) in try times.day(text, isAhead: true) }
      entry.until = try until.map { text throws(KitError) in try times.day(text, isAhead: true) }
      entry.days = days
      entry.checkIn = checkIn
      entry.note = note
      entry.endsTrial = endTrial
      let written = try context.journal.setPlan(entry)
      RecordText(context).written("set", written)
      // The new plan comes first, then the one that it replaces.
      guard let plan = written.records.first else { return }
      if let hint = try hint(plan, context.journal) { Message.note("hint: \(hint)") }
    }

    private func hint(_ plan: JournalRecord, _ journal: Journal) throws -> String? {
      let now = journal.now
      guard plan[.kind].text == "maintenance" else {
        // Somebody whose episode is new does what is meant.
        let open = try journal.list(RecordType.episode.plural).first { $0[.endedAt].isEmpty }
        guard open?.derived.first(where: { $0.name == "stage" })?.value.plain != "acute" else { return nil }
        return "a course is for a new (acute) spell; for pain that lasts: unknot plan set maintenance"
      }
      let review = plan[.reviewDay]
      let day = review.isEmpty ? "after some weeks" : "on \(review.readable(now: now))"
      return
        "what counts is to keep at it, week after week; \(day) look whether it helps: unknot report trend"
    }
  }

  struct Pause: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Let the plan rest: its slots do not count.")
    @Option(help: "The last day of the pause; default: no end.") var until: String?
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let last = try until.map { text throws(KitError) in try context.journal.times.day(text, isAhead: true) }
      let written = try context.journal.pausePlan(until: last)
      RecordText(context).written("paused", written, nothing: "it is paused already")
      guard !written.records.isEmpty else { return }
      let today = try context.journal.today()
      let end = last.map { "up to \($0.readable(today: today))" } ?? "from now on"
      Message.note("its slots \(end) do not count for or against you; unknot plan resume ends the pause")
    }
  }

  struct Resume: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "End the pause: today counts again.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      RecordText(context).written("resumed", try context.journal.resumePlan())
    }
  }

  struct Excuse: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Excuse a slot: it does not count for or against you.")
    @Argument(help: "DAY/SLOT as in 2026-05-14/am, or a day; default: the next open one.") var slot: String?
    @Option(help: "sick, travel, flare, rest or other.", completion: .list(Words.excuses.words)) var reason:
      String?
    @Flag(help: "It counts again.") var undo = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let (written, slots) = try context.journal.excuseSlot(slot, reason: reason, undo: undo)
      let today = try context.journal.today()
      let names = slots.map { "\($0.day.readable(today: today)) \($0.name)" }.joined(separator: ", ")
      RecordText(context).written(
        "\(undo ? "counts again" : "excused"): \(names); in", written,
        nothing: undo ? "it was not excused" : "it is excused already")
    }
  }

  struct Trial: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare two ways of doing it, in blocks of 2 to 4 days whose order is drawn once.",
      discussion:
        "As in: unknot plan trial wall floor; unknot plan trial session rest. The blocks are kept with the plan, "
        + "so that every device does the same. unknot report trial shows the result.")
    @Argument(help: "One way: wall, hold, session, …") var first: String
    @Argument(help: "The other: floor, slow-roll, rest, …") var second: String
    @Option(help: "How many blocks of each, 4 to 10.") var blocks = 4
    @Option(
      help: "What is compared: change (within sessions) or next-day.",
      completion: .list(Words.trialOutcomes.words)) var outcome: String?
    @Option(help: "am, pm or a time, for every day or with =DAYS; repeatable; default: mornings.")
    var slot: [String] = []
    @Option(help: "Its first day; today if not said.") var from: String?
    @Option(help: "Anything else.") var note: String?
    @Flag(help: "Even if that ends another trial, without a result.") var endTrial = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      var entry = TrialEntry(first, second)
      entry.blocks = blocks
      entry.outcome = outcome
      entry.slots = slot
      entry.from = try from.map { text throws(KitError) in try context.journal.times.day(text, isAhead: true)
      }
      entry.note = note
      entry.endsTrial = endTrial
      RecordText(context).written("set", try context.journal.setTrial(entry))
    }
  }

  struct Showing: JournalCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show the current plan, two weeks of slots and how you keep it.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let journal = context.journal
      guard let (plan, others) = try journal.planInForce() else {
        return context.output.list([]) { Message.note("no plan is in force; unknot plan set makes one") }
      }
      let today = try journal.today()
      let slots = try journal.slots(today.adding(-7)...today.adding(6))
      let adherence = try journal.adherence()
      let frequency = try journal.checkIn().frequency
      let json = JSONValue.object([
        ("plan", plan.json), ("slots", .array(slots.map(\.json))),
        ("score", adherence.score.map { .integer(Int64($0)) } ?? .null),
        ("due", .integer(Int64(adherence.due))), ("done", .integer(Int64(adherence.done))),
        ("bouts", .integer(Int64(adherence.bouts))), ("seconds", .integer(Int64(adherence.seconds))),
      ])
      context.output.one(json) {
        let text = RecordText(context)
        context.output.line("\(text.describe(plan))  [\(plan.shortID)]")
        context.output.line("  asked: \(frequency == .daily ? "every day" : "once a week")")
        let words = SlotText(today: today)
        for day in Dictionary(grouping: slots, by: \.day).sorted(by: { $0.key < $1.key }) {
          context.output.line("  " + words.day(day.key, day.value))
        }
        context.output.line(words.adherence(adherence))
      }
      if others > 0 {
        Message.note(
          "warning: another device has \(counted(others, "plan")) for today as well; the one that began last counts"
        )
      }
    }
  }
}

/// Slots in words and marks that need no colour.
struct SlotText {
  let today: LocalDay

  static func mark(_ state: SlotState) -> String {
    switch state {
    case .done: "x"
    case .partial: "/"
    case .missed: "-"
    case .open: "o"
    case .upcoming: "."
    case .excused: "e"
    case .paused: "p"
    case .moved: "m"
    }
  }

  func day(_ day: LocalDay, _ slots: [SlotStatus]) -> String {
    let name = day == today ? "today" : day.readable(today: today)
    return "\(name): "
      + slots.map { "\($0.name) [\(Self.mark($0.state))] \($0.state.rawValue)" }.joined(separator: ", ")
  }

  func adherence(_ adherence: Adherence) -> String {
    let score = adherence.score.map { "score \($0) of 100" } ?? "no slot was due yet"
    return "\(score); \(adherence.done) of \(adherence.due) due slots in 28 days; "
      + "\(counted(adherence.bouts, "bout")), \(DurationText.text(Int64(adherence.seconds)))"
  }
}

struct Status: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "What runs now, today's slots and check-in, the open episode.", aliases: ["st"])
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let journal = context.journal
    try SafetySigns.leadUrgent(journal)
    let today = try journal.today()
    let running = try journal.runningSession()
    let slots = try journal.slots(today...today)
    let checkIn = try journal.checkIn()
    let adherence = try journal.adherence()
    let episodes = try journal.list(RecordType.episode.plural).filter { $0[.endedAt].isEmpty }
    let conflicts = try journal.conflictCount()
    let trial = try journal.trialToday()
    let sign = try journal.standingSign()
    let reason = try journal.reasonNotToPress()
    let pointer = try reason == nil ? journal.signPointer() : nil
    let devices = try journal.otherDevices()
    let json = JSONValue.object([
      ("day", .string(today.description)), ("running", running.map { $0.record.json } ?? .null),
      ("slots", .array(slots.map(\.json))), ("checked_in", .bool(checkIn.hasCheckedInToday)),
      ("check_in", checkIn.json),
      ("score", adherence.score.map { .integer(Int64($0)) } ?? .null),
      ("trial_arm", trial.map { .string($0.arm) } ?? .null),
      ("episodes", .array(episodes.map(\.json))), ("conflicts", .integer(Int64(conflicts))),
      ("devices", .array(devices.map(\.json))),
      ("sign", sign.map { .string($0.tier.rawValue) } ?? .null),
      ("no_ball", reason.map { .string($0) } ?? .null),
      ("look_at_signs", pointer.map { .string($0) } ?? .null),
    ])
    context.output.one(json) {
      let text = RecordText(context)
      let output = context.output
      if let running {
        let place = running.isOwn ? "" : " on \(running.record.device)"
        output.line("running\(place): \(text.describe(running.record))  [\(running.record.shortID)]")
      }
      if let reason { output.line("no ball for now: \(reason)") }
      if let pointer { output.line("look at the signs that need a doctor (\(pointer)): unknot check") }
      output.line(slots.isEmpty ? "today: nothing is planned" : SlotText(today: today).day(today, slots))
      if let trial { output.line("trial: \(trial.arm) today, block \(trial.block) of \(trial.of)") }
      output.line(checkIn.line(today: today))
      for episode in episodes { output.line("\(text.describe(episode))  [\(episode.shortID)]") }
      if adherence.score != nil { output.line(SlotText(today: today).adherence(adherence)) }
      if conflicts > 0 { output.line("\(counted(conflicts, "conflict")) to decide: unknot conflicts") }
      if !devices.isEmpty { output.line(OtherDevice.line(devices)) }
    }
  }
}

struct Due: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Today's open slots and check-in.")
  @Flag(help: "The plan as an iCalendar, for a calendar's reminders.") var ics = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let journal = context.journal
    let today = try journal.today()
    if ics {
      guard let calendar = try journal.planCalendar() else {
        throw KitError(.notFound, "no plan is in force", hint: "unknot plan set makes one")
      }
      return StandardOutput.write(calendar)
    }
    try SafetySigns.leadUrgent(journal)
    let open = try journal.slots(today...today).filter { $0.state == .open || $0.state == .upcoming }
    let checkIn = try journal.checkIn()
    let asked: [JSONValue] =
      checkIn.isDone
      ? []
      : [
        .object([
          ("day", .string(today.description)), ("slot", .string("check-in")), ("state", .string("open")),
          ("how_often", .string(checkIn.frequency.rawValue)),
        ])
      ]
    context.output.list(asked + open.map(\.json), columns: ["day", "slot", "state", "session", "plan"]) {
      if !checkIn.isDone { context.output.line(checkIn.line(today: today)) }
      for slot in open { context.output.line("\(slot.name): \(slot.state.rawValue)") }
      if checkIn.isDone, open.isEmpty { Message.note("nothing is due") }
    }
  }
}
