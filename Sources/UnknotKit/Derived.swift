import UnknotEngine

extension RecordType {
  /// What follows from a record's fields and is kept nowhere: whether it was backfilled, a PEG's score, an episode's
  /// day (from 1) and stage.
  public var derivedNames: [String] {
    switch self {
    case .session, .pain, .factor: ["backfilled"]
    case .assessment: ["score"]
    case .episode: ["day", "stage"]
    default: []
    }
  }
}

extension JournalTransaction {
  /// A value for each of the type's derived names.
  func derived(_ record: StoredRecord) throws -> [(name: String, value: JSONValue)] {
    guard let type = RecordType.named(record.kind) else { return [] }
    return zip(type.derivedNames, try derivedValues(record, type)).map { ($0, $1) }
  }

  private func derivedValues(_ record: StoredRecord, _ type: RecordType) throws -> [JSONValue] {
    switch type {
    case .session, .pain, .factor:
      guard let name = type.timeField, case .time(let at, _) = record[name] else { return [.null] }
      // Recorded within half an hour of it, or later from memory.
      var end = at
      if case .time(let ended, _) = record[.endedAt] { end = ended }
      var recorded = record.createdAt
      if case .time(let first, _) = record[.firstRecordedAt] { recorded = first }
      let (later, overflow) = recorded.subtractingReportingOverflow(max(at, end))
      return [.bool(!overflow && later > 1_800_000)]
    case .assessment:
      let items = ["pain", "enjoyment", "activity"].compactMap { name -> Int64? in
        if case .integer(let number) = record[name], (0...10).contains(number) { number } else { nil }
      }
      return [items.count == 3 ? .decimal(tenths(items.reduce(0, +) * 10, by: 3)) : .null]
    case .episode:
      guard case .time = record[.onset] else { return [.null, .null] }
      let days = max(0, try (lastDay(ofEpisode: record) ?? today().day).number - day(of: record).number)
      return [.integer(Int64(days + 1)), .string(EpisodeStage(days: days).rawValue)]
    default: return []
    }
  }
}

/// A quotient with one decimal, rounded half up: `5.3`.
func tenths(_ tenfold: Int64, by divisor: Int64) -> String {
  let rounded = (tenfold * 2 + divisor) / (divisor * 2)
  return "\(rounded / 10).\(rounded % 10)"
}
