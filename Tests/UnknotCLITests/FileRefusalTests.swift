import Foundation
import Testing

/// Files that cannot be merged: the status says why, and nothing is changed.
@Suite struct FileRefusalTests {
  /// `a` has exported two ratings into all.unknot; `b` is a journal without changes.
  private func workplace() throws -> Workplace {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("b", ["init", "--device", "laptop"])
    try place.run("a", ["pain", "6"])
    try place.run("a", ["pain", "5"])
    try place.run("a", ["sync", "export", "--full", "-o", "all.unknot"])
    return place
  }

  private func expectRefused(
    _ place: Workplace, _ device: String, _ files: [String], _ status: Int32, _ said: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try place.bytes("\(device).sqlite")
    let outcome = try place.run(device, ["sync", "import", "--format", "json"] + files)
    #expect(outcome.status == status, "\(files): \(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output == "", sourceLocation: sourceLocation)
    for part in said {
      #expect(outcome.errors.contains(part), "\(outcome.errors)", sourceLocation: sourceLocation)
    }
    #expect(try place.bytes("\(device).sqlite") == before, "\(files)", sourceLocation: sourceLocation)
  }

  @Test func damagedFiles() throws {
    let place = try workplace()
    let good = try place.bytes("all.unknot")
    let middle = (1..<16).map { $0 * good.count / 16 }
    for length in [0, 1, 2, 7, 8, 9, 10, good.count - 33, good.count - 1] + middle {
      try place.write(good.prefix(length), to: "bad.unknot")
      try expectRefused(place, "b", ["bad.unknot"], 8, ["error: bad.unknot is damaged or not a changeset"])
    }
    for index in [0, 1, 4, 8, 11, 40, good.count / 2, good.count - 1] {
      var bytes = good
      bytes[index] ^= 0x10
      try place.write(bytes, to: "bad.unknot")
      try expectRefused(place, "b", ["bad.unknot"], 8, ["bad.unknot"])
    }
    try place.write(Data((0..<4000).map { _ in UInt8.random(in: 0...255) }), to: "bad.unknot")
    try expectRefused(place, "b", ["bad.unknot"], 8, ["caused by: it is not a changeset file"])
    #expect(try place.run("b", ["sync", "inspect", "bad.unknot"]).status == 8)
    try place.write(good + Data([0]), to: "bad.unknot")
    try expectRefused(place, "b", ["bad.unknot"], 8, ["something follows its end"])
    // All of the files or none of them.
    try expectRefused(place, "b", ["all.unknot", "bad.unknot"], 8, ["bad.unknot"])
    let fed = try place.run("b", ["sync", "import", "-"], input: good.prefix(100))
    #expect(fed.status == 8)
    #expect(try place.run("b", ["sync", "import", "all.unknot"]).status == 0)
  }

  @Test func anotherJournalsFile() throws {
    let place = try workplace()
    try place.run("b", ["pain", "2"])
    try expectRefused(place, "b", ["all.unknot"], 9, ["all.unknot belongs to another journal", "--join"])
    let joined = try place.run("b", ["sync", "import", "all.unknot", "--join"])
    #expect(joined.status == 0, "\(joined.errors)")
    #expect(try place.objects("b", ["list", "pain"]).count == 3)
    // From then on it bears both names, and so do its files.
    try place.run("a", ["pain", "4"])
    #expect(try place.carry("a", "b", full: true) == 0)
    try place.run("b", ["sync", "export", "--full", "-o", "joined.unknot"])
    #expect(try place.run("a", ["sync", "import", "joined.unknot"]).status == 0)
    #expect(try place.digest("a") == place.digest("b"))
  }

