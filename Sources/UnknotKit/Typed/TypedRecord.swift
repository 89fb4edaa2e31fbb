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

  /// The fields that hold one value and can be edited here, each as `FIELD=VALUE` takes it; empty where the field is.
  var texts: [FieldKey: String] { get }

  /// The fields that hold words, each of which is there or not.
  var sets: [FieldKey: [String]] { get }
}

extension Journal {
  /// One record that is there.
  ///
  /// - Parameters:
  ///   - type: of the records to be read.
  ///   - id: in full, or as short as a person writes it.
  /// - Throws: `KitError` of the kind `notFound` where there is none of this type, or it was removed.
  public func record<Record: TypedRecord>(
    _ type: Record.Type, _ id: String
  ) throws(KitError) -> Record {
    let shown = try show(id)
    guard shown.isPresent, let record = Record(shown) else {
      throw KitError(.notFound, "there is no \(Record.type.name) \(id)")
    }
    return record
  }

  /// Records of one type, newest first. What lacks what every record of the type has, as a file can bring it, is left out,
  /// and does not count for the filter's limit.
  public func list<Record: TypedRecord>(
    _ type: Record.Type, _ filter: ListFilter = ListFilter()
  ) throws(KitError) -> [Record] {
    let limit = filter.limit ?? .max
    guard limit > 0 else { return [] }
    var filter = filter
    filter.limit = nil
    return try list(Record.type.plural, filter) { records in
      var found: [Record] = []
      do {
        try records.each {
          if let record = Record($0) { found.append(record) }
          if found.count == limit { throw Enough() }
        }
      } catch is Enough {}
      return found
    }
  }

  /// Writes the fields that a change makes another, and of a set the words that come or go: what a device writes elsewhere
  /// meanwhile stays. With the time of a record goes the day that it belongs to, and that it is known exactly.
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
    let (before, after) = (record.texts, changed.texts)
    let texts = after.filter { key, text in before[key].map { !bytewiseEqual($0, text) } ?? true }
    let sets = changed.sets.map { key, words in SetChange(key, from: record.sets[key] ?? [], to: words) }
      .filter { !$0.isEmpty }
    guard !texts.isEmpty || !sets.isEmpty else { return Written(records: [], operation: nil, notices: []) }
    return try write("edit", asOf: form) { session in
      let stored = try session.record(record.id, type: Record.type)
      var values: [FieldName: Value] = [:]
      for (key, text) in texts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        values.merge(try session.values(of: key.rawValue, text, Record.type, stored)) { $1 }
      }
      for set in sets { values.merge(try set.values(Record.type)) { $1 } }
      return try session.written(try session.edit(stored, values) ? [stored.id] : [])
    }
  }
}

/// So many were wanted.
private struct Enough: Error {}

/// The words that come into a set, and those that go.
private struct SetChange {
  let key: FieldKey
  let added: [String]
  let removed: [String]
  var isEmpty: Bool { added.isEmpty && removed.isEmpty }

  init(_ key: FieldKey, from old: [String], to new: [String]) {
    func isIn(_ words: [String], _ word: String) -> Bool { words.contains { bytewiseEqual($0, word) } }
    self.key = key
    added = new.filter { !isIn(old, $0) }
    removed = old.filter { !isIn(new, $0) }
  }

  /// A word that only a newer program knows can go, and not come.
  func values(_ type: RecordType) throws -> [FieldName: Value] {
    guard let field = type.field(key.rawValue) else { preconditionFailure("a type declares its sets") }
    var values: [FieldName: Value] = [:]
    for word in removed { values[FieldName(key, key: word)] = .removed }
    for word in added {
      let (checked, value) = try field.value(of: "yes", key: word)
      values[FieldName(key, key: checked)] = value
    }
    return values
  }
}

extension Dictionary where Key == FieldKey, Value == String {
  /// Puts together what a record has.
  init(
    texts: [FieldKey: String?] = [:], numbers: [FieldKey: Int?] = [:], flags: [FieldKey: Bool] = [:],
    moments: [FieldKey: Moment?] = [:], days: [FieldKey: LocalDay?] = [:]
  ) {
    self = texts.mapValues { $0 ?? "" }
    merge(numbers.mapValues { $0.map { String($0) } ?? "" }) { $1 }
    merge(flags.mapValues { $0 ? "yes" : "no" }) { $1 }
    merge(moments.mapValues { $0?.rfc3339 ?? "" }) { $1 }
    merge(days.mapValues { $0?.description ?? "" }) { $1 }
  }
}

extension FieldValue {
  var number: Int? { integer.map { Int(clamping: $0) } }
}

extension JournalRecord {
  /// Whether it is one of that type.
  func isOf(_ type: RecordType) -> Bool { bytewiseEqual(self.type, type.name) }
}
