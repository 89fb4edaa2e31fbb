import Foundation
import TestSupport
import Testing
import UnknotKit

@testable import UnknotReport

/// A median of a day or two says nothing of a week, and is not compared.
@Suite struct FewDaysTests {
  /// Ratings of the last days of each of two stretches, which end on Thursday 2026-05-14.
  private func journal(_ days: Int, stretch: Int) throws -> Journal {
    let journal = try Journal(
      path: nil, deviceName: "d", environment: thursday(), zone: PictureTests.utc, stateFolder: nil)
    for ago in (0..<days).flatMap({ [$0, $0 + stretch] }) {
      let day = try LocalDay("2026-05-14").adding(-ago)
      _ = try journal.ratePain(
        ago < stretch ? 2 : 6, at: try journal.times.moment("\(day.description) 08:00"))
    }
    return journal
  }

  @Test(arguments: 1...7) func theWeekOfFewDaysIsNotCompared(days: Int) throws {
    let journal = try journal(days, stretch: 7)
    let text = Report.week(try journal.week(FigureRange()), today: try journal.today()).lines(
      width: nil, plain: true
    ).joined(separator: "\n")
    #expect(text.contains("4.0 lower") == (days >= 4), "\(text)")
    #expect(text.contains("Too few days") == (days < 4), "\(text)")
  }

  @Test(arguments: 1...7) func theClinicianGetsNoMedianOfFewDays(days: Int) throws {
    let journal = try journal(days, stretch: 28)
    let figures = try journal.clinician(FigureRange())
    let text = Report.clinician(figures, trend: try journal.trend(figures.range)).lines(
      width: nil, plain: true
    ).joined(separator: "\n")
    #expect(text.contains("median 2.0") == (days >= 4), "\(text)")
    #expect(text.contains("median 6.0") == (days >= 4), "\(text)")
    #expect(text.contains("too few days with a value to compare") == (days < 4), "\(text)")
  }
}
