import Testing
import UnknotKit

/// Two devices may bear one name: neither is meant by it alone.
@Suite struct DeviceNameTests {
  @Test func ofTwoDevicesOfOneNameIsAskedWhich() throws {
    let household = try Household()
    let tablet = try household.device("tablet")
    _ = try tablet.ratePain(1)
    let phones = try (0..<2).map { _ in try household.device("phone") }
    for phone in phones {
      try household.carry(tablet, phone)
      _ = try phone.ratePain(2)
    }
    for phone in phones { try household.carry(phone, tablet) }
    func retired() throws -> [Bool] { try tablet.devices().filter { !$0.isThis }.map(\.isRetired) }

    let error = try failure(.notFound) { try tablet.retire("phone") }
    #expect(error.message == "phone is ambiguous: 2 devices have that name")
    #expect(try retired() == [false, false])
    let ids = try tablet.devices().filter { !$0.isThis }.compactMap { $0.actors.first?.prefix(8).description }
    #expect(error.hint?.hasSuffix(ids.joined(separator: " or ")) == true)
    #expect(try tablet.retire(ids[1].uppercased()))
    #expect(try retired() == [false, true])
    #expect(try tablet.retire(ids[1], false))
    #expect(try retired() == [false, false])
    for wrong in ["", "pho", String(ids[0].prefix(3)), "zzzz"] {
      let error = try failure(.notFound) { try tablet.retire(wrong) }
      #expect(error.message == "no device \(wrong) is known")
    }
  }
}
