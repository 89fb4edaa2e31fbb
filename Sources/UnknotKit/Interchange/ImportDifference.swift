import UnknotEngine

/// A field that a file has otherwise than the record that is here already.
public struct ImportDifference: Hashable, Sendable {
  /// What became of the field here.
  public enum Outcome: String, Sendable {
    /// Left as it is here, since nobody asked for more.
    case left
    case updated
    /// A person wrote it here after the import: left as it is here.
    case editedHere = "edited-here"
  }

  /// Where it stands in the file: "pain.csv line 3".
  public let place: String
  /// Of the record that is here.
  public let id: String
  /// The same with the shortest prefix that is unique in the journal, as people are shown it.
  public let shortID: String
  /// "type" where the file makes another kind of record of it, which no record can become.
  public let field: String
  /// The value here before the import, as an export would write it; empty: there is none.
  public let here: String
  /// The value in the file; empty: the file says that there is none.
  public let there: String
  /// What became of it, or would become of it in a dry run.
  public let outcome: Outcome

  var json: JSONValue {
    .object([
      ("place", .string(place)), ("id", .string(id)), ("field", .string(field)), ("here", .string(here)),
      ("there", .string(there)), ("outcome", .string(outcome.rawValue)),
    ])
  }
}

/// Compares a record with what a file says of it.
struct ImportComparison {
  /// A field that differs, and what would be written.
  struct Field {
    let name: String
    let here: String
    let there: String
    let values: [FieldName: Value]
  }

  /// Written by moves, by merging, or with the time of a record: nothing that somebody corrects.
  private static let uncompared: Set<String> = ["order", "merged", "local_day"]

  let record: StoredRecord

  /// Of what the file says and nothing else: what it leaves out is not empty.
  ///
  /// - Parameter read: adds the values that a text stands for.
  func fields(
    _ imported: ImportedRecord,
    read: (ImportedRecord.Text, FieldDescription, inout [FieldName: Value]) throws -> Void
  ) throws -> [Field] {
    guard bytewiseEqual(record.kind, imported.type.name) else {
      return [Field(name: "type", here: record.kind, there: imported.type.name, values: [:])]
    }
    var found: [Field] = []
    for (name, text) in imported.fields {
      guard let field = imported.type.field(name) else {
        throw KitError(.invalidValue, "\(withArticle(imported.type.name)) has no field \(name)")
      }
      guard !field.isParent, !field.isSetOnce, !Self.uncompared.contains(name) else { continue }
      // What is written alike is not read: it may be a newer program's, which this one could not.
      let here = FieldValueText(record, field)
      guard !here.isEqual(to: text) else { continue }
      var values: [FieldName: Value] = [:]
      try read(text, field, &values)
      if field.isCollection {
        for member in record.members(of: name) {
          let key = FieldName(name, key: member.key)
          if values[key] == nil { values[key] = .removed }
        }
      } else if values.isEmpty {
        guard !field.isRequired else { throw KitError(.invalidValue, "\(name) cannot be empty") }
        values[FieldName(name)] = .null
      }
      values = values.filter { key, value in
        let present = record.fields[key]?.visible ?? .null
        return present != value && !isSameTime(present, value, text)
      }
      if !values.isEmpty {
        found.append(Field(name: name, here: here.text, there: text.plain, values: values))
      }
    }
    return found
  }

  /// A time without an offset is what the clocks showed, wherever they were read.
  private func isSameTime(_ here: Value, _ there: Value, _ text: ImportedRecord.Text) -> Bool {
    guard case .text(let text) = text, case .time(let one, let oneOffset) = here,
      case .time(let two, let twoOffset) = there
    else { return false }
    let (own, other) = (
      Moment(milliseconds: one, offsetMinutes: oneOffset), Moment(milliseconds: two, offsetMinutes: twoOffset)
    )
    if text.utf8.count <= 10 { return LocalDay(of: own, start: 0) == LocalDay(of: other, start: 0) }
    let clock = text.dropFirst(10)
    guard !clock.contains(where: { "+-zZ".contains($0) }) else { return false }
    return own.local == other.local
  }
}

/// A field as a file would have it.
private struct FieldValueText {
  let value: FieldValue

  init(_ record: StoredRecord, _ field: FieldDescription) {
    value =
      field.isCollection
      ? FieldValue(members: record.members(of: field.name), field) : FieldValue(record[field.name], field)
  }

  var text: String { value.isEmpty ? "" : value.json.plain }

  func isEqual(to text: ImportedRecord.Text) -> Bool {
    switch text {
    case .text(let text): bytewiseEqual(self.text, text)
    case .words(let words): value.keys.elementsEqual(words, by: bytewiseEqual)
    case .entries(let entries):
      value.entries.elementsEqual(entries) {
        bytewiseEqual($0.key, $1.key) && bytewiseEqual($0.text, $1.text)
      }
    }
  }
}

extension ImportedRecord.Text {
  var plain: String {
    switch self {
    case .text(let text): text
    case .words(let words): words.joined(separator: ";")
    case .entries(let entries): JSONValue.object(entries.map { ($0.key, .string($0.text)) }).compact
    }
  }
}
