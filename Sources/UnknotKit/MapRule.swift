import UnknotEngine

/// What the keys and the values of a map field are.
public enum MapRule: Hashable, Sendable {
  /// A plan's slots: `am`, `pm` or a time of day, to the days of the week: `daily`, `mon-fri`, `mon,wed,fri`.
  case slots
  /// A plan's slots that are not due: `2026-05-14/am` to `excused`, `paused` or `moved`, and why: `excused:travel`.
  case exceptions
  /// When a plan rests: the first day to the last one, or to `open`.
  case pauses
  /// What speaks against the ball: `fracture/low-back/left`, `open-wound/ql` to the day since when.
  case contraindications
  /// A trial's blocks: the first day to the arm, one of the plan's two.
  case blocks

  func checkedKey(_ key: String) throws(KitError) -> String {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch self {
    case .slots: return try SlotName(key).description
    case .exceptions:
      guard parts.count == 2 else {
        throw KitError(.invalidValue, "\(key) is not a slot", hint: "write it as 2026-05-14/am")
      }
      return "\(try LocalDay(parts[0]))/\(try SlotName(parts[1]))"
    case .pauses, .blocks: return try LocalDay(key).description
    case .contraindications:
      guard (1...3).contains(parts.count) else {
        throw KitError(
          .invalidValue, "\(key) is not ITEM[/PLACE[/SIDE]]", hint: "write it as fracture/low-back/left")
      }
      var checked = [try Words.contraindications.check(parts[0])]
      if parts.count > 1 { checked.append(try Catalogue.places.check(parts[1])) }
      if parts.count > 2 { checked.append(try Catalogue.sides.check(parts[2])) }
      return checked.joined(separator: "/")
    }
  }

  func checkedValue(_ text: String) throws(KitError) -> Value {
    switch self {
    case .slots: return .text(try WeekdaySet(text).description)
    case .exceptions:
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let state = try WordList(name: "state of a slot", words: ["excused", "paused", "moved"]).check(parts[0])
      return .text(parts.count == 2 ? "\(state):\(try Words.excuses.check(parts[1]))" : state)
    case .pauses: return .text(text == "open" ? text : try LocalDay(text).description)
    case .contraindications: return .text(try LocalDay(text).description)
    case .blocks:
      guard !text.isEmpty, text.utf8.count <= 100 else {
        throw KitError(.invalidValue, "a block is the name of an arm, of up to 100 bytes")
      }
      return .text(text)
    }
  }
}
