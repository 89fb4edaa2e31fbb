import UnknotEngine

// The one meaning of a day: the day that was frozen with a record; of what has none, the day that its time belonged to
// where it was, as days begin for the person.
extension JournalTransaction {
  /// Reads times as the person at this device means them.
  func times() throws -> TimeExpression {
    TimeExpression(now: journal.nowMilliseconds, zone: journal.zone, dayStart: try dayStart())
  }

  func day(of moment: Moment) throws -> LocalDay { LocalDay(of: moment, start: try dayStart()) }

  /// - Parameters:
  ///   - frozen: the record's `local_day`.
  ///   - time: the field that says when it happened; where there is none, when it was recorded counts.
  func day(frozen: Value, time: Value, createdAt: Int64) throws -> LocalDay {
    if case .integer(let number) = frozen { return LocalDay(clamping: number) }
    if let moment = time.moment { return try day(of: moment) }
    return try day(of: moment(createdAt))
  }

  /// A child is of its parent's day.
  func day(of record: StoredRecord) throws -> LocalDay {
    guard let type = RecordType.named(record.kind) else { return try day(of: moment(record.createdAt)) }
    if type.timeField == nil, let parent = try record.parent.flatMap({ try reader.record($0) }) {
      return try day(of: parent)
    }
    return try day(
      frozen: record[.localDay], time: type.timeField.map { record[$0] } ?? .null,
      createdAt: record.createdAt)
  }

  /// The person's day that is now, and the minute since its midnight: past 1440 until the next day begins.
  func today() throws -> (day: LocalDay, minute: Int) {
    let now = journal.now
    let day = try day(of: now)
    return (day, day.minute(of: now))
  }
}

extension LocalDay {
  /// Minutes from its midnight, on the clock where it was.
  func minute(of moment: Moment) -> Int {
    Int((moment.local.milliseconds - Int64(number) * Moment.millisecondsPerDay) / 60_000)
  }

  /// In ms: no instant of these days lies outside, in whatever zone and whenever days begin.
  static func instants(from first: LocalDay?, to last: LocalDay?) -> (since: Int64?, until: Int64?) {
    let day: Int64 = Moment.millisecondsPerDay
    return (first.map { Int64($0.number - 1) * day }, last.map { Int64($0.number + 3) * day })
  }
}
