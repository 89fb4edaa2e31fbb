import UnknotEngine

/// Writes imported records through the one door.
final class RecordImporter {
  static let operationLabel = "import"

  var result = RecordImportResult()
  private let session: JournalWriter
  private let options: ImportOptions
  /// What imported records are called where they come from.
  private var origins: [String: Dot] = [:]
  /// The origins that are here, by group: of a group that is asked for, nothing was added yet.
  private lazy var groups = Dictionary(grouping: origins.keys) { ImportedOrigin.group(of: $0) }
  /// What the only new row of each group that was asked for is a correction of; nil: of nothing.
  private var corrections: [String: Dot?] = [:]
  /// Imported records that are there, and not removed.
  private var visible: Set<Dot> = []
  /// Records that came of the same record elsewhere: two devices have each imported it.
  private var twins: [Dot: [Dot]] = [:]
  private var distinctPairs: Set<Set<Dot>>?
  /// What the file calls records that came from elsewhere before.
  private var aliases: [String: Dot] = [:]
  private let actors: [String: ActorID]
  /// This device's earlier imports, once they were asked for.
  private var pastImports: Set<Dot>?
  /// By what the other program calls them, in the order in which they came.
  private var sampled: [(name: String, ids: [Dot])] = []
  private var sampleIndex: [String: Int] = [:]

  init(_ session: JournalWriter, _ options: ImportOptions) throws {
    self.session = session
    self.options = options
    actors = Dictionary(session.reader.actors().map { ($0.description, $0) }) { first, _ in first }
    for type in RecordType.all {
      // Of several of one origin, one that is there goes before those that were removed.
      for includesRemoved in [true, false] {
        try session.reader.scan(type.name, fields: [FieldName(.origin)], includeRemoved: includesRemoved) {
          guard case .text(let origin) = $0.values[0] else { return }
          if !includesRemoved, !type.isSingle, let known = origins[origin], visible.contains(known) {
            twins[known, default: []].append($0.id)
          } else {
            origins[origin] = $0.id
          }
          if !includesRemoved { visible.insert($0.id) }
        }
      }
    }
  }

  func take(_ imported: ImportedRecord) throws {
    if let known = try single(imported.type) ?? here(imported) ?? corrected(imported) {
      note(imported, known)
      return try take(imported, as: known)
    }
    var values: [FieldName: Value] = [FieldName(.origin): .text(imported.origin.text)]
    if let text = imported.recordedAt {
      values[FieldName(.firstRecordedAt)] = try session.times().moment(text).value
    }
    var parent: Dot?
    for (name, value) in imported.fields {
      guard let field = imported.type.field(name) else {
        throw KitError(.invalidValue, "\(withArticle(imported.type.name)) has no field \(name)")
      }
      if field.isParent {
        if case .text(let text) = value, !text.isEmpty { parent = try reference(text, field) }
      } else {
        try read(value, field, into: &values)
      }
    }
    if imported.type == .session, values[FieldName(.status)] == SessionStatus.running.value {
      values[FieldName(.status)] = SessionStatus.partial.value
    }
    if let field = imported.type.parent, field.isRequired, parent == nil {
      throw KitError(.invalidValue, "\(withArticle(imported.type.name)) needs \(field.name)")
    }
    let id = try session.create(imported.type, parent: parent, values)
    origins[imported.origin.text] = id
    note(imported, id)
    result.add(imported.type)
    if let name = imported.name, imported.type.parentName == nil || parent == nil { sample(name, id) }
  }

  /// Takes one that is here already.
  private func take(_ imported: ImportedRecord, as known: Dot) throws {
    let type = imported.type
    let found =
      type.isSingle
      ? try session.single(type) ?? session.single(type, includeRemoved: true) : try session.record(known)
    guard let record = found, record.isVisible || options.restores && record.isRestorable else {
      result.removed += 1
      return
    }
    // All is compared before any is written: a row that is refused has changed nothing.
    var comparisons = [try compare(record, imported)]
    if record.isVisible {
      // What two devices have each imported is two records; said to be two, each goes its own way.
      for twin in twins[known] ?? [] {
        guard try !distinct().contains([known, twin]), let record = try session.record(twin), record.isVisible
        else { continue }
        comparisons.append(try compare(record, imported))
      }
    } else {
      _ = try session.restore(record)
      comparisons[0].record = try session.record(record.id) ?? record
      result.restored += 1
    }
    for (index, comparison) in comparisons.enumerated() {
      try write(comparison, imported, isCounted: index > 0 || !record.isVisible)
    }
  }

