import UnknotEngine

/// A table that a person keeps, with a row for each time: a map says what its columns are.
struct MappedTableSource: ImportSource {
  /// A column with entries: ratings, factors or bouts.
  private struct Entry {
    let index: Int
    let name: String
    let meaning: ImportMap.Meaning
  }

  private let path: ImportPath
  private let separator: Separator
  private let header: [String]
  /// Ratings first: a row's note goes to its first record.
  private let entries: [Entry]
  private let columns: [ImportMap.Column: Int]
  private let dates: ImportMap.DateOrder?
  /// What the map says nothing about.
  private let unsaid: [Int]
  let mapping: ImportMapping

  init(_ path: ImportPath, _ map: ImportMap) throws {
    self.path = path
    let (separator, header) = try Self.header(path, map)
    let keys = header.map(ImportMap.key)
    var entries: [Entry] = []
    var columns: [ImportMap.Column: Int] = [:]
    var unsaid: [Int] = []
    var names: [ImportedName] = []
    for (index, name) in header.enumerated() {
      guard let line = map[name] else {
        unsaid.append(index)
        if !name.isEmpty { names.append(ImportedName(name: name, meaning: "skip", isGuessed: true)) }
        continue
      }
      guard keys.count(where: { bytewiseEqual($0, keys[index]) }) == 1 else {
        throw Self.unfit(line, "two columns are called \(name)", "give one of them another name in the file")
      }
      switch line.said {
      case .column(let column):
        guard columns.updateValue(index, forKey: column) == nil else {
          throw Self.unfit(line, "there are two columns for \(column.rawValue)", "one of them can be skip")
        }
        names.append(ImportedName(name: name, meaning: column.rawValue, isGuessed: false))
      case .meaning(let meaning, let saysPlace):
        if case .pain(let place) = meaning, saysPlace {
          guard !map.says(.site, in: header), place.side == nil || !map.says(.side, in: header) else {
            throw Self.unfit(
              line, "a column and the map both say where \(name) is",
              "write \(name) = pain, or skip the column")
          }
        }
        let isOfRow = !saysPlace && map.says(.site, in: header)
        names.append(
          ImportedName(
            name: name, meaning: meaning.isPain && isOfRow ? "pain" : meaning.words, isGuessed: false))
        if meaning != .skip { entries.append(Entry(index: index, name: name, meaning: meaning)) }
      }
    }
    guard !entries.isEmpty else {
      throw KitError(
        .invalidValue, "the map names no column for pain, a factor or a bout",
        hint: "as in: Score = pain low-back; the columns are: \(header.joined(separator: ", "))")
    }
    guard (columns[.day] == nil) != (columns[.at] == nil), columns[.time] == nil || columns[.day] != nil
    else {
      throw KitError(
        .invalidValue, "the map does not say in one way when a row was",
        hint: "name one column with dates and times = at, or one with dates = day and perhaps one = time")
    }
    self.separator = separator
    self.header = header
    self.entries = entries.filter(\.meaning.isPain) + entries.filter { !$0.meaning.isPain }
    self.columns = columns
    self.unsaid = unsaid
    dates = map.dates?.order
    mapping = ImportMapping(
      names, all: header, map, usesDates: true, form: "columns are separated by \(separator.words)")
  }

  private static func unfit(_ line: ImportMap.Line, _ what: String, _ hint: String) -> KitError {
    KitError(.invalidValue, "the map's line \(line.number) does not fit: \(what)", hint: hint)
  }

  /// The separator is the one between the columns that the map names.
  private static func header(_ path: ImportPath, _ map: ImportMap) throws -> (Separator, [String]) {
    var found: [(separator: Separator, header: [String], count: Int)] = []
    var failure: KitError?
    for separator in Separator.allCases {
      var reader = try CSVReader(try path.file(), separator: separator.rawValue)
      do throws(KitError) {
        let header = try reader.header().map(\.trimmed)
        found.append((separator, header, header.count { map[$0] != nil }))
      } catch {
        failure = error
      }
    }
    guard let best = found.max(by: { $0.count < $1.count }) else {
      throw failure ?? KitError(.fileDamaged, "\(path.name) has no header")
    }
    guard best.count > 0 else {
      throw KitError(
        .invalidValue, "the map names no column of \(path.name)",
        hint: "its first line names the columns: \(best.header.joined(separator: ", "))")
    }
    guard found.count(where: { $0.count == best.count }) == 1 else {
      throw KitError(
        .invalidValue, "\(path.name) does not show what separates its columns",
        hint:
          "name at least two in the map; the file must separate them with a comma, a semicolon or a tab"
      )
    }
    return (best.separator, best.header)
  }

