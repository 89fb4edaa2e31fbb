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
    let before = try place.bytes("a.sqlite")
    for (file, status) in [("none.sqlite", 3), ("text.sqlite", 7), ("broken.sqlite", 7), ("other.sqlite", 9)]
    {
      let outcome = try place.run("a", ["restore-backup", file])
      #expect(outcome.status == Int32(status), "\(file): \(outcome)")
      #expect(try place.bytes("a.sqlite") == before)
    }
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
}
