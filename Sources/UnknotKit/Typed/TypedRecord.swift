import UnknotEngine

/// A record as a program that embeds the core wants it: a value whose fields have Swift's types.
///
/// Read one with `Journal.record` or `Journal.list`, and write to it with `Journal.edit`:
///
///     let form = try journal.form()
///     let rating = try journal.record(PainRating.self, id)
///     try journal.edit(rating, asOf: form) { $0.score = 4 }
///
/// What can be edited is a `var`. Words are texts and not enumerations, since a newer program can have written one that
/// this one does not know.
public protocol TypedRecord: Identifiable, Hashable, Codable, Sendable where ID == String {
  /// Whose records it shows.
  static var type: RecordType { get }

  /// - Returns: nil where the record is of another type, or lacks what every record of the type has.
  init?(_ record: JournalRecord)

  /// What a person may edit of it, each as `FIELD=VALUE` takes it; empty where the field is.
  var texts: [FieldKey: String] { get }
}

extension Journal {
  /// One record.
  ///
  /// - Parameter id: in full, or as short as a person writes it.
  /// - Throws: `KitError` of the kind `notFound` where there is none of this type.
  public func record<Record: TypedRecord>(
    _ type: Record.Type, _ id: String
  ) throws(KitError) -> Record {
    guard let record = Record(try show(id)) else {
      throw KitError(.notFound, "there is no \(Record.type.name) \(id)")
    }
    return record
  }

  /// Records of one type, newest first. What lacks what every record of the type has, as a file can bring it, is left out.
  public func list<Record: TypedRecord>(
    _ type: Record.Type, _ filter: ListFilter = ListFilter()
  ) throws(KitError) -> [Record] {
    try list(Record.type.plural, filter) { records in
      var found: [Record] = []
      try records.each { if let record = Record($0) { found.append(record) } }
      return found
    }
  }

  /// Writes the fields that a change makes another, and no others: what a device writes elsewhere meanwhile stays.
  ///
  /// - Parameters:
  ///   - record: as the person saw it.
  ///   - form: where the journal stood then; nil: as it stands now.
  ///   - change: is given the record, and says what it is to be.
  /// - Returns: with no record where nothing differs.
  /// - Throws: `KitError` where a value is not one that the field can have; nothing was changed.
  @discardableResult
  public func edit<Record: TypedRecord>(
    _ record: Record, asOf form: Form? = nil, _ change: (inout Record) -> Void
  ) throws(KitError) -> Written {
    var changed = record
    change(&changed)
    let before = record.texts
    let different = changed.texts.filter { key, text in before[key].map { !bytewiseEqual($0, text) } ?? true }
    guard !different.isEmpty else { return Written(records: [], operation: nil, notices: []) }
    return try edit(
      record.id, different.map { "\($0.key)=\($0.value)" }.sorted(), asOf: form)
  }
}

extension Dictionary where Key == FieldKey, Value == String {
  /// Puts together what a record has.
  init(
    texts: [FieldKey: String?] = [:], numbers: [FieldKey: Int?] = [:], flags: [FieldKey: Bool] = [:],
    moments: [FieldKey: Moment?] = [:], days: [FieldKey: LocalDay?] = [:], sets: [FieldKey: [String]] = [:]
  ) {
    self = texts.mapValues { $0 ?? "" }
    merge(numbers.mapValues { $0.map { String($0) } ?? "" }) { $1 }
    merge(flags.mapValues { $0 ? "yes" : "no" }) { $1 }
    merge(moments.mapValues { $0?.rfc3339 ?? "" }) { $1 }
    merge(days.mapValues { $0?.description ?? "" }) { $1 }
    merge(sets.mapValues { $0.joined(separator: ",") }) { $1 }
  }
}

extension FieldValue {
  var number: Int? { integer.map { Int(clamping: $0) } }
}

extension JournalRecord {
  /// Whether it is one of that type.
  func isOf(_ type: RecordType) -> Bool { bytewiseEqual(self.type, type.name) }
}
