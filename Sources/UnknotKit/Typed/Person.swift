/// A point that was found once and is known for the next time.
public struct Spot: TypedRecord {
  /// It shows records of the type `spot`.
  public static var type: RecordType { .spot }

  /// In full: stable for ever.
  public let id: String
  /// A word of `Catalogue.targets`.
  public var target: String
  /// A word of `Catalogue.sides`.
  public var side: String?
  /// Where in the muscle: a word of `Catalogue.subZones`.
  public var subZone: String?
  /// What the person calls it, at most 100 characters.
  public var label: String?
  /// How to find it again.
  public var landmark: String?
  /// On the outline of the body, in thousandths of its width, from the left.
  public var mapX: Int?
  /// In thousandths of the outline's height, from the top.
  public var mapY: Int?
  /// The sites where pressing it is felt.
  public var feltIn: [String]
  /// The day on which it was found.
  public var foundOn: LocalDay?
  /// "active", "quiet" or "retired".
  public var state: String?
  /// At most 10,000 characters.
  public var note: String?
  /// The person's own words for it, in the order of their bytes.
  public var tags: [String]

  /// - Returns: nil where the record is of another type, or lacks its target.
  public init?(_ record: JournalRecord) {
    guard record.isOf(Self.type), let target = record[.target].text else { return nil }
    id = record.id
    self.target = target
    side = record[.side].text
    subZone = record[.subZone].text
    label = record[.label].text
    landmark = record[.landmark].text
    mapX = record[.mapX].number
    mapY = record[.mapY].number
    feltIn = record[.feltIn].keys
    foundOn = record[.foundOn].day
    state = record[.state].text
    note = record[.note].text
    tags = record[.tags].keys
  }

  /// What can be edited, each as `FIELD=VALUE` takes it.
  public var texts: [FieldKey: String] {
    [FieldKey: String](
      texts: [
        .target: target, .side: side, .subZone: subZone, .label: label, .landmark: landmark,
        .state: state, .note: note,
      ],
      numbers: [.mapX: mapX, .mapY: mapY], days: [.foundOn: foundOn])
  }

  /// Its sets, by field.
  public var sets: [FieldKey: [String]] { [.feltIn: feltIn, .tags: tags] }
}

/// What is pressed with.
public struct Ball: TypedRecord {
  /// It shows records of the type `ball`.
  public static var type: RecordType { .ball }

  /// In full: stable for ever.
  public let id: String
  /// At most 100 characters.
  public var name: String
  /// A word of `Words.ballKinds`.
  public var kind: String?
  /// 1 (soft) to 5 (hard).
  public var firmness: Int?
  /// In millimetres, from 20 to 200.
  public var diameter: Int?
  /// What it is made of, at most 100 characters.
  public var material: String?
  /// Can be hung over the shoulder: it stays where it is held.
  public var isOnRope: Bool
  /// Made by the person.
  public var isHomemade: Bool
  /// Leaves marks on a wall.
  public var marksWall: Bool
  /// How many of them there are, from 1 to 100.
  public var setSize: Int?
  /// The day on which the person got it.
  public var acquired: LocalDay?
  /// Nil while it is there.
  public var retired: LocalDay?
  /// At most 10,000 characters.
  public var note: String?
  /// The person's own words for it, in the order of their bytes.
  public var tags: [String]

  /// - Returns: nil where the record is of another type, or lacks its name.
  public init?(_ record: JournalRecord) {
    guard record.isOf(Self.type), let name = record[.name].text else { return nil }
    id = record.id
    self.name = name
    kind = record[.kind].text
    firmness = record[.firmness].number
    diameter = record[.diameterMm].number
    material = record[.material].text
    isOnRope = record[.onRope].isTrue
    isHomemade = record[.homemade].isTrue
    marksWall = record[.marksWall].isTrue
    setSize = record[.setSize].number
    acquired = record[.acquired].day
    retired = record[.retired].day
    note = record[.note].text
    tags = record[.tags].keys
  }

  /// What can be edited, each as `FIELD=VALUE` takes it.
  public var texts: [FieldKey: String] {
    [FieldKey: String](
      texts: [.name: name, .kind: kind, .material: material, .note: note],
      numbers: [.firmness: firmness, .diameterMm: diameter, .setSize: setSize],
      flags: [.onRope: isOnRope, .homemade: isHomemade, .marksWall: marksWall],
      days: [.acquired: acquired, .retired: retired])
  }

  /// Its sets, by field.
  public var sets: [FieldKey: [String]] { [.tags: tags] }
}

/// A spell of back pain.
public struct Episode: TypedRecord {
  /// It shows records of the type `episode`.
  public static var type: RecordType { .episode }

  /// In full: stable for ever.
  public let id: String
  /// A word of `Catalogue.sites`.
  public var site: String
  /// A word of `Catalogue.sides`.
  public var side: String?
  /// When it began.
  public var onset: Moment
  /// Nil while it is open.
  public var endedAt: Moment?
  /// What brought it on, in the person's words.
  public var trigger: String?
  /// The first that the person ever had.
  public var isFirstEver: Bool
  /// At most 10,000 characters.
  public var note: String?
  /// The person's own words for it, in the order of their bytes.
  public var tags: [String]

  /// - Returns: nil where the record is of another type, or lacks its site or onset.
  public init?(_ record: JournalRecord) {
    guard record.isOf(Self.type), let site = record[.site].text, let onset = record[.onset].moment
    else { return nil }
    id = record.id
    self.site = site
    side = record[.side].text
    self.onset = onset
    endedAt = record[.endedAt].moment
    trigger = record[.trigger].text
    isFirstEver = record[.firstEver].isTrue
    note = record[.note].text
    tags = record[.tags].keys
  }

  /// What can be edited, each as `FIELD=VALUE` takes it.
  public var texts: [FieldKey: String] {
    [FieldKey: String](
      texts: [.site: site, .side: side, .trigger: trigger, .note: note],
      flags: [.firstEver: isFirstEver], moments: [.onset: onset, .endedAt: endedAt])
  }

  /// Its sets, by field.
  public var sets: [FieldKey: [String]] { [.tags: tags] }
}

/// Something else that may help or hurt: a walk, heat, a painkiller.
public struct Factor: TypedRecord {
  /// It shows records of the type `factor`.
  public static var type: RecordType { .factor }

  /// In full: stable for ever.
  public let id: String
  /// When it was done or taken.
  public var at: Moment
  /// A word of `Words.factors`.
  public var kind: String
  /// Digits with at most one point.
  public var amount: String?
  /// Of the amount: "min", "mg", whatever the person writes.
  public var unit: String?
  /// What exactly, at most 100 characters.
  public var label: String?
  /// At most 10,000 characters.
  public var note: String?
  /// The person's own words for it, in the order of their bytes.
  public var tags: [String]

  /// - Returns: nil where the record is of another type, or lacks its time or kind.
  public init?(_ record: JournalRecord) {
    guard record.isOf(Self.type), let at = record[.at].moment, let kind = record[.kind].text
    else { return nil }
    id = record.id
    self.at = at
    self.kind = kind
    amount = record[.amount].text
    unit = record[.unit].text
    label = record[.label].text
    note = record[.note].text
    tags = record[.tags].keys
  }

  /// What can be edited, each as `FIELD=VALUE` takes it.
  public var texts: [FieldKey: String] {
    [FieldKey: String](
      texts: [.kind: kind, .amount: amount, .unit: unit, .label: label, .note: note],
      moments: [.at: at])
  }

  /// Its sets, by field.
  public var sets: [FieldKey: [String]] { [.tags: tags] }
}
