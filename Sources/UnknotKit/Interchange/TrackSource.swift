import UnknotEngine

/// Track & Graph's CSV: FeatureName, Timestamp, Value, in newer versions Label, and Note.
///
/// A value is a number, a duration (`1:10:00`), or either with a label after a colon. From that program's own reader
/// and writer of the format (CSVReadWriterImpl, versions of 2021 to 2025).
struct TrackSource: ImportSource {
  private let path: ImportPath
  private let meanings: [String: ImportMap.Meaning]
  let mapping: ImportMapping

  static func isOne(_ path: ImportPath) throws -> Bool {
    var reader = try CSVReader(try path.file())
    guard let header = try? reader.header() else { return false }
    return ["FeatureName", "Timestamp", "Value"].allSatisfy(header.contains)
  }

  init(_ path: ImportPath, _ map: ImportMap?) throws {
    self.path = path
    // Once through for the names, so that what each becomes can be told first.
    var ratings: [String: Bool] = [:]
    try Self.rows(path) { _, row in
      guard case .success(let row) = row else { return }
      ratings[row.name] = (ratings[row.name] ?? true) && row.isRating
    }
    var meanings: [String: ImportMap.Meaning] = [:]
    var names: [ImportedName] = []
    for (name, isRating) in ratings.sorted(by: { $0.key < $1.key }) {
      let (meaning, isGuessed) = try ImportMap.Meaning.of(name, isRating: isRating, map)
      meanings[name] = meaning
      names.append(ImportedName(name: name, meaning: meaning.words, isGuessed: isGuessed))
    }
    self.meanings = meanings
    mapping = ImportMapping(names, all: names.map(\.name), map)
  }

  func each(_ body: (String, Result<ImportedRecord, KitError>) throws -> Void) throws -> [String] {
    var origins = FileOrigins()
    // A row of which nothing is taken is not what another one was corrected to.
    try Self.rows(path) { place, found in
      guard case .success(let row) = found else { return }
      let taken = try? records(row, ImportedOrigin(text: row.group), place)
      if taken?.isEmpty == false { origins.count(row.group, row.content) }
    }
    try Self.rows(path) { place, found in
      let found = Result { () throws(KitError) in
        let row = try found.get()
        return try records(row, origins.next(row.group, row.content), place)
      }
      switch found {
      case .failure(let error): try body(place, .failure(error))
      case .success(let records): for record in records { try body(place, .success(record)) }
      }
    }
    return []
  }

  private func records(
    _ row: Row, _ origin: @autoclosure () -> ImportedOrigin, _ place: String
  ) throws(KitError) -> [ImportedRecord] {
    guard let meaning = meanings[row.name], meaning != .skip else { return [] }
    return try meaning.records(
      name: row.name, origin: origin(), place: place, at: row.timestamp, value: try row.checkedValue(),
      note: [row.label, row.note].filter { !$0.isEmpty }.joined(separator: ": "))
  }

  private struct Row {
    let name: String
    let timestamp: String
    /// As it is written, without its label.
    private let number: String
    private let value: ImportedValue?
    let label: String
    let note: String

    init(name: String, timestamp: String, value: String, label: String?, note: String) {
      self.name = name
      self.timestamp = timestamp
      self.note = note
      let parts = value.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
      let own: String
      if parts.count >= 3, Self.isDuration(parts) {
        number = parts[..<3].joined(separator: ":")
        own = parts.count == 4 ? parts[3] : ""
        self.value = Self.seconds(parts).map { .duration(seconds: $0) }
      } else {
        number = parts[0]
        own = parts.dropFirst().joined(separator: ":")
        self.value = !Self.isNumber(number) ? nil : own.isEmpty ? .number(number) : .choice(number)
      }
      self.label = [own, label ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
    }

    var isRating: Bool { (try? value?.rating()) != nil }

    var group: String { "tng/\(name)/\(timestamp)" }

    var content: [String] { [number, label, note] }

    func checkedValue() throws(KitError) -> ImportedValue {
      guard let value else {
        throw KitError(.invalidValue, "\(number.isEmpty ? "nothing" : number) is not a value")
      }
      return value
    }

    /// Hours, minutes and seconds. Track & Graph writes a sign before each part of what is less than nothing.
    private static func isDuration(_ parts: [String]) -> Bool {
      zip(parts, [Int.max, 2, 2]).allSatisfy { part, most in
        let digits = part.hasPrefix("-") ? part.dropFirst() : part[...]
        return digits.isDigits && digits.utf8.count <= most
      }
    }

    /// Nil where there are too many hours to count, or where a sign would be lost, as that of `-0:05:00`.
    private static func seconds(_ parts: [String]) -> Int? {
      guard parts[0].utf8.count <= 10 else { return nil }
      let total = zip(parts, [3600, 60, 1]).reduce(0) { $0 + (Int($1.0) ?? 0) * $1.1 }
      return total >= 0 && parts[..<3].contains { $0.hasPrefix("-") } ? nil : total
    }

    private static func isNumber(_ text: String) -> Bool {
      guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text) else {
        return false
      }
      return number.isFinite
    }
  }

  private static func rows(_ path: ImportPath, _ body: (String, Result<Row, KitError>) throws -> Void) throws
  {
    let file = try path.file()
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
