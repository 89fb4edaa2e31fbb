import UnknotCausality

/// What a change wrote to a record after that was created, as far as it still stands.
struct Entry {
  /// Its entry of a record's presence.
  enum Presence: Int64 { case none, present, removed }

  let key: ChangeKey
  /// Whether the record is the change's subject, or only one of that one's parents.
  let isOwn: Bool
  let presence: Presence
  /// The fields of which it is an entry, ascending.
  let fields: [Int64]

  /// From columns `key, own, presence, fields`.
  ///
  /// - Parameter last: the fields of the entry before: a file can bring any number of entries of one register.
  init(_ row: RawStatement, after last: inout Fields) throws {
    key = row.key(0)
    isOwn = row.integer(1) != 0
    guard let presence = Presence(rawValue: row.integer(2)) else {
      throw StorageError.damaged("an entry has an unknown presence")
    }
    self.presence = presence
    if !row.holds(last.bytes, at: 3) {
      let bytes = row.bytes(3)
      last = Fields(bytes: bytes, numbers: try Self.fields(bytes))
    }
    fields = last.numbers
  }

  /// As stored, and what that says.
  struct Fields {
    fileprivate var bytes: [UInt8] = []
    fileprivate var numbers: [Int64] = []
  }

  /// By a field's number; 0 is presence.
  func holds(_ field: Int64) -> Bool {
    guard field != 0 else { return presence != .none }
    // A record can have entries of very many fields, and most are asked for what is newer than all of these.
    guard let last = fields.last, field <= last else { return false }
    return fields[fields.place(of: field)] == field
  }

  static func bytes(_ fields: [Int64]) -> [UInt8] {
    var writer = ByteWriter()
    for field in fields { writer.unsigned(UInt64(field)) }
    return writer.bytes
  }

  private static func fields(_ bytes: [UInt8]) throws -> [Int64] {
    guard !bytes.isEmpty else { return [] }
    var reader = ByteReader(bytes)
    var fields: [Int64] = []
    while !reader.isAtEnd {
      guard let field = Int64(exactly: try reader.unsigned()), field > fields.last ?? 0 else {
        throw StorageError.damaged("an entry names an unknown field")
      }
      fields.append(field)
    }
    return fields
  }
}

extension [Entry] {
  /// By field, the changes whose values stand in its register; 0 is presence.
  var writers: [Int64: [ChangeKey]] {
    var writers: [Int64: [ChangeKey]] = [:]
    for entry in self {
      if entry.holds(0) { writers[0, default: []].append(entry.key) }
      for field in entry.fields { writers[field, default: []].append(entry.key) }
    }
    return writers
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
