import UnknotCausality

/// What a change wrote to a record after that was created, as far as it still stands.
struct Entry {
  /// Its entry of a record's presence.
  enum Presence: Int64 { case none, present, removed }

  let key: ChangeKey
  /// Whether the record is the change's subject, or only one of that one's parents.
  let isOwn: Bool
  let presence: Presence
  private let named: NamedFields

  /// From columns `key, own, presence, fields`.
  ///
  /// - Parameter last: the fields of the entry before: a file can bring any number of entries of one register.
  init(_ row: RawStatement, after last: inout NamedFields) throws {
    key = row.key(0)
    isOwn = row.integer(1) != 0
    guard let presence = Presence(rawValue: row.integer(2)) else {
      throw StorageError.damaged("an entry has an unknown presence")
    }
    self.presence = presence
    if !row.holds(last.bytes, at: 3) { last = try NamedFields(row.bytes(3)) }
    named = last
  }

  /// The fields of which it is an entry, ascending.
  var fields: [Int64] { get throws { try named.numbers } }

  /// By a field's number; 0 is presence.
  func holds(_ field: Int64) throws -> Bool {
    try field == 0 ? presence != .none : named.contains(field)
  }

  /// False where it is an entry of none of them, nor of presence: found without a look at each of its fields.
  func mayHold(_ fields: ClosedRange<Int64>?) -> Bool {
    guard presence == .none else { return true }
    guard let fields, let own = named.range else { return false }
    return own.overlaps(fields)
  }

  static func bytes(_ fields: [Int64]) -> [UInt8] {
    var writer = ByteWriter()
    for field in fields { writer.unsigned(UInt64(field)) }
    return writer.bytes
  }
}

/// Fields as they are stored, which are read when they are asked for: a record can have entries of very many, and most
/// writes are of others than these.
final class NamedFields {
  fileprivate let bytes: [UInt8]
  /// From the first to the last; nil where there are none.
  let range: ClosedRange<Int64>?
  private var read: [Int64]?

  init(_ bytes: [UInt8] = []) throws {
    self.bytes = bytes
    guard !bytes.isEmpty else {
      range = nil
      return
    }
    // Of a number's bytes all but the last have the highest bit set.
    let start = bytes.dropLast().lastIndex { $0 < 0x80 }.map { $0 + 1 } ?? 0
    var (first, last) = (ByteReader(bytes), ByteReader(bytes[start...]))
    guard let lower = Int64(exactly: try first.unsigned()), let upper = Int64(exactly: try last.unsigned()),
      lower <= upper
    else { throw Self.unknownField }
    range = lower...upper
  }

  var numbers: [Int64] {
    get throws {
      if let read { return read }
      var reader = ByteReader(bytes)
      var fields: [Int64] = []
      while !reader.isAtEnd {
        guard let field = Int64(exactly: try reader.unsigned()), field > fields.last ?? 0 else {
          throw Self.unknownField
        }
        fields.append(field)
      }
      read = fields
      return fields
    }
  }

  func contains(_ field: Int64) throws -> Bool {
    guard let range, range.contains(field) else { return false }
    let numbers = try numbers
    return numbers[numbers.place(of: field)] == field
  }

  private static let unknownField = StorageError.damaged("an entry names an unknown field")
}

extension [Entry] {
  /// By field, the changes whose values stand in its register; 0 is presence.
  var writers: [Int64: [ChangeKey]] {
    get throws {
      var writers: [Int64: [ChangeKey]] = [:]
      for entry in self {
        if entry.presence != .none { writers[0, default: []].append(entry.key) }
        for field in try entry.fields { writers[field, default: []].append(entry.key) }
      }
      return writers
    }
  }

  /// Whether a record with these is there: `true` wins, and the creating change's `true` stands until somebody wrote.
  var arePresent: Bool {
    var isWritten = false
    for entry in self {
      if entry.presence == .present { return true }
      if entry.presence == .removed { isWritten = true }
    }
    return !isWritten
  }
}
