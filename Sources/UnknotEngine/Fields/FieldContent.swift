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
  /// Kept in a column of texts.
  public static var fieldKind: RecordField.Kind { .text }
  /// The text, byte by byte as it is: nothing is normalized.
  public var fieldValue: Value { .text(self) }
  /// - Returns: nil for anything but a text.
  public init?(fieldValue: Value) {
    guard case .text(let text) = fieldValue else { return nil }
    self = text
  }
}

extension Int: FieldContent {
  /// Kept in a column of whole numbers of 64 bits.
  public static var fieldKind: RecordField.Kind { .integer }
  /// The number as an integer of 64 bits.
  public var fieldValue: Value { .integer(Int64(self)) }
  /// - Returns: nil for anything but an integer, and for one that `Int` cannot hold on this machine.
  public init?(fieldValue: Value) {
    guard case .integer(let number) = fieldValue, let own = Int(exactly: number) else { return nil }
    self = own
  }
}

extension Bool: FieldContent {
  /// Kept in a column of integers, of which 0 is false.
  public static var fieldKind: RecordField.Kind { .flag }
  /// 1 for true, 0 for false: changes carry it as an integer.
  public var fieldValue: Value { .integer(self ? 1 : 0) }
  /// Any integer but 0 is true.
  ///
  /// - Returns: nil for anything but an integer.
  public init?(fieldValue: Value) {
    guard case .integer(let number) = fieldValue else { return nil }
    self = number != 0
  }
}

/// The id of another record, of any kind.
extension Dot: FieldContent {
  /// Kept in a column of ids of records.
  public static var fieldKind: RecordField.Kind { .reference }
  /// A reference to the record of that id.
  public var fieldValue: Value { .reference(self) }
  /// - Returns: nil for anything but a reference.
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

  /// - Parameters:
  ///   - milliseconds: since 1970-01-01 00:00 UTC.
  ///   - offsetMinutes: how far the local clocks were from UTC; east is positive.
  public init(milliseconds: Int64, offsetMinutes: Int32 = 0) {
    self.milliseconds = milliseconds
    self.offsetMinutes = offsetMinutes
  }

  /// Kept in two columns: milliseconds since 1970 UTC, and minutes east of UTC.
  public static var fieldKind: RecordField.Kind { .time }
  /// The instant together with its offset from UTC.
  public var fieldValue: Value { .time(milliseconds: milliseconds, offsetMinutes: offsetMinutes) }
  /// - Returns: nil for anything but a time.
  public init?(fieldValue: Value) {
    guard case .time(let milliseconds, let offset) = fieldValue else { return nil }
    self.init(milliseconds: milliseconds, offsetMinutes: offset)
  }
}

/// A day of the calendar, wherever one is.
public struct CalendarDay: FieldContent, Codable {
  /// Since 1970-01-01, which is 0.
  public let number: Int64

  /// - Parameter number: days since 1970-01-01, negative for earlier ones.
  public init(number: Int64) { self.number = number }

  /// Kept in a column of days since 1970-01-01.
  public static var fieldKind: RecordField.Kind { .day }
  /// The number of the day, which changes carry as an integer.
  public var fieldValue: Value { .integer(number) }
  /// - Returns: nil for anything but an integer.
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

  /// Kept in a column of minutes after midnight.
  public static var fieldKind: RecordField.Kind { .timeOfDay }
  /// The minutes after midnight, which changes carry as an integer.
  public var fieldValue: Value { .integer(Int64(minutes)) }
  /// - Returns: nil for anything but an integer from 0 to 1439.
  public init?(fieldValue: Value) {
    guard let minutes = Int(fieldValue: fieldValue) else { return nil }
    self.init(minutes: minutes)
  }
}
