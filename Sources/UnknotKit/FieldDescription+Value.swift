import UnknotCausality

extension FieldDescription {
  public static let maximumText = 10_000
  public static let maximumName = 100

  /// The value that a person wrote; empty text is an empty field.
  ///
  /// - Parameter reference: finds the record that a text names.
  func value(
    of text: String, times: TimeExpression, reference: (String, _ type: String) throws -> Dot
  ) throws -> Value {
    guard !isParent, kind != .order else {
      throw KitError(
        .invalidValue, "\(name) cannot be edited",
        hint: isParent ? "it is set once, when the record is made" : "use routine move")
    }
    if text.isEmpty {
      guard !isRequired else { throw KitError(.invalidValue, "\(name) cannot be empty") }
      return .null
    }
    switch kind {
    case .time:
      let moment = try times.moment(text)
      return .time(milliseconds: moment.milliseconds, offsetMinutes: moment.offsetMinutes)
    // The field's name says the unit, so the number that JSON shows can be written back as it is.
    case .duration: return .integer(Int64(try Self.boutSeconds(Int(text) == nil ? text : text + "s")))
    case .rating: return .integer(try Self.rating(text, name))
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
    case .order: return .null
    }
  }

  /// A bout's or a step's duration.
  static func boutSeconds(_ text: String) throws(KitError) -> Int {
    let seconds = try DurationText.seconds(text)
    guard (1...1800).contains(seconds) else {
      throw KitError(.invalidValue, "\(text) is out of range", hint: "a bout lasts from 1s to 30m")
    }
    return seconds
  }

  static func rating(_ text: String, _ name: String) throws(KitError) -> Int64 {
    guard let number = Int64(text), (0...10).contains(number) else {
      throw KitError(
        .invalidValue, "\(text) is not a \(name == "score" ? "pain rating" : name)",
        hint: "ratings are whole numbers from 0 (none) to 10 (worst imaginable)")
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
    return text
  }

  /// What JSON shows for a value of this field, also for one that this program would not have written.
  func json(_ value: Value) -> JSONValue {
    if kind == .flag, case .integer(let number) = value { return .bool(number != 0) }
    return value.json
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
