import Testing
import UnknotKit

struct DuplicateTests {
  private func pair() throws -> (Household, Journal, Journal, String, String) {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1, site: PlaceText(site: "foot"))
    try household.carry(laptop, phone)
    let first = try laptop.ratePain(6).only().id
    household.advance(seconds: 60)
    let second = try phone.ratePain(5, note: "on the phone").only().id
    try household.exchange(laptop, phone)
    return (household, laptop, phone, first, second)
  }

  @Test func onlyRecordsOfDifferentDevicesNearEachOtherAreListed() throws {
    let (household, laptop, _, first, second) = try pair()
    _ = try laptop.ratePain(6, site: PlaceText(site: "hip"))
    household.advance(seconds: 400)
    _ = try laptop.ratePain(6)
    let found = try laptop.duplicates()
    #expect(found.map(\.first.id) == [first])
    #expect(found.map(\.second.id) == [second])
  }

  @Test func dismissalTravelsInEitherOrder() throws {
    let (household, laptop, phone, first, second) = try pair()
    _ = try laptop.dismissDuplicate(second, first)
    try household.exchange(laptop, phone)
    #expect(try laptop.duplicates().isEmpty)
    #expect(try phone.duplicates().isEmpty)
    #expect(try phone.dismissDuplicate(first, second).records.isEmpty)
  }

  @Test func mergeFillsGapsAndIsUndoneWhole() throws {
    let (_, laptop, _, first, second) = try pair()
    let merged = try laptop.mergeDuplicates(first, second).only()
    #expect(merged["score"].integer == 6)
    #expect(merged["note"].text == "on the phone")
    #expect(try !laptop.show(second).isPresent)
    #expect(try laptop.duplicates().isEmpty)
    _ = try laptop.undo()
    #expect(try laptop.show(first)["note"].isEmpty)
    #expect(try laptop.show(second).isPresent)
  }

  @Test func sessionsTakeTheBoutsThatTheyLack() throws {
    let household = try Household()
    let (laptop, phone) = (try household.device("laptop"), try household.device("phone"))
    _ = try laptop.ratePain(1, site: PlaceText(site: "foot"))
    try household.carry(laptop, phone)
    let first = try laptop.logSession(bouts: [BoutText("ql/left:45s")]).only().id
    let second = try phone.logSession(bouts: [BoutText("ql/left:45s"), BoutText("ql/right:45s")]).only().id
    try household.exchange(laptop, phone)
    #expect(try laptop.duplicates().count == 1)
    let merged = try laptop.mergeDuplicates(first, second).only()
    #expect(merged.children.map { $0["side"].text } == ["left", "right"])
  }

  @Test func mergesInBothDirectionsAtOnceLoseNothingUnseen() throws {
    let (household, laptop, phone, first, second) = try pair()
    _ = try laptop.mergeDuplicates(first, second)
    _ = try phone.mergeDuplicates(second, first)
    try household.exchange(laptop, phone)
    let isThere = try [first, second].contains { try laptop.show($0).isPresent }
    let isSeen = try laptop.conflicts().contains { $0.field == "presence" }
    #expect(isThere || isSeen)
  }
}
