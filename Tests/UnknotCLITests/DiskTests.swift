import Foundation
import TestSupport
import Testing

/// What is said where the disk, or who owns it, does not let the program do what it should.
@Suite struct DiskTests {
  @Test func whatIsTooSmallIsNoJournal() throws {
    let place = try Workplace()
    try place.write(Data([0x78]), to: "a.sqlite")
    for command in [["list", "pain"], ["pain", "3"], ["init", "--device", "phone"]] {
      let outcome = try place.run("a", command)
      #expect(outcome.status == 7)
      #expect(outcome.errors.contains("too small"), "\(outcome.errors)")
    }
    #expect(try place.bytes("a.sqlite") == Data([0x78]))
  }

  @Test(.enabled(if: Workplace.unprivileged != nil, "permissions hold for everybody"))
  func nothingIsTakenWhereNothingCanBeWritten() throws {
    let place = try Workplace()
    let wrapper = Workplace.unprivileged ?? []
    try place.run("a", ["init", "--device", "phone"])
    try place.run("b", ["pain", "3"])
    try place.run("b", ["export", "json", "-o", "b.json"])
    // Whoever else reads it has notes of their own.
    let state = ["XDG_STATE_HOME": place.path("other")]
    try FileManager.default.createDirectory(atPath: place.path("other"), withIntermediateDirectories: true)
    for (name, mode) in [
      ("other", 0o777), ("a.sqlite", 0o444), ("b.json", 0o444), ("", 0o555),
    ] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place.path(name))
    }
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path("")) }
    let before = try place.bytes("a.sqlite")
    let tried = try place.run("a", ["import", "b.json", "--dry-run"], environment: state, through: wrapper)
    #expect(tried.status == 0, "\(tried)")
    #expect(try place.run("a", ["import", "b.json"], environment: state, through: wrapper).status == 1)
    #expect(try place.bytes("a.sqlite") == before)
  }

  @Test func aLimitOfFileSizesIsToldLikeAFullDisk() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "3"])
    let outcome = try place.run(
      nil, ["demo", "demo.sqlite"], through: ["/bin/sh", "-c", "ulimit -f 200; exec \"$0\" \"$@\""])
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.errors.hasPrefix("error: demo.sqlite cannot be written"), "\(outcome.errors)")
    let left = try FileManager.default.contentsOfDirectory(atPath: place.folder)
    #expect(left.allSatisfy { !$0.hasPrefix("demo") && !$0.hasPrefix(".unknot") })
  }

  @Test func aFolderThatIsKeptInStepIsWarnedOfOnce() throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(
      atPath: place.path("kept/.stfolder"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      atPath: place.path("kept/deeper"), withIntermediateDirectories: true)
    let first = try place.run("kept/deeper/a", ["pain", "3"])
    #expect(first.errors.contains("Syncthing syncs between computers"), "\(first.errors)")
    #expect(try !place.run("kept/deeper/a", ["pain", "3"]).errors.contains("Syncthing"))
    #expect(try !place.run("a", ["pain", "3"]).errors.contains("syncs between computers"))
  }
}
