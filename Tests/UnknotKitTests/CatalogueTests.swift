import Testing
import UnknotKit

@Suite struct CatalogueTests {
  @Test(arguments: [
    ("glute-mid", "glute-med"), ("glutemed", "glute-med"), ("gulte-max", "glute-max"),
    ("erector", "erector-mid"),
    ("lq", "ql"), ("tlf", "tfl"), ("GLUTE-MEDD", "glute-med"),
  ])
  func aWrongTargetGetsTheNearestRightOne(word: String, nearest: String) throws {
    let error = try failure(.invalidValue) { try BoutText("\(word):45s") }
    #expect(error.hint?.hasPrefix("did you mean \(nearest)? ") == true, "\(error.hint ?? "")")
  }

  @Test func aWordNearNothingGetsTheList() throws {
    let error = try failure(.invalidValue) { try PlaceText(site: "antidisestablishmentarianism") }
    #expect(error.hint?.hasPrefix("known: low-back, ") == true, "\(error.hint ?? "")")
  }

  @Test func placesMayHaveASide() throws {
    let left = try PlaceText(site: "low-back/left")
    #expect(left.place == "low-back" && left.side == "left")
    #expect(try PlaceText(site: "Sacrum").place == "sacrum")
    #expect(try PlaceText(site: "hip").side == nil)
    for text in ["", "/left", "hip/", "hip/up", "hip/left/right", "hip hop"] {
      _ = try failure(.invalidValue) { try PlaceText(site: text) }
    }
  }

  @Test func boutsAreReadWhole() throws {
    let full = try BoutText("glute-med/both:1m30s@wall")
    #expect(
      full.target == "glute-med" && full.side == "both" && full.seconds == 90 && full.surface == "wall")
    let short = try BoutText("ql:1s")
    #expect(short.side == nil && short.surface == nil && short.seconds == 1)
    #expect(try BoutText("ql:30m").seconds == 1800)
  }

  @Test(arguments: [
    "ql", "ql:", ":45s", "ql:45", "ql:0s", "ql:31m", "ql:1h", "ql/left", "ql/up:45s", "ql:45s@", "ql:45s@bed",
    "ql:45s@wall@floor", "low-back:45s", "ql:45s/left", "",
  ])
  func aWrongBoutIsRefused(text: String) throws {
    _ = try failure(.invalidValue) { try BoutText(text) }
  }

  @Test func identifiersAreBytes() throws {
    // The last letter is Cyrillic.
    _ = try failure(.invalidValue) { try PlaceText(site: "hiр") }
  }
}
