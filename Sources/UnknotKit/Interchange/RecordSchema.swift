/// The JSON Schema (2020-12) of `export json`, made from the record types themselves.
public enum RecordSchema {
  /// The whole schema as one object; each kind of record is one of its `$defs`.
  public static var json: JSONValue {
    .object([
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("Everything in an Unknot journal")),
      (
        "description",
        .string(
          "What Unknot exports as JSON, and imports. Each kind of record comes after those that it refers to. "
            + "Fields without a value are left out.")
      ),
      ("type", .string("object")),
      ("required", strings(["schema", "records"])),
      (
        "properties",
        .object([
          ("schema", .object([("const", .string(Journal.jsonSchemaName))])),
          ("exported_at", reference("time")),
          (
            "records",
            .object([
              ("type", .string("array")),
              (
                "items",
                .object([("oneOf", .array(RecordType.inOrder.map { reference($0.name) }))])
              ),
            ])
          ),
        ])
      ),
      ("additionalProperties", .bool(false)),
      ("$defs", .object(common + RecordType.inOrder.map { ($0.name, definition($0)) })),
    ])
  }

  private static let common: [(key: String, value: JSONValue)] = [
    (
      "id",
      .object([
        ("type", .string("string")), ("pattern", .string("^.+$")),
        ("description", .string("Stable for ever: the writer's name and a number.")),
      ])
    ),
    (
      "time",
      .object([
        ("type", .string("string")),
        ("pattern", .string("^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{3})?[+-]\\d{2}:\\d{2}$")),
        ("description", .string("RFC 3339 with the offset that held where the person was.")),
      ])
    ),
    (
      "day",
      .object([("type", .string("string")), ("pattern", .string("^\\d{4}-\\d{2}-\\d{2}$"))])
    ),
  ]

  private static func definition(_ type: RecordType) -> JSONValue {
    var properties: [(key: String, value: JSONValue)] = [
      ("id", reference("id")), ("type", .object([("const", .string(type.name))])),
      ("device", .object([("type", .string("string"))])), ("recorded_at", reference("time")),
    ]
    properties += type.fields.map { ($0.name, schema($0)) }
    return .object([
      ("type", .string("object")),
      (
        "required",
        strings(["id", "type", "recorded_at"] + type.fields.filter(\.isRequired).map(\.name))
      ),
      ("properties", .object(properties)), ("additionalProperties", .bool(false)),
    ])
  }

  private static func schema(_ field: FieldDescription) -> JSONValue {
    func object(_ members: (String, JSONValue)...) -> JSONValue { .object(members.map { ($0.0, $0.1) }) }
    func integer(_ range: ClosedRange<Int64>) -> JSONValue {
      object(
        ("type", .string("integer")), ("minimum", .integer(range.lowerBound)),
        ("maximum", .integer(range.upperBound)))
    }
    switch field.kind {
    case .time: return reference("time")
    case .day, .localDay: return reference("day")
    case .clock: return object(("type", .string("string")), ("pattern", .string("^\\d{2}:\\d{2}$")))
    case .duration: return integer(0...1800)
    case .rating: return integer(0...10)
    case .score: return integer(0...100)
    case .number(let range): return integer(range)
    case .decimal: return object(("type", .string("string")), ("pattern", .string("^\\d+(\\.\\d+)?$")))
    case .text: return object(("type", .string("string")), ("maxLength", .integer(10_000)))
    case .name: return object(("type", .string("string")), ("maxLength", .integer(100)))
    case .word(let list): return object(("enum", strings(list.words)))
    case .flag: return object(("type", .string("boolean")))
    case .reference: return reference("id")
    case .order: return object(("type", .string("string")))
    case .set(let list):
      return object(
        ("type", .string("array")), ("uniqueItems", .bool(true)),
        ("items", list.map { object(("enum", strings($0.words))) } ?? object(("type", .string("string")))))
    case .map:
      return object(
        ("type", .string("object")), ("additionalProperties", object(("type", .string("string")))))
    }
  }

  private static func reference(_ name: String) -> JSONValue {
    .object([("$ref", .string("#/$defs/\(name)"))])
  }

  private static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}
