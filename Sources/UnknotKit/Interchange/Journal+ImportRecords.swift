import UnknotEngine

/// The form of a file with records.
public enum ImportForm: String, CaseIterable, Sendable {
  /// What it looks like.
  case auto
  case json
  /// This program's own tables, or with a map any table.
  case csv
  /// Loop Habit Tracker's CSV export.
  case loop
  /// Track & Graph's.
  case tng
}

/// How a file is read, and what is done with records that are here already.
public struct ImportOptions: Sendable {
  /// With `auto`, the import throws `fileDamaged` where the file looks like no form that is known.
  public var form = ImportForm.auto
  /// The text of a map: what each name of another program becomes.
  public var map: String?
  /// What cannot be read is left out; else nothing is taken.
  public var skipsBad = false
  /// Nothing is written; the result says what would be.
  public var isDryRun = false
  /// Records that were removed here come back.
  public var restores = false
  /// What names become is taken as it was guessed; else it is shown first, and nothing is taken.
  public var acceptsGuesses = false
  /// Fields that the file has otherwise are written, but for those that a person edited here since.
  public var updates = false

  /// The form is found out, and every option is off.
  public init() {}
}

extension Journal {
  /// Takes in records of another journal or program: one operation, of which nothing or everything is undone.
  ///
  /// A record that is here already is left as it is, unless the options say otherwise, so that the same file adds nothing a second time: by its own id,
  /// or by the origin that an imported record keeps.
  ///
  /// - Parameters:
  ///   - path: a file, or a folder with the tables of an export; either can be in a zip.
  ///   - options: how it is read, and what is done with records that are here already.
  ///   - progress: is told how many records were looked at; what it throws ends the import, and nothing is written.
  public func importRecords(
    _ path: String, _ options: ImportOptions = ImportOptions(), progress: (Int) throws -> Void = { _ in }
  ) throws(KitError) -> RecordImportResult {
    let source = try KitError.translating { try Self.source(path, options) }
    if !options.isDryRun, Self.isLarge(source) { try? backUpIfPossible(.beforeImport) }
    var result = RecordImportResult()
    do {
      try write(RecordImporter.operationLabel, copying: true, keeps: !options.isDryRun) { session in
        let importer = try RecordImporter(session, options)
        var count = 0
        importer.result.notTaken = try source.each { place, found in
          try progress(count)
          count += 1
          do throws(KitError) {
            // A journal's own records are as they are: what merging made of them comes back.
            if source.isOfJournal { session.contradictions = [] }
            try KitError.translating { try importer.take(try found.get()) }
            for error in session.contradictions ?? [] { importer.result.contradicts(place, error) }
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
        result.form = source.mapping.form
        result.names = source.mapping.names
        result.unusedMapLines = source.mapping.unusedLines
        result.isPreview = !result.guessed.isEmpty && !options.acceptsGuesses
        result.isTaken = !result.isPreview && (result.problemCount == 0 || options.skipsBad)
        if !result.isTaken { throw KitError.rolledBack }
      }
    } catch {
      guard error == .rolledBack else { throw error }
    }
    return result
  }

  /// Whether a file has more records than are taken without a backup. What is wrong with it is told where it is read.
  private static func isLarge(_ source: any ImportSource) -> Bool {
    struct Enough: Error {}
    var count: UInt64 = 0
    do {
      _ = try source.each { _, _ in
        count += 1
        if count > largeImport { throw Enough() }
      }
    } catch {
      return error is Enough
    }
    return false
  }

  private static func source(
    _ text: String, _ options: ImportOptions
  ) throws -> any ImportSource {
    let path = try ImportPath(text)
    let map = try options.map.map { try ImportMap($0) }
    switch options.form {
    case .json: return try JSONSource(path, map)
    case .csv:
      if let map, !path.isFolder, try !TableSource.isOne(path) { return try MappedTableSource(path, map) }
      return try TableSource(path, map)
    case .loop: return try LoopSource(path, map)
    case .tng: return try TrackSource(path, map)
    case .auto:
      if let map, map.isOfTable, !path.isFolder, try !TableSource.isOne(path) {
        return try MappedTableSource(path, map)
      }
      if LoopSource.isOne(path) { return try LoopSource(path, map) }
      if path.isFolder { return try TableSource(path, map) }
      if try JSONSource.isOne(path) { return try JSONSource(path, map) }
      if try TrackSource.isOne(path) { return try TrackSource(path, map) }
      if try TableSource.isOne(path) { return try TableSource(path, map) }
      throw KitError(
        .fileDamaged, "\(text) has no known format",
        hint:
          """
          say which with \(.source): unknot's json or csv, loop or tng; for a table of your own, name its \
          columns with \(.columnMap)
          """)
    }
  }
}

extension KitError {
  /// Thrown to leave a transaction without writing; nobody sees it.
  fileprivate static let rolledBack = KitError(.failed, "nothing was to be written")
}
