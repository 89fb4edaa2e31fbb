import UnknotEngine

/// The one door of this module: whatever writes records has one of these, and nothing but this file reaches the engine's
/// writer. Each way through it passes the same rules (`Rules.swift`) and derives the same fields.
final class JournalWriter: JournalTransaction {
  private let writer: StoreWriter
  /// What is written was done before: nothing of it is to be forbidden any more.
  private(set) var isCopying: Bool
  /// Where what is copied contradicts itself, that is noted here, and it is kept as it is; nil: it is refused.
  var contradictions: [KitError]?

  /// - Parameter copying: it is all copied from elsewhere, and nothing is told about it.
  init(writing writer: StoreWriter, _ journal: Journal, copying: Bool = false) throws {
    self.writer = writer
    isCopying = copying
    try super.init(writer.reader, journal, telling: !copying)
  }

  /// The first change that was written; nil until there is one.
  var operation: Dot? { get throws { try writer.operation } }

  /// What a command gives back: the records that it wrote, as they are now.
  func written(_ ids: [Dot]) throws -> Written {
    Written(
      records: try ids.map { try show($0) }, operation: try operation?.description,
      notices: notices.all)
  }

  // MARK: Records

  /// Makes a record; of a kind of which a person has one, only the first.
  ///
  /// - Parameter place: of a kind that stands in an order; not looked at where the values have a key.
  /// - Returns: the record's id.
  func create(
    _ type: RecordType, parent: Dot? = nil, at place: ListPlace = .last, _ values: [FieldName: Value]
  ) throws -> Dot {
    var values = values.filter { $0.value != .null }
    if type.isSingle, let present = try single(type) {
      throw KitError(.invalidValue, "there is \(withArticle(type.name)) already: \(shortID(present.id))")
    }
    if let field = type.orderField, values[FieldName(field)] == nil, let parent {
      values[FieldName(field)] = try key(of: type, in: parent, at: place).map { .text($0) }
    }
    let draft = Draft(type: type, id: nil, parent: parent, stored: nil, written: values)
    (values, _) = try completed(draft)
    try checkAll(Draft(type: type, id: nil, parent: parent, stored: nil, written: values))
    if let parent { tellKept(try kept(try record(parent))) }
    let id = try writer.create(type.name, parent: parent, values)
    if type == .profile { knownDayStart = nil }
    return id
  }

  /// Makes a record of what another one of its kind says. It was recorded when that was, and what it says was done.
  func create(_ type: RecordType, parent: Dot, copying other: StoredRecord) throws -> Dot {
    var values = other.fields.compactMapValues(\.visible).filter { $0.value != .null && $0.value != .removed }
    // Another list, another place.
    if let field = type.orderField { values[FieldName(field)] = nil }
    let first = FieldName(.firstRecordedAt)
    values[first] = values[first] ?? moment(other.createdAt).value
    // Two devices that copy the same record have one record, twice.
    let origin = FieldName(.origin)
    values[origin] = values[origin] ?? .text("copy/\(other.id)")
    let wasCopying = isCopying
    isCopying = true
    defer { isCopying = wasCopying }
    return try create(type, parent: parent, values)
  }

  /// - Returns: false where nothing differed.
  func edit(_ record: StoredRecord, _ values: [FieldName: Value]) throws -> Bool {
    try edit(record, values, following: [:])
  }

  /// Throws what `edit` would, and writes nothing: where several records are to change, or none of them.
  func checkEdit(_ record: StoredRecord, _ values: [FieldName: Value]) throws {
    let noted = contradictions
    defer { contradictions = noted }
    _ = try checked(record, values)
  }

  /// - Returns: all that is to be written, and what of it in any case.
  private func checked(
    _ record: StoredRecord, _ values: [FieldName: Value]
  ) throws -> ([FieldName: Value], rewritten: Set<FieldName>) {
    precondition(record.isWhole, "what is written to is read whole")
    let type = try knownType(of: record)
    let draft = Draft(type: type, id: record.id, parent: record.parent, stored: record, written: values)
    var (values, rewritten) = try completed(draft)
    if type.isSingle {
      // Several records stand for one: what differs from what they show together is written, whatever this one has.
      values = values.filter { draft.differs($0.key, from: $0.value) }
      rewritten.formUnion(values.keys)
    }
    try checkAll(Draft(type: type, id: record.id, parent: record.parent, stored: record, written: values))
    return (values, rewritten)
  }

