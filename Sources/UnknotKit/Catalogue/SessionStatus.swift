import UnknotEngine

/// How a session stands. A record can hold another word, of a newer program: typed records have it as it is written.
public enum SessionStatus: String, CaseIterable, Sendable, Codable {
  /// It is being guided, or was left and not ended.
  case running
  /// It ended whole.
  case done
  /// It ended early.
  case partial
  /// It ended with nothing pressed.
  case abandoned

  var value: Value { .text(rawValue) }
}

/// How a bout ended. A record can hold another word, of a newer program, or none where it was logged by hand.
public enum BoutOutcome: String, CaseIterable, Sendable, Codable {
  /// It was pressed, be it shorter than planned.
  case done
  /// Nothing was pressed.
  case skipped
  /// A sign, or too much pain, ended it.
  case stopped

  var value: Value { .text(rawValue) }
}
