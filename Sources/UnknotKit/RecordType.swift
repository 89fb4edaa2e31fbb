import UnknotCausality
import UnknotStorage

/// A field of a record: what it can hold, and how that is written and shown.
public struct FieldDescription: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case time
    /// In seconds, from 1 to 1800.
    case duration
    /// 0–10.
    case rating
    case text
    case name
    case word(WordList)
    case flag
    /// The id of a record of that type.
    case reference(String)
    /// Puts the records of one parent in order; written by moves alone.
    case order
  }

  public let name: String
  public let kind: Kind
  /// Cannot be set to empty.
  public let isRequired: Bool
  /// The record that this one belongs to: set when it is made, never edited.
  public let isParent: Bool

  init(_ name: String, _ kind: Kind, required: Bool = false, parent: Bool = false) {
    self.name = name
    self.kind = kind
    isRequired = required
    isParent = parent
  }
}

/// A kind of record. Declared as data: the engine below knows tables and fields only.
public struct RecordType: Hashable, Sendable {
  /// As in JSON: "pain".
  public let name: String
  /// As in `list`: "pain", "sessions".
  public let plural: String
  public let fields: [FieldDescription]
  /// The type whose records are shown inside this one's.
  public let childName: String?
  let schema: TableSchema

  init(
    _ name: String, plural: String, child: String? = nil, listedBy time: String? = nil,
    _ fields: [FieldDescription]
  ) {
    self.name = name
    self.plural = plural
    self.fields = fields
    childName = child
    schema = TableSchema(
      name: name, timeField: time, orderField: fields.first { $0.kind == .order }?.name)
  }

  public var parent: FieldDescription? { fields.first(where: \.isParent) }
  public var child: RecordType? { childName.flatMap { Self.named($0) } }

  public func field(_ name: String) -> FieldDescription? {
    fields.first { bytewiseEqual($0.name, name) }
  }

  public static let session = RecordType(
    "session", plural: "sessions", child: "bout", listedBy: "started_at",
    [
      FieldDescription("started_at", .time, required: true), FieldDescription("ended_at", .time),
      FieldDescription("routine", .reference("routine")), FieldDescription("note", .text),
    ])
  public static let bout = RecordType(
    "bout", plural: "bouts",
    [
      FieldDescription("session", .reference("session"), required: true, parent: true),
      FieldDescription("target", .word(Catalogue.targets), required: true),
      FieldDescription("side", .word(Catalogue.sides)),
      FieldDescription("surface", .word(Catalogue.surfaces)),
      FieldDescription("seconds", .duration, required: true),
      FieldDescription("discomfort_start", .rating), FieldDescription("discomfort_end", .rating),
      FieldDescription("release", .word(Catalogue.releases)), FieldDescription("note", .text),
      FieldDescription("order", .order),
    ])
  public static let pain = RecordType(
    "pain", plural: "pain", listedBy: "at",
    [
      FieldDescription("at", .time, required: true), FieldDescription("score", .rating, required: true),
      FieldDescription("site", .word(Catalogue.sites), required: true),
      FieldDescription("side", .word(Catalogue.sides)),
      FieldDescription("context", .word(Catalogue.contexts)),
      FieldDescription("session", .reference("session"), parent: true), FieldDescription("note", .text),
    ])
  public static let routine = RecordType(
    "routine", plural: "routines", child: "step",
    [
      FieldDescription("name", .name, required: true), FieldDescription("note", .text),
      FieldDescription("archived", .flag),
    ])
  public static let step = RecordType(
    "step", plural: "steps",
    [
      FieldDescription("routine", .reference("routine"), required: true, parent: true),
      FieldDescription("target", .word(Catalogue.targets), required: true),
      FieldDescription("side", .word(Catalogue.sides)),
      FieldDescription("surface", .word(Catalogue.surfaces)),
      FieldDescription("seconds", .duration, required: true), FieldDescription("note", .text),
      FieldDescription("order", .order),
    ])

  /// Every kind of record; a new one is a line here.
  public static let all = [session, bout, pain, routine, step]

  static func named(_ name: String) -> RecordType? { all.first { bytewiseEqual($0.name, name) } }
}
