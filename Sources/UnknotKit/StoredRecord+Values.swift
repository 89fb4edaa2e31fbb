import UnknotEngine

// What a field holds, as far as anything can be computed with it: a file can bring any number, and sums of those that
// are let through here fit.
extension Value {
  /// Nil outside of the years 1 to 9999, and of more than a day from UTC.
  var moment: Moment? {
    guard case .time(let milliseconds, let offset) = self,
      (-62_135_596_800_000...253_402_300_799_999).contains(milliseconds), (-1440...1440).contains(offset)
    else { return nil }
    return Moment(milliseconds: milliseconds, offsetMinutes: offset)
  }

  /// Nil outside of the range.
  func number(in range: ClosedRange<Int64>) -> Int64? {
    if case .integer(let number) = self, range.contains(number) { number } else { nil }
  }

  var text: String? { if case .text(let text) = self { text } else { nil } }
}

extension StoredRecord {
  func moment(_ field: FieldKey) -> Moment? { self[field].moment }

  func text(_ field: FieldKey) -> String? { self[field].text }

  /// A rating from 0 to 10.
  func rating(_ field: FieldKey) -> Int64? { self[field].number(in: 0...10) }
}
