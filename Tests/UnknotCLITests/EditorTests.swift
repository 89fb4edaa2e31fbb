import Foundation
import Testing

/// `edit --editor`, with a script in the editor's place.
@Suite struct EditorTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.run("a", ["pain", "5", "low-back/left", "--note", "first"])
  }

  private func edit(_ script: String, _ id: String = "1") throws -> Outcome {
    try place.write(Data("#!/bin/sh\n\(script)\n".utf8), to: "editor")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path("editor"))
    return try place.run(
      "a", ["edit", id, "--editor"], environment: ["EDITOR": place.path("editor"), "TMPDIR": place.folder])
  }

  private var leftovers: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: place.folder).filter { $0.hasSuffix(".txt") }
    }
  }

  @Test func whatIsChangedIsWrittenAsOne() throws {
    let done = try edit(
      "sed -i -e 's/^score = 5/score = 3/' -e 's/^note = first/note = second/' -e 's/^tags =.*/tags = work,home/' \"$1\""
    )
    #expect(done.status == 0, "\(done.errors)")
    let pain = try place.object("a", ["show", "1"])
    #expect(pain["score"] as? Int == 3 && pain["note"] as? String == "second")
    #expect(pain["tags"] as? [String] == ["home", "work"])
    #expect(try leftovers.isEmpty)
    try place.run("a", ["undo"])
    #expect(try place.object("a", ["show", "1"])["score"] as? Int == 5)
  }

  @Test func textsOfSeveralLinesComeBackAsTheyWere() throws {
    try place.run("a", ["edit", "1", "note=one\ntwo = 2\n# three\n\nfour"])
    let before = try place.digest("a")
    let same = try edit("echo '# seen' >> \"$1\"")
    #expect(same.status == 0 && same.errors.contains("nothing to change"))
    #expect(try place.digest("a") == before)
    #expect(try edit("sed -i 's/^two = 2$/zwei/' \"$1\"").status == 0)
    #expect(try place.object("a", ["show", "1"])["note"] as? String == "one\nzwei\n# three\n\nfour")
  }

  @Test func nothingTypedIsLost() throws {
    let before = try place.digest("a")
    let wrong = try edit("sed -i 's/^score = 5/score = 50/' \"$1\"")
    #expect(wrong.status == 4 && wrong.errors.contains("what you wrote is in \(place.folder)/unknot-"))
    #expect(try leftovers.count == 1)
    #expect(try edit("echo nonsense >> \"$1\"").status == 4)
    #expect(try edit("exit 3").status == 1)
    #expect(try place.digest("a") == before)
    let none = try place.run("a", ["edit", "1", "--editor"])
    #expect(none.status == 2 && none.errors.contains("EDITOR"))
  }

  /// What is imported while the editor is open is not overwritten unseen: both values are listed.
  @Test func anImportMeanwhileStaysInSight() throws {
    try place.run("b", ["init", "--device", "b"])
    try place.carry("a", "b")
    let id = try #require(try place.objects("b", ["list", "pain"])[0]["id"] as? String)
    try place.run("b", ["edit", id, "score=8"])
    try place.run("b", ["sync", "export", "-o", "b.unknot"])
    let script =
      "\(Workplace.program) --journal \(place.path("a.sqlite")) sync import \(place.path("b.unknot")); "
      + "sed -i 's/^score = 5/score = 2/' \"$1\""
    #expect(try edit(script).status == 0)
    let conflict = try #require(try place.objects("a", ["conflicts"]).first)
    let values = try #require(conflict["values"] as? [[String: Any]])
    #expect(
      conflict["field"] as? String == "score" && Set(values.compactMap { $0["value"] as? Int }) == [2, 8])
  }
}
