import UnknotEngine

/// One transaction as the domain sees it: ids as people write them, records as they are shown. What writes is its
/// subclass, `JournalWriter`.
class JournalTransaction {
  let reader: StoreReader
  let journal: Journal
  /// What is to be told about what was written.
  let notices: NoticeList
  /// Once it was read; forgotten when the profile is written to.
  var knownDayStart: Int?
  private let actors: [ActorID]
  private var shortNames: [ActorID: String] = [:]
  private var deviceNames: [ActorID: String] = [:]

  /// - Parameter telling: nothing is to be told about what was written; only errors are looked for.
  init(_ reader: StoreReader, _ journal: Journal, telling: Bool = true) throws {
    self.reader = reader
    notices = NoticeList(isSilent: !telling)
    self.journal = journal
    actors = reader.actors()
  }

  // MARK: Ids

  func shortID(_ dot: Dot) -> String { "\(shortName(of: dot.actor))-\(dot.seq)" }

  private func shortName(of actor: ActorID) -> String {
    if let known = shortNames[actor] { return known }
    let text = actor.description
    let others = actors.filter { $0 != actor }.map(\.description)
    var length = 4
    while length < text.count, others.contains(where: { $0.prefix(length) == text.prefix(length) }) {
      length += 1
    }
    let name = String(text.prefix(length))
    shortNames[actor] = name
    return name
  }

  /// The name of the device that wrote as this actor.
  private func deviceName(of actor: ActorID) throws -> String {
    if let known = deviceNames[actor] { return known }
    let name = try reader.deviceName(of: actor)
    deviceNames[actor] = name
    return name
  }

  /// The record that a person means by `PREFIX-SEQ` or, for one made on this device, `SEQ`.
  func record(_ text: String, type: RecordType? = nil) throws -> StoredRecord {
    let dot = try dot(text)
    guard let record = try record(dot) else { throw KitError(.notFound, "there is no record \(text)") }
    if let type, !bytewiseEqual(record.kind, type.name) {
      throw KitError(.notFound, "\(text) is \(withArticle(record.kind)), not \(withArticle(type.name))")
    }
    return record
  }

  func dot(_ text: String) throws -> Dot {
    guard let meant = try dots(text) else {
      throw KitError(.notFound, "\(text) is not an id", hint: "ids look like q3f8-12; list shows them")
    }
    guard let dot = meant.first else {
      throw KitError(
        .notFound, "there is no record \(text)",
        hint: text.contains("-") ? nil : "a bare number is one made on this device; list shows the ids of all"
      )
    }
    guard meant.count == 1 else {
      throw KitError(
        .notFound, "\(text) is ambiguous", hint: "it can be \(meant.map(shortID).joined(separator: " or "))")
    }
    return dot
  }