  @Test func aFileAfterChangesThatAreMissing() throws {
    let place = try workplace()
    try place.run("c", ["sync", "import", "all.unknot"])
    try place.run("b", ["sync", "import", "all.unknot"])
    for score in ["1", "2"] {
      // The laptop says what it holds; what the phone sends it next starts after that.
      try place.run("b", ["pain", score])
      #expect(try place.carry("b", "a", full: true) == 0)
      try place.run("a", ["pain", score])
      #expect(
        try place.run("a", ["sync", "export", "--for", "laptop", "-o", "\(score).unknot"]).status == 0)
      #expect(try place.run("b", ["sync", "import", "\(score).unknot"]).status == 0)
    }
    try expectRefused(
      place, "c", ["2.unknot"], 10,
      ["2.unknot starts after changes that are not here", "phone 3–3", "laptop 1–"])
    try place.run("a", ["sync", "export", "--full", "-o", "again.unknot"])
    // Given at once, they are taken in the order that they need.
    #expect(try place.run("c", ["sync", "import", "2.unknot", "again.unknot"]).status == 0)
    #expect(try place.digest("c") == place.digest("a"))
  }

  @Test func aNewerFormat() throws {
    let place = try workplace()
    var bytes = try place.bytes("all.unknot")
    #expect(bytes[9] == 2)
    bytes[9] = 3
    try place.write(bytes, to: "new.unknot")
    try expectRefused(place, "b", ["new.unknot"], 11, ["new.unknot has format 3", "up to format 2"])
    #expect(try place.run("b", ["sync", "inspect", "new.unknot"]).status == 11)
  }

  @Test func foldersAndOtherThings() throws {
    let place = try workplace()
    let manager = FileManager.default
    try manager.createDirectory(atPath: place.path("empty"), withIntermediateDirectories: true)
    try place.write(Data("no changeset".utf8), to: "empty/notes.txt")
    let nothing = try place.run("b", ["sync", "import", "empty"])
    #expect(
      nothing == Outcome(status: 0, output: "", errors: "no changeset files there: nothing to do\n"))
    let object = try place.object("b", ["sync", "import", "empty"])
    #expect(object["changes_applied"] as? Int == 0)
    #expect((object["files"] as? [Any])?.isEmpty == true)
    try manager.moveItem(atPath: place.path("all.unknot"), toPath: place.path("empty/all.unknot"))
    let taken = try place.run("b", ["sync", "import", "empty"])
    #expect(taken.output == "empty/all.unknot: 2 new changes, 0 known, from phone\n")
    try expectRefused(place, "b", ["/dev/null"], 1, ["not a regular file"])
    try manager.createSymbolicLink(
      atPath: place.path("empty/link.unknot"), withDestinationPath: place.path("empty/all.unknot"))
    try expectRefused(place, "b", ["empty/link.unknot"], 1, ["a link: name the file that it leads to"])
    // Of a folder what fits is taken, and the rest is named.
    let rest = try place.run("b", ["sync", "import", "empty"])
    #expect(rest.status == 0 && rest.errors.contains("left out: empty/link.unknot cannot be read: a link"))
    // A folder's own name may be one.
    try manager.removeItem(atPath: place.path("empty/link.unknot"))
    try manager.createSymbolicLink(atPath: place.path("linked"), withDestinationPath: place.path("empty"))
    #expect(try place.run("b", ["sync", "import", "linked"]).status == 0)
  }

  @Test func exportReplacesNothing() throws {
    let place = try workplace()
    let before = try place.bytes("all.unknot")
    let outcome = try place.run("a", ["sync", "export", "--full", "-o", "all.unknot"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("already exists and is not replaced"))
    #expect(try place.bytes("all.unknot") == before)
    #expect(try place.run("a", ["sync", "export", "--full", "-o", "nowhere/x.unknot"]).status == 1)
    // Without -o: a new name in the present folder, alone on a line.
    let sent = try place.run("a", ["sync", "export", "--full"])
    let name = sent.output.trimmingCharacters(in: .newlines)
    #expect(name.hasSuffix(".unknot"))
    #expect(FileManager.default.fileExists(atPath: place.path(name)))
    let nothing = try place.object("b", ["sync", "export"])
    #expect(nothing["file"] is NSNull)
    #expect(nothing["changes"] as? Int == 0)
  }
}
