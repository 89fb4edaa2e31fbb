import Testing
import UnknotCausality

@testable import UnknotKit

/// Lists in pages: nothing is left out and nothing comes twice, whatever has one time.
@Suite struct PageTests {
  private let home: Household
  private let journal: Journal

  init() throws {
    home = try Household()
    journal = try home.device("phone")
  }

  /// All pages of a list, each begun after the last record of the one before.
  private func pages(_ kind: String, of size: Int, deleted: Bool = false, byID: Bool = false) throws
    -> [[String]]
  {
    var pages: [[String]] = []
    var after: String?
    repeat {
      let page = try journal.list(kind, ListFilter(limit: size, after: after, includesRemoved: deleted))
      guard let last = page.last else { break }
      pages.append(page.map(\.id))
      after = byID ? last.id : try journal.cursor(after: last.id)
    } while pages.count < 100
    return pages
  }

  private func rate(_ count: Int, hoursAgo: Int64) throws {
    let at = Moment(milliseconds: thursdayEvening - hoursAgo * 3_600_000, offsetMinutes: 120)
    for _ in 0..<count { _ = try journal.ratePain(5, at: at) }
  }

  @Test(arguments: [true, false]) func ratingsOfOneInstant(byID: Bool) throws {
    try rate(25, hoursAgo: 5)
    let whole = try journal.list("pain").map(\.id)
    let pages = try pages("pain", of: 10, byID: byID)
    #expect(pages.map(\.count) == [10, 10, 5])
    #expect(pages.flatMap { $0 } == whole && Set(whole).count == 25)
  }

  /// Whatever the size of a page, and with removed records among them or not.
  @Test(arguments: 1...9, [true, false]) func pagesAreTheWholeList(size: Int, deleted: Bool) throws {
    for hours in [7, 5, 6] { try rate(3, hoursAgo: Int64(hours)) }
    for minutes in [90, 90, 30] {
      let at = Moment(milliseconds: thursdayEvening - Int64(minutes) * 60_000, offsetMinutes: 120)
      let bouts = [try BoutText("ql/left:45s@wall"), try BoutText("glute-med/right:60s@wall")]
      _ = try journal.logSession(at: at, bouts: bouts, before: 6, after: 4)
    }
    for name in ["one", "two"] {
      _ = try journal.newRoutine(
        name, steps: [try BoutText("ql/left:45s@wall"), try BoutText("tfl/right:30s@wall")])
    }
    let sessions = try journal.list("sessions").map(\.id)
    _ = try journal.remove([
      sessions[1], try #require(try journal.list("bouts").last).id, try journal.list("pain")[4].id,
    ])
    for kind in ["pain", "sessions", "bouts", "routines", "steps"] {
      let whole = try journal.list(kind, ListFilter(includesRemoved: deleted)).map(\.id)
      #expect(whole.count > 1)
      let pages = try pages(kind, of: size, deleted: deleted)
      #expect(pages.flatMap { $0 } == whole, "\(kind)")
      #expect(pages.dropLast().allSatisfy { $0.count == size })
    }
  }

  /// What is written between two pages moves nothing from one to the other.
  @Test func writesBetweenPages() throws {
    for hours in 1...6 { try rate(1, hoursAgo: Int64(hours)) }
    let whole = try journal.list("pain").map(\.id)
    let first = try journal.list("pain", ListFilter(limit: 3))
    let cursor = try journal.cursor(after: first[2].id)
    try rate(2, hoursAgo: 0)
    _ = try journal.edit(first[2].id, ["at=2026-05-14 01:00"])
    let second = try journal.list("pain", ListFilter(limit: 3, after: cursor)).map(\.id)
    #expect(second == Array(whole[3...]))
    // One that was removed meanwhile still says where the page ended.
    _ = try journal.remove([first[2].id])
    #expect(try journal.list("pain", ListFilter(limit: 3, after: cursor)).map(\.id) == second)
  }

  @Test func cursorsThatAreNone() throws {
    try rate(1, hoursAgo: 1)
    let session = try journal.logSession(bouts: [try BoutText("ql/left:45s@wall")]).only()
    for (text, kind) in [
      ("x", KitError.Kind.notFound), ("5@", .notFound), ("now@1", .invalidValue), ("zzzz-9", .notFound),
      ("", .notFound),
      (session.id, .notFound),
    ] {
      _ = try failure(kind) { try journal.list("pain", ListFilter(after: text)) }
    }
  }
}
