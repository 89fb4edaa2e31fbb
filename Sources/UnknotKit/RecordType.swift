public import UnknotEngine

/// A kind of record. Declared as data: the engine below knows tables and fields only.
public struct RecordType: Hashable, Sendable {
  /// As in JSON: "pain".
  public let name: String
  /// As in `list`: "pain", "sessions".
  public let plural: String
  /// In the order in which they are shown; those that every type has come after the type's own, the order key last.
  public let fields: [FieldDescription]
  /// The type whose records are shown inside this one's.
  public let childName: String?
  /// The field that says when it happened: records are listed by it. Nil: by when they were made.
  public let timeField: FieldKey?
  /// A person has one: those that devices made without knowing of each other are taken together.
  public let isSingle: Bool
  /// Two devices can have recorded one thing twice.
  public let isMergeable: Bool
  let schema: RecordKind

  /// There is one of each name. What they describe is not to be gone through whenever one is asked for.
  public static func == (left: RecordType, right: RecordType) -> Bool { bytewiseEqual(left.name, right.name) }

  /// Agrees with `==`: types are told apart by their names.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// - Parameters:
  ///   - event: what happened at `time`, and not what merely has one: its local day is kept beside it.
  ///   - mergeable: two devices can have recorded one thing twice; a record keeps the ids of those merged into it.
  init(
    _ name: String, plural: String, child: String? = nil, event time: FieldKey? = nil,
    mergeable: Bool = false,
    single: Bool = false, _ fields: [FieldDescription]
  ) {
    self.name = name
    isSingle = single
    isMergeable = mergeable
    self.plural = plural
    let day =
      time == nil
      ? []
      : [
        FieldDescription(.localDay, .localDay), FieldDescription(.precision, .word(Words.precisions)),
      ]
    // Order keys come last: they are nothing that people read.
    self.fields =
      fields.filter { $0.kind != .order } + day + [FieldDescription(.tags, .set(nil))]
      + [
        // Of an imported record: what it was called there, and when it was first recorded.
        FieldDescription(.origin, .text, setOnce: true),
        FieldDescription(.firstRecordedAt, .time, setOnce: true),
      ]
      + (mergeable ? [FieldDescription(.merged, .set(nil))] : [])
      + fields.filter { $0.kind == .order }
    childName = child
    timeField = time
    followers = time.map { [$0: [.localDay, .precision]] } ?? [:]
    plainFields = Set(self.fields.filter { !$0.isCollection }.map { FieldName($0.name) })
    checkedFields = self.fields.filter { field in
      guard !field.isCollection, !field.isParent else { return false }
      return switch field.kind {
      case .reference, .order: true
      default: field.isRequired
      }
    }
    collections = Set(self.fields.filter(\.isCollection).map(\.name))
    let parent = fields.first(where: \.isParent)
    schema = RecordKind(
      name: name,
      fields: self.fields.filter { !$0.isParent }.map { RecordField($0.name, $0.kind.stored) },
      timeField: time?.rawValue, orderField: fields.first { $0.kind == .order }?.name,
      parentName: parent?.name, isSingle: single,
      followers: Dictionary(uniqueKeysWithValues: followers.map { ($0.rawValue, $1.map(\.rawValue)) }))
  }

  /// The field that names the record which one of this type belongs to; nil: it belongs to none.
  public var parent: FieldDescription? { fields.first(where: \.isParent) }
  /// The type of the records that belong to one of this type and are shown inside it; nil: there is none.
  public var child: RecordType? { childName.flatMap { Self.named($0) } }

  /// The type that its records belong to.
  public var parentName: String? {
    if case .reference(let type) = parent?.kind { type } else { nil }
  }

  /// The field that puts its records in order.
  public var orderField: FieldKey? { fields.first { $0.kind == .order }?.key }

  /// What goes with a field and is written with it: the day and the precision with the time.
  let followers: [FieldKey: [FieldKey]]

  /// The field that one goes with.
  func source(of key: FieldKey) -> FieldKey? {
    followers.first { $0.value.contains(key) }?.key
  }

  /// Of which something holds whatever the kind is: those that are required, name a record or stand in an order.
  let checkedFields: [FieldDescription]

  private let plainFields: Set<FieldName>
  private let collections: Set<String>

  /// Whether it has a field that is written so: a set or a map by its keys, another one as a whole.
  func declares(_ name: FieldName) -> Bool {
    name.isMapKey ? collections.contains(name.field) : plainFields.contains(name)
  }

  /// The field of that name; nil: records of this type have none.
  public func field(_ name: String) -> FieldDescription? {
    fields.first { bytewiseEqual($0.name, name) }
  }

  /// Every kind of record. A new one is declared and gets a place here; the simulator takes it in by itself.
  public static let all = [
    session, bout, pain, routine, step, spot, ball, episode, plan, factor, assessment, check, profile,
    distinct,
  ]

  /// What happened at a time: a person looks for these by when that was. The others are what is kept: a routine, a ball.
  public static let events = all.filter { $0.timeField != nil }

  /// Each kind after those that it refers to, so that records can be read in this order.
  static let inOrder: [RecordType] = {
    var ordered: [RecordType] = []
    var begun: Set<RecordType> = []
    func take(_ type: RecordType) {
      guard begun.insert(type).inserted else { return }
      for case .reference(let name?) in type.fields.map(\.kind) { named(name).map(take) }
      ordered.append(type)
    }
    // What can refer to records of any kind comes last.
    let anywhere = all.filter { $0.fields.contains { $0.kind == .reference(nil) } }
    for type in all where !anywhere.contains(type) { take(type) }
    return ordered + anywhere
  }()

  /// The kind that a person means: "sessions", or "session". Nil: there is none.
  public init?(listed word: String) {
    guard
      let type = Self.all.first(where: { bytewiseEqual($0.plural, word) || bytewiseEqual($0.name, word) })
    else { return nil }
    self = type
  }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  static func named(_ name: String) -> RecordType? {
    byName[name].flatMap { bytewiseEqual($0.name, name) ? $0 : nil }
  }

  /// What the engine has to know of each kind.
  public static var schemas: [RecordKind] { all.map(\.schema) }
}
