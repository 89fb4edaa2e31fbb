import Foundation
import Testing

/// What scripts rely on, beyond the commands' own tests: forms that other programs read.
@Suite struct ContractTests {
  private func disagreeing() throws -> (Workplace, String) {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    let id = try #require(try place.objects("a", ["pain", "6"]).first?["id"] as? String)
    try place.carry("a", "b")
    try place.run("b", ["init", "--device", "laptop"])
    try place.run("a", ["edit", id, "score=3"])
    try place.run("b", ["edit", id, "score=8"])
    try place.carry("b", "a")
    return (place, id)
  }

  @Test func aConflictIsDecidedByTheChange() throws {
    let (place, id) = try disagreeing()
    let conflict = try #require(try place.objects("a", ["conflicts"]).first)
    let values = try #require(conflict["values"] as? [[String: Any]])
    let changes = try values.map { try #require($0["change"] as? String) }
    #expect(Set(changes).count == 2 && values.allSatisfy { $0["clock_ahead"] as? Bool == false })
    let three = try #require(zip(values, changes).first { $0.0["value"] as? Int == 3 }?.1)
    #expect(try place.run("a", ["resolve", id, "score", "--take", "zz-1"]).status == 3)
    #expect(try place.run("a", ["resolve", id, "score", "--take", three]).status == 0)
    #expect(try place.object("a", ["show", id])["score"] as? Int == 3)
    let undone = try place.run("a", ["undo"])
    #expect(undone.errors.contains("is not shown again: unknot edit"))
  }

  @Test func aStepThatIsWrittenIsWhatIsPrinted() throws {
    let place = try Workplace()
    try place.run("a", ["routine", "new", "Evening", "--step", "ql:45s"])
    let added = try place.objects("a", ["routine", "add", "Evening", "tfl/left:30s@wall"])
    #expect(
      added.count == 1 && added[0]["type"] as? String == "step" && added[0]["target"] as? String == "tfl")
    let id = try #require(added[0]["id"] as? String)
    let moved = try place.objects("a", ["routine", "move", "Evening", id, "--first"])
    #expect(moved.map { $0["id"] as? String } == [id])
    let text = try place.run("a", ["routine", "edit", "Evening", id, "seconds=1m"]).output
    #expect(text.contains("changed tfl (left) 1m") && text.contains("routine Evening, 2 steps"))
  }

  @Test func aRetiredDeviceOfOnesOwn() throws {
    let (place, _) = try disagreeing()
    try place.run("b", ["sync", "retire", "phone"])
    try place.carry("b", "a")
    let listed = try place.run("a", ["sync", "devices"]).output
    #expect(listed.contains("this device, retired") || !listed.contains("deviceretired"))
  }

  @Test func whatADeviceHoldsIsToldInAFile() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "6"])
    try place.carry("a", "b")
    let told = try place.run("b", ["sync", "export", "-o", "b.unknot"])
    #expect(told.status == 0 && told.errors.contains("no changes: it tells what this device holds"))
    #expect(try place.run("a", ["sync", "import", "b.unknot"]).status == 0)
    let nothing = try place.run("a", ["sync", "export", "-o", "a.unknot"])
    #expect(nothing.status == 0)
    try place.run("b", ["sync", "import", "a.unknot"])
    for device in ["a", "b"] {
      let quiet = try place.run(device, ["sync", "export", "-o", "\(device)2.unknot"])
      #expect(quiet.status == 0 && quiet.errors.contains("nothing to send: no file was written"))
      #expect(!FileManager.default.fileExists(atPath: place.path("\(device)2.unknot")))
    }
  }

  @Test func filesOfAFolderThatDoNotFitAreNamed() throws {
    let (place, _) = try disagreeing()
    try FileManager.default.createDirectory(atPath: place.path("shared"), withIntermediateDirectories: true)
    try place.run("a", ["sync", "export", "--full", "-o", "shared/a.unknot"])
    try place.write(Data("nothing".utf8), to: "shared/b.unknot")
    let outcome = try place.run("c", ["sync", "import", "shared"])
    #expect(outcome.status == 5 && outcome.errors.contains("left out: shared/b.unknot is damaged"))
    let json = try place.run("d", ["sync", "import", "shared", "--format", "json"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((object["left_out"] as? [Any])?.count == 1 && (object["files"] as? [Any])?.count == 1)
    // Named, nothing is taken.
    #expect(try place.run("e", ["sync", "import", "shared/a.unknot", "shared/b.unknot"]).status == 8)
    #expect(try place.objects("e", ["list", "pain"]).isEmpty)
  }

  /// Whatever is in a text, files for other programs are as safe to show as a terminal's lines.
  @Test func textsInFilesCannotAct() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    // The command line takes no controls: they come in a file of another program's making.
    try place.run(
      "a",
      [
        "log", "--bout", "ql/left:45s", "--before", "6", "--after", "4", "--note",
        "x\u{202e}y\u{fffe}z\u{2028}q",
      ])
    try place.run("a", ["spot", "add", "ql/left", "--label", "rib\u{200f}\u{fffe}"])
    try place.run("a", ["plan", "trial", "wall\u{202e}", "floor\u{fffe}"])
    try place.run("a", ["export", "ics", "-o", "all.ics"])
    for kind in [
      "trend", "effect", "targets", "adherence", "bodymap", "week", "clinician", "quality", "trial",
    ] {
      for form in ["txt", "svg", "html"] { try place.run("a", ["report", kind, "-o", "\(kind).\(form)"]) }
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: place.folder).filter {
      $0.hasSuffix(".ics") || $0.hasSuffix(".txt") || $0.hasSuffix(".svg") || $0.hasSuffix(".html")
    }
    #expect(files.count > 15)
    for file in files {
      let text = String(decoding: try place.bytes(file), as: UTF8.self)
      let unsafe = text.unicodeScalars.filter {
        $0.value < 0x20 && $0 != "\n" && $0 != "\r" || (0x7f...0x9f).contains($0.value)
          || [0x200f, 0x2028, 0x202e, 0xfffe, 0xffff].contains($0.value)
      }
      #expect(unsafe.isEmpty, "\(file)")
    }
  }
}
