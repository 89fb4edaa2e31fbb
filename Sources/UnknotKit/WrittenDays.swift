/// Which year a day without one is of.
enum MissingYear {
  /// The last such day, or today.
  case last
  /// The last one, unless the next one comes within a month: how a range ends.
  case lastOrSoon
  /// The next one, or today, unless the last one is at most a month ago: how a plan begins.
  case nextOrRecent

  fileprivate func year(_ month: Int, _ day: Int, today: CivilTime) -> Int {
    // In four years, or in eight around a year like 1900, there is a 29th of February.
    let past = (0...8).lazy.map { CivilTime(year: today.year - $0, month: month, day: day) }
      .first { $0.isReal && $0.localDay <= today.localDay }
    let next = (0...8).lazy.map { CivilTime(year: today.year + $0, month: month, day: day) }
      .first { $0.isReal && $0.localDay >= today.localDay }
    guard let past, let next else { return today.year }
    let takesNext =
      switch self {
      case .last: false
      case .lastOrSoon: next.localDay.number - today.localDay.number <= 31
      case .nextOrRecent: today.localDay.number - past.localDay.number > 31
      }
    return takesNext ? next.year : past.year
  }
}

extension String {
  private static let monthNames = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
  ]
  private static let weekdayNames = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  /// `28 november 8pm`, `nov 28` and `28.11.2026` with their day as `2026-11-28`; `last friday` and `on friday` as `friday`. The
  /// text is in lower case.
  ///
  /// - Parameters:
  ///   - today: what a calendar shows.
  ///   - missingYear: which year a day without one is of.
  func withDaysAsNumbers(today: CivilTime, year missingYear: MissingYear) -> String {
    var words = split(separator: " ").map(String.init)
    if words.count > 1, words[0] == "last" || words[0] == "on",
      Self.weekday(words[1]) != nil || words[0] == "on"
    {
      words.removeFirst()
    }
    for index in words.indices {
      // The day comes first wherever days are written with points.
      let parts = words[index].split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 3, parts.allSatisfy(\.isDigits), parts[0].count <= 2, parts[1].count <= 2,
        parts[2].count == 4,
        let day = Int(parts[0]), let month = Int(parts[1]), let year = Int(parts[2])
      else { continue }
      words[index] = Self.day(year, month, day)
    }
    guard let index = words.firstIndex(where: { Self.month($0) != nil }), let month = Self.month(words[index])
    else {
      return words.joined(separator: " ")
    }
    var end = index + 1
    var start = index
    let day: Int
    if index > 0, let number = Self.dayNumber(words[index - 1]) {
      (day, start) = (number, index - 1)
    } else if end < words.count, let number = Self.dayNumber(words[end]) {
      (day, end) = (number, end + 1)
    } else {
      return words.joined(separator: " ")
    }
    var year = missingYear.year(month, day, today: today)
    if end < words.count, words[end].utf8.count == 4, words[end].isDigits, let said = Int(words[end]) {
      (year, end) = (said, end + 1)
    }
    words.replaceSubrange(start..<end, with: [Self.day(year, month, day)])
    return words.joined(separator: " ")
  }

  /// 0 is Monday; three letters are enough.
  static func weekday(_ word: some StringProtocol) -> Int? {
    weekdayNames.firstIndex { $0 == word || word.utf8.count == 3 && $0.hasPrefix(word) }
  }

  private static func day(_ year: Int, _ month: Int, _ day: Int) -> String {
    "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// Three letters are enough.
  private static func month(_ word: String) -> Int? {
    let word = word.filter { $0 != "." && $0 != "," }
    guard word.utf8.count >= 3 else { return nil }
    return monthNames.firstIndex { $0.hasPrefix(word) || word == "sept" && $0 == "september" }.map { $0 + 1 }
  }

  /// `28`, `28th`, `28.`
  private static func dayNumber(_ word: String) -> Int? {
    var digits = word.filter { $0 != "." && $0 != "," }
    if let ending = ["st", "nd", "rd", "th"].first(where: digits.hasSuffix) {
      digits.removeLast(ending.count)
    }
    guard digits.isDigits, digits.utf8.count <= 2, let number = Int(digits), (1...31).contains(number) else {
      return nil
    }
    return number
  }
}
