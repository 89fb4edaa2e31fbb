import SeededRandom
import Testing
import UnknotKit

@Suite struct RoutineOrderTests {
  private let household: Household
  private let phone: Journal

  init() throws {
    household = try Household()
    phone = try household.device("phone")
    _ = try phone.newRoutine(
      "Evening",
      steps: ["ql:45s", "tfl:45s", "glute-med:45s"].map { text throws(KitError) in try BoutText(text) })
  }

  private func targets(_ journal: Journal) throws -> [String] {
    try journal.routine("Evening").children.compactMap { $0[.target].text }
  }

  private func step(_ target: String, _ journal: Journal) throws -> String {
    try #require(try journal.routine("Evening").children.first { $0[.target].text == target }).id
  }

  private func move(_ target: String, _ place: StepPlace, _ journal: Journal) throws -> Written {
    try journal.moveStep(try step(target, journal), in: "Evening", to: place)
  }

  @Test func stepsAreAddedWhereTheyAreWanted() throws {
    _ = try phone.addStep(try BoutText("glute-max:1m"), to: "Evening", at: .first)
    _ = try phone.addStep(try BoutText("glute-min:1m"), to: "Evening", at: .after(try step("ql", phone)))
    let written = try phone.addStep(try BoutText("erector-mid:1m"), to: "Evening", at: .last).only()
    #expect(written.type == "step" && written[.target].text == "erector-mid")
    #expect(try targets(phone) == ["glute-max", "ql", "glute-min", "tfl", "glute-med", "erector-mid"])
    #expect(try phone.list("steps").compactMap { $0[.target].text } == (try targets(phone)))
  }

  @Test func aMoveIsOneWriteAndNoneWhereTheStepStandsAlready() throws {
    let length = try phone.digest().clock[0].seq
    _ = try move("glute-med", .first, phone)
    #expect(try targets(phone) == ["glute-med", "ql", "tfl"])
    #expect(try phone.digest().clock[0].seq == length + 1)
    for (target, place) in [
      ("glute-med", StepPlace.first), ("glute-med", .after(try step("glute-med", phone))), ("tfl", .last),
      ("tfl", .after(try step("ql", phone))), ("ql", .after(try step("glute-med", phone))),
      ("ql", .after(try step("ql", phone))),
    ] {
      #expect(try move(target, place, phone).records.isEmpty, "\(target) \(place)")
    }
    #expect(try phone.digest().clock[0].seq == length + 1)
  }

  @Test(arguments: 0..<5)
  func anyMovesGiveTheListThatTheyGiveOnPaper(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    _ = try phone.addStep(try BoutText("glute-max:1m"), to: "Evening", at: .last)
    _ = try phone.addStep(try BoutText("glute-min:1m"), to: "Evening", at: .last)
    var paper = try targets(phone)
    for _ in 0..<60 {
      let moved = paper.remove(at: random.pick(paper.count))
      let place = random.pick(paper.count + 1)
      let target: StepPlace = place == 0 ? .first : .after(try step(paper[place - 1], phone))
      _ = try move(moved, target, phone)
      paper.insert(moved, at: place)
      #expect(try targets(phone) == paper)
    }
  }

  @Test func stepsOfTwoDevicesAtOnePlaceHaveRoomBetweenThem() throws {
    let laptop = try household.device("laptop")
    try household.exchange(phone, laptop)
    let place = StepPlace.after(try step("ql", phone))
    let one = try phone.addStep(try BoutText("glute-max:1m"), to: "Evening", at: place).only()
    let other = try laptop.addStep(try BoutText("glute-min:1m"), to: "Evening", at: place).only()
    #expect(one[.order].text != other[.order].text)
    try household.exchange(phone, laptop)
    let order = try targets(phone)
    #expect(try targets(laptop) == order && Set(order[1...2]) == ["glute-max", "glute-min"])
    let length = try phone.digest().clock.reduce(0) { $0 + $1.seq }
    _ = try phone.addStep(
      try BoutText("erector-mid:1m"), to: "Evening", at: .after(try step(order[1], phone)))
    #expect(try targets(phone) == ["ql", order[1], "erector-mid", order[2], "tfl", "glute-med"])
    _ = try move(order[2], .first, phone)
    #expect(try targets(phone) == [order[2], "ql", order[1], "erector-mid", "tfl", "glute-med"])
    #expect(try phone.digest().clock.reduce(0) { $0 + $1.seq } == length + 2)
  }

