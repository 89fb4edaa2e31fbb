public import UnknotCausality
public import UnknotStorage

/// What the values of a field are in Swift: texts, whole numbers, yes or no, ids, and times of three kinds.
public protocol FieldContent: Hashable, Sendable {
  /// What a record's table keeps of it.
  static var fieldKind: RecordField.Kind { get }
  /// As changes carry it.
  var fieldValue: Value { get }
  /// - Returns: nil for a value of another type: a file can bring any.
  init?(fieldValue: Value)
}

extension String: FieldContent {
  public static var fieldKind: RecordField.Kind { .text }
  public var fieldValue: Value { .text(self) }
  public init?(fieldValue: Value) {
    guard case .text(let text) = fieldValue else { return nil }
    self = text
  }
}

extension Int: FieldContent {
  public static var fieldKind: RecordField.Kind { .integer }
  public var fieldValue: Value { .integer(Int64(self)) }
  public init?(fieldValue: Value) {
    guard case .integer(let number) = fieldValue, let own = Int(exactly: number) else { return nil }
    self = own
  }
}

extension Bool: FieldContent {
  public static var fieldKind: RecordField.Kind { .flag }
  public var fieldValue: Value { .integer(self ? 1 : 0) }
  public init?(fieldValue: Value) {
    guard case .integer(let number) = fieldValue else { return nil }
    self = number != 0
  }
}

/// The id of another record, of any kind.
extension Dot: FieldContent {
  public static var fieldKind: RecordField.Kind { .reference }
  public var fieldValue: Value { .reference(self) }
  public init?(fieldValue: Value) {
    guard case .reference(let dot) = fieldValue else { return nil }
    self = dot
  }
}

/// An instant, and how far from UTC the clocks were where it was meant.
public struct Timestamp: FieldContent, Codable {
  /// Since 1970-01-01 00:00 UTC.
  public let milliseconds: Int64
  /// East of UTC is positive.
  public let offsetMinutes: Int32

  public init(milliseconds: Int64, offsetMinutes: Int32 = 0) {
    self.milliseconds = milliseconds
    self.offsetMinutes = offsetMinutes
  }

  public static var fieldKind: RecordField.Kind { .time }
  public var fieldValue: Value { .time(milliseconds: milliseconds, offsetMinutes: offsetMinutes) }
  public init?(fieldValue: Value) {
    guard case .time(let milliseconds, let offset) = fieldValue else { return nil }
    self.init(milliseconds: milliseconds, offsetMinutes: offset)
  }
}

/// A day of the calendar, wherever one is.
public struct CalendarDay: FieldContent, Codable {
  /// Since 1970-01-01, which is 0.
  public let number: Int64

  public init(number: Int64) { self.number = number }

  public static var fieldKind: RecordField.Kind { .day }
  public var fieldValue: Value { .integer(number) }
  public init?(fieldValue: Value) {
    guard case .integer(let number) = fieldValue else { return nil }
    self.init(number: number)
  }
}

/// A time of day, on any day.
public struct TimeOfDay: FieldContent, Codable {
  /// After midnight, from 0 to 1439.
  public let minutes: Int

  /// - Returns: nil outside of a day.
  public init?(minutes: Int) {
    guard (0...1439).contains(minutes) else { return nil }
    self.minutes = minutes
  }

  public static var fieldKind: RecordField.Kind { .timeOfDay }
  public var fieldValue: Value { .integer(Int64(minutes)) }
  public init?(fieldValue: Value) {
    guard let minutes = Int(fieldValue: fieldValue) else { return nil }
    self.init(minutes: minutes)
  }
}
