import Foundation
import TestSupport
import Testing

/// A journal that an older program wrote is opened by this one (`Tests/Fixtures/journals`).
@Suite struct FirstFormTests {
  private let place: Workplace
  private let original: Data
  private let digest: String

  init() throws {
    place = try Workplace()
    let fixture = Repository.root.appending(path: "Tests/Fixtures/journals/product")
    original = try Data(contentsOf: fixture.appendingPathExtension("sqlite"))
    let said = try String(contentsOf: fixture.appendingPathExtension("txt"), encoding: .utf8)
    digest = try #require(said.split(separator: "\n").first.map { String($0.dropFirst("digest ".count)) })
  }

  /// The journal and what is kept beside it. SQLite leaves the empty journal of a transaction until the next one.
  private func names(beside device: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: place.folder)
      .filter { $0.hasPrefix("\(device).") && $0 != "\(device).sqlite-journal" }.sorted()
  }

  /// Once, it says where the journal is kept as it was; and it goes on with it.
  @Test func saysWhereItIsKept() throws {
    try place.write(original, to: "a.sqlite")
    let first = try place.run("a", ["list", "pain", "--limit", "1"])
    #expect(
      first.status == 0 && first.errors.contains("kept as \(place.path("a.sqlite")).first-form-"), "\(first)")
    #expect(try !place.run("a", ["list", "pain"]).errors.contains("first-form"))
    #expect(try place.digest("a") == digest)
    let kept = try #require(try names(beside: "a").last)
    let permissions =
      try FileManager.default.attributesOfItem(atPath: place.path(kept))[.posixPermissions] as? Int
    #expect(permissions == 0o600)
    // It can be opened as it was, and comes to the same.
    try FileManager.default.copyItem(atPath: place.path(kept), toPath: place.path("b.sqlite"))
    #expect(try place.digest("b") == digest)
    #expect(try place.run("a", ["pain", "5"]).status == 0)
    #expect(try place.run("a", ["undo"]).status == 0)
  }

  /// Stopped at any moment, the next opening begins again: nothing is lost, and nothing half done is left.
  @Test func killedAtAnyMoment() throws {
    var killed = 0
    for step in 0..<40 {
      let device = "d\(step)"
      try place.write(original, to: "\(device).sqlite")
      let outcome = try place.run(
        device, ["list", "pain"],
        through: ["/usr/bin/timeout", "-s", "KILL", String(format: "%.4f", (4 + Double(step) * 1.5) / 1000)])
      if outcome.status != 0 { killed += 1 }
      #expect(try place.digest(device) == digest)
      let names = try names(beside: device)
      #expect(
        names.count == 2 && names[1].contains(".first-form-") && !names[1].hasSuffix(".tmp"), "\(names)")
    }
    #expect(killed > 0, "nothing was killed: the times are too long for this machine")
  }

  /// Two programs that open it at one time: both come to the same journal.
  @Test func twoProgramsAtOnce() throws {
    for round in 0..<5 {
      let device = "t\(round)"
      try place.write(original, to: "\(device).sqlite")
      let programs = (0..<3).map { _ in place.process(device, ["pain", "5"]) }
      let errors = try programs.map { program in
        let errors = Pipe()
        program.standardOutput = FileHandle.nullDevice
        program.standardError = errors
        try program.run()
        return errors
      }
      for (program, errors) in zip(programs, errors) {
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        program.waitUntilExit()
        guard program.terminationStatus != 0 else { continue }
        // On a busy machine another one can take longer than a program waits: it says so, and wrote nothing.
        #expect(program.terminationStatus == 7 && text.contains("in use by another program"), "\(text)")
        while try place.run(device, ["pain", "5"]).status == 7 {}
      }
      #expect(
        try place.objects(device, ["list", "pain"]).filter {
          $0["score"] as? Int == 5 && $0["backfilled"] as? Bool != true
        }.count >= 3)
      #expect(try names(beside: device).count == 2)
    }
  }

  /// Where nothing can be kept beside it, it stays as it is. Here its name is too long for that.
  @Test func thereHasToBeRoomForACopy() throws {
    let device = String(repeating: "a", count: 230)
    try place.write(original, to: "\(device).sqlite")
    let outcome = try place.run(device, ["pain", "5"])
    #expect(
      outcome.status == 1 && outcome.errors.contains("no copy of it can be kept beside it"), "\(outcome)")
    #expect(try place.bytes("\(device).sqlite") == original)
  }

  @Test func damagedOnesStayAsTheyAre() throws {
    try place.write(original, to: "a.sqlite")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "sqlite3", place.path("a.sqlite"),
      "UPDATE change SET recorded_at = recorded_at + 1 WHERE dot IN (SELECT min(dot) FROM change)",
    ]
    try process.run()
    process.waitUntilExit()
    let before = try place.bytes("a.sqlite")
    for _ in 0..<2 {
      let outcome = try place.run("a", ["list", "pain"])
      #expect(outcome.status == 7 && outcome.output.isEmpty, "\(outcome)")
      #expect(try place.bytes("a.sqlite") == before)
    }
  }
}
