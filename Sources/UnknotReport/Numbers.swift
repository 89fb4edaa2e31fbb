import UnknotKit

/// Numbers as people read them, the same everywhere: a point, and no grouping.
enum Number {
  /// Rounded half away from zero.
  static func text(_ value: Double, _ decimals: Int = 1) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "?" }
    let scale = (0..<decimals).reduce(1) { power, _ in power * 10 }
    let whole = Int((abs(value) * Double(scale)).rounded(.toNearestOrAwayFromZero))
    let sign = value < 0 && whole > 0 ? "−" : ""
    guard decimals > 0 else { return "\(sign)\(whole)" }
    let rest = String(whole % scale)
    return "\(sign)\(whole / scale).\(String(repeating: "0", count: decimals - rest.count))\(rest)"
  }

  /// With its sign, where it is not zero.
  static func signed(_ value: Double, _ decimals: Int = 1) -> String {
    let text = text(value, decimals)
    return value > 0 && text.contains { $0 != "0" && $0 != "." } ? "+\(text)" : text
  }

  /// As a coordinate: two decimals, no more than needed.
  static func coordinate(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e7 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let (sign, size) = (hundredths < 0 ? "-" : "", abs(hundredths))
    if size % 100 == 0 { return "\(sign)\(size / 100)" }
    if size % 10 == 0 { return "\(sign)\(size / 100).\(size / 10 % 10)" }
    return "\(sign)\(size / 100).\(size % 100 < 10 ? "0" : "")\(size % 100)"
  }

  static func percent(_ share: Double) -> String { "\(text(share * 100, 0)) %" }

  static func range(_ range: ClosedRange<Double>) -> String {
    "\(signed(range.lowerBound)) to \(signed(range.upperBound))"
  }

  /// For JSON: as many decimals as say everything that a reader can use.
  static func json(_ value: Double?) -> JSONValue {
    guard let value, value.isFinite else { return .null }
    let text = text(value, 4).replacing("−", with: "-")
    return .decimal(text)
  }
}

extension LocalDay {
  /// With its year.
  var text: String { readable(today: LocalDay(number: -719_162)) }
  /// "18 Oct", beside others of the same time.
  var short: String { text.split(separator: " ").dropFirst().prefix(2).joined(separator: " ") }
}

/// "Thu 1 Jan – Sat 31 Jan 2026".
func span(_ days: ClosedRange<LocalDay>?) -> String {
  guard let days else { return "no days" }
  let (first, last) = (days.lowerBound, days.upperBound)
  return first == last ? last.text : "\(first.readable(today: last)) – \(last.text)"
}

func json(_ days: ClosedRange<LocalDay>?) -> JSONValue {
  guard let days else { return .null }
  return .object([
    ("from", .string(days.lowerBound.description)), ("until", .string(days.upperBound.description)),
  ])
}

func placed(_ place: String, _ side: String?) -> String { side.map { "\(place) (\($0))" } ?? place }
