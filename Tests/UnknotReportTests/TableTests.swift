import Testing
import UnknotReport

@Suite struct TableTests {
  private let columns = [Table.Column("id"), Table.Column("note", .text), Table.Column("site")]

  /// A text of a file can be long: a table of many rows does not become as long for each of them.
  @Test func aLongTextDoesNotFillUpTheOthers() {
    let long = String(repeating: "x", count: 100_000)
    let rows = [["1", long, "hip"]] + (2...50).map { ["\($0)", "short", "knee"] }
    let lines = Table.lines(columns, rows, width: nil)
    // Whole where nothing is cut, and the others in columns as ever.
    #expect(lines[1] == "1   \(long)  hip")
    #expect(lines[2].hasPrefix("2   short ") && lines[2].hasSuffix(" knee") && lines[2].utf8.count < 1100)
    #expect(Set(lines[2...].map(\.utf8.count)).count == 1)
    let cut = Table.lines(columns, rows, width: 40)
    #expect(cut.allSatisfy { Table.width(of: $0) <= 40 } && cut[1].hasSuffix("…  hip"))
  }

  /// In a report every word is there, however narrow it is.
  @Test(arguments: [18, 24, 30, 40, 60, 200]) func nothingIsCutOfAReport(width: Int) {
    let rows = [["1", "days with a value of their own", "low back"], ["", "", ""], ["22", "short", "hip"]]
    let lines = Table.lines(columns, rows, width: width, isWhole: true)
    #expect(lines.allSatisfy { Table.width(of: $0) <= width && !$0.contains("…") }, "\(lines)")
    let words = lines.joined(separator: " ").split(separator: " ").map(String.init)
    let expected = (columns.map { _ in "" } + rows.joined()).flatMap { $0.split(separator: " ") }.map(
      String.init)
    #expect(Set(expected).isSubset(of: words), "\(lines)")
  }

  /// An id that is cut is none: where there is no room for what stays as it is, each row is a few lines.
  @Test(arguments: [10, 20, 28, 34]) func aNarrowTerminalCutsNoID(width: Int) {
    let wide = [
      Table.Column("id"), Table.Column("when"), Table.Column("note", .text), Table.Column("site", .optional),
    ]
    let rows = [
      ["q0w3-12345", "2026-05-01 18:00", "a longer text about it", "low-back"],
      ["q0w3-12346", "2026-05-02 18:00", "", "hip"],
    ]
    let lines = Table.lines(wide, rows, width: width)
    #expect(lines.allSatisfy { Table.width(of: $0) <= width && !$0.contains("…") }, "\(lines)")
    #expect(lines.contains("q0w3-12345") && lines.contains("q0w3-12346"))
    #expect(width < 20 || lines.contains("  site: low-back"))
    #expect(Table.lines(wide, rows, width: 60)[0].hasPrefix("id "))
  }
}
