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
    #expect(shown.errors.contains("--yes takes it as shown; --map FILE says otherwise"))
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
}
