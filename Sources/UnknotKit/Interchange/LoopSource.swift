import UnknotEngine

/// Loop Habit Tracker's CSV export, unpacked: the table of all habits by day (`Checkmarks.csv`), or one habit's.
///
/// A day's entry is a word (YES_MANUAL, YES_AUTO, NO, SKIP, UNKNOWN) or in older exports its number (2, 1, 0, 3, −1); of
/// a habit with numbers it is thousandths. From that program's own writer (HabitsCSVExporter, 2016 to 2025). What it
/// filled in by itself is not taken. Notes are in the habits' own tables alone.
struct LoopSource: ImportSource {
  private struct Column {
    let name: String
    /// Which of the habits of that name.
    let ordinal: Int
    let isNumeric: Bool
    let meaning: ImportMap.Meaning
    let isGuessed: Bool
    /// Of its own table, where this one has none.
    var notes = LoopNotes()

    /// A name is unique as a rule, and then it is all that tells a habit from others.
    func origin(_ day: LocalDay) -> String { "loop/\(name)/\(day)" + (ordinal > 1 ? "/\(ordinal)" : "") }

    var words: String { ordinal > 1 ? "\(name) (\(ordinal))" : name }
  }

  private let table: LoopTable
  private let columns: [Column]
  private let untold: [String]
  let mapping: ImportMapping

  static func isOne(_ path: ImportPath) -> Bool {
    if path.isFolder { return path.appending("Checkmarks.csv").exists }
    guard let file = try? path.file(), var reader = try? CSVReader(file),
      let header = try? reader.header()
    else { return false }
    return header.first == "Date" && header.count >= 2 && !header.contains("Score")
  }

  init(_ path: ImportPath, _ map: ImportMap?) throws {
    let path = path.isFolder ? path.appending("Checkmarks.csv") : path
    let table = try LoopTable(path)
    self.table = table
    guard let folder = path.folder else {
      throw KitError(.notFound, "there is no folder of \(path.description)")
    }
    var untold: [String] = []
    func column(
      _ habit: LoopExport.Habit, _ ordinal: Int, _ seen: LoopTable.Evidence, notes: LoopNotes = LoopNotes()
    ) throws(KitError) -> Column {
      let isNumeric = habit.isNumeric ?? seen.hasNumbers
      let (meaning, isGuessed) = try ImportMap.Meaning.of(
        habit.name, isRating: isNumeric && seen.hasRatings, map)
      let column = Column(
        name: habit.name, ordinal: ordinal, isNumeric: isNumeric, meaning: meaning, isGuessed: isGuessed,
        notes: notes)
      if habit.isNumeric == nil, !seen.hasNumbers, !seen.wasDone, seen.noes > 0, column.meaning != .skip {
        untold.append(
          "\(column.words): \(counted(seen.noes, "day")) with NO or 0: unclear whether it is a habit of numbers "
            + "or was never done")
      }
      return column
    }
    if table.isSingle {
      guard let own = LoopExport.Folder(folder) else {
        throw KitError(
          .invalidValue, "the folder of \(path.description) does not say which habit this table is of",
          hint: "take it from inside the export's folder, as in \"001 Back pain/Checkmarks.csv\", "
            + "or take Checkmarks.csv of the whole export")
      }
      let export = try LoopExport(folder.folder)
      let habit = try export.habit(own)
      columns = [try column(habit, export.ordinal(habit), table.evidence.first ?? LoopTable.Evidence())]
    } else {
      let export = try LoopExport(folder)
      let habits = try Self.habits(of: table, export)
      columns = try zip(habits, table.evidence).map { habit, seen in
        let notes = try habit.folder.map { try LoopNotes($0) } ?? LoopNotes()
        return try column(habit.habit, habit.ordinal, seen, notes: notes)
      }
      if habits.contains(where: { $0.folder == nil }), !export.folders.isEmpty {
        untold.append("notes of the habits' own folders: it is unclear which column each belongs to")
      }
    }
    self.untold = untold
    mapping = ImportMapping(
      columns.map { ImportedName(name: $0.words, meaning: $0.meaning.words, isGuessed: $0.isGuessed) },
      all: columns.map(\.name), map)
  }

  private typealias Found = (habit: LoopExport.Habit, ordinal: Int, folder: LoopExport.Folder?)

