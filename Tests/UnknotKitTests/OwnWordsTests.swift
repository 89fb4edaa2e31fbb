import Foundation
import Testing
import UnknotKit

/// What people write, in place of the words of the catalogue.
@Suite struct OwnWordsTests {
  private let household: Household

  init() throws { household = try Household() }

  @Test(arguments: [
    ("right", "low-back", "right"), ("r", "low-back", "right"), ("lower back", "low-back", nil),
    ("lb/l", "low-back", "left"), ("low back right", "low-back", "right"),
    ("Left Lower Back", "low-back", "left"),
    ("back", "low-back", nil), ("low-back/both", "low-back", "both"), ("middle back", "mid-back", nil),
    ("hip l", "hip", "left"), ("LOW_BACK/R", "low-back", "right"),
  ])
  func aPlaceIsUnderstood(text: String, site: String, side: String?) throws {
    let place = try PlaceText(site: text)
    #expect(place.place == site && place.side == side)
  }

  @Test(arguments: [
    "", "/", "left right", "lb/", "/left", "elbow", "low-back/up", "low back left right", "l/l",
  ])
  func anythingElseIsRefused(text: String) {
    #expect(throws: KitError.self) { try PlaceText(site: text) }
  }

  /// Each word of the catalogue means itself, and its other names mean nothing else.
  @Test func everyWordMeansItself() throws {
    for site in Catalogue.sites.words { #expect(try PlaceText(site: site).place == site) }
    for target in TargetDescription.all {
      for name in [target.id, target.name, target.latin, target.latin.uppercased()] {
        #expect(try PlaceText(target: name).place == target.id, "\(name)")
      }
    }
  }

  @Test func whatTheProfileSaysIsMeant() throws {
    let journal = try household.device("phone")
    _ = try journal.editProfile(["site=neck", "side=left"])
    let unsaid = try journal.ratePain(4).only()
    #expect(unsaid[.site].text == "neck" && unsaid[.side].text == "left")
    #expect(try journal.place("right") == PlaceText(site: "neck/right"))
    let said = try journal.ratePain(4, site: try journal.place("lower back")).only()
    #expect(said[.site].text == "low-back" && said[.side].isEmpty)
    #expect(throws: KitError.self) { try journal.editProfile(["site=elbow"]) }
  }

  /// Thursday 2026-05-14, 18:00 in Berlin.
  @Test(arguments: [
    ("6pm", "2026-05-14T18:00", "exact"), ("6 pm", "2026-05-14T18:00", "exact"),
    ("6:30 pm", "2026-05-13T18:30", "exact"),
    ("12am", "2026-05-14T00:00", "exact"),
    ("12pm", "2026-05-14T12:00", "exact"), ("yesterday 7am", "2026-05-13T07:00", "exact"),
    ("yesterday evening", "2026-05-13T19:30", "approx"), ("last night", "2026-05-13T22:30", "approx"),
    ("this morning", "2026-05-14T08:00", "approx"), ("this evening", "2026-05-14T18:00", "approx"),
    ("monday afternoon", "2026-05-11T15:00", "approx"), ("2026-05-12 morning", "2026-05-12T08:00", "approx"),
    ("18:00 yesterday", "2026-05-13T18:00", "exact"), ("6 pm yesterday", "2026-05-13T18:00", "exact"),
    ("7:15 monday", "2026-05-11T07:15", "exact"), ("3 days ago", "2026-05-11T18:00", "exact"),
    ("an hour ago", "2026-05-14T17:00", "exact"), ("30 min ago", "2026-05-14T17:30", "exact"),
    ("1 week ago", "2026-05-07T18:00", "exact"), ("17.30", "2026-05-14T17:30", "exact"),
    ("yesterday 17.30", "2026-05-13T17:30", "exact"),
    ("noon", "2026-05-14T12:00", "approx"), ("yesterday", "2026-05-13T12:00", "day"),
  ])
  func aTimeIsUnderstood(text: String, time: String, precision: String) throws {
    let times = try household.device("phone").times
    let moment = try times.moment(text).rfc3339
    #expect(moment.hasPrefix(time), "\(moment)")
    #expect(times.precision(text) == precision)
  }

  @Test(arguments: [
    "13pm", "0am", "6:60pm", "pm", "morning", "tomorrow morning", "last morning", "6pm pm", "some evening",
    "14.05", "14.5", "17.30.15", "three days ago", "18:00 tomorrow",
  ])
  func noOtherTimeIs(text: String) throws {
    let times = try household.device("phone").times
    #expect(throws: KitError.self) { try times.moment(text) }
  }

  /// Before it, noon is not now.
  @Test func noonIsNoon() throws {
    // Thursday 2026-05-14, 10:00.
    let times = TimeExpression(now: 1_778_752_800_000, zone: try #require(TimeZone(identifier: "UTC")))
    #expect(try times.moment("noon").rfc3339.hasPrefix("2026-05-13T12:00"))
    #expect(throws: KitError.self) { try times.moment("today noon") }
    #expect(try times.moment("this evening").rfc3339.hasPrefix("2026-05-14T10:00"))
  }

  /// All that `start` would have guided through, and what the profile forbids left out.
  @Test(arguments: ["quick", "gentle-wall", "mine"])
  func aRoutineIsLoggedAsItStands(name: String) throws {
    let journal = try household.device("phone")
    _ = try journal.newRoutine("mine", steps: [BoutText("ql/both:45s@wall"), BoutText("tfl/left:30s")])
    var entry = SessionEntry(bouts: [])
    entry.routine = name
    entry.site = try PlaceText(site: "left")
    let session = try journal.logSession(entry).only()
    var request = GuidedRequest()
    (request.routine, request.side) = (name, "left")
    let guided = try journal.beginGuided(request).session
    #expect(!session.children.isEmpty)
    #expect(session.children.map { $0[.target].text } == guided.steps.map(\.target))
    #expect(session.children.map { $0[.side].text } == guided.steps.map(\.side))
    #expect(session.children.compactMap { $0[.seconds].integer } == guided.steps.map { Int64($0.seconds) })
    #expect((session[.routine].reference != nil) == (name == "mine"))
    entry.routine = "nothing"
    #expect(throws: KitError.self) { try journal.logSession(entry) }
    _ = try journal.editProfile(["contraindications/fracture=2026-05-14"])
    entry.routine = name
    #expect(throws: KitError.self) { try journal.logSession(entry) }
    #expect(try journal.list("sessions").count == 2)
  }

  @Test func aMedicineIsKnownByItsName() throws {
    let journal = try household.device("phone")
    #expect(throws: KitError.self) { try journal.recordFactor(FactorEntry(kind: "ibuprofen")) }
    var first = FactorEntry(kind: "medication")
    (first.label, first.amount) = ("Ibuprofen", "400mg")
    _ = try journal.recordFactor(first)
    let again = try journal.recordFactor(FactorEntry(kind: "ibuprofen")).only()
    #expect(again[.kind].text == "medication" && again[.label].text == "Ibuprofen")
    #expect(again[.amount].text == "400" && again[.unit].text == "mg")
    var less = FactorEntry(kind: "IBUPROFEN")
    less.amount = "200mg"
    #expect(try journal.recordFactor(less).only()[.amount].text == "200")
    #expect(try journal.list("factors").count == 3)
  }

  /// A time as people say it is minutes; what is none is called as it was written.
  @Test(
    arguments: [
      ("30m", "30", "min"), ("30 minutes", "30", "min"), ("30 MIN", "30", "min"),
      ("half an hour", "30", "min"),
      ("an hour", "60", "min"), ("2hrs", "120", "min"), ("1 hour", "60", "min"), ("90 seconds", "90", "s"),
      ("20 sec", "20", "s"), ("400 mg", "400", "mg"), ("2", "2", nil), ("0.5 l", "0.5", "l"),
      ("2 days", "2", "days"),
    ] as [(String, String, String?)])
  func anAmountIsReadAsItIsSaid(text: String, number: String, unit: String?) throws {
    let journal = try household.device("phone")
    var entry = FactorEntry(kind: "walk")
    entry.amount = text
    let factor = try journal.recordFactor(entry).only()
    #expect(factor[.amount].text == number && factor[.unit].text == unit)
  }

  @Test(arguments: ["minutes", "ten minutes", "m", "a", "an", "1.2.3 m", "2 m3", "hour", ""])
  func whatIsNoAmount(
    text: String
  ) throws {
    let journal = try household.device("phone")
    var entry = FactorEntry(kind: "walk")
    entry.amount = text
    let error = try failure(.invalidValue) { try journal.recordFactor(entry) }
    #expect(error.message.hasSuffix("amount"), "\(error.message)")
    #expect(try journal.list("factors").isEmpty)
  }
}
