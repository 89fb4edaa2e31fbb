/// What an entry of another program says. Numbers stay the text that they were written as, so that none is rounded.
enum ImportedValue: Hashable {
  /// Only that it was done.
  case done
  case number(String)
  /// A number that stands for a label that was chosen, as older versions of Track & Graph write it: `1.0:Left`.
  case choice(String)
  case duration(seconds: Int)

  /// A pain rating, also where it is written as `4.0`.
  func rating() throws(KitError) -> String {
    switch self {
    case .number(let text), .choice(let text):
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      if parts.count <= 2, parts[0].isDigits, let number = Int(parts[0]), (0...10).contains(number),
        parts.dropFirst().allSatisfy({ $0.isDigits && $0.utf8.allSatisfy { $0 == UInt8(ascii: "0") } })
      {
        return "\(number)"
      }
      throw Self.noRating(text)
    case .duration(let seconds): throw Self.noRating("a duration of \(seconds) s")
    case .done: throw Self.noRating("no number")
    }
  }

  private static func noRating(_ what: String) -> KitError {
    KitError(
      .invalidValue, "\(what) is not a pain rating", hint: "ratings are whole numbers from 0 to 10")
  }

  /// What a factor keeps; nil: only that it was done.
  func amount() throws(KitError) -> (amount: String, unit: String?)? {
    switch self {
    case .done: return nil
    case .number(let text), .choice(let text):
      guard let amount = try? FieldDescription.decimal(text, "amount") else {
        throw KitError(
          .invalidValue, "\(text) cannot be kept as an amount",
          hint: "an amount is at most 15 digits with a point, without a sign or an exponent")
      }
      return (amount, nil)
    case .duration(let seconds):
      guard seconds >= 0 else {
        throw KitError(.invalidValue, "a duration of \(seconds) s cannot be kept: it is negative")
      }
      return seconds >= 60 && seconds % 60 == 0 ? ("\(seconds / 60)", "min") : ("\(seconds)", "s")
    }
  }

  /// How long a bout took, by the rules of any bout that is logged.
  ///
  /// - Parameter usual: what the map says, for an entry that does not say how long.
  func boutSeconds(usual: Int) throws(KitError) -> Int {
    switch self {
    case .done, .choice: return usual
    case .duration(let seconds): return try FieldDescription.boutSeconds("\(seconds)s")
    case .number(let text):
      throw KitError(
        .invalidValue, "\(text) has no unit, so it cannot be a bout's duration",
        hint: "map it to a factor, or leave it out with skip")
    }
  }
}
