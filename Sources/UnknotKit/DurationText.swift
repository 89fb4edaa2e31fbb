/// `45s`, `1m30s`, `2m`, `1h`: hours, minutes and seconds, in this order. `m` is minutes.
public enum DurationText {
  ///
  /// - Parameters:
  ///   - text: as the person wrote it.
  ///   - allowsDays: also `90d`, where so long a time makes sense.
  public static func seconds(_ text: String, allowsDays: Bool = false) throws(KitError) -> Int {
    var rest = Substring(text.lowercased())
    var total = 0
    for (unit, factor) in (allowsDays ? [("d", 86_400)] : []) + [("h", 3600), ("m", 60), ("s", 1)] {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard !digits.isEmpty, rest.dropFirst(digits.count).hasPrefix(unit) else { continue }
      guard let number = Int(digits), number <= 100_000 else { break }
      total += number * factor
      rest = rest.dropFirst(digits.count + 1)
    }
    guard rest.isEmpty, !text.isEmpty else {
      throw KitError(
        .invalidValue, "\(text) is not a duration",
        hint: allowsDays
          ? "write 90d or 12h"
          : text.isDigits ? "write \(text)s for seconds or \(text)m for minutes" : "write 45s, 1m30s or 2m")
    }
    return total
  }

  /// A duration as it is written; parts that are 0 are left out: `1m30s`, `2h`, and `0s` for none.
  public static func text(_ seconds: Int64) -> String {
    if seconds == 0 { return "0s" }
    // A file can bring any number.
    let length = seconds.magnitude
    let parts = [(length / 3600, "h"), (length / 60 % 60, "m"), (length % 60, "s")]
    return (seconds < 0 ? "-" : "") + parts.filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }.joined()
  }
}