  /// What an id can mean, as a person writes it: more than one where it is too short. Nil: the text is not an id.
  private func dots(_ text: String) throws -> [Dot]? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let seq = parts.last.flatMap({ UInt64($0) }), seq >= 1,
      seq <= Dot.maximumSeq, parts.last?.utf8.allSatisfy({ (48...57).contains($0) }) == true
    else { return nil }
    if parts.count == 1 {
      // After a restored backup a device goes on under another actor: any of its own may be meant.
      let own = try reader.devices().first(where: \.isThis)?.actors ?? []
      return try own.map { Dot($0, seq) }.filter { try reader.record($0) != nil }
    }
    // Crockford's base 32 reads look-alikes as the digits that they look like.
    let prefix = String(
      parts[0].lowercased().map { $0 == "o" ? "0" : $0 == "i" || $0 == "l" ? "1" : $0 })
    return actors.filter { $0.description.hasPrefix(prefix) && !prefix.isEmpty }.map { Dot($0, seq) }
  }

  /// A routine by its id or its name.
  ///
  /// - Parameter others: what else can be meant, for who has mistyped it.
  func routine(_ text: String, orOneOf others: [String] = []) throws -> StoredRecord {
    let found = try named(.routine) { bytewiseEqual($0, text) }
    if found.count == 1, let routine = try reader.record(found[0]) { return routine }
    if found.count > 1 {
      throw KitError(
        .notFound, "\(text) is ambiguous: \(found.count) routines have that name",
        hint: "say which by its id: \(found.map(shortID).joined(separator: " or "))")
    }
    if let meant = try dots(text), try meant.contains(where: { try reader.record($0) != nil }) {
      return try record(text, type: .routine)
    }
    var names: [String] = []
    // None is near that is so long.
    _ = try named(.routine) {
      if $0.utf8.count < 1000 { names.append($0) }
      return false
    }
    throw KitError(
      .notFound, "there is no routine \(text)",
      hint: (names + others).nearest(to: text).map { "did you mean \($0)?" } ?? "\(.routines) shows them")
  }

  /// The record that a reference field's text names.
  func reference(_ text: String, _ type: String?) throws -> Dot {
    if type == RecordType.routine.name { return try routine(text).id }
    return try record(text, type: type.flatMap { RecordType.named($0) }).id
  }

  // MARK: Records

  /// Records with some of their fields, newest first: to be looked at. What is shown or written is read whole, by itself:
  /// a file can bring any number of them.
  func records(
    _ type: RecordType, _ filter: RecordFilter = RecordFilter(), fields: Set<FieldKey>
  ) throws -> [StoredRecord] {
    try reader.records(in: type.name, filter, fields: Set(fields.map(\.rawValue)))
  }

  /// The same of what belongs to a record, in order.
  func children(
    _ type: RecordType, of parent: Dot, includeRemoved: Bool = false, fields: Set<FieldKey>
  ) throws -> [StoredRecord] {
    try reader.children(of: parent, in: type, includeRemoved: includeRemoved, fields: fields)
  }

  /// Records with a name that a person can mean, the newest first.
  private func named(_ type: RecordType, _ isMeant: (String) -> Bool) throws -> [Dot] {
    var found: [Dot] = []
    try reader.scan(type.name, fields: [FieldName(.name)]) {
      if case .text(let name) = $0.values[0], isMeant(name) { found.append($0.id) }
    }
    return found.reversed()
  }

  /// A ball by its id or its name.
  func ball(_ text: String) throws -> StoredRecord {
    let found = try named(.ball) { bytewiseEqualIgnoringCase($0, text) }
    if found.count == 1, let ball = try reader.record(found[0]) { return ball }
    if found.count > 1 {
      throw KitError(
        .notFound, "\(text) is ambiguous: \(found.count) balls have that name",
        hint: "say which by its id: \(found.map(shortID).joined(separator: " or "))")
    }
    return try record(text, type: .ball)
  }

  func show(
    _ record: StoredRecord, includeRemoved: Bool = false, withChildren: Bool = true
  ) throws -> JournalRecord {
    precondition(record.isWhole, "what is shown is read whole")
    let type = RecordType.named(record.kind)
    var fields: [(name: String, value: FieldValue)] = []
    for field in type?.fields ?? [] {
      if field.isCollection {
        fields.append((field.name, FieldValue(members: record.members(of: field.name), field)))
        continue
      }
      let value = field.isParent ? record.parent.map { Value.reference($0) } ?? .null : record[field.name]
      var short: String?
      if case .reference(let dot) = value { short = shortID(dot) }
      fields.append((field.name, FieldValue(value, field, short: short)))
    }
    let unknownFields = record.fields.keys.filter { type?.declares($0) != true }.sorted().map {
      ($0.description, FieldValue(record.fields[$0]?.visible ?? .null, nil))
    }
    var children: [JournalRecord] = []
    if withChildren, let child = type?.child {
      // Inside a record that is gone, what went with it is shown.
      let isHidden = includeRemoved || !record.isVisible
      children = try reader.children(of: record.id, in: child.name, includeRemoved: includeRemoved)
        .filter { isHidden || $0.isVisible }.map { try show($0) }
    }
    return JournalRecord(
      id: record.id.description, shortID: shortID(record.id), type: record.kind, isPresent: record.isVisible,
      device: try deviceName(of: record.id.actor), recordedAt: moment(record.createdAt),
      fields: fields, derived: try derived(record), unknownFields: unknownFields, children: children)
  }

  func show(_ id: Dot) throws -> JournalRecord {
    guard let record = try record(id) else { throw KitError(.notFound, "there is no record \(id)") }
    return try show(record)
  }

  /// Whether a clock was more than a day ahead of this device's when it said so: of such a time nothing follows.
  func isAhead(_ recordedAt: Int64) -> Bool {
    let (ahead, overflow) = recordedAt.subtractingReportingOverflow(journal.now.milliseconds)
    return overflow ? recordedAt > 0 : ahead > Moment.millisecondsPerDay
  }

  func moment(_ milliseconds: Int64) -> Moment { Moment(milliseconds: milliseconds, in: journal.zone) }
}
