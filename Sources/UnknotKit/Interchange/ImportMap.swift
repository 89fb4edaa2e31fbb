import UnknotCausality

/// What the names of another program become here.
///
/// A line each: `Back pain = pain low-back/left`, `Evening walk = factor walk`, `Ball = bout ql/left:45s@wall`,
/// `Water = skip`. Lines that begin with # are notes.
struct ImportMap {
  enum Meaning: Hashable {
    case pain(PlaceText)
    case factor(String)
    case bout(BoutText)
    case skip

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

  private var meanings: [String: Meaning] = [:]

  init(_ text: String) throws(KitError) {
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let line = String(line).trimmed
      if line.isEmpty || line.hasPrefix("#") { continue }
      guard let sign = line.lastIndex(of: "=") else {
        throw KitError(
          .invalidValue, "the map's line \(index + 1) is not NAME = MEANING",
          hint: "as in: Back pain = pain low-back/left")
      }
      let words = line[line.index(after: sign)...].split(separator: " ").map(String.init)
      meanings[String(line[..<sign]).trimmed.composed] = try Self.meaning(words, index + 1)
    }
  }

  private static func meaning(_ words: [String], _ line: Int) throws(KitError) -> Meaning {
    switch (words.first, words.count) {
    case ("skip", 1): return .skip
    case ("pain", 1...2):
      return .pain(try PlaceText(site: words.count == 2 ? words[1] : Catalogue.defaultSite))
    case ("factor", 2): return .factor(try Words.factors.check(words[1]))
    case ("bout", 2): return .bout(try BoutText(words[1]))
    default:
      throw KitError(
        .invalidValue, "the map's line \(line) has no meaning that is known",
        hint: "pain SITE[/SIDE], factor KIND, bout TARGET[/SIDE]:DURATION[@SURFACE], or skip")
    }
  }

  /// As the map says; else what the name sounds like: nothing is left out without being told.
  ///
  /// - Parameter isNumeric: it has numbers, and not only that it was done.
  static func meaning(of name: String, isNumeric: Bool, _ map: ImportMap?) -> Meaning {
    if let said = map?.meanings[name.trimmed.composed] { return said }
    let words = Set(name.lowercased().split { !$0.isLetter }.map(String.init))
    if isNumeric, words.contains("pain"), let place = try? PlaceText(site: Catalogue.defaultSite) {
      return .pain(place)
    }
    let known = Words.factors.words.first { kind in
      kind != "other" && kind.split(separator: "-").allSatisfy { words.contains(String($0)) }
    }
    return .factor(known ?? "other")
  }
}

extension ImportMap.Meaning {
  /// The records that one entry becomes: a session with its bout, or one.
  ///
  /// - Parameters:
  ///   - name: what the entry was called.
  ///   - at: as `TimeExpression` reads it.
  func records(
    name: String, origin: String, place: String, at: String, value: ImportedValue, note: String
  ) throws(KitError) -> [ImportedRecord] {
    let precision = at.count <= 10 ? "day" : "exact"
    var fields: [(name: String, value: ImportedRecord.Text)] = [("precision", .text(precision))]
    if !note.isEmpty { fields.append(("note", .text(note))) }
    switch self {
    case .skip: return []
    case .pain(let site):
      fields += [
        ("at", .text(at)), ("score", .text(try value.rating())), ("site", .text(site.place)),
        ("context", .text("spontaneous")),
      ]
      if let side = site.side { fields.append(("side", .text(side))) }
      return [ImportedRecord(place: place, type: .pain, origin: origin, fields: fields)]
    case .factor(let kind):
      fields += [("at", .text(at)), ("kind", .text(kind))]
      if !name.trimmed.isEmpty { fields.append(("label", .text(name))) }
      if let (amount, unit) = try value.amount() {
        fields.append(("amount", .text(amount)))
        if let unit { fields.append(("unit", .text(unit))) }
      }
      return [ImportedRecord(place: place, type: .factor, origin: origin, fields: fields)]
    case .bout(let bout):
      let seconds = try value.boutSeconds(usual: bout.seconds)
      fields += [("started_at", .text(at)), ("status", .text("done")), ("source", .text("import"))]
      var own: [(name: String, value: ImportedRecord.Text)] = [
        ("session", .text(origin)), ("target", .text(bout.target)), ("seconds", .text("\(seconds)s")),
      ]
      if let side = bout.side { own.append(("side", .text(side))) }
      if let order = try? OrderKey.between(nil, nil) { own.append(("order", .text(order))) }
      if let surface = bout.surface { own.append(("surface", .text(surface))) }
      return [
        ImportedRecord(place: place, type: .session, origin: origin, fields: fields),
        ImportedRecord(place: place, type: .bout, origin: origin + "/bout", fields: own),
      ]
    }
  }
}
