import UnknotEngine

/// A record as a front end shows it.
public struct JournalRecord: Sendable {
  /// `ACTOR-SEQ` in full: stable for ever.
  public let id: String
  /// The same with the shortest prefix of the actor, of at least 4 characters, that is unique in the journal.
  public let shortID: String
  /// As in JSON: "pain".
  public let type: String
  /// It and everything that it belongs to are there.
  public let isPresent: Bool
  /// The name of the device that made it.
  public let device: String
  /// When it was made, by the clock of that device.
  public let recordedAt: Moment
  /// In the order of the type's description.
  public let fields: [(name: String, value: FieldValue)]
  /// What follows from the fields: whether it was backfilled, a PEG's score, an episode's day and stage.
  public let derived: [(name: String, value: JSONValue)]
  /// What a newer program wrote and this one does not know, by name.
  public let unknownFields: [(name: String, value: FieldValue)]
  /// A session's bouts, a routine's steps, in order.
  public let children: [JournalRecord]

  /// A field's value; an empty one of a field that records of this type do not have.
  @inline(never)
  public subscript(field: FieldKey) -> FieldValue { value(named: field.rawValue) ?? FieldValue(.null, nil) }

  /// The same for who reads what the field is: nil where records of this type have none of this name.
  public func value(named name: String) -> FieldValue? {
    fields.first { bytewiseEqual($0.name, name) }?.value
  }

  /// When it happened; nil where records of this type do not happen at a time, as a routine.
  public var time: Moment? { RecordType.named(type)?.timeField.flatMap { self[$0].moment } }

  /// The shape that `list --format json` gives. Unknown fields are members of `unknown`: what they are called is not
  /// this program's to say, and one may be called "id".
  public var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("id", .string(id)), ("type", .string(type)), ("present", .bool(isPresent)),
      ("device", .string(device)),
      ("recorded_at", .string(recordedAt.rfc3339)),
    ]
    members += fields.map { ($0.name, $0.value.json) }
    members += derived.map { ($0.name, $0.value) }
    if let child = RecordType.named(type)?.child {
      members.append((child.plural, .array(children.map(\.json))))
    }
    if !unknownFields.isEmpty {
      members.append(("unknown", .object(unknownFields.map { ($0.name, $0.value.json) })))
    }
    return .object(members)
  }
}

// Its accessors stay out of line: Swift 6.3.1's optimiser crashes (CopyPropagation) where another module inlines them.
/// A field's visible value; of a set or a map, those of its keys. A property for another type than the value has is nil,
/// false or empty.
public struct FieldValue: Sendable {
  let value: Value
  /// What a set or a map holds, by key.
  private let members: [(key: String, value: Value)]
  private let description: FieldDescription?
  private let shortReference: String?

  init(_ value: Value, _ description: FieldDescription?, short: String? = nil) {
    self.value = value
    members = []
    self.description = description
    shortReference = short
  }

  init(members: [(key: String, value: Value)], _ description: FieldDescription) {
    value = .null
    self.members = members
    self.description = description
    shortReference = nil
  }

  /// The words of a set as an array, a map as an object, an empty field as null. Times and days are texts, flags are
  /// booleans, and references are ids in full.
  @inline(never)
  public var json: JSONValue {
    switch description?.kind {
    case .set: .array(members.map { .string($0.key) })
    case .map: .object(members.map { ($0.key, $0.value.json) })
    default: description?.json(value) ?? value.json
    }
  }
  /// Whether nothing is there: no value and, of a set or a map, no key.
  @inline(never)
  public var isEmpty: Bool { value == .null && members.isEmpty }

  /// The words of a set, the keys of a map, in the order of their bytes.
  @inline(never)
  public var keys: [String] { members.map(\.key) }
  /// What a map holds.
  @inline(never)
  public var entries: [(key: String, text: String)] {
    members.compactMap { member in
      if case .text(let text) = member.value { (member.key, text) } else { nil }
    }
  }
  /// Whether a flag is set; false also where the field is empty or holds something else than a whole number.
  @inline(never)
  public var isTrue: Bool { integer.map { $0 != 0 } ?? false }
  /// The day that it holds; nil where it is empty. One outside of the years 1 to 9999 is their first or last day.
  @inline(never)
  public var day: LocalDay? { integer.map { LocalDay(clamping: $0) } }

