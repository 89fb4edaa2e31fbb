import Foundation
import Testing

/// `unknot import` as a person sees it: other programs' files are shown before they are taken.
@Suite struct ImportTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func write(_ text: String, _ name: String) throws { try place.write(Data(text.utf8), to: name) }

  @Test func whatIsGuessedIsShownFirst() throws {
    try write(
      "FeatureName,Timestamp,Value,Note\nBack pain,2026-04-14T21:30:00+02:00,6,bad\nTea,2026-04-14T08:00:00+02:00,2,\n",
      "t.csv")
    let shown = try place.run("a", ["import", "t.csv"])
    #expect(shown.status == 0)
    #expect(
      shown.output.hasPrefix(
        """
        Back pain: pain low-back (guessed)
          pain 6, low back, Tue 14 Apr
        """))
    #expect(shown.output.contains(", note: bad\nTea: factor other (guessed)\n  other 2 (Tea), Tue 14 Apr"))
    #expect(shown.output.hasSuffix("would be added: pain 1, factor 1\n"))
    #expect(shown.errors.contains("--yes imports them as shown; --map FILE changes them"))
    let object = try place.object("a", ["import", "t.csv"])
    #expect(object["taken"] as? Bool == false && object["preview"] as? Bool == true)
    #expect((object["samples"] as? [Any])?.count == 2)
    #expect(object["guessed"] as? [String] == ["Back pain", "Tea"])
    #expect(try place.objects("a", ["list", "pain"]).isEmpty)

    let taken = try place.run("a", ["import", "t.csv", "--yes"])
    #expect(taken.status == 0 && taken.errors.isEmpty)
    #expect(taken.output.hasSuffix("Tea: factor other (guessed)\nadded: pain 1, factor 1\n"))
    #expect(try place.objects("a", ["list", "pain"]).count == 1)

    try write("back PAIN = pain\ntea = skip\nFoo = skip\n", "map")
    let mapped = try place.run("b", ["import", "t.csv", "--map", "map"])
    #expect(mapped.status == 0 && mapped.output.hasSuffix("Tea: skip\nadded: pain 1\n"))
    #expect(mapped.errors == "the map's line 3 (Foo) fits no name here\n")
  }

  @Test func whatDiffersIsToldAndWrittenWhenAsked() throws {
    func file(_ score: Int, _ note: String) throws {
      try write(
        "FeatureName,Timestamp,Value,Note\nHip,2026-04-14T21:30:00+02:00,\(score),\(note)\n", "t.csv")
      try write(
        "id,type,recorded_at,at,score,site,note\n"
          + "x-1,pain,2026-04-14T21:30:00+02:00,2026-04-14T21:30:00+02:00,\(score),hip,\(note)\n", "pain.csv")
    }
    try file(4, "")
    #expect(try place.run("a", ["import", "pain.csv"]).status == 0)
    let id = try #require(try place.objects("a", ["list", "pain"])[0]["id"] as? String)
    let short = "\(id.prefix(4))-\(id.split(separator: "-")[1])"
    try file(6, "x")
    let told = try place.run("a", ["import", "pain.csv"])
    #expect(told.status == 0 && told.output == "added: nothing\ndiffers: 1\n")
    #expect(
      told.errors == """
        pain.csv line 2: score of \(short): 4 → 6
        pain.csv line 2: note of \(short): nothing → x
        differing values stay as they are here; --update takes the file's

        """)
    #expect(try place.run("a", ["edit", id, "note=mine"]).status == 0)
    let updated = try place.run("a", ["import", "pain.csv", "--update"])
    #expect(updated.output == "added: nothing\nupdated: 1\ndiffers: 1\n")
    #expect(
      updated.errors.contains(": 4 → 6 (updated)\n") && updated.errors.contains("mine → x (edited here"))
    let object = try place.object("a", ["import", "pain.csv", "--update"])
    #expect((object["differences"] as? [[String: Any]])?.map { $0["outcome"] as? String } == ["edited-here"])
    #expect(try place.objects("a", ["list", "pain"])[0]["score"] as? Int == 6)
  }

  @Test func aTableOfOnesOwn() throws {
    try write("Datum;Schmerz;Tee;Wetter\n3.5.2026;4;1,5;rain\n04.05.2026;11;2;\n", "mine.csv")
    try write("datum = day\nschmerz = pain knee\nTEE = factor other\n", "map")
    let arguments = ["import", "mine.csv", "--from", "csv", "--map", "map"]
    let shown = try place.run("a", arguments)
    #expect(shown.status == 0)
    #expect(
      shown.output.hasPrefix(
        """
        columns are separated by semicolons
        Datum: day
        Schmerz: pain knee
          pain 4, knee, Sun 3 May
        """))
    #expect(
      shown.output.hasSuffix("Wetter: skip (guessed)\nwould be added: pain 1, factor 2\ncannot be read: 1\n"))
    #expect(shown.errors.contains("mine.csv line 3, Schmerz: 11 is not a pain rating"))
    #expect(shown.errors.contains("not taken: Wetter: 1 cell"))
    #expect(try place.run("a", arguments + ["--yes"]).status == 4)
    #expect(try place.objects("a", ["list", "pain"]).isEmpty)
    #expect(try place.run("a", arguments + ["--yes", "--skip-bad", "--dry-run"]).status == 0)
    #expect(try place.objects("a", ["list", "pain"]).isEmpty)
    let taken = try place.run("a", arguments + ["--yes", "--skip-bad"])
    #expect(taken.status == 0 && taken.output.hasSuffix("added: pain 1, factor 2\n"))
    #expect(try place.objects("a", ["list", "factors"]).map { $0["amount"] as? String } == ["2", "1.5"])
    try write("datum = day\nDatum = at\n", "map")
    #expect(try place.run("a", arguments).status == 4)
  }

  /// What is no zip is damaged, as a journal's file would be.
  @Test func aZipThatIsCutOffIsRefused() throws {
    try write("PK\u{3}\u{4}", "x.zip")
    let refused = try place.run("a", ["import", "x.zip", "--yes"])
    #expect(refused.status == 8 && refused.output.isEmpty)
    #expect(
      refused.errors == """
        error: x.zip is not a zip that can be read
        caused by: it has no end
        hint: unpack it, and import the folder

        """)
  }
}
