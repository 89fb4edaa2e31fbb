import Foundation
import Testing

@Suite struct BackupTests {
  private func pains(_ place: Workplace) throws -> String {
    try place.run("a", ["list", "pain", "--format", "csv", "--columns", "score"]).output
  }

  @Test func aBackupIsPutBackAndThatIsUndone() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("a", ["pain", "6", "--at", "2024-05-14 18:00"])
    let made = try place.run("a", ["backup", "kept.sqlite"])
    #expect(made.status == 0 && made.output.hasSuffix("found whole\n"))
    let digest = try place.run("a", ["sync", "digest"])
    #expect(try place.run("kept", ["sync", "digest"]) == digest)
    #expect(try place.run("kept", ["verify", "--deep"]).status == 0)

    // Nothing is replaced.
    let before = try place.bytes("kept.sqlite")
    #expect(try place.run("a", ["backup", "kept.sqlite"]).status == 1)
    #expect(try place.bytes("kept.sqlite") == before)

    try place.run("a", ["pain", "3", "--at", "2024-05-15 18:00"])
    let later = try place.run("a", ["sync", "digest"])
    let restored = try place.run("a", ["restore-backup", "kept.sqlite"])
    #expect(restored.status == 0 && restored.errors.contains("undoes this"), "\(restored)")
    #expect(try place.run("a", ["sync", "digest"]) == digest)
    #expect(try place.bytes("kept.sqlite") == before, "a backup stays as it is")