  private struct Comparison {
    var record: StoredRecord
    var differences: [ImportDifference] = []
    var written: [FieldName: Value] = [:]
    /// All fields that differ are written.
    var isWhole: Bool { differences.allSatisfy { $0.outcome == .updated } }
  }

  /// What the file has otherwise, and what of it is to be written: where that was asked for and nobody wrote it since.
  private func compare(_ record: StoredRecord, _ imported: ImportedRecord) throws -> Comparison {
    var comparison = Comparison(record: record)
    let fields = try ImportComparison(record: record).fields(imported) {
      try read($0, $1, into: &$2)
    }
    guard !fields.isEmpty else { return comparison }
    let isEdited = try editedHere(record)
    for field in fields {
      let outcome: ImportDifference.Outcome =
        field.values.keys.contains(where: isEdited)
        ? .editedHere : isWritten(field, imported.type) ? .updated : .left
      if outcome == .updated { comparison.written.merge(field.values) { $1 } }
      comparison.differences.append(
        ImportDifference(
          place: imported.place, id: record.id.description, shortID: session.shortID(record.id),
          field: field.name, here: field.here, there: field.there, outcome: outcome))
    }
    if !comparison.written.isEmpty { try session.checkEdit(record, comparison.written) }
    return comparison
  }

  /// - Parameter isCounted: with another record of that origin, or among those that were brought back.
  private func write(_ comparison: Comparison, _ imported: ImportedRecord, isCounted: Bool) throws {
    if comparison.differences.isEmpty {
      if !isCounted { result.known += 1 }
      if options.updates { try renewOrigin(comparison.record, imported) }
      return
    }
    if !comparison.written.isEmpty {
      _ = try session.edit(comparison.record, comparison.written)
      if comparison.isWhole { try renewOrigin(comparison.record, imported) }
      result.updated += 1
    }
    if !comparison.isWhole { result.differs += 1 }
    for difference in comparison.differences { result.add(difference) }
  }

  /// A row is what it says: a record that says the same as a corrected row goes by that from now on.
  private func renewOrigin(_ record: StoredRecord, _ imported: ImportedRecord) throws {
    guard imported.origin.group != nil, record[.origin] != .text(imported.origin.text) else { return }
    _ = try session.edit(record, [FieldName(.origin): .text(imported.origin.text)])
  }

  /// Pairs that were said to be two.
  private func distinct() throws -> Set<Set<Dot>> {
    if let distinctPairs { return distinctPairs }
    let found = try session.distinctPairs()
    distinctPairs = found
    return found
  }

  /// Of a kind of which a person has one, gaps are filled unasked.
  private func isWritten(_ field: ImportComparison.Field, _ type: RecordType) -> Bool {
    !field.values.isEmpty && (options.updates || type.isSingle && field.here.isEmpty)
  }

  /// Whether a person wrote a field after its record was made, as far as this device can tell: what an import on
  /// another device corrected looks like an edit.
  private func editedHere(_ record: StoredRecord) throws -> (FieldName) -> Bool {
    let past =
      try pastImports
      ?? Set(
        session.reader.operations(limit: .max).filter { !$0.isImport && $0.label == Self.operationLabel }.map(
          \.id))
    pastImports = past
    let current = try session.operation
    var byImport: Set<Dot> = []
    try session.reader.forEachChange(of: record.id) {
      if $0.operation == current || past.contains($0.operation) { byImport.insert($0.change.dot) }
    }
    let single = RecordType.named(record.kind).flatMap { $0.isSingle ? $0 : nil }
    let made = Set(
      try single.map { try session.records($0, RecordFilter(includeRemoved: true), fields: []).map(\.id) }
        ?? [record.id])
    return { field in
      record.fields[field]?.entries.contains { !made.contains($0.dot) && !byImport.contains($0.dot) } ?? false
    }
  }

  private func sample(_ name: String, _ id: Dot) {
    guard let index = sampleIndex[name] else {
      // A file can have a name for each of its rows.
      guard sampled.count < 1000 else { return }
      sampleIndex[name] = sampled.count
      return sampled.append((name, [id]))
    }
    if sampled[index].ids.count < 3 { sampled[index].ids.append(id) }
  }

  func samples() throws -> [ImportSample] {
    try sampled.map { ImportSample(name: $0.name, records: try $0.ids.map { try session.show($0) }) }
  }

  private func note(_ imported: ImportedRecord, _ dot: Dot) {
    if let id = imported.id, !bytewiseEqual(id, imported.origin.text) { aliases[id] = dot }
  }

