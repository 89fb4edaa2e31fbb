import UnknotCausality
import UnknotStorage

/// The form of a file with records.
public enum ImportForm: String, CaseIterable, Sendable {
  /// What it looks like.
  case auto
  case json, csv
  /// Loop Habit Tracker's CSV export.
  case loop
  /// Track & Graph's.
  case tng
}

public struct ImportOptions: Sendable {
  public var form = ImportForm.auto
  /// The text of a map: what each name of another program becomes.
  public var map: String?
  /// What cannot be read is left out; else nothing is taken.
  public var skipsBad = false
  public var isDryRun = false
  /// Records that were removed here come back.
  public var restores = false
  /// What names become is taken as it was guessed; else it is shown first, and nothing is taken.
  public var acceptsGuesses = false

  public init() {}
}

extension Journal {
  /// Takes in records of another journal or program: one operation, of which nothing or everything is undone.
  ///
  /// A record that is here already is left as it is, so that the same file adds nothing a second time: by its own id,
  /// or by the origin that an imported record keeps.
  ///
  /// - Parameters:
  ///   - path: a file, or a folder with the tables of an export; either can be in a zip.
  ///   - progress: is told how many records were looked at; what it throws ends the import, and nothing is written.
  public func importRecords(
    _ path: String, _ options: ImportOptions = ImportOptions(), progress: (Int) throws -> Void = { _ in }
  ) throws(KitError) -> ImportResult {
    let source = try KitError.translating { try Self.source(path, options) }
    var result = ImportResult()
    do {
      try write("import", telling: false) { session in
        let importer = try RecordImporter(session, restores: options.restores)
        var count = 0
        importer.result.notTaken = try source.each { place, found in
          try progress(count)
          count += 1
          do throws(KitError) {
            try KitError.translating { try importer.take(try found.get()) }
          } catch {
            // A journal that cannot be written to is not the line's fault.
            guard error.kind == .invalidValue || error.kind == .notFound || error.kind == .usage else {
              throw error
            }
            importer.result.refuse(place, error)
          }
        }
        result = importer.result
        result.samples = try importer.samples()
        result.names = source.mapping.names
        result.unusedMapLines = source.mapping.unusedLines
        result.isPreview = !result.guessed.isEmpty && !options.acceptsGuesses
        result.isTaken = !result.isPreview && (result.problemCount == 0 || options.skipsBad)
        if options.isDryRun || !result.isTaken { throw KitError.rolledBack }
      }
    } catch {
      guard error == .rolledBack else { throw error }
    }
    return result
  }

  private static func source(
    _ text: String, _ options: ImportOptions
  ) throws -> any ImportSource {
    let path = try ImportPath(text)
    let map = try options.map.map { try ImportMap($0) }
    switch options.form {
    case .json: return try JSONSource(path, map)
    case .csv: return try TableSource(path, map)
    case .loop: return try LoopSource(path, map)
    case .tng: return try TrackSource(path, map)
    case .auto:
      if LoopSource.isOne(path) { return try LoopSource(path, map) }
      if path.isFolder { return try TableSource(path, map) }
      if try JSONSource.isOne(path) { return try JSONSource(path, map) }
      if try TrackSource.isOne(path) { return try TrackSource(path, map) }
      if try TableSource.isOne(path) { return try TableSource(path, map) }
      throw KitError(
        .fileDamaged, "\(text) is of no form that is known",
        hint: "say which with --from: json or csv of unknot export, loop, tng")
    }
  }
}

extension KitError {
  /// Thrown to leave a transaction without writing; nobody sees it.
  fileprivate static let rolledBack = KitError(.failed, "nothing was to be written")
}

/// Writes imported records through the one door.
private final class RecordImporter {
  var result = ImportResult()
  private let session: JournalTransaction<StoreWriter>
  private let restores: Bool
  /// What imported records are called where they come from.
  private var origins: [String: Dot] = [:]
  private let actors: [String: ActorID]
  /// By what the other program calls them, in the order in which they came.
  private var sampled: [(name: String, ids: [Dot])] = []
  private var sampleIndex: [String: Int] = [:]