  /// - Parameter following: what goes with the values, where it is not to be derived from them anew.
  private func edit(
    _ record: StoredRecord, _ values: [FieldName: Value], following: [FieldName: Value],
    deciding: FieldName? = nil
  ) throws -> Bool {
    let type = try knownType(of: record)
    let (values, rewritten) = try checked(record, values.merging(following) { $1 })
    let kept = try kept(deciding == .presence ? nil : record)
    let added = try missing(record, type).merging(values) { $1 }
    guard try writer.edit(record.id, added, rewriting: rewritten) else { return false }
    if type == .profile { knownDayStart = nil }
    for name in values.keys.sorted() where name != deciding {
      try tellDecided(name, of: record, as: values[name])
    }
    tellKept(kept)
    return true
  }

  /// What others that stand for the same thing have, and the record that is written to has not: where all are removed
  /// elsewhere meanwhile, the write keeps this one alone, and is to keep the whole thing.
  private func missing(_ united: StoredRecord, _ type: RecordType) throws -> [FieldName: Value] {
    guard type.isSingle, let own = try reader.record(united.id) else { return [:] }
    return united.fields.filter { !$0.value.isInConflict }.mapValues(\.visible).filter { name, value in
      type.field(name.field)?.isEditable != false && own.fields[name]?.visible ?? .null != value
    }
  }

  /// - Returns: false where it is gone already.
  func remove(_ record: StoredRecord) throws -> Bool {
    guard let type = RecordType.named(record.kind), type.isSingle else {
      tellRemoved(record)
      return try writer.delete(record.id)
    }
    knownDayStart = nil
    return try records(type, fields: []).reduce(false) {
      tellRemoved($1)
      return try writer.delete($1.id) || $0
    }
  }

  /// - Returns: false where it is there already.
  func restore(_ record: StoredRecord) throws -> Bool {
    guard let type = RecordType.named(record.kind) else { return try restore(one: record) }
    try checkAll(Draft(type: type, id: record.id, parent: record.parent, stored: record, written: [:]))
    guard type.isSingle else { return try restore(one: record) }
    knownDayStart = nil
    return try records(type, RecordFilter(includeRemoved: true), fields: []).reduce(false) {
      try restore(one: $1) || $0
    }
  }

  /// Says that it is to stay: where another device removes it meanwhile, somebody decides.
  func keep(_ record: StoredRecord) throws { try writer.keep(record.id) }

  private func restore(one record: StoredRecord) throws -> Bool {
    let kept = try kept(record)
    guard try writer.restore(record.id) else { return false }
    tellKept(kept)
    return true
  }

  /// Decides a conflict for one of its values: what follows from the field is taken from the same change.
  func decide(_ conflict: FieldConflict, for entry: StoredField.Entry) throws {
    let value = try reader.value(of: conflict.field, writtenBy: entry.dot)
    if conflict.field == .presence { return try decidePresence(of: conflict.record, as: value) }
    // One that this program does not know follows no rule that it knows.
    guard let type = RecordType.named(conflict.record.kind), type.field(conflict.field.field) != nil else {
      _ = try writer.edit(conflict.record.id, [conflict.field: value])
      return
    }
    var following: [FieldName: Value] = [:]
    if let followers = FieldKey(rawValue: conflict.field.field).flatMap({ type.followers[$0] }) {
      let written = try reader.values(writtenBy: entry.dot)
      for name in followers.map({ FieldName($0) }) { following[name] = written[name] }
    }
    _ = try edit(
      conflict.record, [conflict.field: value], following: following, deciding: conflict.field)
  }

  /// Decides a conflict for another value.
  func decide(_ conflict: FieldConflict, as value: Value) throws {
    if conflict.field == .presence { return try decidePresence(of: conflict.record, as: value) }
    _ = try edit(conflict.record, [conflict.field: value], following: [:], deciding: conflict.field)
  }

  private func decidePresence(of record: StoredRecord, as value: Value) throws {
    let type = RecordType.named(record.kind)
    let records = try type.map { $0.isSingle ? try self.records($0, fields: []) : [record] } ?? [record]
    for one in records { _ = try value == .removed ? writer.delete(one.id) : writer.restore(one.id) }
    if type == .profile { knownDayStart = nil }
  }

  // MARK: Order

