import CBenchReference
import UnknotCausality
import UnknotStorage

/// Workload W: pain ratings of 7 fields, the id among them, the same in every run.
enum Workload {
  static let tables = [
    RecordKind(
      name: "rec",
      fields: [
        RecordField("kind", .text), RecordField("minutes", .integer), RecordField("note", .text),
        RecordField("rating", .integer), RecordField("side", .text), RecordField("ts", .time),
      ], timeField: "ts")
  ]
  static let shape = Shape(
    .create, table: "rec",
    fields: ["kind", "minutes", "note", "rating", "side", "ts"].map { FieldName($0) })

  /// Calls `body` with the records' values, in the order of the shape's fields.
  static func records(_ range: Range<Int>, _ body: ([Value]) throws -> Void) rethrows {
    var record = w_record()
    for index in range {
      w_record_at(UInt32(index), &record)
      try body([
        .text(String(cString: record.kind)), .integer(Int64(record.minutes)), .text(note(of: record)),
        .integer(Int64(record.rating)), .text(String(cString: record.side)),
        .time(milliseconds: record.time, offsetMinutes: 120),
      ])
    }
  }

  private static func note(of record: w_record) -> String {
    withUnsafeBytes(of: record.note) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  static func rating(of index: Int) -> Int64 {
    var record = w_record()
    w_record_at(UInt32(index), &record)
    return Int64(record.rating)
  }

  enum Device: String { case a, b }

  /// The edits that a device makes of `count` records without having seen the other's.
  static func edits(of device: Device, count: Int) -> [(index: Int, field: FieldName, value: Value)] {
    (0..<count).compactMap { index in
      switch device == .a ? w_edit_of_a(UInt32(index)) : w_edit_of_b(UInt32(index)) {
      case 1: (index, FieldName("rating"), .integer((rating(of: index) + (device == .a ? 3 : 5)) % 11))
      case 2:
        (
          index, FieldName("note"),
          .text(
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
              guard let start = buffer.baseAddress else { return "" }
              w_note_of_b(UInt32(index), start)
              return String(cString: start)
            })
        )
      default: nil
      }
    }
  }

  /// A record as JSON, for other programs: its index, id, fields, and which edits A and B make of it.
  static func json(of index: Int) -> String {
    var record = w_record()
    w_record_at(UInt32(index), &record)
    let id = withUnsafeBytes(of: record.id) { hexadecimal(Array($0)) }
    return """
      ["\(id)",\(record.time),"\(String(cString: record.kind))","\(String(cString: record.side))",\
      \(record.minutes),\(record.rating),"\(note(of: record))",\(w_edit_of_a(UInt32(index))),\
      \(w_edit_of_b(UInt32(index)))]
      """
  }
}
