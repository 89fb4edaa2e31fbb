import Foundation
import TestSupport
import Testing

/// `unknot sync key`, `invite`, `join`, `retire --lost` and `folder watch`: what they say, and with which status.
@Suite struct SealedCommandTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    try FileManager.default.createDirectory(atPath: place.path("shared"), withIntermediateDirectories: true)
  }

  @discardableResult
  private func run(_ device: String, _ words: String..., typing: String? = nil) throws -> Outcome {
    try place.run(
      "\(device)/journal", words, input: typing.map { Data("\($0)\n".utf8) },
      environment: ["XDG_STATE_HOME": place.path("\(device)/state")])
  }

  private func begin(_ device: String) throws -> Outcome {
    try FileManager.default.createDirectory(atPath: place.path(device), withIntermediateDirectories: true)
    #expect(try run(device, "init", "--device", device).status == 0)
    return try run(device, "sync", "folder", "set", place.path("shared"))
  }

  private func digest(_ device: String) throws -> String {
    String(try run(device, "sync", "digest").output.prefix(64))
  }

  /// A phone that has put something into the folder.
  private func phone() throws {
    let set = try begin("phone")
    #expect(
      set.errors
        == "files are sealed. Write down what opens them if all devices are lost: unknot sync key show\n")
    try run("phone", "pain", "4")
    #expect(try run("phone", "sync", "folder").output == "wrote 1 file\n")
  }

  @Test func aNewDeviceIsInvited() throws {
    try phone()
    let set = try begin("laptop")
    #expect(set.errors == "the files there are sealed: unknot sync join gives this device the key\n")
    let without = try run("laptop", "sync", "folder")
    #expect(without.status == 9 && without.output == "")
    #expect(without.errors.hasSuffix("hint: unknot sync join gives it the key\n"), "\(without)")
    let invitation = try run("phone", "sync", "invite")
    let code = invitation.output.trimmingCharacters(in: .newlines)
    // Midnight of UTC as it is in Berlin.
    let end = try #require(
      invitation.errors.firstMatch(of: /good until \w{3} \d+ \w{3}( \d{4})? 0([12]):00 \+0([12]):00/))
    #expect(end.output.2 == end.output.3, "\(invitation.errors)")
    #expect(code.wholeMatch(of: /[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}/) != nil)
    for wrong in ["", "ABC", "AAAAA-AAAAA-AAAAA"] {
      let outcome = try run("laptop", "sync", "join", typing: wrong)
      #expect(outcome.status == (wrong.isEmpty ? 2 : 9) && outcome.output == "", "\(wrong): \(outcome)")
    }
    let joined = try run("laptop", "sync", "join", typing: code.lowercased())
    #expect(joined.status == 0)
    #expect(joined.output == "this device has the key: unknot sync folder takes in what the others have\n")
    #expect(try run("laptop", "sync", "folder").output.hasPrefix("took 1 change from phone"))
    #expect(try digest("phone") == digest("laptop"))
  }

  @Test func theRecoveryKeyIsShownAndTried() throws {
    #expect(try begin("none").status == 0)
    try FileManager.default.removeItem(atPath: place.path("none/journal.sqlite"))
    try phone()
    let shown = try run("phone", "sync", "key", "show")
    let lines = shown.output.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    #expect(lines[0].hasPrefix("AGE-SECRET-KEY-1") && lines[0].utf8.count == 74)
    #expect(lines[2].replacing(" ", with: "") == lines[0])
    #expect(try run("phone", "sync", "key", "test", typing: lines[2]).output == "this is the key in force\n")
    let wrong = try run("phone", "sync", "key", "test", typing: lines[0].replacing("1", with: "2"))
    #expect(wrong.status == 1 && wrong.output == "this is not the key in force\n")
    // As a code, line by line of one width, and light around it.
    let code = try run("phone", "sync", "key", "show", "--qr").output.split(separator: "\n").dropFirst(2)
    #expect(code.count == 21 && code.allSatisfy { $0.count == 41 && $0.hasPrefix("████") })
    try run("phone", "sync", "key", "rotate")
    #expect(try run("phone", "sync", "key", "test", typing: lines[0]).status == 1)
    let other = try begin("other")
    #expect(other.status == 0)
    let open = try run("other", "sync", "key", "show")
    #expect(open.status == 1 && open.errors.contains("files are not sealed here"), "\(open)")
  }

  @Test func openAndSealedAreNotMixed() throws {
    try phone()
    let plain = try run("phone", "sync", "folder", "set", place.path("shared"), "--plain")
    #expect(plain.status == 2 && plain.errors.contains("are sealed, and stay so"))
    try FileManager.default.createDirectory(
      atPath: place.path("stranger"), withIntermediateDirectories: true)
    #expect(try run("stranger", "init", "--device", "stranger").status == 0)
    try run("stranger", "pain", "5")
    try run("stranger", "sync", "export", "-o", place.path("open.unknot"))
    let before = try digest("phone")
    let refused = try run("phone", "sync", "import", "--join", place.path("open.unknot"))
    #expect(refused.status == 1 && refused.errors.contains("is not sealed: not imported"), "\(refused)")
    #expect(refused.errors.contains("--plain takes it once"))
    #expect(try digest("phone") == before)
    #expect(try run("phone", "sync", "import", "--join", "--plain", place.path("open.unknot")).status == 0)
    // By hand, a file is sealed as well.
    try run("phone", "sync", "export", "--full", "-o", place.path("sent"))
    let whole = try run("phone", "verify", place.path("sent"))
    #expect(
      whole.status == 0 && whole.output.hasSuffix("a file for other devices, 2 changes, whole\n"), "\(whole)")
    #expect(try run("stranger", "verify", place.path("sent")).status == 9)
    let locked = try run("stranger", "sync", "import", place.path("sent"))
    #expect(locked.status == 9 && locked.errors.contains("sealed with a key that this device does not have"))
  }

  @Test func aLostDevice() throws {
    try phone()
    _ = try begin("laptop")
    let key = try run("phone", "sync", "key", "show").output.split(separator: "\n")[0]
    #expect(try run("laptop", "sync", "join", typing: String(key)).status == 0)
    for device in ["laptop", "phone"] { try run(device, "sync", "folder") }
    let lost = try run("phone", "sync", "retire", "laptop", "--lost")
    #expect(
      lost.output == "laptop is retired, and files are sealed with another key from now on\n", "\(lost)")
    #expect(lost.errors.contains("whoever has that device can still read"))
    try run("phone", "pain", "7")
    try run("phone", "sync", "folder")
    try run("laptop", "pain", "1")
    let shut = try run("laptop", "sync", "folder")
    #expect(
      shut.errors.contains("sealed with a key that this device does not have: unknot sync join"), "\(shut)")
    let said = try run("phone", "sync", "folder")
    #expect(said.errors.contains("signed by laptop after it was declared lost: kept, not taken"), "\(said)")
    #expect(try place.objects("phone/journal", ["list", "pain"]).count == 2)
    #expect(try run("phone", "sync", "retire", "nobody", "--lost").status == 3)
  }

  @Test(arguments: ["TERM", "INT"]) func watchingEndsInOrder(signal: String) throws {
    try phone()
    _ = try begin("laptop")
    let key = try run("phone", "sync", "key", "show").output.split(separator: "\n")[0]
    #expect(try run("laptop", "sync", "join", typing: String(key)).status == 0)
    let process = place.process(
      "laptop/journal", ["sync", "folder", "watch"],
      environment: ["XDG_STATE_HOME": place.path("laptop/state")],
      through: ["/bin/sh", "-c", "trap - INT; exec \"$@\"", "sh"])
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var said = ""
    // Its first round is done at once.
    while !said.contains("took 1 change from phone") {
      let more = output.fileHandleForReading.availableData
      try #require(!more.isEmpty, "it ended: \(said)")
      said += String(decoding: more, as: UTF8.self)
    }
    // What comes then it takes by itself.
    try run("phone", "pain", "5")
    try run("phone", "sync", "folder")
    while !said.hasSuffix("took 1 change from phone\n") || said.components(separatedBy: "took").count < 3 {
      let more = output.fileHandleForReading.availableData
      try #require(!more.isEmpty, "it ended: \(said)")
      said += String(decoding: more, as: UTF8.self)
    }
    kill(process.processIdentifier, signal == "TERM" ? SIGTERM : SIGINT)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    #expect(said.hasPrefix("watching \(place.path("shared")): Ctrl-C ends it\n"))
    #expect(try place.objects("laptop/journal", ["list", "pain"]).count == 2)
  }

  @Test func aUnitForSystemd() throws {
    let unit = try place.run("a b%/journal", ["sync", "folder", "watch", "--unit"])
    let lines = unit.output.components(separatedBy: "\n")
    #expect(lines.contains("[Service]") && lines.contains("WantedBy=default.target"))
    let start = try #require(lines.first { $0.hasPrefix("ExecStart=") })
    #expect(
      start.hasSuffix("--journal \"\(place.path("a b%%/journal.sqlite"))\" sync folder watch"), "\(start)")
  }
}