  /// - Returns: false where it stands there already.
  func move(_ record: StoredRecord, to place: ListPlace) throws -> Bool {
    let type = try knownType(of: record)
    guard let parent = record.parent, let field = type.orderField else {
      throw KitError(.invalidValue, "\(withArticle(type.name)) has no place in an order")
    }
    guard let key = try key(of: type, in: parent, at: place, moving: record.id) else { return false }
    return try edit(record, [FieldName(field): .text(key)])
  }

  /// What puts a record into its place, once those around it have the keys that it needs; nil: it stands there already.
  private func key(
    of type: RecordType, in parent: Dot, at place: ListPlace, moving record: Dot? = nil
  ) throws -> String? {
    guard let field = type.orderField else { return nil }
    do {
      guard let insertion = try writer.insertion(of: type.name, into: parent, at: place, moving: record)
      else {
        return nil
      }
      for other in insertion.rekeyed {
        guard let whole = try reader.record(other.record) else { continue }
        _ = try edit(whole, [FieldName(field): .text(other.key)])
      }
      return insertion.key
    } catch StorageError.notInList(let id) {
      throw KitError(.notFound, "\(shortID(id)) is not in this list")
    }
  }

  // MARK: What follows

  private func knownType(of record: StoredRecord) throws -> RecordType {
    guard let type = RecordType.named(record.kind) else {
      throw KitError(
        .invalidValue, "records of type \(record.kind) come from a newer program",
        hint: "install it to edit them")
    }
    return type
  }

  /// What goes with the time of a record: the local day that it belongs to, as days begin now, and whether a rating
  /// still is one around its session.
  ///
  /// - Returns: all that is to be written, and what of it in any case.
  private func completed(_ draft: Draft) throws -> ([FieldName: Value], rewritten: Set<FieldName>) {
    var values = draft.written
    var rewritten: Set<FieldName> = []
    guard let name = draft.type.timeField, let moment = draft.moment(name) else { return (values, rewritten) }
    if let time = values[FieldName(name)], draft.differs(FieldName(name), from: time) {
      let day = FieldName(.localDay)
      if values[day] == nil { values[day] = .integer(Int64(try self.day(of: moment).number)) }
      // Also where they stay as they are: another device may be writing the time, and them, just now.
      for key in draft.type.followers[name] ?? [] {
        let follower = FieldName(key)
        if values[follower] == nil, let present = draft.stored?[key], present != .null {
          // A file can bring a reference to what nobody holds where a day should be.
          if case .reference = present { continue }
          values[follower] = present
        }
        rewritten.insert(follower)
      }
    }
    // What is copied was said when the session was as it was then.
    if !isCopying, draft.type == .pain, draft.writes(name, .context), let wanted = draft.text(.context),
      let session = try draft.parent.flatMap({ try reader.record($0) })
    {
      let context = context(wanted, at: moment, around: session)
      if !bytewiseEqual(context, wanted) { values[FieldName(.context)] = .text(context) }
    }
    return (values, rewritten)
  }

  /// What holds for every kind, and then the rules of each.
  private func checkAll(_ draft: Draft) throws {
    for field in draft.type.checkedFields {
      let value = draft.written[FieldName(field.name)]
      if field.isRequired, draft.id == nil || value != nil, draft[field.key] == .null {
        throw KitError(.invalidValue, "\(withArticle(draft.type.name)) needs \(field.name)")
      }
      if case .reference(let dot) = value, case .reference(let type) = field.kind {
        try checkReference(dot, type, field)
      }
      if case .text(let key) = value, field.kind == .order, !OrderKey.isValid(key) {
        throw KitError(.invalidValue, "\(key) is not a place in an order")
      }
    }
    if draft.id == nil, let field = draft.type.parent {
      guard let parent = draft.parent else {
        guard !field.isRequired else {
          throw KitError(.invalidValue, "\(withArticle(draft.type.name)) needs \(field.name)")
        }
        return try check(draft)
      }
      try checkReference(parent, draft.type.parentName, field)
    }
    try check(draft)
  }

  private func checkReference(_ dot: Dot, _ type: String?, _ field: FieldDescription) throws {
    guard let record = try reader.record(dot) else {
      throw KitError(.notFound, "\(field.name): there is no record \(dot)")
    }
    guard type.map({ bytewiseEqual($0, record.kind) }) ?? true else {
      throw KitError(
        .invalidValue,
        "\(field.name) is \(withArticle(type ?? "record")), and \(shortID(dot)) \(withArticle(record.kind))")
    }
  }
}