  func each(_ body: (String, Result<ImportedRecord, KitError>) throws -> Void) throws -> [String] {
    var reader = try CSVReader(try path.file(), separator: separator.rawValue)
    _ = try reader.next()
    var origins = try self.origins()
    var notes = 0
    var cellsLeft = unsaid.map { _ in 0 }
    while let (line, found) = try reader.next() {
      let place = "\(path.name) line \(line)"
      let row: Row
      do throws(KitError) {
        row = try Row(cells: found.get(), self)
      } catch {
        try body(place, .failure(error))
        continue
      }
      if row.isEmpty { continue }
      for (index, column) in unsaid.enumerated() where !row.cells[column].isEmpty { cellsLeft[index] += 1 }
      var note = row.cell(.note)
      let when = Result { () throws(KitError) in try row.when() }
      guard case .success(let at) = when else {
        if case .failure(let error) = when { try body(place, .failure(error)) }
        continue
      }
      var isWrong = false
      for entry in entries {
        let place = "\(place), \(entry.name)"
        let found = Result { () throws(KitError) in
          try row.records(
            entry, origins.next(Self.group(entry, at), row.content(entry)), place, at: at, note: note)
        }
        switch found {
        case .failure(let error):
          isWrong = true
          try body(place, .failure(error))
        case .success(let records):
          if !records.isEmpty { note = "" }
          for record in records { try body(place, .success(record)) }
        }
      }
      if !note.isEmpty, !isWrong { notes += 1 }
    }
    return zip(unsaid, cellsLeft).filter { $1 > 0 }.map { column, count in
      let name = header[column].isEmpty ? "column \(column + 1)" : header[column]
      return "\(name): \(counted(count, "cell")), since the map does not say what they are"
    } + (notes > 0 ? ["\(counted(notes, "note")) of rows without an entry"] : [])
  }

  /// Of all entries that are taken.
  private func origins() throws -> FileOrigins {
    var origins = FileOrigins()
    var reader = try CSVReader(try path.file(), separator: separator.rawValue)
    _ = try reader.next()
    while let (_, found) = try reader.next() {
      guard let row = try? Row(cells: found.get(), self), let at = try? row.when() else { continue }
      for entry in entries {
        let group = Self.group(entry, at)
        let taken = try? row.records(entry, ImportedOrigin(text: group), path.name, at: at, note: "")
        if taken?.isEmpty == false { origins.count(group, row.content(entry)) }
      }
    }
    return origins
  }

  private static func group(_ entry: Entry, _ at: String) -> String {
    "table/\(ImportMap.key(entry.name))/\(at)"
  }

  private struct Row {
    let cells: [String]
    private let table: MappedTableSource

    init(cells: [String], _ table: MappedTableSource) throws(KitError) {
      guard cells.count == table.header.count else {
        throw KitError(.invalidValue, "\(cells.count) cells, but the header has \(table.header.count)")
      }
      self.cells = cells.map(\.trimmed)
      self.table = table
    }

    var isEmpty: Bool { cells.allSatisfy(\.isEmpty) }

    func records(
      _ entry: Entry, _ origin: @autoclosure () -> ImportedOrigin, _ place: String, at: String, note: String
    ) throws(KitError) -> [ImportedRecord] {
      guard let value = try value(entry.index) else { return [] }
      return try placed(entry.meaning).records(
        name: entry.name, origin: origin(), place: place, at: at, value: value, note: note)
    }

    func cell(_ column: ImportMap.Column) -> String { table.columns[column].map { cells[$0] } ?? "" }

