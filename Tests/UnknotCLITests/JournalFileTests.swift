import Foundation
import TestSupport
import Testing

/// A journal that cannot be used, and a disk that does not take it.
@Suite struct JournalFileTests {
  @Test func aNewerJournal() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "6"])
    try place.sqlite("a", "PRAGMA user_version = 999")
    let before = try place.bytes("a.sqlite")
    for arguments in [["list", "pain"], ["pain", "5"], ["sync", "digest"]] {
      let outcome = try place.run("a", arguments)
      #expect(outcome.status == 7)
      #expect(outcome.output == "")
      #expect(outcome.errors.contains("999"), "\(outcome.errors)")
    }
    #expect(try place.bytes("a.sqlite") == before)
  }

  /// Rows that this program never wrote: it says so, and neither traps nor runs in circles.
  @Test(arguments: [
    "UPDATE change SET subject = key", "UPDATE entry SET fields = x'ff'", "UPDATE entry SET presence = 7",
    "UPDATE change SET subject = 99 << 40 | 1", "UPDATE entry SET key = 99 << 40 | record & 1023",
    "UPDATE line SET depth = depth + 5", "UPDATE line SET depth = -1",
    "UPDATE line SET parent = number << 40 | 1, first_hash = hash, beside_hash = hash, actor = NULL",
    "UPDATE line SET parent = 1 << 40 | 1, first_hash = hash, beside_hash = hash, actor = NULL WHERE number > 1",
    "UPDATE line SET hash = x'00'", "DELETE FROM line WHERE number = 1",
    "UPDATE line SET number = number + 7",
    "UPDATE acknowledgement SET line = 7696581394433", "UPDATE acknowledgement SET depth = 1 << 41",
    "UPDATE change SET shape = 99", "UPDATE change SET body = x'0000'", "DELETE FROM change WHERE key & 1",
    "UPDATE context SET heads = x'8080'", "UPDATE context SET heads = x'6301'",
    "UPDATE line SET context = x'0763'", "UPDATE line SET context = x'6301'", "DELETE FROM shape",
    "INSERT INTO forgotten VALUES (-9223372036854775807, 9223372036854775807, x'')",
    "INSERT INTO forgotten VALUES (0, 9223372036854775807, x'')",
    "UPDATE device SET id = x'00' WHERE number > 1", "UPDATE register_conflict SET field = 77",
    "UPDATE record_pain SET id = id + 1000", "UPDATE record_pain SET at_offset = 1 << 40",
    "DELETE FROM record_pain",
    "UPDATE register_conflict SET shown = 1", "DELETE FROM line_name", "DELETE FROM member",
    "UPDATE record_pain SET parent = 99 << 40, site = 'x', complete = 1",
    "UPDATE record_kind SET declaration = NULL",
    "DELETE FROM record_kind", "DELETE FROM declaration", "DROP VIEW pain",
    "UPDATE record_kind SET name = name || char(34)",
    "DELETE FROM declaration; UPDATE record_kind SET name = name || char(34)",
    "UPDATE operation SET last = first - 1",
    "UPDATE operation SET kind = 9", "UPDATE device SET writer = 99",
    "UPDATE stamp SET bytes = x''", "UPDATE checkpoint SET hash = x''",
  ])
  func rowsOfAnotherHand(sql: String) throws {
    let place = try Workplace()
    for device in ["a", "b"] { try place.run(device, ["init", "--device", device]) }
    try place.run("a", ["pain", "6"])
    func carry(_ from: String, _ to: String, _ name: String) throws {
      try place.run(from, ["sync", "export", "--full", "-o", name])
      try place.run(to, ["sync", "import", name])
    }
    try carry("a", "b", "1.unknot")
    let id = try #require(
      place.run("a", ["list", "pain", "--format", "csv"]).output.split(separator: "\n").last?
        .split(separator: ",").first)
    for (device, score) in [("a", "3"), ("b", "4")] {
      try place.run(device, ["edit", String(id), "score=\(score)"])
    }
    try carry("b", "a", "2.unknot")
    try carry("a", "b", "3.unknot")
    try place.sqlite(
      "a", "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; \(sql)",
      options: ["-cmd", ".dbconfig enable_trigger off"])
    let commands = [
      ["list", "pain"], ["show", String(id)], ["history", String(id)], ["conflicts"], ["sync", "status"],
      ["sync", "digest"], ["sync", "export", "--full", "-o", "4.unknot"], ["sync", "import", "2.unknot"],
      ["edit", String(id), "score=9"], ["undo"], ["compact"],
    ]
    for arguments in commands {
      let outcome = try place.run("a", arguments)
      #expect([0, 1, 3, 5, 7].contains(outcome.status), "\(arguments): \(outcome)")
    }
  }

  @Test func anEmptiedJournal() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "6"])
    try place.write(Data(), to: "a.sqlite")
    for arguments in [["list", "pain"], ["pain", "5"]] {
      let outcome = try place.run("a", arguments)
      #expect(outcome.status == 7 && outcome.errors.contains("the file is empty"), "\(outcome)")
    }
    #expect(try place.bytes("a.sqlite").isEmpty)
    #expect(try place.run("a", ["backup"]).status == 7)
    // One that was taken away is begun anew when that is said.
    try FileManager.default.removeItem(atPath: place.path("a.sqlite"))
    #expect(try place.run("a", ["pain", "5"]).status == 7)
    let begun = try place.run("a", ["init", "--device", "b"])
    #expect(begun.status == 0 && begun.errors.contains("the journal that was here before is gone"))
    #expect(try place.run("a", ["init", "--device", "b"]).errors.isEmpty)
    #expect(try place.run("a", ["pain", "5"]).status == 0)
    // An emptied one likewise, and what there is of it is named.
    #expect(try place.run("a", ["backup"]).status == 0)
    try place.write(Data(), to: "a.sqlite")
    let again = try place.run("a", ["init", "--device", "b"])
    #expect(again.status == 0 && again.errors.contains("unknot restore-backup /"), "\(again)")
    // An empty file where no journal ever was is one to begin in.
    try place.write(Data(), to: "new.sqlite")
    #expect(try place.run("new", ["pain", "5"]).status == 0)
  }

  /// A stick that is not plugged in: whatever is asked of its journal, nothing is made in its place.
  @Test func aJournalThatIsNotThere() throws {
    let place = try Workplace()
    let manager = FileManager.default
    try place.run("stick/a", ["pain", "6"])
    let before = try place.sqlite("stick/a", "SELECT count(*), count(DISTINCT key >> 40) FROM change")
    try manager.moveItem(atPath: place.path("stick"), toPath: place.path("pocket"))
    try manager.createDirectory(atPath: place.path("stick"), withIntermediateDirectories: false)
    for arguments in [
      ["list", "pain"], ["pain", "5"], ["sql", "SELECT 1"], ["sync", "status"], ["verify"],
    ] {
      let outcome = try place.run("stick/a", arguments)
      #expect(outcome.status == 7 && outcome.output == "", "\(outcome)")
      #expect(
        outcome.errors.contains("the journal is not there") && outcome.errors.contains("unknot init --device")
      )
    }
    #expect(try manager.contentsOfDirectory(atPath: place.path("stick")) == [])
    try manager.removeItem(atPath: place.path("stick"))
    try manager.moveItem(atPath: place.path("pocket"), toPath: place.path("stick"))
    #expect(before == "1|1\n")
    #expect(try place.run("stick/a", ["pain", "5"]).errors == "")
    #expect(
      try place.sqlite("stick/a", "SELECT count(*), count(DISTINCT key >> 40) FROM change") == "2|1\n")
  }

  /// Whoever loses what is noted of a journal before each write is told so, and the device's name stays.
  @Test func lostNotesAreSaid() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    for _ in 0..<3 {
      try FileManager.default.removeItem(atPath: place.path("home/.local/state"))
      let outcome = try place.run("a", ["pain", "6"])
      #expect(outcome.status == 0)
      #expect(
        outcome.errors.contains("called phone like the other one: unknot init --device NAME"), "\(outcome)")
    }
    #expect(try place.run("a", ["sync", "status"]).errors.contains("another device is called phone"))
    // A copy is named at once, whether or not anything is written to it before.
    try FileManager.default.copyItem(atPath: place.path("a.sqlite"), toPath: place.path("b.sqlite"))
    #expect(try place.run("b", ["init", "--device", "copy"]).output == "this device is copy\n")
    let names = try place.objects("b", ["sync", "devices"]).map { $0["name"] as? String }
    #expect(names == ["copy", "phone", "phone", "phone", "phone"])
  }

  /// What only reads makes no file, and neither does what is refused before it writes.
  @Test func readingMakesNoJournal() throws {
    let place = try Workplace()
    for arguments in [
      ["list", "sessions"], ["list", "pain", "--format", "ndjson"], ["sync", "status"], ["sync", "digest"],
      ["conflicts"],
      ["sql", "SELECT * FROM pain"], ["export", "json"], ["sync", "export", "--full", "-o", "x.unknot"],
    ] {
      let outcome = try place.run(nil, arguments)
      #expect(outcome.status == 0, "\(arguments): \(outcome)")
    }
    // Of a journal that is not there nothing is whole: its name may be mistyped.
    for arguments in [["verify"], ["verify", "--deep"], ["verify", "--mend"]] {
      #expect(try place.run(nil, arguments).status == 7)
    }
    let made = FileManager.default.enumerator(atPath: place.folder)?.compactMap { $0 as? String } ?? []
    #expect(made == ["home"])
  }

  @Test func aLockedJournal() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "6"])
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    holder.arguments = ["sqlite3", place.path("a.sqlite")]
    let feed = Pipe()
    let answer = Pipe()
    holder.standardInput = feed
    holder.standardOutput = answer
    try holder.run()
    try feed.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE; SELECT 'locked';\n".utf8))
    _ = answer.fileHandleForReading.availableData
    let outcome = try place.run("a", ["pain", "5"])
    #expect(outcome.status == 7)
    #expect(outcome.errors.contains("in use by another program"), "\(outcome.errors)")
    // Reading needs no turn.
    #expect(try place.objects("a", ["list", "pain"]).count == 1)
    try feed.fileHandleForWriting.close()
    holder.waitUntilExit()
    #expect(try place.run("a", ["pain", "5"]).status == 0)
  }

  @Test func filesThatAreNoJournal() throws {
    let place = try Workplace()
    let text = Data("Dear diary,\n".utf8) + Data(repeating: 0x61, count: 5000)
    try place.write(text, to: "a.sqlite")
    let outcome = try place.run("a", ["pain", "5"])
    #expect(outcome.status == 7)
    #expect(outcome.errors.contains("not a journal"), "\(outcome.errors)")
    #expect(try place.bytes("a.sqlite") == text)

    try FileManager.default.removeItem(atPath: place.path("a.sqlite"))
    try place.sqlite("a", "CREATE TABLE recipe(name)")
    let foreign = try place.bytes("a.sqlite")
    #expect(try place.run("a", ["pain", "5"]).status == 7)
    #expect(try place.bytes("a.sqlite") == foreign)

    try place.run("b", ["pain", "6"])
    let whole = try place.bytes("b.sqlite")
    try place.write(whole.prefix(whole.count / 2), to: "b.sqlite")
    let cut = try place.run("b", ["list", "pain"])
    #expect(cut.status == 7, "\(cut)")

    try FileManager.default.createDirectory(atPath: place.path("c.sqlite"), withIntermediateDirectories: true)
    #expect(try place.run("c", ["list", "pain"]).status == 1)
  }

  @Test(.enabled(if: Workplace.unprivileged != nil, "it can be run as nobody"))
  func aFolderThatCannotBeWritten() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "6"])
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0o444], ofItemAtPath: place.path("a.sqlite"))
    try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: place.folder)
    defer { try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.folder) }
    let wrapper = try #require(Workplace.unprivileged)
    let before = try place.bytes("a.sqlite")
    let new = try place.run("new", ["pain", "5"], through: wrapper)
    #expect(new.status == 1, "\(new)")
    #expect(new.errors.contains("Permission denied"), "\(new.errors)")
    let old = try place.run("a", ["pain", "5"], through: wrapper)
    #expect(old.status == 1, "\(old)")
    let export = try place.run("a", ["sync", "export", "--full", "-o", "x.unknot"], through: wrapper)
    #expect(export.status == 1, "\(export)")
    #expect(try place.run("a", ["list", "pain"], through: wrapper).status == 0)
    #expect(try place.bytes("a.sqlite") == before)
  }

  private static func call(_ command: [String]) throws -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  private static func mount(_ disk: String) throws -> Bool {
    try call(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk])
  }

  private static let canMount: Bool = {
    guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
    defer { _ = try? call(["umount", folder.path]) }
    return (try? mount(folder.path)) ?? false
  }()

  @Test(.enabled(if: canMount, "a small file system can be mounted")) func aFullDisk() throws {
    let place = try Workplace()
    let disk = place.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    try #require(try Self.mount(disk))
    defer { _ = try? Self.call(["umount", disk]) }
    try place.write(Data(repeating: 0, count: 64 << 10), to: "disk/reserve")
    let note = String(repeating: "n", count: 9000)
    var written = 0
    var last = Outcome(status: 0, output: "", errors: "")
    while last.status == 0, written < 100 {
      last = try place.run("disk/a", ["pain", "5", "--note", note])
      if last.status == 0 { written += 1 }
    }
    #expect(last.status == 1, "\(last)")
    #expect(last.errors.contains("disk is full"), "\(last.errors)")
    #expect(written > 0)
    #expect(try place.objects("disk/a", ["list", "pain"]).count == written)
    let filler = fopen(disk + "/filler", "w")
    for _ in 0..<(512 << 10) { fputc(0, filler) }
    fclose(filler)
    let export = try place.run("disk/a", ["sync", "export", "--full", "-o", "disk/x.unknot"])
    #expect(export.status == 1, "\(export)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: disk).sorted() == ["a.sqlite", "filler", "reserve"])
    // With room again, it goes on.
    for name in ["filler", "reserve"] { try FileManager.default.removeItem(atPath: "\(disk)/\(name)") }
    #expect(try place.run("disk/a", ["rm", "1"]).status == 0)
  }

  /// Without a place for its note, a copy of a journal could not be told from the journal.
  @Test(arguments: [["pain", "5"], ["list", "pain"], ["init", "--device", "x"]])
  func withoutAHomeNothingIsWritten(arguments: [String]) throws {
    let place = try Workplace()
    let outcome = try place.run("a", arguments, environment: ["HOME": "", "XDG_STATE_HOME": "relative"])
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(
      outcome.errors == """
        error: there is no home folder for this device's notes
        hint: set HOME or XDG_STATE_HOME to their usual values on this computer

        """)
    #expect(!FileManager.default.fileExists(atPath: place.path("a.sqlite")))
  }

  @Test func aJournalBegunThroughALinkIsForNobodyElse() throws {
    let place = try Workplace()
    try FileManager.default.createSymbolicLink(
      atPath: place.path("a.sqlite"), withDestinationPath: place.path("elsewhere.sqlite"))
    try place.run("a", ["pain", "5"])
    let attributes = try FileManager.default.attributesOfItem(atPath: place.path("elsewhere.sqlite"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }
}
