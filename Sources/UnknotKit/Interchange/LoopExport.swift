import UnknotEngine

/// What lies around the tables of Loop's export: the list of its habits (`Habits.csv`), and a folder for each.
struct LoopExport {
  struct Habit {
    /// From 1, among all habits.
    let position: Int
    let name: String
    /// Whether its entries are numbers; nil: that is not said.
    var isNumeric: Bool?
  }

  /// `001 Back pain`: the habit's position, and what is left of its name, since Loop leaves out of the folder's name
  /// whatever is not a letter from A to Z, a digit or one of ` ._-`.
  struct Folder {
    let position: Int
    let name: String
    let path: ImportPath

    /// Nil: it is not a habit's folder.
    init?(_ path: ImportPath) {
      let last = path.name
      let digits = last.prefix { $0.isASCII && $0.isNumber }
      let rest = last.dropFirst(digits.count)
      guard digits.count >= 3, rest.isEmpty || rest.hasPrefix(" "), let position = Int(digits), position >= 1
      else { return nil }
      self.position = position
      self.path = path
      name = String(rest).trimmed
    }

    func isNamed(after habit: String) -> Bool {
      let kept = habit.unicodeScalars.filter { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", " ", ".", "_", "-": true
        default: false
        }
      }
      return bytewiseEqual(String(String.UnicodeScalarView(kept.prefix(100))).trimmed, name)
    }
  }

  /// By `Habits.csv`; nil where there is none.
  let habits: [Habit]?
  /// In the order of the habits.
  let folders: [Folder]
  private let folderOf: [Int: Folder]
  /// Which of those with its name the habit at a position is.
  private let ordinals: [Int: Int]

  /// - Parameter folder: nil: there is nothing around the table.
  init(_ folder: ImportPath?) throws {
    let list = folder?.appending("Habits.csv")
    habits = try list.flatMap { $0.exists ? try Self.habits($0) : nil }
    folders = (folder?.children ?? []).compactMap { name in folder.flatMap { Folder($0.appending(name)) } }
      .filter { $0.path.appending("Checkmarks.csv").exists }
      .sorted { ($0.position, $0.path.name) < ($1.position, $1.path.name) }
    folderOf = Dictionary(folders.map { ($0.position, $0) }) { first, _ in first }
    var counts: [String: Int] = [:]
    var ordinals: [Int: Int] = [:]
    for (position, name) in habits?.map({ ($0.position, $0.name) }) ?? folders.map({ ($0.position, $0.name) })
    {
      counts[name, default: 0] += 1
      ordinals[position] = counts[name]
    }
    self.ordinals = ordinals
  }

  private static func habits(_ path: ImportPath) throws -> [Habit] {
    let file = try path.file()
    var reader = try CSVReader(file)
    let header = try reader.header()
    guard let position = header.firstIndex(of: "Position"), let name = header.firstIndex(of: "Name") else {
      throw KitError(
        .fileDamaged, "\(file.name) has no columns Position and Name", hint: "take it from the export again")
    }
    let type = header.firstIndex(of: "Type")
    var habits: [Habit] = []
    var positions: Set<Int> = []
    while let (line, row) = try reader.next() {
      guard case .success(let cells) = row, cells.count == header.count, cells[position].isDigits,
        let number = Int(cells[position]), positions.insert(number).inserted
      else {
        throw KitError(
          .fileDamaged, "\(file.name) line \(line) is not a habit", hint: "take it from the export again")
      }
      var habit = Habit(position: number, name: cells[name])
      switch type.map({ cells[$0] }) {
      case "NUMERICAL": habit.isNumeric = true
      case "YES_NO": habit.isNumeric = false
      default: break
      }
      habits.append(habit)
    }
    return habits.sorted { $0.position < $1.position }
  }

  /// Which of those with its name a habit is, from 1.
  func ordinal(_ habit: Habit) -> Int { ordinals[habit.position] ?? 1 }

  func folder(_ habit: Habit) -> Folder? { folderOf[habit.position] }

  /// The habit whose own table is in a folder.
  func habit(_ folder: Folder) throws(KitError) -> Habit {
    guard let habits else {
      guard !folder.name.isEmpty else {
        throw KitError(
          .invalidValue, "neither this table's folder nor a Habits.csv says the habit's name",
          hint: "take Checkmarks.csv of the whole export")
      }
      return Habit(position: folder.position, name: folder.name)
    }
    guard let habit = habits.first(where: { $0.position == folder.position }),
      folder.isNamed(after: habit.name)
    else {
      throw KitError(
        .invalidValue, "Habits.csv has no habit \(folder.position) \(folder.name)",
        hint: "take both from the same export")
    }
    return habit
  }

  /// The habits that the columns of a table of all are of; nil: there is nothing that says so.
  ///
  /// Those of which the export has folders, where not all habits were exported.
  func habits(ofColumns count: Int) -> [Habit]? {
    guard let habits else { return nil }
    if habits.count == count { return habits }
    let exported = habits.filter { folder($0) != nil }
    return exported.count == count ? exported : nil
  }
}
