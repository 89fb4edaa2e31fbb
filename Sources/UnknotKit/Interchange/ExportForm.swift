/// What all of the journal's records can be written as, in one file.
public enum ExportForm: String, CaseIterable, Sendable {
  /// As `Schema/records.schema.json` describes it; `Journal.importRecords` reads it back.
  case json
  /// An HL7 FHIR R4 Bundle.
  case fhir
  /// Sessions as events of a calendar, by RFC 5545.
  case ics

  /// The media type, as HTTP names it.
  public var mediaType: String {
    switch self {
    case .json: "application/json"
    case .fhir: "application/fhir+json"
    case .ics: "text/calendar"
    }
  }
}

extension Journal {
  /// Writes every visible record for other programs, in the memory of one.
  ///
  /// - Parameters:
  ///   - form: what the file is to be.
  ///   - progress: is told how many records were written; what it throws ends the export.
  ///   - sink: gets the text piece by piece.
  /// - Returns: how many records, of `ics` events, were written.
  /// - Throws: `KitError`, also for what the two closures throw.
  @discardableResult
  public func export(
    as form: ExportForm, progress: (Int) throws -> Void = { _ in }, _ sink: (String) throws -> Void
  ) throws(KitError) -> Int {
    let stamp = now
    let isMadeUp = try profile().isMadeUp
    let bundle = FHIRBundle(timestamp: stamp, isMadeUp: isMadeUp)
    var count = 0
    func put(_ text: String?, after separator: String = "") throws {
      guard let text else { return }
      try progress(count)
      try sink(separator)
      try sink(text)
      count += 1
    }
    try KitError.translating {
      switch form {
      case .json:
        try sink(
          "{\"schema\":\"\(Self.jsonSchemaName)\",\"exported_at\":\"\(stamp.rfc3339)\",\"records\":[")
        try export {
          try progress(count)
          try sink(count == 0 ? "\n" : ",\n")
          // Of one record there can be more than fits into a text.
          try $0.json.writeCompact(sink)
          count += 1
        }
        try sink("\n]}\n")
      case .fhir:
        try sink(bundle.head)
        try export(withBouts: true) { try put(bundle.entry($0), after: ",\n") }
        try sink(FHIRBundle.tail)
      case .ics:
        try sink(ICalendar.head)
        try export { try put(ICalendar.event($0, stamp: stamp, isMadeUp: isMadeUp)) }
        try sink(ICalendar.tail)
      }
    }
    return count
  }

  /// Writes the records of a kind as a table by RFC 4180, as spreadsheets open it.
  ///
  /// - Parameters:
  ///   - plural: as `list` names it: "pain", "sessions".
  ///   - sink: gets a row after the other, the header first.
  public func exportTable(_ plural: String, _ sink: (String) throws -> Void) throws(KitError) {
    let type = try Self.type(listed: plural)
    try KitError.translating {
      try sink(CSVText.row(ExportedRecord.columns(type)))
      try export {
        if $0.type == type { try sink(CSVText.row($0.cells)) }
      }
    }
  }

  /// The slots of the plan in force as an iCalendar, for a calendar's reminders; nil: no plan is in force.
  public func planCalendar() throws(KitError) -> String? {
    guard let (plan, _) = try planInForce() else { return nil }
    let today = try today()
    // A plan of a file can begin in the year 1, or in 9999.
    let first = min(max(plan[.fromDay].day ?? today, today.adding(-3660)), today.adding(3660))
    let off = try slots(min(first, today)...max(first, today).adding(366)).filter {
      $0.plan == plan.id && ($0.state == .excused || $0.state == .paused || $0.state == .moved)
    }
    return try ICalendar.text(plan, excused: off, stamp: now, isMadeUp: profile().isMadeUp)
  }
}
