import UnknotEngine

/// A plan to be made.
public struct PlanEntry: Sendable {
  /// "course" or "maintenance".
  public var kind: String
  /// By id or name.
  public var routine: String?
  /// `am`, `pm` or `07:30`, each with `=DAYS` or for every day; none: what the kind says.
  public var slots: [String] = []
  /// Nil: today, or tomorrow where something that it plans for today is past.
  public var from: LocalDay?
  /// The last day, included. Nil: as `days` says; without that, a course lasts seven days and maintenance has no end.
  public var until: LocalDay?
  /// How long it lasts, 1 … 3660 days; not together with `until`.
  public var days: Int?
  /// "daily" or "weekly": how often it asks how much it hurts. Nil: as the episode's stage says.
  public var checkIn: String?
  /// What the person wants to remember about the plan, up to 10,000 characters.
  public var note: String?
  /// Also where that ends a trial, which then shows nothing.
  public var endsTrial = false

  /// - Parameter kind: "course" or "maintenance"; it is checked when the plan is set.
  public init(kind: String) { self.kind = kind }
}

/// A slot of a day, as it is shown.
public struct SlotStatus: Sendable {
  /// The local day.
  public let day: LocalDay
  /// "am", "pm" or a time of day.
  public let name: String
  /// How it stands with the slot now.
  public let state: SlotState
  /// The id of the session that fills it.
  public let session: String?
  /// The id of its plan.
  public let plan: String

  /// An object with `day`, `slot`, `state`, `session` and `plan`; the session is null where none fills the slot.
  public var json: JSONValue {
    .object([
      ("day", .string(day.description)), ("slot", .string(name)), ("state", .string(state.rawValue)),
      ("session", session.map { .string($0) } ?? .null), ("plan", .string(plan)),
    ])
  }
}

/// How a plan is kept.
public struct Adherence: Sendable {
  /// Of the due slots, the later ones counting more: after 7 a slot counts half. In percent; nil: none was due.
  public let score: Int?
  /// Slots that were due, and done wholly or in part, in the last 28 days.
  public let due: Int
  /// Of the due slots, those that were done wholly or in part.
  public let done: Int
  /// Bouts and seconds of them in the same days.
  public let bouts: Int
  /// How long was pressed in those bouts, in seconds.
  public let seconds: Int
}

