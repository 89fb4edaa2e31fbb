/// Track & Graph's CSV: FeatureName, Timestamp, Value, in newer versions Label, and Note.
///
/// A value is a number, a duration (`1:10:00`), or either with a label after a colon. From that program's own reader
/// and writer of the format (CSVReadWriterImpl, versions of 2021 to 2025).
struct TrackSource: ImportSource {
  private let path: String
  private let meanings: [String: ImportMap.Meaning]
  let mapping: [String]

  static func isOne(_ path: String) throws -> Bool {
    var reader = try CSVReader(try InterchangeFile(path))
    guard let header = try? reader.header() else { return false }
    return ["FeatureName", "Timestamp", "Value"].allSatisfy(header.contains)
  }

  init(_ path: String, _ map: ImportMap?) throws {
    self.path = path
    // Once through for the names, so that what each becomes can be told first.
    var names: [String: Bool] = [:]
    try Self.rows(path) { _, row in
      guard case .success(let row) = row else { return }
      names[row.name] = (names[row.name] ?? false) || row.number != nil
    }
    meanings = names.reduce(into: [:]) { meanings, entry in
      meanings[entry.key] = ImportMap.meaning(of: entry.key, isNumeric: entry.value, map)
    }
    mapping = meanings.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.words)" }
  }

  func each(_ body: (String, Result<ImportedRecord, KitError>) throws -> Void) throws {
    var seen: [String: Int] = [:]
    try Self.rows(path) { place, found in
      guard case .success(let row) = found, let meaning = meanings[row.name] else {
        if case .failure(let error) = found { try body(place, .failure(error)) }
        return
      }
      let key = "tng/\(row.name)/\(row.timestamp)"
      seen[key, default: 0] += 1
      let count = seen[key] ?? 1
      let found = Result { () throws(KitError) in
        try row.check()
        return try meaning.records(
          name: row.name, origin: count == 1 ? key : "\(key)/\(count)", place: place, at: row.timestamp,
          number: row.number, isDuration: row.isDuration,
          note: [row.label, row.note].filter { !$0.isEmpty }.joined(separator: ": "))
      }
      switch found {
      case .failure(let error): try body(place, .failure(error))
      case .success(let records): for record in records { try body(place, .success(record)) }
      }
    }
  }

  private struct Row {
    let name: String
    let timestamp: String
    let value: String
    var number: Double?
    var isDuration = false
    var label = ""
    let note: String

    init(name: String, timestamp: String, value: String, label: String?, note: String) {
      self.name = name
      self.timestamp = timestamp
      self.value = value
      self.note = note
      let parts = value.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
      if parts.count >= 3, let hours = Double(parts[0]), let minutes = Double(parts[1]),
        let seconds = Double(parts[2])
      {
        number = hours * 3600 + minutes * 60 + seconds
        isDuration = true
        self.label = parts.count == 4 ? parts[3] : ""
      } else {
        number = Double(parts[0])
        self.label = parts.dropFirst().joined(separator: ":")
      }
      if let label { self.label = label }
      if let number, !number.isFinite || abs(number) > 1e12 { self.number = nil }
    }

    func check() throws(KitError) {
      guard number != nil else { throw KitError(.invalidValue, "\(value) is not a value") }
    }
  }

  private static func rows(_ path: String, _ body: (String, Result<Row, KitError>) throws -> Void) throws {
    let file = try InterchangeFile(path)
    var reader = try CSVReader(file)
    let header = try reader.header()
    guard let name = header.firstIndex(of: "FeatureName"), let time = header.firstIndex(of: "Timestamp"),
      let value = header.firstIndex(of: "Value")
    else {
      throw KitError(
        .fileDamaged, "\(file.name) has no columns FeatureName, Timestamp and Value",
        hint: "Track & Graph writes them when a group is exported")
    }
    let label = header.firstIndex(of: "Label")
    let note = header.firstIndex(of: "Note")
    while let (line, row) = try reader.next() {
      try body(
        "\(file.name) line \(line)",
        row.map { cells in
          func cell(_ index: Int?) -> String? { index.flatMap { $0 < cells.count ? cells[$0] : nil } }
          return Row(
            name: cell(name) ?? "", timestamp: cell(time) ?? "", value: cell(value) ?? "",
            label: cell(label), note: cell(note) ?? "")
        })
    }
  }
}

