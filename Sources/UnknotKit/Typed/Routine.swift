/// An ordered list of steps to go through.
public struct Routine: TypedRecord {
  /// It shows records of the type `routine`.
  public static var type: RecordType { .routine }

  /// In full: stable for ever.
  public let id: String
  /// At most 100 characters; two routines may have one name.
  public var name: String
  /// At most 10,000 characters.
  public var note: String?
  /// Kept, and not offered any more.
  public var isArchived: Bool
  /// The person's own words for it, in the order of their bytes.
  public var tags: [String]
  /// In order. Each is edited by itself.
  public let steps: [Step]

  /// - Returns: nil where the record is of another type, or lacks its name.
  public init?(_ record: JournalRecord) {
    guard record.isOf(Self.type), let name = record[.name].text else { return nil }
    id = record.id
    self.name = name
    note = record[.note].text
    isArchived = record[.archived].isTrue
    tags = record[.tags].keys
    steps = record.children.compactMap { Step($0) }
  }

  /// What can be edited, each as `FIELD=VALUE` takes it.
  public var texts: [FieldKey: String] {
    [FieldKey: String](
      texts: [.name: name, .note: note], flags: [.archived: isArchived])
  }

  /// Its sets, by field.
  public var sets: [FieldKey: [String]] { [.tags: tags] }
}

/// What a routine says to do: a bout to come.
public struct Step: TypedRecord {
  /// It shows records of the type `step`.
  public static var type: RecordType { .step }

  /// In full: stable for ever.
  public let id: String
  /// The id of the routine that it is part of.
  public let routine: String?
  /// A word of `Catalogue.targets`.
  public var target: String
  /// A word of `Catalogue.stepSides`: also the side that hurts, and the other one.
  public var side: String?
  /// A word of `Catalogue.surfaces`.
  public var surface: String?
  /// From 1 to 1800.
  public var seconds: Int
  /// How often, from 1 to 20; nil: once.
  public var repetitions: Int?
  /// To rest afterwards, from 0 to 600.
  public var restSeconds: Int?
  /// A word of `Words.techniques`.
  public var technique: String?
  /// The id of a tender spot that is to be pressed.
  public var spot: String?
  /// The id of the ball to use.
  public var ball: String?
  /// How much it may hurt, 0–10.
  public var discomfortCap: Int?
  /// May be left out.
  public var isOptional: Bool
  /// At most 10,000 characters.
  public var note: String?
  /// The person's own words for it, in the order of their bytes.
  public var tags: [String]

  /// - Returns: nil where the record is of another type, or lacks its target or duration.
  public init?(_ record: JournalRecord) {
    guard record.isOf(Self.type), let target = record[.target].text, let seconds = record[.seconds].number
    else { return nil }
    id = record.id
    routine = record[.routine].reference
    self.target = target
    side = record[.side].text
    surface = record[.surface].text
    self.seconds = seconds
    repetitions = record[.reps].number
    restSeconds = record[.restSeconds].number
    technique = record[.technique].text
    spot = record[.spot].reference
    ball = record[.ball].reference
    discomfortCap = record[.discomfortCap].number
    isOptional = record[.optional].isTrue
    note = record[.note].text
    tags = record[.tags].keys
  }

  /// What can be edited, each as `FIELD=VALUE` takes it.
  public var texts: [FieldKey: String] {
    [FieldKey: String](
      texts: [
        .target: target, .side: side, .surface: surface, .technique: technique, .spot: spot, .ball: ball,
        .note: note,
      ],
      numbers: [
        .seconds: seconds, .reps: repetitions, .restSeconds: restSeconds, .discomfortCap: discomfortCap,
      ],
      flags: [.optional: isOptional])
  }

  /// Its sets, by field.
  public var sets: [FieldKey: [String]] { [.tags: tags] }
}