extension Journal {
  /// Begins a plan: one that is in force ends the day before. The past stays as it was; where something of today is
  /// past already, the plan begins tomorrow, unless its first day is said.
  public func setPlan(_ entry: PlanEntry) throws(KitError) -> Written {
    let kind = try WordList(name: "kind of plan", words: ["course", "maintenance"]).check(entry.kind)
    let isCourse = bytewiseEqual(kind, "course")
    let checkIn = try entry.checkIn.map { text throws(KitError) in try Words.checkIns.check(text) }
    let texts = entry.slots.isEmpty ? isCourse ? ["am", "pm"] : ["am=mon-fri"] : entry.slots
    var slots: [FieldName: Value] = [:]
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let name = try SlotName(parts[0])
      let days = try WeekdaySet(parts.count == 2 ? parts[1] : "daily")
      slots[FieldName(.slots, key: name.description)] = .text(days.description)
    }
    if let days = entry.days {
      guard entry.until == nil else {
        throw KitError(
          .usage, "the plan's length is given twice", hint: "leave out \(.dayCount) or \(.lastDay)")
      }
      guard (1...3660).contains(days) else { throw KitError(.invalidValue, "a plan lasts 1 to 3660 days") }
    }
    return try write("plan set") { session in
      let today = try session.today().day
      let from = try session.firstDay(entry.from, today)
      let until = entry.days.map { from.adding($0 - 1) } ?? entry.until ?? (isCourse ? from.adding(6) : nil)
      if let until, until < from { throw KitError(.invalidValue, "a plan cannot end before it begins") }
      var fields = slots
      fields[FieldName(.kind)] = .text(kind)
      if let until { fields[FieldName(.untilDay)] = .integer(Int64(until.number)) }
      if !isCourse { fields[FieldName(.reviewDay)] = .integer(Int64(from.adding(42).number)) }
      if let routine = entry.routine {
        fields[FieldName(.routine)] = .reference(try session.routine(routine).id)
      }
      if let checkIn {
        fields[FieldName(.checkIn)] = .text(checkIn)
        if checkIn == CheckInFrequency.daily.rawValue, try !session.isPersistent(on: today) {
          session.notices.add(.hint, CheckInFrequency.evidence)
        }
      }
      fields.merge(try session.texts([(.note, entry.note)])) { $1 }
      return try session.begin(fields, from: from, today: today, endingTrial: entry.endsTrial)
    }
  }

  /// What is planned rests from now on: what was done or missed today stays so. Also a plan that only begins tomorrow rests.
  public func pausePlan(until: LocalDay? = nil) throws(KitError) -> Written {
    try changePlans("plan pause") { session, plan, today in
      if let until, until < today { throw KitError(.invalidValue, "a pause cannot end before it begins") }
      var fields: [FieldName: Value] = [:]
      for slot in try session.slots(today...today)
      where slot.plan == plan.record.id && (slot.state == .open || slot.state == .upcoming) {
        fields[FieldName(.exceptions, key: slot.key)] = .text("paused")
      }
      let goesOn = plan.terms.until.map { $0 > today } ?? true
      if goesOn, until.map({ $0 > today }) ?? true {
        fields[FieldName(.pauses, key: today.adding(1).description)] = .text(until?.description ?? "open")
      }
      return fields
    }
  }

  /// The pause ends: what is still to come of today counts again.
  public func resumePlan() throws(KitError) -> Written {
    try changePlans("plan resume") { session, plan, today in
      var fields: [FieldName: Value] = [:]
      var counting = plan.terms
      for (first, last) in plan.terms.pauses where last.map({ today <= $0 }) ?? true {
        counting.pauses[first] = nil
        // One that has not begun has paused nothing.
        fields[FieldName(.pauses, key: first.description)] =
          first >= today ? .removed : .text(today.adding(-1).description)
      }
      let now = try session.today()
      for slot in PlanSlots.derive([counting], [], days: today...today, now: now) {
        let isOver = slot.name.isOver(at: now.minute)
        let key = FieldName(.exceptions, key: slot.key)
        if isOver, plan.terms.isPaused(on: today) { fields[key] = .text("paused") }
        if !isOver, plan.terms.exceptions[slot.key] == .paused { fields[key] = .removed }
      }
      return fields
    }
  }

  /// A slot does not count, for or against.
  ///
  /// - Parameters:
  ///   - slot: `2026-05-14/am`, a day (all its slots), or nil: today's next open one.
  ///   - reason: a word of `Words.excuses`; nil: not said.
  ///   - undo: it counts again.
  /// - Returns: what was written, and which slots it is about, also those that were as they should be.
  public func excuseSlot(
    _ slot: String?, reason: String? = nil, undo: Bool = false
  ) throws(KitError) -> (written: Written, slots: [(day: LocalDay, name: String)]) {
    let reason = try reason.map { text throws(KitError) in try Words.excuses.check(text) }
    return try write("plan excuse") { session in
      let times = try session.times()
      let today = try session.today()
      var keys: [(day: LocalDay, name: String?)] = []
      if let slot {
        let parts = slot.split(separator: "/", maxSplits: 1).map(String.init)
        keys = [
          (try times.day(parts.first ?? ""), parts.count == 2 ? try SlotName(parts[1]).description : nil)
        ]
      } else {
        let open = try session.slots(today.day...today.day.adding(7)).first {
          $0.state == .open || $0.state == .upcoming
        }
        guard let open else { throw KitError(.notFound, "no slot is open", hint: "say which: 2026-05-14/am") }
        keys = [(open.day, open.name.description)]
      }
      var fields: [Dot: [FieldName: Value]] = [:]
      var slots: [(day: LocalDay, name: String)] = []
      for (day, name) in keys {
        let found = try session.slots(day...day).filter { name == nil || $0.name.description == name }
        guard !found.isEmpty else {
          throw KitError(.notFound, "no plan has a slot \(day)\(name.map { "/\($0)" } ?? "")")
        }
        let excusable = found.filter { undo || $0.state != .done }
        guard !excusable.isEmpty else {
          throw KitError(.invalidValue, "\(day)\(name.map { "/\($0)" } ?? ""): what was done needs no excuse")
        }
        for slot in excusable {
          slots.append((slot.day, slot.name.description))
          fields[slot.plan, default: [:]][FieldName(.exceptions, key: slot.key)] =
            undo ? .removed : .text("excused" + (reason.map { ":\($0)" } ?? ""))
        }
      }
      var written: [Dot] = []
      for (plan, values) in fields.sorted(by: { $0.key < $1.key }) {
        guard let record = try session.reader.record(plan) else { continue }
        if try session.edit(record, values) { written.append(plan) }
      }
      return (try session.written(written), slots)
    }
  }

  /// Of today's plan and, where another one begins then, of tomorrow's.
  private func changePlans(
    _ label: String,
    _ body: (JournalWriter, (record: StoredRecord, terms: PlanTerms), LocalDay) throws ->
      [FieldName: Value]
  ) throws(KitError) -> Written {
    try write(label) { session in
      let today = try session.today().day
      let plans = try session.plans()
      var terms = [today, today.adding(1)].compactMap { PlanSlots.inForce(plans, on: $0) }
      if terms.count == 2, terms[0].id == terms[1].id { terms.removeLast() }
      guard !terms.isEmpty else {
        throw KitError(.notFound, "no plan is in force", hint: "\(.newPlan) makes one")
      }
      var changed: [Dot] = []
      for terms in terms {
        guard let record = try session.reader.record(terms.id) else { continue }
        let fields = try body(session, (record, terms), today)
        if !fields.isEmpty, try session.edit(record, fields) { changed.append(record.id) }
      }
      guard !changed.isEmpty else {
        throw label == "plan pause"
          ? KitError(.invalidValue, "nothing is left of today to pause")
          : KitError(.notFound, "the plan is not paused")
      }
      return try session.written(changed)
    }
  }

  /// The plan in force today, and how many others were made for the same days by devices that did not know of it.
  public func planInForce() throws(KitError) -> (plan: JournalRecord, others: Int)? {
    try read { session in
      let today = try session.today().day
      let plans = try session.plans()
      guard let terms = PlanSlots.inForce(plans, on: today) else { return nil }
      let others = plans.count {
        $0.id != terms.id && $0.from <= today && ($0.until.map { today <= $0 } ?? true)
      }
      return (try session.show(terms.id), others)
    }
  }

  /// The slots of those days, in the order of time.
  public func slots(_ days: ClosedRange<LocalDay>) throws(KitError) -> [SlotStatus] {
    try read { session in
      try session.slots(days).map { slot in
        SlotStatus(
          day: slot.day, name: slot.name.description, state: slot.state, session: slot.session?.description,
          plan: slot.plan.description)
      }
    }
  }

  /// How the plans of the last year were kept, up to today; all counts are 0 as long as there is no plan.
  public func adherence() throws(KitError) -> Adherence {
    try read { session in
      let today = try session.today().day
      guard let first = try session.plans().map(\.from).min() else {
        return Adherence(score: nil, due: 0, done: 0, bouts: 0, seconds: 0)
      }
      let begin = max(first, today.adding(-366))
      let slots = begin <= today ? try session.slots(begin...today) : []
      let recent = slots.filter { $0.day > today.adding(-28) }
      let range = FigureRange(since: today.adding(-27), site: try session.profile().usualPlace.place)
      let bouts = try session.boutPoints(try session.sessionPoints(range))
      return Adherence(
        score: PlanSlots.score(slots).map { Int(($0 * 100).rounded()) },
        due: recent.count { $0.state.halves != nil }, done: recent.count { ($0.state.halves ?? 0) > 0 },
        bouts: bouts.count, seconds: bouts.reduce(0) { $0 + $1.seconds })
    }
  }
}