/// Loop Habit Tracker's CSV export, unpacked: the table of all habits by day (`Checkmarks.csv`), or one habit's.
///
/// A day's entry is a word (YES_MANUAL, YES_AUTO, NO, SKIP, UNKNOWN) or in older exports its number (2, 1, 0, 3, −1); of
/// a habit with numbers it is thousandths. From that program's own writer (HabitsCSVExporter, 2016 to 2025). What it
/// filled in by itself is not taken.
struct LoopSource: ImportSource {
  private let path: String
  private let columns: [(name: String, isNumeric: Bool, meaning: ImportMap.Meaning)]
  let mapping: [String]

  static func isOne(_ path: String) -> Bool {
    if InterchangeFile.isFolder(path) { return InterchangeFile.exists(path + "/Checkmarks.csv") }
    guard let file = try? InterchangeFile(path), var reader = try? CSVReader(file),
      let header = try? reader.header()
    else { return false }
    return header.first == "Date" && header.count >= 2 && !header.contains("Score")
  }

  init(_ path: String, _ map: ImportMap?) throws {
    let path = InterchangeFile.isFolder(path) ? path + "/Checkmarks.csv" : path
    self.path = path
    let file = try InterchangeFile(path)
    var reader = try CSVReader(file)
    let header = try reader.header()
    guard header.first == "Date", header.count >= 2 else {
      throw KitError(
        .fileDamaged, "\(file.name) does not begin with Date",
        hint: "of Loop's export, take the file Checkmarks.csv, or the folder that it is in")
    }
    // One habit's own table is in a folder of its name: "001 Back pain".
    let isSingle = header.count >= 2 && header[1] == "Value"
    var names = Array(header.dropFirst())
    if isSingle {
      let folder = path.split(separator: "/").dropLast().last.map(String.init) ?? "habit"
      names = [String(folder.drop { $0.isNumber }).trimmed]
    }
    var isNumeric = [Bool](repeating: false, count: names.count)
    while let (_, row) = try reader.next() {
      guard case .success(let cells) = row else { continue }
      for (index, cell) in cells.dropFirst().prefix(names.count).enumerated() {
        if let number = Double(cell), number > 3 || number < -1 { isNumeric[index] = true }
      }
    }
    columns = zip(names, isNumeric).map { name, isNumeric in
      // Loop ends every line with a comma.
      (name, isNumeric, name.isEmpty ? .skip : ImportMap.meaning(of: name, isNumeric: isNumeric, map))
    }
    mapping = columns.filter { !$0.name.isEmpty }.map { "\($0.name): \($0.meaning.words)" }
  }

  func each(_ body: (String, Result<ImportedRecord, KitError>) throws -> Void) throws {
    let file = try InterchangeFile(path)
    var reader = try CSVReader(file)
    let header = try reader.header()
    let hasNotes = header.count == 3 && header[1] == "Value"
    while let (line, row) = try reader.next() {
      let place = "\(file.name) line \(line)"
      let found = Result { () throws(KitError) -> (LocalDay, [String]) in
        let cells = try row.get()
        return (try LocalDay(cells[0]), cells)
      }
      guard case .success(let (day, cells)) = found else {
        if case .failure(let error) = found { try body(place, .failure(error)) }
        continue
      }
      for (column, cell) in zip(columns, cells.dropFirst()) where column.meaning != .skip && !cell.isEmpty {
        let found = Result { () throws(KitError) -> [ImportedRecord] in
          guard let entry = try Self.entry(cell, column.isNumeric) else { return [] }
          return try column.meaning.records(
            name: column.name, origin: "loop/\(column.name)/\(day)", place: place, at: day.description,
            number: entry.number, isDuration: false,
            note: hasNotes && cells.count > 2 ? cells[2] : "")
        }
        switch found {
        case .failure(let error): try body(place, .failure(error))
        case .success(let records): for record in records { try body(place, .success(record)) }
        }
      }
    }
  }

  /// What was done on a day; without a number where only that is said.
  private struct Entry {
    let number: Double?
  }

  /// Nil: nothing was done that day.
  private static func entry(_ cell: String, _ isNumeric: Bool) throws(KitError) -> Entry? {
    switch cell {
    case "YES_MANUAL": return Entry(number: nil)
    case "NO": return isNumeric ? Entry(number: 0) : nil
    case "YES_AUTO", "SKIP", "UNKNOWN": return nil
    default:
      guard let number = Double(cell), number.isFinite, abs(number) < 1e12 else {
        throw KitError(.invalidValue, "\(cell) is not an entry of Loop's")
      }
      if isNumeric { return number < 0 || number == 3 ? nil : Entry(number: number / 1000) }
      return number == 2 ? Entry(number: nil) : nil
    }
  }
}
