import Foundation
import Testing

@Suite struct VerifyTests {
  @Test func aBrokenTableIsToldAndMended() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("a", ["pain", "6", "--at", "2024-05-14 18:00", "--tag", "wet"])
    let whole = Outcome(
      status: 0, output: "the file is undamaged, and its tables match the log\n", errors: "")
    #expect(try place.run("a", ["verify"]) == whole)
    #expect(try place.run("a", ["verify", "--format", "json"]).output == "[]\n")
    let listed = try place.run("a", ["list", "pain"])

    try place.sqlite("a", "UPDATE record_pain SET score = 9; DELETE FROM member")
    let before = try place.bytes("a.sqlite")
    let found = try place.run("a", ["verify"])
    #expect(found.status == 7)
    let lines = found.output.split(separator: "\n").map { $0.split(separator: " ").first ?? "" }
    #expect(lines == ["record_pain", "member"])
    #expect(found.errors.hasPrefix("error: the journal has faults\n"))
    #expect(found.errors.contains("verify --mend"))
    #expect(try place.bytes("a.sqlite") == before, "looking changes nothing")

    let mended = Outcome(
      status: 0, output: whole.output,
      errors:
        "warning: some of the journal's tables had faults: they were rebuilt from the log\n"
    )
    #expect(try place.run("a", ["verify", "--mend"]) == mended)
    #expect(try place.run("a", ["list", "pain"]) == listed)
    try place.sqlite("a", "DROP TABLE record_pain")
    #expect(try place.run("a", ["verify"]).status == 7)
    #expect(try place.run("a", ["verify", "--mend"]) == mended)
    #expect(try place.run("a", ["list", "pain"]) == listed)
  }

  @Test func filesAreLookedAt() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("a", ["pain", "6", "--note", "something to remember"])
    try place.run("a", ["sync", "export", "-o", "all.unknot"])
    try place.run("a", ["backup", "copy.sqlite"])
    let whole = try place.run("a", ["verify", "all.unknot", "copy.sqlite"])
    #expect(
      whole
        == Outcome(
          status: 0,
          output:
            "all.unknot: a file for other devices, 1 change, whole\ncopy.sqlite: a journal, 1 change, whole\n",
          errors: ""))
    #expect(try place.run("a", ["verify", "gone.unknot"]).status == 3)
    #expect(try place.run("a", ["verify", "--mend", "all.unknot"]).status == 2)

    var file = try place.bytes("all.unknot")
    file[file.count / 2] ^= 1
    try file.write(to: URL(filePath: place.path("all.unknot")))
    try place.sqlite("copy", "UPDATE change SET recorded_at = 5")
    let found = try place.run("a", ["verify", ".", "--format", "json"])
    #expect(found.status == 8)
    #expect(found.output.contains("\"whole\": true"), "the journal itself lies there too")
    #expect(found.errors.hasPrefix("error: 2 files of 3 failed the check\n"))
  }

  @Test func whatIsWholeIsRescued() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    for score in 1...5 { try place.run("a", ["pain", "\(score)"]) }
    let digest = try place.run("a", ["sync", "digest"])
    // The last one is damaged: the chain proves nothing that has no hash of its own.
    try place.run("a", ["backup", "old.sqlite"])
    try place.run("a", ["pain", "6"])
    let after = try place.run("a", ["sync", "digest"])
    try place.sqlite("a", "UPDATE change SET recorded_at = 5 WHERE key = (SELECT max(key) FROM change)")
    #expect(try place.run("a", ["verify"]).status == 7)
    #expect(try place.run("a", ["pain", "7"]).status == 7)
    let damaged = try place.bytes("a.sqlite")

    let nothing = try place.run("a", ["rescue", "a.sqlite", "-o", "new.sqlite"])
    #expect(nothing.status == 7)
    #expect(!FileManager.default.fileExists(atPath: place.path("new.sqlite")))
    let rescued = try place.run("a", ["rescue", "a.sqlite", "old.sqlite", "-o", "new.sqlite"])
    #expect(rescued.status == 10)
    #expect(rescued.output.hasPrefix("written new.sqlite: 5 changes, each proven unaltered\n"))
    #expect(rescued.output.contains("missing of phone: 1 change, "))
    #expect(try place.bytes("a.sqlite") == damaged)
    #expect(try place.run("new", ["sync", "digest"]).output == digest.output)

    // It takes the damaged one's place, as the same device.
    try place.run("a", ["restore-backup", "new.sqlite"])
    #expect(try place.run("a", ["verify", "--deep"]).status == 0)
    #expect(try place.run("a", ["sync", "digest"]) == digest)
    #expect(try place.run("a", ["pain", "6"]).status == 0)
    #expect(
      try place.run("a", ["sync", "status", "--format", "json"]).output == "[]\n",
      "no other device came of it")
    #expect(digest != after)
  }
}
