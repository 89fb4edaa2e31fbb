import UnknotEngine

extension FieldDescription {
  /// The most characters that a field of the kind `text` can have, counted as Unicode scalars.
  public static let maximumText = 10_000
  /// The most characters that a field of the kind `name` can have, counted as Unicode scalars.
  public static let maximumName = 100

  /// The value that a person wrote; empty text is an empty field. Of a set or a map, `values` reads it.
  ///
  /// - Parameter reference: finds the record that a text names.
  func value(
    of text: String, times: TimeExpression, reference: (String, _ type: String?) throws -> Dot
  ) throws -> Value {
    guard isEditable else {
      throw KitError(
        .invalidValue, "\(name) cannot be edited",
        hint: isParent || isSetOnce
          ? "it is set once, when the record is made"
          : kind == .order ? "it changes by \(.move)" : "it goes with the time of the record")
    }
    if text.isEmpty {
      guard !isRequired else { throw KitError(.invalidValue, "\(name) cannot be empty") }
      return .null
    }
    switch kind {
    case .time:
      let moment = try times.moment(text)
      return .time(milliseconds: moment.milliseconds, offsetMinutes: moment.offsetMinutes)
    case .day: return .integer(Int64(try times.day(text).number))
    case .clock: return .integer(Int64(try ClockText.minutes(text)))
    // The field's name says the unit, so the number that JSON shows can be written back as it is.
    case .duration:
      // Of a press that was stopped or skipped before it began: which ones those are, a rule says.
      if text == "0" || text == "0s" { return .integer(0) }
      return .integer(Int64(try Self.boutSeconds(Int(text) == nil ? text : text + "s")))
    case .rating: return .integer(try Self.rating(text, name))
    case .score: return .integer(try Self.rating(text, name, most: 100))
    case .number(let range):
      guard let number = Int64(text), range.contains(number) else {
        throw KitError(
          .invalidValue, "\(text) does not fit \(name)",
          hint: "it is a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return .integer(number)
    case .decimal: return .text(try Self.decimal(text, name))
    case .text: return .text(try Self.checked(text, name, most: Self.maximumText))
    case .name:
      let checked = try Self.checked(text.trimmed, name, most: Self.maximumName)
      guard !checked.isEmpty else { throw KitError(.invalidValue, "\(name) cannot be empty") }
      return .text(checked)
    case .word(let list): return .text(try list.check(text))
    case .flag:
      switch text.lowercased() {
      case "true", "yes", "1": return .integer(1)
      case "false", "no", "0": return .integer(0)
      default: throw KitError(.invalidValue, "\(name) is yes or no, not \(text)")
      }
    case .reference(let type): return .reference(try reference(text, type))
    case .order, .localDay, .set, .map: return .null
    }
  }

  /// What one key of a set or a map is set to; empty text takes it away.
  func value(of text: String, key: String) throws(KitError) -> (key: String, value: Value) {
    switch kind {
    case .set(let list):
      let key = if let list { try list.check(key) } else { try Self.tag(key, name) }
      switch text.lowercased() {
      case "", "no", "false": return (key, .removed)
      case "yes", "true": return (key, .present)
      default: throw KitError(.invalidValue, "\(name)/\(key) is yes or no, not \(text)")
      }
    case .map(let rule):
      return (try rule.checkedKey(key), text.isEmpty ? .removed : try rule.checkedValue(text))
    default:
      throw KitError(.invalidValue, "\(name) has no keys", hint: "write \(name)=VALUE")
    }
  }

  /// The words of a set as they are written at once: `ache,stiff`.
  func words(_ text: String) throws(KitError) -> [String] {
    var words: [String] = []
    for part in text.split(separator: ",") {
      words.append(try value(of: "yes", key: String(part).trimmed).key)
    }
    return words
  }

  /// A tag: lower case, without blanks, so that it can be typed and completed.
  static func tag(_ text: String, _ name: String) throws(KitError) -> String {
    let tag = try checked(text.lowercased(), name, most: 60)
    let isAllowed = tag.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-" || $0 == "_" || $0 == "."
    }
    guard !tag.isEmpty, isAllowed, !tag.hasPrefix("-") else {
      throw KitError(
        .invalidValue, "\(text) does not fit \(name)", hint: "use letters, digits, -, _ and ., but no spaces")
    }
    return tag
  }

  /// Digits with at most one point, as written; `1,5` is refused, since it is 1.5 to some and 15 to others.
  static func decimal(_ text: String, _ name: String) throws(KitError) -> String {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy(\.isDigits), text.utf8.count <= 15 else {
      throw KitError(.invalidValue, "\(text) is no \(name)", hint: "write a number such as 400 or 0.5")
    }
    return text
  }

  /// A bout's or a step's duration.
  static func boutSeconds(_ text: String) throws(KitError) -> Int {
    let seconds = try DurationText.seconds(text)
    guard (1...1800).contains(seconds) else {
      throw KitError(.invalidValue, "\(text) is out of range", hint: "a bout lasts from 1s to 30m")
    }
    return seconds
  }

  static func rating(_ text: String, _ name: String, most: Int64 = 10) throws(KitError) -> Int64 {
    guard let number = Int64(text), (0...most).contains(number) else {
      throw KitError(
        .invalidValue,
        "\(text) is not \(withArticle(name == FieldKey.score.rawValue ? "pain rating" : name))",
        hint: name == FieldKey.score.rawValue
          ? "ratings are whole numbers from 0 (none) to 10 (worst imaginable); to 100 on the scale vas100"
          : "ratings are whole numbers from 0 (none) to \(most) (worst imaginable)")
    }
    return number
  }

  static func checked(_ text: String, _ name: String, most: Int) throws(KitError) -> String {
    // Scalars: what a person sees as one character can be any number of them.
    let count = text.unicodeScalars.count
    guard count <= most else {
      throw KitError(.invalidValue, "\(name) is too long: \(count) characters; \(most) at most")
    }
    let isAllowed = text.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) || $0 == "\n" || $0 == "\t"
    }
    guard isAllowed else {
      throw KitError(.invalidValue, "\(name) has a control character in it", hint: "write it without")
    }
    return text.composed
  }

  /// What JSON shows for a value of this field, also for one that this program would not have written.
  func json(_ value: Value) -> JSONValue {
    guard case .integer(let number) = value else { return value.json }
    return switch kind {
    case .flag: .bool(number != 0)
    case .day, .localDay: .string(LocalDay(clamping: number).description)
    case .clock: .string(ClockText.text(Int(clamping: max(0, min(1439, number)))))
    default: value.json
    }
  }
}

extension Value {
  var json: JSONValue {
    switch self {
    case .null: .null
    case .integer(let number): .integer(number)
    case .text(let text): .string(text)
    case .time(let milliseconds, let offset):
      .string(Moment(milliseconds: milliseconds, offsetMinutes: offset).rfc3339)
    case .reference(let dot): .string(dot.description)
    case .bytes(let bytes): .string(hexadecimal(bytes))
    }
  }
}
