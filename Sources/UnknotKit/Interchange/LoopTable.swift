/// A table of Loop's export with its entries by day: of all habits, or one habit's own, which has notes.
struct LoopTable {
  /// What the entries of a column show about it.
  struct Evidence {
    /// Numbers that are none of the words' own.
    var hasNumbers = false
    var wasDone = false
    var noes = 0
    /// Entries that can be pain ratings where they are numbers, and those that cannot.
    var ratings = 0
    var others = 0

    var hasRatings: Bool { ratings > 0 && others == 0 }

    mutating func see(_ number: Int64) {
      switch number {
      case -1, 3: return
      case 0: noes += 1
      case 1, 2: wasDone = true
      default: hasNumbers = true
      }
      if number % 1000 == 0, (0...10_000).contains(number) { ratings += 1 } else { others += 1 }
    }
  }

  typealias Row = (day: LocalDay, cells: [String], note: String)

  let name: String
  let isSingle: Bool
  /// The habits' names as the header has them; nil: it could not be read.
  let names: [String]?
  /// How many habits the rows have.
  let width: Int
  /// Of each column.
  let evidence: [Evidence]
  private let path: ImportPath

  init(_ path: ImportPath) throws {
    self.path = path
    let file = try path.file()
    name = file.name
    var reader = try CSVReader(file)
    let first = try reader.next()?.row ?? .success([])
    let header = try? first.get()
    if let header, header.first != "Date" || header.count < 2 {
      throw KitError(
        .fileDamaged, "\(name) does not begin with Date",
        hint: "of Loop's export, take the file Checkmarks.csv, or the folder that it is in")
    }
    let isSingle = header == ["Date", "Value", "Notes"] || header == ["Date", "Value"]
    self.isSingle = isSingle
    names = header.map { Self.habits($0, isSingle) }
    // What most rows have counts: others are lines that are wrong.
    var found: [Int: (rows: Int, evidence: [Evidence])] = [:]
    while let (_, row) = try reader.next() {
      guard case .success(let cells) = row else { continue }
      let own = Self.habits(cells, isSingle)
      if found[own.count] == nil { found[own.count] = (0, own.map { _ in Evidence() }) }
      found[own.count]?.rows += 1
      for (index, cell) in own.enumerated() {
        if let number = Self.number(cell) { found[own.count]?.evidence[index].see(number) }
      }
    }
    if isSingle {
      width = 1
      evidence = found[1]?.evidence ?? [Evidence()]
    } else if let most = found.max(by: { ($0.value.rows, $0.key) < ($1.value.rows, $1.key) }) {
      width = most.key
      evidence = most.value.evidence
    } else {
      // Without a row, the header is all that there is.
      let names = Self.habits(try first.get(), isSingle)
      width = names.count
      evidence = names.map { _ in Evidence() }
    }
  }

  func rows(_ body: (_ place: String, Result<Row, KitError>) throws -> Void) throws {
    let file = try path.file()
    var reader = try CSVReader(file)
    _ = try reader.next()
    while let (line, row) = try reader.next() {
      try body(
        "\(name) line \(line)",
        Result { () throws(KitError) in
          let cells = try row.get()
          let own = Self.habits(cells, isSingle)
          let day = try LocalDay(cells[0])
          guard own.count == width, !isSingle || cells.count <= 3 else {
            throw KitError(
              .invalidValue, "it has \(counted(own.count, "habit")), but most rows have \(width)")
          }
          return (day, own, isSingle && cells.count == 3 ? cells[2] : "")
        })
    }
  }

  /// The cells of habits. Loop ends every line of the table of all with a comma.
  private static func habits(_ cells: [String], _ isSingle: Bool) -> [String] {
    if isSingle { return Array(cells.dropFirst().prefix(1)) }
    return Array((cells.count > 1 && cells.last == "" ? cells.dropLast() : cells[...]).dropFirst())
  }

  /// An entry's number; also that which a word stands for, since Loop writes words for some numbers whatever the
  /// habit. Nil: it is not an entry.
  static func number(_ cell: String) -> Int64? {
    switch cell {
    case "UNKNOWN": return -1
    case "NO": return 0
    case "YES_AUTO": return 1
    case "YES_MANUAL": return 2
    case "SKIP": return 3
    default: return (cell.hasPrefix("-") ? cell.dropFirst() : cell[...]).isDigits ? Int64(cell) : nil
    }
  }
}

/// The notes of a habit's own table.
struct LoopNotes {
  private(set) var byDay: [LocalDay: String] = [:]
  private(set) var problems: [(place: String, error: KitError)] = []

  init() {}

  init(_ folder: LoopExport.Folder) throws {
    let table = try LoopTable(folder.path.appending("Checkmarks.csv"))
    guard table.isSingle else { return }
    try table.rows { place, row in
      switch row {
      case .success(let row): if !row.note.isEmpty { byDay[row.day] = row.note }
      case .failure(let error): problems.append(("\(folder.path.name)/\(place)", error))
      }
    }
  }
}