  /// The whole number that it is kept as, also of a day, a time of day, a duration in seconds or a flag; nil of any
  /// other.
  @inline(never)
  public var integer: Int64? {
    if case .integer(let number) = value { number } else { nil }
  }
  /// Of texts, names, words and decimals; nil of any other, also of a set and a map.
  @inline(never)
  public var text: String? {
    if case .text(let text) = value { text } else { nil }
  }
  /// Nil also of a time that lies outside of the years 1 to 9999: a file can bring any.
  @inline(never)
  public var moment: Moment? { value.moment }
  /// From 0 to 10; nil of any other number.
  @inline(never)
  var rating: Int64? { value.number(in: 0...10) }
  /// The full id of the record that it names.
  @inline(never)
  public var reference: String? {
    if case .reference(let dot) = value { dot.description } else { nil }
  }

  /// For people; durations and times in words, references as they are.
  @inline(never)
  public func readable(now: Moment) -> String {
    switch value {
    case .null:
      members.map { member in
        if case .text(let text) = member.value { "\(member.key) \(text)" } else { member.key }
      }.joined(separator: ", ")
    case .integer(let number):
      switch description?.kind {
      case .duration: DurationText.text(number)
      case .flag: number == 0 ? "no" : "yes"
      case .day, .localDay:
        LocalDay(clamping: number).readable(today: LocalDay(of: now, start: 0))
      case .clock: ClockText.text(Int(clamping: max(0, min(1439, number))))
      default: String(number)
      }
    case .text(let text): text
    case .time(let milliseconds, let offset):
      Moment(milliseconds: milliseconds, offsetMinutes: offset).readable(now: now)
    case .reference(let dot): shortReference ?? dot.description
    case .bytes(let bytes): hexadecimal(bytes)
    }
  }
}

/// What `history` shows of one change.
public struct HistoryItem: Sendable {
  /// The change's id in full.
  public let id: String
  /// The same with the shortest prefix of the actor, of at least 4 characters, that is unique in the journal.
  public let shortID: String
  /// "create", "edit", "delete", "restore".
  public let action: String
  /// The name of the device that wrote it.
  public let device: String
  /// When it was written, by the clock of that device.
  public let recordedAt: Moment
  /// The device's clock said more than a day later than this one's says now.
  public let isAhead: Bool
  /// The id of the operation that the change is part of.
  public let operation: String
  /// What it wrote, by the field's name or `FIELD/KEY`; none where it removed or restored the record.
  public let fields: [(name: String, value: FieldValue)]

  /// An object with `change` (the id), `action`, `device`, `recorded_at`, `clock_ahead`, `operation` and `fields`.
  public var json: JSONValue {
    .object([
      ("change", .string(id)), ("action", .string(action)), ("device", .string(device)),
      ("recorded_at", .string(recordedAt.rfc3339)), ("clock_ahead", .bool(isAhead)),
      ("operation", .string(operation)),
      ("fields", .object(fields.map { ($0.name, $0.value.json) })),
    ])
  }
}

/// A field that two devices wrote without knowing of each other, until somebody decides.
public struct ConflictItem: Sendable {
  /// One of the values that stand against each other.
  public struct Candidate: Sendable {
    /// What was written. Of presence, `json` says it.
    public let value: FieldValue
    /// What JSON shows: presence is "keep" or "delete".
    public let json: JSONValue
    /// Of an order: where the record would stand, in words.
    public let place: String?
    /// The name of the device that wrote it.
    public let device: String
    /// When it was written, by the clock of that device.
    public let recordedAt: Moment
    /// The device's clock said more than a day later than this one's says now: the time means nothing.
    public let isAhead: Bool
    let entry: StoredField.Entry
    /// The full id of the change that wrote it.
    public let change: String
  }

  /// The record whose field it is, as it stands.
  public let record: JournalRecord
  /// The field's name; `FIELD/KEY` of one key of a set or a map, or `presence`.
  public let field: String
  /// The visible one first.
  public let values: [Candidate]
  /// Where the journal stood when it was shown.
  public let form: Form

  /// An object with `id`, `type` and `present` of the record, `field`, and an object of each value in `values`.
  public var json: JSONValue {
    .object([
      ("id", .string(record.id)), ("type", .string(record.type)), ("field", .string(field)),
      ("present", .bool(record.isPresent)),
      (
        "values",
        .array(
          values.map { candidate in
            .object(
              [
                ("value", candidate.json), ("device", .string(candidate.device)),
                ("recorded_at", .string(candidate.recordedAt.rfc3339)), ("change", .string(candidate.change)),
                ("clock_ahead", .bool(candidate.isAhead)),
              ] + (candidate.place.map { [("place", .string($0))] } ?? []))
          })
      ),
    ])
  }
}