    /// As `TimeExpression` reads it: a day, or a day and what the clock showed.
    func when() throws(KitError) -> String {
      guard table.columns[.at] == nil else {
        let text = cell(.at)
        let end = text.firstIndex { $0 == " " || $0 == "T" } ?? text.endIndex
        return try TableDate.day(String(text[..<end]), table.dates) + text[end...]
      }
      let day = try TableDate.day(cell(.day), table.dates)
      let time = cell(.time)
      guard time.utf8.allSatisfy({ (48...58).contains($0) }) else {
        throw KitError(.invalidValue, "\(time) is not a time of day", hint: "write it as 07:30")
      }
      return time.isEmpty ? day : "\(day) \(time)"
    }

    /// What the cell says, with a point for a decimal comma.
    private func text(_ index: Int) throws(KitError) -> String {
      let cell = cells[index]
      let parts = cell.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy(\.isDigits) else { return cell }
      guard table.separator != .comma else {
        throw KitError(
          .invalidValue, "\(cell) has a comma, which also separates columns",
          hint: "write a point, or separate columns by semicolons or tabs")
      }
      return parts.joined(separator: ".")
    }

    /// Nil: nothing was entered.
    func value(_ index: Int) throws(KitError) -> ImportedValue? {
      let text = try text(index)
      switch text.lowercased() {
      case "", "-", "no", "false": return nil
      case "x", "yes", "true": return .done
      default:
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count <= 2, parts.allSatisfy(\.isDigits) { return .number(text) }
        if let seconds = try? DurationText.seconds(text) { return .duration(seconds: seconds) }
        throw KitError(
          .invalidValue, "\(cells[index]) is not an entry",
          hint: "a number, a duration such as 35m, x or yes for what was done, nothing or no for what was not"
        )
      }
    }

    /// With a rating's place, where columns say it.
    func placed(_ meaning: ImportMap.Meaning) throws(KitError) -> ImportMap.Meaning {
      guard case .pain(var place) = meaning else { return meaning }
      if table.columns[.site] != nil {
        let text = cell(.site)
        guard !text.isEmpty else { throw KitError(.invalidValue, "it does not say where it hurt") }
        place = if let named = ImportGuess.place(text) { named } else { try PlaceText(site: text) }
      }
      let side = cell(.side)
      guard !side.isEmpty else { return .pain(place) }
      let sided = try PlaceText(site: "\(place.place)/\(side)")
      guard place.side == nil || place == sided else {
        throw KitError(.invalidValue, "the site is \(cell(.site)), and the side \(side)")
      }
      return .pain(sided)
    }

    /// All that makes it this entry and no other of its time. Without the note: it can be corrected.
    func content(_ entry: Entry) -> [String] {
      let value = (try? text(entry.index)) ?? cells[entry.index]
      return [value] + (entry.meaning.isPain ? [cell(.site), cell(.side)].map(ImportMap.key) : [])
    }
  }

  private enum Separator: UInt8, CaseIterable {
    case comma = 0x2c
    case semicolon = 0x3b
    case tab = 0x09

    var words: String {
      switch self {
      case .comma: "commas"
      case .semicolon: "semicolons"
      case .tab: "tabs"
      }
    }
  }
}

/// Dates of tables, of which each can be read in one way only.
enum TableDate {
  /// As `2026-05-14`, from that, `14.5.2026`, or with slashes where it is said what comes first.
  static func day(_ text: String, _ order: ImportMap.DateOrder?) throws(KitError) -> String {
    for (separator, dayFirst) in [(".", true), ("/", order != .monthFirst)] where text.contains(separator) {
      let parts = text.split(separator: separator, omittingEmptySubsequences: false)
      guard parts.count == 3, parts.allSatisfy(\.isDigits), parts[0].utf8.count <= 2,
        parts[1].utf8.count <= 2, parts[2].utf8.count == 4, let first = Int(parts[0]),
        let second = Int(parts[1])
      else { break }
      guard separator == "." || order != nil else {
        throw KitError(
          .invalidValue, "\(text) can be read in two ways",
          hint: "a line of the map says it: dates = day/month/year, or dates = month/day/year")
      }
      let (day, month) = dayFirst ? (first, second) : (second, first)
      return try LocalDay("\(parts[2])-\(padded(month, 2))-\(padded(day, 2))").description
    }
    return try LocalDay(text).description
  }
}