  init(_ session: JournalTransaction<StoreWriter>, restores: Bool) throws {
    self.session = session
    self.restores = restores
    actors = Dictionary(session.reader.actors().map { ($0.description, $0) }) { first, _ in first }
    for type in RecordType.all {
      try session.reader.scan(type.name, fields: [FieldName("origin")], includeRemoved: true) {
        if case .text(let origin) = $0.values[0] { origins[origin] = $0.id }
      }
    }
  }

  func take(_ imported: ImportedRecord) throws {
    if let known = try known(imported.origin) {
      guard let record = try session.reader.record(known), record.isVisible else {
        if restores, try session.reader.restore(known) {
          result.restored += 1
        } else {
          result.removed += 1
        }
        return
      }
      result.known += 1
      return
    }
    var values: [FieldName: Value] = [FieldName("origin"): .text(imported.origin)]
    if let text = imported.recordedAt {
      values[FieldName("first_recorded_at")] = try session.journal.times.moment(text).value
    }
    var parent: Dot?
    for (name, value) in imported.fields {
      guard let field = imported.type.field(name) else {
        throw KitError(.invalidValue, "a \(imported.type.name) has no field \(name)")
      }
      if field.isParent {
        if case .text(let text) = value, !text.isEmpty { parent = try reference(text, field) }
      } else {
        values.merge(try read(value, field)) { $1 }
      }
    }
    if imported.type == .session, values[FieldName("status")] == .text("running") {
      values[FieldName("status")] = .text("partial")
    }
    if let field = imported.type.parent, field.isRequired, parent == nil {
      throw KitError(.invalidValue, "a \(imported.type.name) needs \(field.name)")
    }
    let id = try session.create(imported.type, parent: parent, values)
    origins[imported.origin] = id
    result.add(imported.type)
    if let name = imported.name, imported.type.parentName == nil || parent == nil { sample(name, id) }
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

  private func known(_ origin: String) throws -> Dot? {
    if let known = origins[origin] { return known }
    let parts = origin.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let actor = actors[String(parts[0])], let seq = UInt64(parts[1]), seq >= 1,
      seq <= Dot.maximumSeq, try session.reader.record(Dot(actor, seq)) != nil
    else { return nil }
    return Dot(actor, seq)
  }

  private func reference(_ text: String, _ field: FieldDescription) throws -> Dot {
    guard let dot = try known(text) else {
      throw KitError(
        .notFound, "\(field.name) \(text) is neither here nor before it in the file",
        hint: "import the whole export and not one of its tables")
    }
    return dot
  }

  private func read(_ value: ImportedRecord.Text, _ field: FieldDescription) throws -> [FieldName: Value] {
    let name = FieldName(field.name)
    switch (value, field.kind) {
    case (.text(let text), _) where text.isEmpty: return [:]
    case (.text(let text), .order):
      guard OrderKey.isValid(text) else {
        throw KitError(.invalidValue, "\(text) is not a place in an order")
      }
      return [name: .text(text)]
    case (.text(let text), .localDay): return [name: .integer(Int64(try LocalDay(text).number))]
    case (.text(let text), .reference): return [name: .reference(try reference(text, field))]
    case (.text(let text), .time): return [name: try session.journal.times.moment(text).value]
    case (.text(let text), .text) where field.isSetOnce:
      return [name: .text(try FieldDescription.checked(text, field.name, most: FieldDescription.maximumText))]
    case (.text(let text), _) where !field.isCollection:
      return [
        name: try field.value(of: text, times: session.journal.times) { text, _ in try reference(text, field)
        }
      ]
    case (.words(let words), .set):
      var values: [FieldName: Value] = [:]
      for word in words {
        // Records that were merged into it are named by ids.
        let own = field.name == "merged" ? try known(word)?.description ?? word : word
        values[FieldName(field.name, key: try field.value(of: "yes", key: own).key)] = .present
      }
      return values
    case (.entries(let entries), .map):
      var values: [FieldName: Value] = [:]
      for entry in entries {
        let (key, value) = try field.value(of: entry.text, key: entry.key)
        values[FieldName(field.name, key: key)] = value
      }
      return values
    default: throw KitError(.invalidValue, "\(field.name) is not of the form that it should be")
    }
  }
}
