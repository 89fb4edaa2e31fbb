import Foundation
import Testing

/// `unknot sql`: what is asked, how it is printed, and that nothing else is done.
@Suite struct SQLCommandTests {
  private func workplace() throws -> Workplace {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("a", ["pain", "6", "--at", "2024-05-14 18:00"])
    return place
  }

  private static let values =
    "SELECT 1 AS a, -2.5 AS a, x'00ff' AS b, NULL AS c, 'x,' || char(10) || char(27) || '\"' AS d, '=1' AS e"

  private func expect(
    _ arguments: [String], _ status: Int32, _ output: String, _ errors: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let place = try workplace()
    let before = try place.bytes("a.sqlite")
    #expect(
      try place.run("a", ["sql"] + arguments) == Outcome(status: status, output: output, errors: errors),
      sourceLocation: sourceLocation)
    #expect(try place.bytes("a.sqlite") == before, sourceLocation: sourceLocation)
  }

  @Test func aTable() throws {
    try expect(
      [Self.values], 0,
      """
      a  a_2   b     c  d           e
      1  -2.5  00ff     x, \\u{1b}"  =1

      """)
    try expect(["SELECT NULL AS empty"], 0, "empty\n\n")
    try expect(["SELECT name FROM device WHERE number > 1"], 0, "", "no rows\n")
    try expect(["SELECT 1 AS \"a\u{1b}[31m\""], 0, "a\\u{1b}[31m\n1\n")
  }

  @Test func forPrograms() throws {
    try expect(
      [Self.values, "--format", "csv"], 0,
      "a,a_2,b,c,d,e\r\n1,-2.5,00ff,,\"x,\\u{a}\\u{1b}\"\"\",'=1\r\n")
    try expect(["SELECT name FROM device WHERE 0", "--format", "csv"], 0, "name\r\n")
    try expect(["SELECT 1 AS \"a\u{1b}\"", "--format", "csv"], 0, "a\\u{1b}\r\n1\r\n")
    try expect(
      [Self.values, "--format", "ndjson"], 0,
      #"{"a":1,"a_2":-2.5,"b":"00ff","c":null,"d":"x,\n\u001b\"","e":"=1"}"# + "\n")
    try expect(["SELECT 1 WHERE 0", "--format", "ndjson"], 0, "")
    try expect(["SELECT 1 WHERE 0", "--format", "json"], 0, "[]\n")
    let place = try workplace()
    let found = try place.objects("a", ["sql", "VALUES (1, 0.1, 1e300), (2, -0.5, 9007199254740993)"])
    #expect(found.count == 2 && found[0]["column2"] as? Double == 0.1)
    #expect(found[1]["column3"] as? Int64 == 9_007_199_254_740_993)
    let names = try place.run("a", ["sql", "SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a", "--format", "csv"])
    #expect(names.output == "a,a_3,a_2,a_4\r\n1,2,3,4\r\n")
  }

  @Test func viewsAreListed() throws {
    let place = try workplace()
    let own = try place.objects("a", ["sql"]).compactMap { $0["name"] as? String }
    #expect(own == own.sorted())
    // Stands for a view of the journal's own.
    try place.sqlite("a", "CREATE VIEW aaa AS SELECT name, number FROM device")
    let listed = try place.run("a", ["sql"])
    #expect(listed.status == 0)
    let lines = listed.output.split(separator: "\n").map {
      $0.split(separator: " ", omittingEmptySubsequences: true)
    }
    #expect(lines.first == ["name", "columns"] && lines.dropFirst().first == ["aaa", "name,", "number"])
    #expect(listed.errors == "ask with: unknot sql \"SELECT … FROM aaa\"\n")
    let objects = try place.objects("a", ["sql"])
    #expect(objects.first?["columns"] as? [String] == ["name", "number"])
    #expect(try place.run("a", ["sql", "SELECT * FROM aaa"]).output == "name   number\nphone  1\n")
  }

  @Test func mistakes() throws {
    let error = "error: this query cannot be answered\ncaused by: "
    let hint = "\nhint: list the views and their columns to see what you can ask\n"
    try expect(["SELECT scor FROM device"], 4, "", error + "no such column: scor" + hint)
    try expect(["SELECT * FROM pian"], 4, "", error + "no such table: pian" + hint)
    try expect(["SELEC 1"], 4, "", error + "near \"SELEC\": syntax error\n")
    try expect([""], 4, "", error + "the query is empty\n")
    try expect(["SELECT 1; SELECT 2"], 4, "", error + "one statement at a time\n")
    try expect(["DELETE FROM change"], 4, "", error + "only reading is possible: SELECT\n")
    try expect(["SELECT abs(-9223372036854775808)"], 4, "", error + "integer overflow\n")
    let place = try workplace()
    #expect(try place.run("a", ["sql", "SELECT", "1"]).status == 2)
    #expect(try place.run("a", ["sql", "SELECT 1", "--format", "xml"]).status == 2)
    #expect(try place.run("a", ["sql", "--", "-- a comment\nSELECT 1 AS a"]).output == "a\n1\n")
  }

  /// As `list` does: where no journal is, one is begun; one of a newer program is refused.
  @Test func aJournalThatIsNotThere() throws {
    let place = try workplace()
    #expect(try place.run("new", ["sql", "SELECT count(*) AS n FROM change"]).output == "n\n0\n")
    try place.write(Data("Dear diary,\n".utf8) + Data(repeating: 0x61, count: 5000), to: "text.sqlite")
    #expect(try place.run("text", ["sql", "SELECT 1"]).status == 7)
  }

  @Test(.enabled(if: Workplace.unprivileged != nil, "it can be run as nobody")) func readOnlyMedia() throws {
    let place = try workplace()
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0o400], ofItemAtPath: place.path("a.sqlite"))
    try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: place.folder)
    defer { try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.folder) }
    let wrapper = try #require(Workplace.unprivileged)
    if !wrapper.isEmpty {
      try manager.setAttributes([.ownerAccountID: 65534], ofItemAtPath: place.path("a.sqlite"))
    }
    let before = try place.bytes("a.sqlite")
    let outcome = try place.run("a", ["sql", "SELECT name FROM device"], through: wrapper)
    #expect(outcome == Outcome(status: 0, output: "name\nphone\n", errors: ""))
    #expect(try place.run("a", ["sql"], through: wrapper).status == 0)
    #expect(try place.run("a", ["sql", "DELETE FROM change"], through: wrapper).status == 4)
    #expect(try place.bytes("a.sqlite") == before)
  }

  private func catchesInterrupts(_ process: Int32) throws -> Bool {
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let caught = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }?.split(separator: "\t").last
    return (caught.flatMap { UInt64($0, radix: 16) } ?? 0) & 1 << UInt64(SIGINT - 1) != 0
  }

  /// Ctrl-C ends what never ends.
  @Test func interrupted() throws {
    let place = try workplace()
    let endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"
    let process = place.process("a", ["sql", endless])
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    // Until it is ready to be told: before, the signal would end it.
    while process.isRunning, try !catchesInterrupts(process.processIdentifier) {
      Thread.sleep(forTimeInterval: 0.01)
    }
    #expect(process.isRunning)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(said == "error: interrupted: nothing was changed\n")
  }
}