extension PlanTerms {
  static let fields: Set<FieldKey> = [.fromDay, .untilDay, .slots, .exceptions, .pauses, .blocks]

  /// - Parameter record: with these fields.
  init?(_ record: StoredRecord) {
    guard case .integer(let from) = record[.fromDay] else { return nil }
    var until: LocalDay?
    if case .integer(let last) = record[.untilDay] { until = LocalDay(clamping: last) }
    var slots: [SlotName: WeekdaySet] = [:]
    for (key, value) in record.members(of: .slots) {
      // What a newer program means by another name is not due here.
      guard case .text(let days) = value, let name = try? SlotName(key), let set = try? WeekdaySet(days)
      else { continue }
      slots[name] = set
    }
    self.init(id: record.id, from: LocalDay(clamping: from), until: until, slots: slots)
    for (key, value) in record.members(of: .exceptions) {
      guard case .text(let text) = value else { continue }
      let word = text.split(separator: ":").first.map(String.init) ?? ""
      if let state = SlotState(rawValue: word), state.halves == nil { exceptions[key] = state }
    }
    for (key, value) in record.members(of: .pauses) {
      guard case .text(let last) = value, let first = try? LocalDay(key) else { continue }
      pauses[first] = .some(try? LocalDay(last))
    }
    blocks = record.members(of: .blocks).compactMap { key, value in
      guard case .text(let arm) = value, let first = try? LocalDay(key) else { return nil }
      return (first, arm)
    }.sorted { $0.from < $1.from }
  }
}

