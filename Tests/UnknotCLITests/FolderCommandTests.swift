import Foundation
import TestSupport
import Testing

/// `unknot sync folder`: what it says, and with which status.
@Suite struct FolderCommandTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    try FileManager.default.createDirectory(atPath: place.path("shared"), withIntermediateDirectories: true)
  }

  private func run(_ device: String, _ words: String...) throws -> Outcome {
    try place.run("\(device)/journal", words, environment: ["XDG_STATE_HOME": place.path("\(device)/state")])
  }

  private func begin(_ device: String) throws {
    try FileManager.default.createDirectory(atPath: place.path(device), withIntermediateDirectories: true)
    #expect(try run(device, "init", "--device", device).status == 0)
  }

  @Test func aRoundOnEachOfTwoDevices() throws {
    try begin("phone")
    #expect(try run("phone", "pain", "4").status == 0)
    let without = try run("phone", "sync", "folder")
    #expect(without.status == 3)
    #expect(
      without.errors
        == "error: no folder is shared with other devices\nhint: choose one: unknot sync folder set DIR\n"
    )
    let set = try run("phone", "sync", "folder", "set", place.path("shared"), "--plain")
    #expect(
      set.output == "this device shares \(place.path("shared")): unknot sync folder exchanges through it\n")
    #expect(try run("phone", "sync", "folder").output == "wrote 1 file\n")
    #expect(try run("phone", "sync", "folder").output == "nothing new\n")

    try begin("laptop")
    #expect(try run("laptop", "sync", "folder", "set", place.path("shared"), "--plain").status == 0)
    let tried = try run("laptop", "sync", "folder", "--dry-run")
    #expect(tried.output == "would take 1 change from phone\n")
    #expect(tried.errors == "this was a dry run: nothing was changed\n")
    #expect(try run("laptop", "sync", "folder").output == "took 1 change from phone, wrote 1 file\n")
    try Data("half".utf8).write(to: URL(filePath: place.path("shared/x.unknot")))
    let aside = try run("laptop", "sync", "folder")
    #expect(aside.status == 0 && aside.output == "nothing new; 1 file set aside\n")
    #expect(aside.errors.hasPrefix("x.unknot is not complete yet, or damaged ("))
    let list = try run("laptop", "sync", "folder", "list", "--format", "csv")
    #expect(list.output.components(separatedBy: "\r\n").count == 5, "\(list)")
    #expect(
      try run("phone", "sync", "digest").output.prefix(64)
        == run("laptop", "sync", "digest").output.prefix(64))
    #expect(try run("laptop", "sync", "folder", "forget").status == 0)
    #expect(try run("laptop", "sync", "folder").status == 3)
  }

  /// `status` says in one line how far each device is behind, and for how long it was silent.
  @Test func statusNamesWhoIsBehind() throws {
    func status(_ time: String) throws -> String {
      let outcome = try place.run(
        "phone/journal", ["status"], environment: ["XDG_STATE_HOME": place.path("phone/state")], at: time)
      return String(outcome.output.split(separator: "\n").last ?? "")
    }
    try begin("phone")
    #expect(try run("phone", "pain", "4").status == 0)
    #expect(try !status("2024-05-01 12:00:00").hasPrefix("devices"))
    let folder = place.path("shared")
    for device in ["phone", "laptop", "tablet"] {
      if device != "phone" { try begin(device) }
      #expect(try run(device, "sync", "folder", "set", folder, "--plain").status == 0)
      #expect(try run(device, "sync", "folder").status == 0)
    }
    #expect(try run("phone", "sync", "folder").status == 0)
    func lacks() throws -> [Int?] {
      let output = try run("phone", "status", "--format", "json").output
      let json = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
      return try #require(json?["devices"] as? [[String: Any]]).map { $0["lacks"] as? Int }
    }
    #expect(try lacks() == [0, 0])
    #expect(try run("phone", "pain", "5").status == 0)
    #expect(try lacks() == [1, 1])
    let line = try status("2034-05-01 12:00:00")
    #expect(line.hasPrefix("devices: laptop lacks 1 change, last heard of "), "\(line)")
    #expect(try run("phone", "sync", "retire", "laptop").status == 0)
    #expect(try !status("2034-05-01 12:00:00").contains("laptop"))
  }

  @Test func whatCannotBeAFolder() throws {
    try begin("phone")
    let missing = try run("phone", "sync", "folder", "set", place.path("nowhere"))
    #expect(missing.status == 3)
    #expect(missing.errors.hasPrefix("error: there is no folder "))
    #expect(try run("phone", "sync", "folder", "set", place.path("shared"), "--plain").status == 0)
    try FileManager.default.removeItem(atPath: place.path("shared"))
    #expect(try run("phone", "sync", "folder").status == 1)
  }

  /// A folder has more files than a program may have open, and carriers give them other names.
  @Test func manyFilesUnderManyNames() throws {
    try begin("phone")
    try begin("laptop")
    #expect(try run("phone", "pain", "4").status == 0)
    #expect(try run("phone", "sync", "export", "-o", "first.unknot").status == 0)
    let bytes = try Data(contentsOf: URL(filePath: place.path("first.unknot")))
    for number in 0..<100 {
      let name = ["\(number).unknot", "\(number).UNKNOT", "\(number).unknot(1)", "\(number)"][number % 4]
      try bytes.write(to: URL(filePath: place.path("shared/\(name)")))
    }
    let imported = try place.run(
      "laptop/journal", ["sync", "import", "shared", "--format", "json"],
      environment: ["XDG_STATE_HOME": place.path("laptop/state")],
      through: ["/bin/sh", "-c", "ulimit -n 40; exec \"$0\" \"$@\""])
    #expect(imported.status == 0, "\(imported)")
    #expect(imported.output.components(separatedBy: "\"device\"").count == 101)
  }

  /// An old file that is read once more is no word of its device.
  @Test func theLastImportIsTheNewestWord() throws {
    try begin("phone")
    try begin("laptop")
    #expect(try run("phone", "pain", "4").status == 0)
    #expect(try run("phone", "sync", "export", "-o", "first.unknot").status == 0)
    func lastImport() throws -> String? {
      let output = try run("laptop", "sync", "status", "--format", "json").output
      return output.split(separator: "\n").first { $0.contains("last_import") }.map(String.init)
    }
    func importFirst(at time: String) throws {
      let outcome = try place.run(
        "laptop/journal", ["sync", "import", "first.unknot"],
        environment: ["XDG_STATE_HOME": place.path("laptop/state")], at: time)
      #expect(outcome.status == 0, "\(outcome)")
    }
    try importFirst(at: "2026-05-01 10:00:00")
    let heard = try lastImport()
    #expect(heard?.contains("2026-05-01") == true, "\(heard ?? "")")
    try importFirst(at: "2026-05-09 10:00:00")
    #expect(try lastImport() == heard)
  }

  @Test func conflictsThatWait() throws {
    try begin("phone")
    try begin("laptop")
    for device in ["phone", "laptop"] {
      #expect(try run(device, "sync", "folder", "set", place.path("shared"), "--plain").status == 0)
    }
    #expect(try run("phone", "pain", "4").status == 0)
    #expect(try run("phone", "sync", "folder").status == 0)
    #expect(try run("laptop", "sync", "folder").status == 0)
    #expect(try run("phone", "edit", "1", "score=2").status == 0)
    let id = try run("phone", "list", "pain", "--format", "csv").output.components(separatedBy: "\r\n")[1]
      .prefix { $0 != "," }
    #expect(try run("laptop", "edit", "\(id)", "score=7").status == 0)
    #expect(try run("phone", "sync", "folder").status == 0)
    let merged = try run("laptop", "sync", "folder")
    #expect(merged.status == 5)
    #expect(merged.errors == "1 conflict waits for you: unknot conflicts\n")
  }
}