  /// Of a kind of which a person has one, whichever it is, also one that was removed.
  private func single(_ type: RecordType) throws -> Dot? {
    guard type.isSingle else { return nil }
    return try (session.single(type) ?? session.single(type, includeRemoved: true))?.id
  }

  private func known(_ origin: String) throws -> Dot? {
    try origins[origin] ?? record(named: origin)
  }

  /// By its id, unless that one was removed and another of its origin is there: the two were merged.
  private func here(_ imported: ImportedRecord) throws -> Dot? {
    let byID = try imported.id.flatMap { try record(named: $0) }
    if let byID, try session.record(byID)?.isVisible == true { return byID }
    return try known(imported.origin.text) ?? byID
  }

  /// The record of that whole id.
  private func record(named id: String) throws -> Dot? {
    guard let dot = Dot(wholeID: id, actors), try session.reader.record(dot) != nil else { return nil }
    return dot
  }

  /// Where one row of a group is not known, and one record of it is not in the file, the row is the record, corrected.
  /// Where there are more of either, nobody can tell. That is found out at the first such row, before any is added.
  private func corrected(_ imported: ImportedRecord) throws -> Dot? {
    guard let group = imported.origin.group else { return nil }
    if corrections[group] == nil {
      let rivals = Set(imported.origin.rivals())
      let new = rivals.filter { origins[$0] == nil }
      let known = (groups[group] ?? []).filter { !rivals.contains($0) }
      // What was removed stays removed, also where the file has it corrected; but it stands in nobody's way.
      let present = known.filter { origins[$0].map(visible.contains) ?? false }
      let here = present.isEmpty ? known : present
      corrections[group] = .some(new.count == 1 && here.count == 1 ? origins[here[0]] : nil)
    }
    guard let id = corrections[group] ?? nil, let record = try session.record(id),
      isSamePlace(record, imported)
    else { return nil }
    aliases[imported.origin.text] = id
    return id
  }

  /// Another place or another thing under the same name is another record: a second table, read by another map.
  private func isSamePlace(_ record: StoredRecord, _ imported: ImportedRecord) -> Bool {
    guard bytewiseEqual(record.kind, imported.type.name) else { return false }
    return [FieldKey.site, .side, .kind, .target].allSatisfy { key in
      guard imported.type.field(key.rawValue) != nil else { return true }
      var said = ""
      for case (key.rawValue, .text(let text)) in imported.fields { said = text }
      return bytewiseEqual(record[key].text ?? "", said)
    }
  }

  private func reference(_ text: String, _ field: FieldDescription) throws -> Dot {
    guard let dot = try aliases[text] ?? known(text) else {
      throw KitError(
        .notFound, "\(field.name) \(text) is neither here nor earlier in the file",
        hint: "import the whole export and not one of its tables")
    }
    if case .reference(let type?) = field.kind, let table = try session.reader.record(dot)?.kind,
      !bytewiseEqual(table, type)
    {
      throw KitError(
        .invalidValue, "\(field.name) \(text) is \(withArticle(table)) here, not \(withArticle(type))")
    }
    return dot
  }

  private func read(
    _ value: ImportedRecord.Text, _ field: FieldDescription, into values: inout [FieldName: Value]
  ) throws {
    let name = FieldName(field.name)
    switch (value, field.kind) {
    case (.text(let text), _) where text.isEmpty: break
    case (.text(let text), .order):
      guard OrderKey.isValid(text) else {
        throw KitError(.invalidValue, "\(text) is not a place in an order")
      }
      values[name] = .text(text)
    case (.text(let text), .localDay): values[name] = .integer(Int64(try LocalDay(text).number))
    case (.text(let text), .reference): values[name] = .reference(try reference(text, field))
    case (.text(let text), .time): values[name] = try session.times().moment(text).value
    case (.text(let text), .text) where field.isSetOnce:
      values[name] = .text(
        try FieldDescription.checked(text, field.name, most: FieldDescription.maximumText))
    case (.text(let text), _) where !field.isCollection:
      values[name] = try field.value(of: text, times: session.times()) { text, _ in
        try reference(text, field)
      }
    case (.words(let words), .set):
      for word in words {
        // Records that were merged into it are named by ids.
        let own = field.name == "merged" ? try (aliases[word] ?? known(word))?.description ?? word : word
        values[FieldName(field.name, key: try field.value(of: "yes", key: own).key)] = .present
      }
    case (.entries(let entries), .map):
      for entry in entries {
        let (key, value) = try field.value(of: entry.text, key: entry.key)
        values[FieldName(field.name, key: key)] = value
      }
    default: throw KitError(.invalidValue, "\(field.name) has the wrong form")
    }
  }
}