extension JournalWriter {
  /// A plan's first day: as it was said, else today, or tomorrow where something of today is past already.
  func firstDay(_ said: LocalDay?, _ today: LocalDay) throws -> LocalDay {
    let hasBegun = try slots(today...today).contains { $0.state != .open && $0.state != .upcoming }
    let from = said ?? (hasBegun ? today.adding(1) : today)
    guard from >= today else {
      throw KitError(
        .invalidValue, "a plan cannot begin in the past", hint: "what was done without one stays as it is")
    }
    return from
  }

  /// Makes a plan of these fields; those in force end the day before.
  ///
  /// - Parameter endingTrial: a trial too: ended before its time it shows nothing, so that has to be said.
  func begin(
    _ fields: [FieldName: Value], from: LocalDay, today: LocalDay, endingTrial: Bool
  ) throws -> Written {
    var written: [Dot] = []
    for old in try records(.plan, fields: PlanTerms.fields.union([.kind])) {
      guard let terms = PlanTerms(old), terms.until.map({ $0 >= from }) ?? true, terms.from <= from else {
        continue
      }
      guard endingTrial || old[.kind] != .text("trial") else {
        let last = terms.until.map { " until \($0.readable(today: today))" } ?? ""
        throw KitError(
          .invalidValue, "a trial runs\(last): ended early, it shows nothing",
          hint: "begin after it with \(.laterFirstDay), or end it now with \(.endOfTrial)")
      }
      let last = FieldName(.untilDay)
      if let whole = try reader.record(old.id), try edit(whole, [last: .integer(Int64(from.number - 1))]) {
        written.append(old.id)
      }
    }
    var fields = fields
    fields[FieldName(.fromDay)] = .integer(Int64(from.number))
    // What is over by now was never due.
    let minute = try self.today().minute
    for name in fields.keys where from == today && bytewiseEqual(name.field, FieldKey.slots.rawValue) {
      guard let key = name.key, try SlotName(key).isOver(at: minute) else { continue }
      fields[FieldName(.exceptions, key: "\(today)/\(key)")] = .text("excused")
    }
    return try self.written([try create(.plan, fields)] + written)
  }
}

extension JournalTransaction {
  func plans() throws -> [PlanTerms] {
    try records(.plan, fields: PlanTerms.fields).compactMap { PlanTerms($0) }
  }

  func slots(_ days: ClosedRange<LocalDay>) throws -> [PlanSlot] {
    let plans = try plans()
    guard !plans.isEmpty else { return [] }
    let (since, until) = LocalDay.instants(from: days.lowerBound, to: days.upperBound)
    let records = try records(
      .session, RecordFilter(since: since, until: until),
      fields: [.startedAt, .localDay, .status, .plan, .slot])
    let distinct = try distinctPairs()
    let repeats = try repeats(of: .session, since: since, until: until)
    let sessions = try records.compactMap { record -> SlotFiller? in
      guard let start = record.moment(.startedAt) else { return nil }
      let status = record[.status]
      guard status != SessionStatus.running.value, status != SessionStatus.abandoned.value else { return nil }
      let local = try day(of: record)
      var filler = SlotFiller(
        id: record.id, day: local,
        minute: local.minute(of: start))
      filler.isPartial = status == SessionStatus.partial.value
      filler.distinct = distinct.reduce(into: []) { own, pair in
        if pair.contains(record.id) { own.formUnion(pair.subtracting([record.id])) }
      }
      filler.twins = repeats.others(record.id).subtracting(filler.distinct)
      if case .reference(let plan) = record[.plan] { filler.plan = plan }
      if case .text(let slot) = record[.slot] { filler.slot = slot }
      return filler
    }
    return PlanSlots.derive(plans, sessions, days: days, now: try today())
  }

  /// The open slot that a session of now fills.
  func slotToFill(at moment: Moment) throws -> (plan: Dot, slot: String)? {
    let day = try day(of: moment)
    let free = try slots(day...day).filter { $0.session == nil }
    let minute = day.minute(of: moment)
    let slot = free.min {
      abs($0.name.minutes.lowerBound - minute) < abs($1.name.minutes.lowerBound - minute)
    }
    // The morning's is open until noon, the afternoon's from then on.
    return (free.first { $0.name.minutes.contains(minute) } ?? slot).map { ($0.plan, $0.key) }
  }
}