    let listed = try place.run("a", ["backup", "list", "--format", "ndjson"]).output
    #expect(listed.split(separator: "\n").count == 1 && listed.contains("\"reason\":\"restore\""))
    let kept = try #require(listed.firstMatch(of: /"file":"([^"]*)"/)?.1)
    #expect(try place.run("a", ["restore-backup", String(kept)]).status == 0)
    #expect(try place.run("a", ["sync", "digest"]) == later)
  }

  /// What was recorded after a backup, and is gone here, is on another device: the two are not mistaken for each other.
  @Test func whatIsWrittenAfterwardsHasANewName() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("a", ["pain", "6", "--at", "2024-05-14 18:00"])
    try place.run("a", ["backup", "kept.sqlite"])
    try place.run("a", ["pain", "3", "--at", "2024-05-15 18:00"])
    try place.run("a", ["sync", "export", "-o", "one.unknot"])
    try place.run("b", ["sync", "import", "one.unknot"])
    try place.run("a", ["restore-backup", "kept.sqlite"])
    let written = try place.run("a", ["pain", "4", "--at", "2024-05-16 18:00"])
    #expect(written.status == 0 && written.errors.contains("restored"), "\(written)")
    try place.run("b", ["sync", "export", "--full", "-o", "two.unknot"])
    try place.run("a", ["sync", "import", "two.unknot"])
    try place.run("a", ["sync", "export", "-o", "three.unknot"])
    try place.run("b", ["sync", "import", "three.unknot"])
    #expect(try place.run("a", ["sync", "digest"]) == place.run("b", ["sync", "digest"]))
    #expect(
      try place.run("a", ["list", "pain", "--format", "ndjson"]).output.split(separator: "\n").count == 3)
  }

  @Test func aDamagedOrLostJournalIsPutBack() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("a", ["pain", "6", "--at", "2024-05-14 18:00"])
    let digest = try place.run("a", ["sync", "digest"])
    try place.run("a", ["backup", "kept.sqlite"])
    let journal = "\(place.folder)/a.sqlite"
    try Data(
      "this is no journal, and it is longer than a hundred bytes: ".utf8 + Data(repeating: 65, count: 9000)
    )
    .write(to: URL(filePath: journal))
    let restored = try place.run("a", ["restore-backup", "kept.sqlite"])
    #expect(restored.status == 0 && restored.errors.contains("is kept as"), "\(restored)")
    #expect(try place.run("a", ["sync", "digest"]) == digest)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: place.folder).contains { $0.contains(".damaged-") })

    try FileManager.default.removeItem(atPath: journal)
    #expect(try place.run("a", ["restore-backup", "kept.sqlite"]).status == 0)
    #expect(try place.run("a", ["sync", "digest"]) == digest)
  }

  @Test func whatIsNoBackupChangesNothing() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "6", "--at", "2024-05-14 18:00"])
    try place.run("other", ["pain", "1", "--at", "2024-05-14 18:00"])
    try place.run("a", ["backup", "broken.sqlite"])
    try place.sqlite("broken", "UPDATE change SET recorded_at = recorded_at + 1")
    try Data("nothing".utf8).write(to: URL(filePath: "\(place.folder)/text.sqlite"))
    try Data().write(to: URL(filePath: "\(place.folder)/empty.sqlite"))
    let before = try place.bytes("a.sqlite")
    for (file, status) in [
      ("none.sqlite", 3), ("text.sqlite", 8), ("empty.sqlite", 8), ("/dev/null", 8), ("broken.sqlite", 8),
      ("other.sqlite", 9),
    ] {
      let outcome = try place.run("a", ["restore-backup", file])
      #expect(outcome.status == Int32(status), "\(file): \(outcome)")
      #expect(try place.bytes("a.sqlite") == before)
      #expect(try place.run("missing", ["restore-backup", file]).status == (status == 9 ? 0 : Int32(status)))
    }
    #expect(
      try place.run("a", ["backup", "list", "--format", "json"]).output == "[]\n", "nothing was made for them"
    )
    #expect(try place.run(nil, ["backup", "x.sqlite"]).status == 7)
    #expect(
      try !FileManager.default.contentsOfDirectory(atPath: place.folder).contains { $0.hasPrefix(".unknot") })
  }

  /// A backup of what is damaged would be taken for one.
  @Test func ofADamagedJournalThereIsNoBackup() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "6", "--at", "2024-05-14 18:00"])
    try place.sqlite("a", "UPDATE change SET recorded_at = recorded_at + 1")
    #expect(try place.run("a", ["backup", "x.sqlite"]).status == 7)
    #expect(try place.run("a", ["sync", "export", "--full", "-o", "x.unknot"]).status == 7)
    let found = try place.run("a", ["verify", "--format", "json"])
    #expect(found.status == 7 && found.output.contains("\"part\": \"log\""), "\(found)")
    #expect(
      try !FileManager.default.contentsOfDirectory(atPath: place.folder).contains { $0.hasPrefix("x.") })
  }

  /// Whatever the clock says, what was made just now and what is being put back stay.
  @Test func theOneThatIsPutBackStays() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "6", "--at", "2024-05-14 18:00"])
    try place.run("a", ["backup", "base.sqlite"])
    for day in ["2024-06-06", "2024-06-07", "2024-06-08", "2024-06-09", "2024-06-10"] {
      #expect(try place.run("a", ["restore-backup", "base.sqlite"], at: "\(day) 12:00:00").status == 0)
      try place.run("a", ["pain", "1"], at: "\(day) 12:00:01")
    }
    func kept() throws -> [String] {
      try place.run("a", ["backup", "list", "--format", "ndjson"]).output.matches(of: /"file":"([^"]*)"/).map
      { String($0.1) }
    }
    let oldest = try #require(try kept().last)
    #expect(try place.run("a", ["restore-backup", oldest], at: "2024-06-11 12:00:00").status == 0)
    #expect(try kept().contains(oldest))

    try place.run("a", ["pain", "8"], at: "2024-06-08 05:59:00")
    let digest = try place.run("a", ["sync", "digest"])
    let back = try place.run("a", ["restore-backup", "base.sqlite"], at: "2024-06-08 06:00:00")
    let undo = try #require(back.errors.firstMatch(of: /restore-backup (\S+) undoes/)?.1)
    #expect(try place.run("a", ["restore-backup", String(undo)]).status == 0)
    #expect(try place.run("a", ["sync", "digest"]) == digest)

    try FileManager.default.removeItem(atPath: "\(place.folder)/a.sqlite")
    #expect(try !kept().isEmpty, "that is when they are looked for")
  }

  @Test func aLargeFileOfRecordsIsPrecededByOne() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("a", ["demo", "made.sqlite", "--days", "200"])
    try place.run("made", ["export", "json", "-o", "made.json"])
    #expect(try place.run("a", ["import", "made.json", "--dry-run"]).status == 0)
    #expect(try place.objects("a", ["backup", "list"]).isEmpty)
    #expect(try place.run("a", ["import", "made.json"]).status == 0)
    #expect(try place.objects("a", ["backup", "list"]).map { $0["reason"] as? String } == ["import"])
  }
}
