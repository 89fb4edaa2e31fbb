import UnknotEngine

// One of each: every value that is shown holds its own, and is not to copy all that it says.
/// A field of a record: what it can hold, and how that is written and shown. Each is made once, and two are equal only if
/// they are the same object.
public final class FieldDescription: Hashable, Sendable {
  /// What a field can hold.
  public enum Kind: Hashable, Sendable {
    /// An instant with its offset from UTC.
    case time
    /// A day of the calendar, as days since 1970-01-01.
    case day
    /// The day that its record's time belongs to, as it was when that was written: never edited by itself.
    case localDay
    /// A time of day, in minutes after midnight.
    case clock
    /// In seconds; of a bout that was skipped 0, else from 1 to 1800.
    case duration
    /// How much something hurts, 0–10: whoever is refused is told what the two ends mean. A number of another kind is a `.number`.
    case rating
    /// A pain rating: 0–10, or 0–100 where its record says that it is on that scale.
    case score
    /// A whole number in that range.
    case number(ClosedRange<Int64>)
    /// A number with decimals, kept as its text.
    case decimal
    /// Free text, at most 10,000 characters.
    case text
    /// A short text without blanks around it, at most 100 characters.
    case name
    /// One word of that list.
    case word(WordList)
    /// Yes or no.
    case flag
    /// The id of a record of that type; nil: of any.
    case reference(String?)
    /// Puts the records of one parent in order; written by moves alone.
    case order
    /// Words, each present or not: a register for each, so that two devices can add at once. Nil: any words.
    case set(WordList?)
    /// Values under keys: a register for each.
    case map(MapRule)
  }

  /// Which field it is; other types can have a field of the same key.
  public let key: FieldKey
  /// As changes carry it and JSON shows it.
  public let name: String
  /// What it can hold.
  public let kind: Kind
  /// Cannot be set to empty.
  public let isRequired: Bool
  /// The record that this one belongs to: set when it is made, never edited.
  public let isParent: Bool
  /// Written when its record is made, by the program alone.
  public let isSetOnce: Bool

  init(_ key: FieldKey, _ kind: Kind, required: Bool = false, parent: Bool = false, setOnce: Bool = false) {
    self.key = key
    name = key.rawValue
    self.kind = kind
    isRequired = required
    isParent = parent
    isSetOnce = setOnce
  }

  /// Whether both are the same object.
  public static func == (left: FieldDescription, right: FieldDescription) -> Bool { left === right }

  /// Agrees with `==`: the object's identity is hashed.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }

  /// A register for each key, and not one for the field.
  public var isCollection: Bool {
    switch kind {
    case .set, .map: true
    default: false
    }
  }

  /// Whether a person may write it.
  public var isEditable: Bool { !isParent && !isSetOnce && kind != .order && kind != .localDay }
}

extension FieldDescription.Kind {
  /// How the engine keeps it in the record's table.
  var stored: RecordField.Kind {
    switch self {
    case .time: .time
    case .day, .localDay: .day
    case .clock: .timeOfDay
    case .flag: .flag
    case .duration, .rating, .score, .number: .integer
    case .decimal, .text, .name, .word, .order: .text
    case .reference: .reference
    case .set: .set
    case .map: .map
    }
  }
}
