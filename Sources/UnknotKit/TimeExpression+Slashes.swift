extension TimeExpression {
  /// What is said of it: it is never read, since who writes `3/4` may mean either day.
  func slashes(_ text: String) -> KitError {
    let parts = text.prefix { $0 != " " }.split(separator: "/", omittingEmptySubsequences: false)
    var (hint, isClear) = ("write 2026-05-14", false)
    var readings = ["unread"]
    if (2...3).contains(parts.count), parts.allSatisfy({ $0.isDigits && $0.count <= 4 }) {
      let numbers = parts.compactMap { Int($0) }
      readings = self.readings(numbers, yearFirst: parts[0].count == 4)
      if readings.count == 2 {
        hint = "it can be read as \(readings[0]) or \(readings[1]); write the one that you mean"
      } else if let only = readings.first {
        (hint, isClear) = ("write \(only)", true)
      }
    }
    if parts.count == 3, readings.isEmpty {
      return KitError(.invalidValue, "\(text): there is no such day", hint: hint)
    }
    let message =
      isClear ? "\(text) is not how a day is written here" : "\(text) can be read in more than one way"
    return KitError(.invalidValue, message, hint: hint)
  }

  /// The days that a date with slashes can stand for, as this program reads them.
  private func readings(_ numbers: [Int], yearFirst: Bool) -> [String] {
    func text(_ year: Int, _ month: Int, _ day: Int) -> String? {
      guard CivilTime(year: year, month: month, day: day).isReal else { return nil }
      return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
    if yearFirst {
      return [text(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : 1)].compactMap { $0 }
    }
    let year = numbers.count > 2 ? (numbers[2] < 100 ? 2000 + numbers[2] : numbers[2]) : today.year
    let dayFirst = text(year, numbers[1], numbers[0])
    let monthFirst = text(year, numbers[0], numbers[1])
    if dayFirst == monthFirst { return [dayFirst].compactMap { $0 } }
    return [dayFirst.map { "\($0) (day first)" }, monthFirst.map { "\($0) (month first)" }].compactMap { $0 }
  }
}