  /// The habits of the columns of a table of all. Loop writes their names without quotation marks, so that a comma in
  /// one makes two of it: only the list of habits is sure.
  private static func habits(of table: LoopTable, _ export: LoopExport) throws(KitError) -> [Found] {
    let count = table.width
    if let habits = export.habits(ofColumns: count) {
      if let names = table.names {
        // Without quotation marks, since those of a name look like those of a cell.
        let texts = [names, habits.map(\.name)].map { $0.joined(separator: ",").filter { $0 != "\"" } }
        guard bytewiseEqual(texts[0], texts[1]) else {
          throw KitError(
            .invalidValue, "Habits.csv has other habits than \(table.name)",
            hint: "take both from the same export")
        }
      }
      return habits.map { ($0, export.ordinal($0), export.folder($0)) }
    }
    guard let names = table.names, names.count == count else {
      throw KitError(
        .invalidValue, "the rows of \(table.name) have \(counted(count, "habit")), but not its header",
        hint:
          "is there a comma or a quotation mark in a habit's name? put Habits.csv of the same export beside it"
      )
    }
    // Without the list, folders are in the columns' order where there is one for each.
    let areAll = export.habits == nil && export.folders.count == count
    let pairs = areAll ? Array(zip(export.folders, names)) : []
    let folders = pairs.allSatisfy { $0.isNamed(after: $1) } ? pairs.map(\.0) : []
    let listed = Dictionary(grouping: export.habits ?? [], by: \.name)
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    var seen: [String: Int] = [:]
    var found: [Found] = []
    for (index, name) in names.enumerated() {
      seen[name, default: 0] += 1
      let listed = listed[name] ?? []
      guard listed.count <= 1 || listed.count == counts[name] else {
        throw KitError(
          .invalidValue,
          "\(listed.count) habits are called \(name), and \(table.name) does not say which it has",
          hint: "take the folder of the whole export")
      }
      let ordinal = seen[name] ?? 1
      let isNumeric = listed.count >= ordinal ? listed[ordinal - 1].isNumeric : nil
      found.append(
        (
          LoopExport.Habit(position: index + 1, name: name, isNumeric: isNumeric), ordinal,
          folders.isEmpty ? nil : folders[index]
        ))
    }
    return found
  }

  func each(_ body: (String, Result<ImportedRecord, KitError>) throws -> Void) throws -> [String] {
    for column in columns {
      for (place, error) in column.notes.problems { try body(place, .failure(error)) }
    }
    // Notes whose day has no entry.
    var left = columns.map(\.notes.byDay.count)
    try table.rows { place, found in
      guard case .success(let row) = found else {
        if case .failure(let error) = found { try body(place, .failure(error)) }
        return
      }
      for (index, (column, cell)) in zip(columns, row.cells).enumerated() where column.meaning != .skip {
        let own = column.notes.byDay[row.day]
        let found = Result { () throws(KitError) -> [ImportedRecord] in
          guard !cell.isEmpty, let value = try Self.value(cell, isNumeric: column.isNumeric) else {
            if !row.note.isEmpty { left[index] += 1 }
            return []
          }
          if own != nil { left[index] -= 1 }
          return try column.meaning.records(
            name: column.name, origin: ImportedOrigin(text: column.origin(row.day)), place: place,
            at: row.day.description, value: value, note: own ?? row.note)
        }
        switch found {
        case .failure(let error): try body(place, .failure(error))
        case .success(let records):
          for var record in records {
            record.name = column.words
            try body(place, .success(record))
          }
        }
      }
    }
    return untold
      + zip(columns, left).filter { $0.meaning != .skip && $1 > 0 }.map {
        "\($0.words): \(counted($1, "note")) on days without an entry"
      }
  }

  /// Nil: nothing was done that day.
  private static func value(_ cell: String, isNumeric: Bool) throws(KitError) -> ImportedValue? {
    guard let number = LoopTable.number(cell) else {
      throw KitError(.invalidValue, "\(cell) is not an entry of Loop's")
    }
    switch (number, isNumeric) {
    case (-1, _), (3, _), (0, false), (1, false): return nil
    case (2, false): return .done
    case (0..., true):
      let digits = padded(Int(number % 1000), 3)
      let decimals = digits.reversed().drop { $0 == "0" }.reversed()
      return .number("\(number / 1000)" + (decimals.isEmpty ? "" : "." + String(decimals)))
    default:
      throw KitError(
        .invalidValue,
        "\(cell) is not an entry of a habit \(isNumeric ? "of numbers" : "that is done or not")")
    }
  }
}