  /// Apart, each device puts some steps at one place; together, those of each stand side by side.
  @Test(arguments: 0..<6)
  func whatDevicesAddApartDoesNotInterleave(seed: Int) throws {
    let laptop = try household.device("laptop")
    try household.exchange(phone, laptop)
    let before = try targets(phone)
    let place: StepPlace =
      seed % 3 == 0 ? .first : .after(try step(seed % 3 == 1 ? "ql" : "glute-med", phone))
    func add(_ journal: Journal, _ seconds: [Int]) throws {
      var last: String?
      for second in seconds {
        // Forwards, each after the one before; or backwards, each at the place itself.
        let place = seed < 3 ? last.map { StepPlace.after($0) } ?? place : place
        last = try journal.addStep(try BoutText("tfl:\(second)s"), to: "Evening", at: place).only().id
      }
    }
    try add(phone, [1, 2, 3])
    try add(laptop, [11, 12, 13])
    try household.exchange(phone, laptop)
    let seconds = try phone.routine("Evening").children.compactMap { $0[.seconds].integer }
    let ofPhone = seconds.firstIndex { $0 < 10 } ?? 0
    let ofLaptop = seconds.firstIndex { (11...13).contains($0) } ?? 0
    #expect(seconds[ofPhone..<ofPhone + 3].elementsEqual(seed < 3 ? [1, 2, 3] : [3, 2, 1]))
    #expect(seconds[ofLaptop..<ofLaptop + 3].elementsEqual(seed < 3 ? [11, 12, 13] : [13, 12, 11]))
    let index = seed % 3 == 0 ? 0 : seed % 3 == 1 ? 1 : before.count
    #expect(min(ofPhone, ofLaptop) == index && max(ofPhone, ofLaptop) == index + 3)
    #expect(try laptop.routine("Evening").children.compactMap { $0[.seconds].integer } == seconds)
  }

  @Test func aMoveToWhereItStandsDecidesAConflict() throws {
    let laptop = try household.device("laptop")
    try household.exchange(phone, laptop)
    _ = try move("tfl", .first, phone)
    household.advance(seconds: 10)
    _ = try move("tfl", .last, laptop)
    try household.exchange(phone, laptop)
    #expect(try targets(phone) == ["ql", "glute-med", "tfl"])
    #expect(try phone.conflicts().map(\.field) == ["order"])
    #expect(try move("tfl", .last, phone).records.count == 1)
    #expect(try phone.conflicts().isEmpty)
    try household.exchange(phone, laptop)
    #expect(try laptop.conflicts().isEmpty && targets(laptop) == ["ql", "glute-med", "tfl"])
  }

  @Test func stepsAndRoutinesMustBelongTogether() throws {
    _ = try phone.newRoutine("Morning", steps: [try BoutText("ql:30s")])
    let foreign = try phone.routine("Morning").children[0].id
    let own = try step("tfl", phone)
    _ = try failure(.notFound) { try phone.moveStep(foreign, in: "Evening", to: .first) }
    _ = try failure(.notFound) { try phone.moveStep(own, in: "Evening", to: .after(foreign)) }
    _ = try failure(.notFound) { try phone.editStep(own, in: "Morning", ["seconds=1m"]) }
    _ = try failure(.notFound) { try phone.removeStep(own, from: "Morning") }
    _ = try failure(.notFound) {
      try phone.addStep(try BoutText("ql:1m"), to: "Evening", at: .after(try phone.routine("Evening").id))
    }
  }

  @Test func theStepsOfADeletedRoutineComeBackWithIt() throws {
    _ = try phone.removeStep(try step("tfl", phone), from: "Evening")
    let routine = try phone.deleteRoutine("Evening").only()
    #expect(!routine.isPresent)
    #expect(try phone.list("routines").isEmpty && phone.list("steps").isEmpty)
    _ = try failure(.notFound) { try phone.routine("Evening") }
    _ = try phone.restore([routine.id])
    #expect(try targets(phone) == ["ql", "glute-med"])
  }
}
