import TestSupport
import Testing
import UnknotKit

/// What `RecordsAsValues.md` shows.
@Suite struct RecordsAsValues {
  @Test func aValueIsEdited() throws {
    let household = try Household()
    let (journal, laptop) = (try household.device("phone"), try household.device("laptop"))
    let id = try journal.ratePain(4, context: "before").records[0].id
    try household.carry(journal, laptop)

    let form = try journal.form()
    let rating = try journal.record(PainRating.self, id)
    // Meanwhile another device's edit arrives.
    try laptop.edit(try laptop.record(PainRating.self, id), asOf: nil) { $0.score = 5 }
    try household.carry(laptop, journal)
    try journal.edit(rating, asOf: form) { $0.score = 6 }

    for conflict in try journal.conflicts() {
      for candidate in conflict.values {
        show("\(candidate.value.readable(now: journal.now)) — \(candidate.device)")
      }
    }
    let conflict = try #require(try journal.conflicts().first)
    _ = try journal.resolve(conflict, .takeChange(conflict.values[0].change))
    #expect(try journal.conflictCount() == 0)
  }

  /// A screen would.
  private func show(_ line: String) { #expect(!line.isEmpty) }
}
