import Testing

@testable import UnknotKit

@Suite struct BackupNameTests {
  private static let day: Int64 = 86_400_000

  @Test func onlyItsOwnNamesAreRead() {
    for reason in JournalBackup.Reason.allCases {
      let name = BackupName(milliseconds: 1_700_000_000_000, reason: reason)
      #expect(BackupName(name.text) == name)
    }
    for text in [
      "", "x", "1-import", "01-import.sqlite", "1-other.sqlite", "-1-import.sqlite", "1-import-.sqlite",
    ] {
      #expect(BackupName(text) == nil, "\(text)")
    }
  }

  /// Somebody who imports every day for a year, a few times a day.
  @Test func oneStaysOfAWeekAndOneOfAMonth() {
    var names: [BackupName] = []
    for hour in stride(from: Int64(0), to: 365 * 24, by: 5) {
      let now = hour * Self.day / 24
      names.append(BackupName(milliseconds: now, reason: .beforeImport))
      let gone = Set(BackupName.superfluous(among: names, at: now))
      names.removeAll(where: gone.contains)
      #expect(names.count <= 7)
      let ages = names.map { (now - $0.milliseconds) / Self.day }
      // The first of a week may come five hours after it began.
      if hour > 14 * 24 { #expect(ages.contains { (6...14).contains($0) }, "\(hour): \(ages)") }
      if hour > 60 * 24 { #expect(ages.contains { (29...60).contains($0) }, "\(hour): \(ages)") }
    }
  }

  @Test func whatAPersonAskedForStays() {
    let names = (0..<20).map { BackupName(milliseconds: $0, reason: .asked) }
    #expect(BackupName.superfluous(among: names, at: 1000 * Self.day) == [])
  }
}
