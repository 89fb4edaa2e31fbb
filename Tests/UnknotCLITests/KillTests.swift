import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// The program is killed at any moment: what it said it had done is there, and nothing is there in part.
@Suite struct KillTests {
  /// Runs a command for so many milliseconds, then SIGKILL.
  private func kill(_ place: Workplace, _ device: String, _ command: [String], after milliseconds: Double)
    throws
    -> Outcome
  {
    try place.run(
      device, command,
      through: ["/usr/bin/timeout", "-s", "KILL", String(format: "%.4f", milliseconds / 1000)])
  }

  @Test func aWriteIsThereOrNot() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "a"])
    var attempted = 0
    var acknowledged = 0
    var killed = 0
    for step in 0..<60 {
      // From before the journal is opened to after the end, wherever that is on this machine.
      let outcome = try kill(place, "a", ["pain", "5"], after: 4 + Double(step) * 0.8)
      attempted += 1
      if outcome.output.contains("recorded pain 5") || outcome.errors.contains("recorded pain 5") {
        acknowledged += 1
      }
      if outcome.status != 0 { killed += 1 }
    }
    let found = try place.objects("a", ["list", "pain"]).count
    #expect(found >= acknowledged && found <= attempted, "\(found) of \(acknowledged) acknowledged")
    #expect(killed > 0, "nothing was killed: the times are too long for this machine")
    // Whatever was cut off, the journal goes on, and another device takes all of it.
    #expect(try place.run("a", ["pain", "6"]).status == 0)
    #expect(try place.run("a", ["sync", "export", "--full", "-o", "a.unknot"]).status == 0)
    #expect(try place.run("b", ["sync", "import", "a.unknot"]).status == 0)
    #expect(
      try place.object("a", ["sync", "digest"])["digest"] as? String
        == place.object("b", ["sync", "digest"])["digest"] as? String)
    #expect(try place.objects("b", ["list", "pain"]).count == found + 1)
  }

  @Test func anImportIsWholeOrNot() throws {
    let place = try Workplace()
    for _ in 0..<12 {
      try place.run(
        "a", ["log", "--bout", "ql/left:45s@wall", "--bout", "ql/right:45s@wall", "--before", "6"])
    }
    try place.run("a", ["sync", "export", "--full", "-o", "a.unknot"])
    let whole = try place.objects("a", ["list", "sessions"]).count
    var cut = 0
    for step in 0..<30 {
      let device = "b\(step)"
      _ = try kill(place, device, ["sync", "import", "a.unknot"], after: 8 + Double(step) * 2)
      let found = try place.objects(device, ["list", "sessions"]).count
      #expect(found == 0 || found == whole, "an import was applied in part: \(found) of \(whole)")
      if found == 0 { cut += 1 }
      #expect(try place.run(device, ["sync", "import", "a.unknot"]).status == 0)
      #expect(try place.objects(device, ["list", "sessions"]).count == whole)
    }
    #expect(cut > 0, "nothing was cut off: the times are too long for this machine")
  }

  /// Ctrl-C in the middle: exit status 130, the journal as it was, no file and no half of one.
  @Test func interruptedExportsAndImportsLeaveNothingBehind() throws {
    let place = try Workplace()
    let store = try Store(
      path: nil, tables: [RecordKind(name: "pain", timeField: "at")], deviceName: "tablet",
      environment: TestEnvironment(now: 1_778_774_400_000), notes: nil)
    let shape = Shape(
      .create, table: "pain", fields: [FieldName("at"), FieldName("score"), FieldName("site")])
    try store.write("create") { writer in
      for number in 0..<30_000 {
        _ = try writer.create(
          shape, parent: nil,
          [
            .time(milliseconds: Int64(number) * 60_000, offsetMinutes: 0), .integer(Int64(number % 11)),
            .text("low-back"),
          ])
      }
    }
    let file = try #require(
      try Synchronizer(store: store).export(to: .folder(place.folder), for: .everyone, full: true).file)
    func interrupted(_ arguments: [String]) throws -> Bool {
      // Until it comes in the middle, wherever that is on this machine.
      for milliseconds in stride(from: 30, to: 3000, by: 70) {
        let outcome = try place.run(
          "b", arguments,
          through: [
            // Whoever runs the tests may have them ignore it.
            "/usr/bin/env", "--default-signal=INT",
            "/usr/bin/timeout", "--preserve-status", "-s", "INT",
            String(format: "%.3f", Double(milliseconds) / 1000),
          ])
        if outcome.status == 0 { return false }
        guard outcome.status == 130, outcome.errors == "error: interrupted: nothing was changed\n" else {
          continue
        }
        return true
      }
      return false
    }
    try place.run("b", ["init", "--device", "b"])
    let before = try place.digest("b")
    #expect(try interrupted(["sync", "import", file]))
    #expect(try place.digest("b") == before)
    #expect(try place.run("b", ["sync", "import", file]).status == 0)
    #expect(try interrupted(["sync", "export", "--full", "-o", "out.unknot"]))
    let names = try FileManager.default.contentsOfDirectory(atPath: place.folder)
    #expect(!names.contains("out.unknot") && !names.contains { $0.hasSuffix(".tmp") }, "\(names)")
    #expect(try place.run("b", ["sync", "export", "--full", "-o", "out.unknot"]).status == 0)
  }
}
