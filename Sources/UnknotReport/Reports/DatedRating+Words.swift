import UnknotKit

extension DatedRating {
  /// "highest 9 (Fri 30 Oct)".
  var words: String { "highest \(score) (\(day.text))" }
  var json: JSONValue { .integer(Int64(score)) }
  var dayJSON: JSONValue { .string(day.description) }
}
