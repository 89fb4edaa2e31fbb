import Foundation
import TestSupport
import Testing

/// `Schema/facts.md` says what the program tells people of backs and balls, and by which command: that is so.
@Suite struct FactsTests {
  /// A line of the page's table.
  struct Row: Sendable {
    let number: Int
    /// One after the other, on one journal.
    let commands: [[String]]
    /// All of it is in what they print.
    let texts: [String]
  }

  static func rows() throws -> [Row] {
    try Repository.text("Schema/facts.md").split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 7, let number = Int(cells[1].trimmingCharacters(in: .whitespaces)) else {
        return nil
      }
      return Row(
        number: number,
        commands: quoted(cells[4]).map { $0.split(separator: " ").map(String.init) }, texts: quoted(cells[5]))
    }
  }

  /// What stands between backquotes.
  static func quoted(_ cell: String) -> [String] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  /// Lines are broken where the terminal wants it.
  static func folded(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func thePageHasAllFacts() throws {
    #expect(try Self.rows().map(\.number) == Array(1...26))
  }

  @Test(arguments: 1...26) func aFactIsSaidWhereItHelps(number: Int) throws {
    let row = try #require(try Self.rows().first { $0.number == number })
    try #require(!row.commands.isEmpty && !row.texts.isEmpty, "row \(number) says nothing")
    let place = try Workplace()
    #expect(try place.run("a", ["init", "--device", "phone"]).status == 0)
    var said = ""
    for command in row.commands {
      let outcome = try place.run("a", command)
      #expect(outcome.status == 0, "\(command): \(outcome)")
      said += Self.folded(outcome.output) + " " + Self.folded(outcome.errors) + " "
    }
    for text in row.texts {
      #expect(said.contains(text), "\(number): \(text) is not in \(said)")
    }
  }
}
