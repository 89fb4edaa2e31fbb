import UnknotEngine

/// A field of a record: what it can hold, and how that is written and shown.
// One of each: every value that is shown holds its own, and is not to copy all that it says.
public final class FieldDescription: Hashable, Sendable {
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
    /// 0–10.
    case rating
    /// A pain rating: 0–10, or 0–100 where its record says that it is on that scale.
    case score
    case number(ClosedRange<Int64>)
    /// A number with decimals, kept as its text.
    case decimal
    case text
    case name
    case word(WordList)
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

  public let name: String
  public let kind: Kind
  /// Cannot be set to empty.
  public let isRequired: Bool
  /// The record that this one belongs to: set when it is made, never edited.
  public let isParent: Bool
  /// Written when its record is made, by the program alone.
  public let isSetOnce: Bool

  init(_ name: String, _ kind: Kind, required: Bool = false, parent: Bool = false, setOnce: Bool = false) {
    self.name = name
    self.kind = kind
    isRequired = required
    isParent = parent
    isSetOnce = setOnce
  }

  public static func == (left: FieldDescription, right: FieldDescription) -> Bool { left === right }

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
