import UnknotEngine

/// What the names of another program become here, or the columns of a table that a person keeps.
///
/// A line each: `Back pain = pain low-back/left`, `Evening walk = factor walk`, `Ball = bout ql/left:45s@wall`,
/// `Water = skip`; of a table's columns also `Date = day`, `Where = site` and so on. Lines that begin with # are notes.
struct ImportMap {
  enum Meaning: Hashable {
    case pain(PlaceText)
    case factor(String)
    case bout(BoutText)
    case skip

    var isPain: Bool { if case .pain = self { true } else { false } }

    var words: String {
      switch self {
      case .pain(let place): "pain \(place.place)\(place.side.map { "/\($0)" } ?? "")"
      case .factor(let kind): "factor \(kind)"
      case .bout(let bout):
        "bout \(bout.target)\(bout.side.map { "/\($0)" } ?? ""):\(bout.seconds)s\(bout.surface.map { "@\($0)" } ?? "")"
      case .skip: "skip"
      }
    }
  }

  /// What a column of a person's own table tells about its row.
  enum Column: String, CaseIterable { case day, time, at, site, side, note }

  /// How dates with slashes are read.
  enum DateOrder: String, CaseIterable {
    case dayFirst = "day/month/year"
    case monthFirst = "month/day/year"
  }

  enum Said {
    /// - Parameter saysPlace: it names the place itself, and does not leave that to another column.
    case meaning(Meaning, saysPlace: Bool)
    case column(Column)
  }

  struct Line {
    let number: Int
    let name: String
    let said: Said
  }

  let lines: [Line]
  let dates: (order: DateOrder, line: Int)?
  private let byName: [String: Line]

  init(_ text: String) throws(KitError) {
    var lines: [Line] = []
    var dates: (order: DateOrder, line: Int)?
    var byName: [String: Line] = [:]
    // A byte order mark, as some programs put it before UTF-8.
    let text = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let number = index + 1
      let line = String(line).trimmed
      if line.isEmpty || line.hasPrefix("#") { continue }
      guard let sign = line.lastIndex(of: "=") else {
        throw KitError(
          .invalidValue, "the map's line \(number) is not NAME = MEANING",
          hint: "as in: Back pain = pain low-back/left")
      }
      let name = String(line[..<sign]).trimmed
      let words = line[line.index(after: sign)...].split(separator: " ").map(String.init)
      if Self.key(name) == "dates", words.count == 1, let order = DateOrder(rawValue: words[0]) {
        guard dates == nil else { throw Self.twice(name, number) }
        dates = (order, number)
        continue
      }
      let said = Line(number: number, name: name, said: try Self.said(words, number))
      guard byName.updateValue(said, forKey: Self.key(name)) == nil else { throw Self.twice(name, number) }
      lines.append(said)
    }
    (self.lines, self.dates, self.byName) = (lines, dates, byName)
  }

  private static func twice(_ name: String, _ line: Int) -> KitError {
    KitError(
      .invalidValue, "the map's line \(line) says again what \(name) is",
      hint: "upper and lower case count as the same; keep one of the lines")
  }

  private static func said(_ words: [String], _ line: Int) throws(KitError) -> Said {
    if words.count == 1, let column = Column(rawValue: words[0]) { return .column(column) }
    switch (words.first, words.count) {
    case ("skip", 1): return .meaning(.skip, saysPlace: false)
    case ("pain", 1...2):
      let place = try PlaceText(site: words.count == 2 ? words[1] : Catalogue.defaultSite)
      return .meaning(.pain(place), saysPlace: words.count == 2)
    case ("factor", 2): return .meaning(.factor(try Words.factors.check(words[1])), saysPlace: false)
    case ("bout", 2): return .meaning(.bout(try BoutText(words[1])), saysPlace: true)
    default:
      throw KitError(
        .invalidValue, "the map's line \(line) has no known meaning",
        hint: """
          pain [SITE[/SIDE]], factor KIND, bout TARGET[/SIDE]:DURATION[@SURFACE], or skip; of a column also \
          \(Column.allCases.map(\.rawValue).joined(separator: ", ")); dates = day/month/year or month/day/year
          """)
    }
  }

  /// A name without what people write now so, now otherwise: case, blanks around it, how an accent is encoded.
  static func key(_ name: String) -> String {
    // Up and down again: ß and SS, σ and ς are the same in capitals only.
    name.trimmed.composed.uppercased().lowercased().composed
  }

  subscript(name: String) -> Line? { byName[Self.key(name)] }

  /// It says what the columns of a person's own table are.
  var isOfTable: Bool {
    lines.contains { if case .column = $0.said { true } else { false } }
  }

  /// Whether one of the names is that column's.
  func says(_ column: Column, in names: [String]) -> Bool {
    names.contains { if case .column(column) = self[$0]?.said { true } else { false } }
  }

  /// Lines that say something about what is not there.
  ///
  /// - Parameter usesDates: how dates are read is of use.
  func unused(_ names: [String], usesDates: Bool) -> [String] {
    let keys = Set(names.map(Self.key))
    let unused =
      lines.filter { !keys.contains(Self.key($0.name)) }.map { ($0.number, $0.name) }
      + (usesDates ? [] : dates.map { [($0.line, "dates")] } ?? [])
    return unused.sorted { $0.0 < $1.0 }.map { "the map's line \($0.0) (\($0.1)) fits no name here" }
  }
}

