import Foundation

/// The JSON that `export json` writes.
struct JSONSource: ImportSource {
  let isOfJournal = true
  let mapping: ImportMapping
  private let records: [JSONValue]

  /// A quarter of a gigabyte: it is held whole.
  static let most = 256 << 20

  static func isOne(_ path: ImportPath) throws -> Bool {
    let file = try path.file()
    while let byte = try file.next() {
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { return true }
      guard [0x20, 0x09, 0x0a, 0x0d].contains(byte) else { return false }
    }
    return false
  }

  init(_ path: ImportPath, _ map: ImportMap?) throws {
    mapping = ImportMapping(map)
    let file = try path.file()
    let bytes = try file.rest(most: Self.most, hint: "CSV of any size is read: \(.csvExport)")
    let json: JSONValue
    do {
      json = try JSONValue(reading: bytes)
    } catch {
      throw KitError(.fileDamaged, "\(file.name) is not JSON", cause: error.reason)
    }
    if let schema = json["schema"], schema != .string(Journal.jsonSchemaName) {
      throw KitError(
        .newerFormat, "\(file.name) is written as \(schema.plain), which this program does not read",
        hint: "install a newer one")
    }
    guard case .array(let records) = json["records"] ?? json else {
      throw KitError(.fileDamaged, "\(file.name) has no records", hint: "\(.jsonExport) writes them")
    }
    self.records = records
  }

  func each(_ body: (String, Result<ImportedRecord, KitError>) throws -> Void) throws -> [String] {
    for (index, json) in records.enumerated() {
      let place = "record \(index + 1)"
      try body(place, Result { () throws(KitError) in try Self.record(json, place) })
    }
    return []
  }

  private static func record(_ json: JSONValue, _ place: String) throws(KitError) -> ImportedRecord {
    guard case .object(let members) = json, case .string(let id) = json["id"],
      case .string(let name) = json["type"]
    else { throw KitError(.invalidValue, "it has no id and type") }
    guard let type = RecordType.named(name) else {
      throw KitError(.invalidValue, "\(name) is not a kind of record that this program knows")
    }
    var record = ImportedRecord(
      place: place, type: type, origin: ImportedOrigin(text: id), id: id, fields: [])
    for (key, value) in members {
      switch (key, value) {
      case ("id", _), ("type", _), ("device", _), ("present", _): continue
      case ("recorded_at", .null), ("first_recorded_at", .null), ("origin", .null): continue
      case ("recorded_at", .string(let text)): record.recordedAt = record.recordedAt ?? text
      case ("first_recorded_at", .string(let text)): record.recordedAt = text
      case ("origin", .string(let text)): record.origin = ImportedOrigin(text: text)
      default:
        guard let field = type.field(key) else {
          if value == .null { continue }
          throw KitError(.invalidValue, "\(withArticle(type.name)) has no field \(key)")
        }
        record.fields.append((key, try text(value, field)))
      }
    }
    return record
  }

  private static func text(_ value: JSONValue, _ field: FieldDescription) throws(KitError)
    -> ImportedRecord.Text
  {
    switch value {
    case .null where field.isCollection: if case .map = field.kind { .entries([]) } else { .words([]) }
    case .array(let items): .words(items.map(\.plain))
    case .object(let members): .entries(members.map { ($0.key, $0.value.plain) })
    case .null: .text("")
    case .string, .integer, .decimal, .bool: .text(value.plain)
    }
  }
}

/// The tables that `export csv` writes: one, or a folder of them.
struct TableSource: ImportSource {
  let isOfJournal = true
  let mapping: ImportMapping
  private let paths: [ImportPath]

  static func isOne(_ path: ImportPath) throws -> Bool {
    var reader = try CSVReader(try path.file())
    guard let header = try? reader.header() else { return false }
    return header.contains("id") && header.contains("type")
  }