/// What each name of a file becomes.
struct ImportMapping {
  private(set) var names: [ImportedName] = []
  /// Of the map, told as it is.
  private(set) var unusedLines: [String] = []
  /// How the file was read, where that was found out: "columns are separated by tabs".
  private(set) var form: String?

  /// Of a file that says itself what its records are.
  init(_ map: ImportMap?) { self.init([], all: [], map) }

  init(
    _ names: [ImportedName], all: [String], _ map: ImportMap?, usesDates: Bool = false, form: String? = nil
  ) {
    self.names = names
    self.form = form
    unusedLines = map?.unused(all, usesDates: usesDates) ?? []
  }
}

extension ImportMap.Meaning {
  /// As the map says, else as the name sounds.
  ///
  /// - Parameter isRating: it has numbers, and all of them can be pain ratings.
  static func of(
    _ name: String, isRating: Bool, _ map: ImportMap?
  ) throws(KitError) -> (meaning: ImportMap.Meaning, isGuessed: Bool) {
    guard let line = map?[name] else { return (ImportGuess.meaning(of: name, isRating: isRating), true) }
    guard case .meaning(let meaning, _) = line.said else {
      throw KitError(
        .invalidValue, "the map's line \(line.number) is for a table's column, but \(name) is none",
        hint: "pain, factor, bout or skip; a table of your own is read with \(.ownTable)")
    }
    return (meaning, false)
  }

  /// The records that one entry becomes: a session with its bout, or one.
  ///
  /// - Parameters:
  ///   - name: what the entry was called.
  ///   - at: as `TimeExpression` reads it.
  func records(
    name: String, origin: @autoclosure () -> ImportedOrigin, place: String, at: String, value: ImportedValue,
    note: String
  ) throws(KitError) -> [ImportedRecord] {
    let precision = at.count <= 10 ? "day" : "exact"
    var fields: [(name: String, value: ImportedRecord.Text)] = [
      ("precision", .text(precision)), ("note", .text(note)),
    ]
    func record(
      _ type: RecordType, _ origin: ImportedOrigin, _ fields: [(name: String, value: ImportedRecord.Text)]
    ) -> ImportedRecord {
      ImportedRecord(place: place, type: type, origin: origin, name: name, fields: fields)
    }
    switch self {
    case .skip: return []
    case .pain(let site):
      fields += [
        ("at", .text(at)), ("score", .text(try value.rating())), ("site", .text(site.place)),
        ("context", .text("spontaneous")),
      ]
      if let side = site.side { fields.append(("side", .text(side))) }
      return [record(.pain, origin(), fields)]
    case .factor(let kind):
      let amount = try value.amount()
      fields += [
        ("at", .text(at)), ("kind", .text(kind)), ("amount", .text(amount?.amount ?? "")),
        ("unit", .text(amount?.unit ?? "")),
      ]
      if !name.trimmed.isEmpty { fields.append(("label", .text(name))) }
      return [record(.factor, origin(), fields)]
    case .bout(let bout):
      let seconds = try value.boutSeconds(usual: bout.seconds)
      let origin = origin()
      fields += [
        ("started_at", .text(at)), ("status", .text(SessionStatus.done.rawValue)),
        ("source", .text("import")),
      ]
      var own: [(name: String, value: ImportedRecord.Text)] = [
        ("session", .text(origin.text)), ("target", .text(bout.target)), ("seconds", .text("\(seconds)s")),
      ]
      if let side = bout.side { own.append(("side", .text(side))) }
      if let surface = bout.surface { own.append(("surface", .text(surface))) }
      return [record(.session, origin, fields), record(.bout, origin.part("bout"), own)]
    }
  }
}