  init(_ path: ImportPath, _ map: ImportMap?) throws {
    mapping = ImportMapping(map)
    guard path.isFolder else {
      paths = [path]
      return
    }
    paths = RecordType.inOrder.map { path.appending("\($0.plural).csv") }.filter(\.exists)
    guard !paths.isEmpty else {
      throw KitError(
        .notFound, "\(path.description) has no tables of an export in it",
        hint: "\(.csvExport) writes sessions.csv, pain.csv and so on")
    }
  }

  func each(_ body: (String, Result<ImportedRecord, KitError>) throws -> Void) throws -> [String] {
    for path in paths {
      let file = try path.file()
      var reader = try CSVReader(file)
      let header = try reader.header().map(CSVText.text)
      guard header.contains("id"), header.contains("type") else {
        throw KitError(
          .fileDamaged, "\(file.name) has no columns id and type",
          hint: "\(.csvExport) writes them; of a table of your own, \(.columnMap) says what its columns are")
      }
      let columns = Columns(header)
      while let (line, row) = try reader.next() {
        let place = "\(file.name) line \(line)"
        try body(place, Result { () throws(KitError) in try Self.record(columns, try row.get(), place) })
      }
    }
    return []
  }

  /// Where a row has what: found out once for a table.
  private struct Columns {
    let count: Int
    let id: [Int]
    let type: [Int]
    let origin: [Int]
    let firstRecordedAt: [Int]
    let recordedAt: [Int]
    let fields: [(index: Int, name: String)]

    init(_ header: [String]) {
      func indexes(_ name: String) -> [Int] { header.indices.filter { header[$0] == name } }
      count = header.count
      id = indexes("id")
      type = indexes("type")
      origin = indexes("origin")
      firstRecordedAt = indexes("first_recorded_at")
      recordedAt = indexes("recorded_at")
      let others = ["id", "type", "device", "recorded_at", "origin", "first_recorded_at", "present"]
      fields = header.enumerated().filter { !others.contains($0.element) }.map { ($0.offset, $0.element) }
    }
  }

  private static func record(
    _ columns: Columns, _ cells: [String], _ place: String
  ) throws(KitError) -> ImportedRecord {
    guard cells.count == columns.count else {
      throw KitError(.invalidValue, "\(cells.count) cells, but the header has \(columns.count)")
    }
    let texts = cells.map(CSVText.text)
    /// The first that is not empty, should several columns be called so.
    func cell(_ indexes: [Int]) -> String? { indexes.first { !texts[$0].isEmpty }.map { texts[$0] } }
    guard let id = cell(columns.id), let name = cell(columns.type) else {
      throw KitError(.invalidValue, "it has no id and type")
    }
    guard let type = RecordType.named(name) else {
      throw KitError(.invalidValue, "\(name) is not a kind of record that this program knows")
    }
    var record = ImportedRecord(
      place: place, type: type, origin: ImportedOrigin(text: cell(columns.origin) ?? id), id: id,
      recordedAt: cell(columns.firstRecordedAt) ?? cell(columns.recordedAt), fields: [])
    record.fields.reserveCapacity(columns.fields.count)
    for (index, name) in columns.fields {
      let text = texts[index]
      guard let field = type.field(name) else {
        // A column of another kind of record, which says nothing of this one.
        if text.isEmpty { continue }
        throw KitError(.invalidValue, "\(withArticle(type.name)) has no field \(name)")
      }
      switch field.kind {
      case .map where text.isEmpty: record.fields.append((name, .entries([])))
      case .set: record.fields.append((name, .words(text.split(separator: ";").map(String.init))))
      case .map:
        guard case .object(let members) = try? JSONValue(reading: Array(text.utf8)) else {
          throw KitError(.invalidValue, "\(name) is not a JSON object")
        }
        record.fields.append((name, .entries(members.map { ($0.key, $0.value.plain) })))
      default: record.fields.append((name, .text(text)))
      }
    }
    return record
  }
}
