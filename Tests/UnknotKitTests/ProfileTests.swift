import Foundation
import Testing
import UnknotKit

/// A person has one profile, whatever devices set without knowing of each other.
@Suite struct ProfileTests {
  private let household: Household
  private let phone: Journal
  private let laptop: Journal

  init() throws {
    household = try Household()
    phone = try household.device("phone")
    laptop = try household.device("laptop")
    _ = try phone.ratePain(1)
    try household.carry(phone, laptop)
  }

  private func bothSet() throws {
    _ = try phone.editProfile(["prefer_surface=wall", "floor_ok=true"])
    household.advance(seconds: 60)
    _ = try laptop.editProfile(
      ["contraindications/fracture/low-back=2026-05-01", "floor_ok=false", "day_start=05:00"])
    try household.exchange(phone, laptop)
  }

  @Test func whatDevicesSetApartIsOneProfileWithConflicts() throws {
    try bothSet()
    for device in [phone, laptop] {
      let profile = try device.profile()
      #expect(profile.preferredSurface == "wall" && profile.dayStart == 300 && profile.floorIsFine == false)
      #expect(profile.contraindications.map(\.text) == ["fracture/low-back"])
      #expect(try device.list("profiles").count == 1)
      let conflict = try #require(try device.conflicts().first)
      #expect(conflict.field == "floor_ok" && conflict.values.map(\.device) == ["laptop", "phone"])
      #expect(try device.conflicts().count == 1)
    }
  }

  private func take(
    _ dayStart: String, _ options: ImportOptions = ImportOptions(), _ device: Journal? = nil
  ) throws -> RecordImportResult {
    let path = household.folder + "/profiles.csv"
    try "id,type,recorded_at,day_start\r\nx-1,profile,2026-05-01T09:00:00+02:00,\(dayStart)\r\n".write(
      toFile: path, atomically: false, encoding: .utf8)
    return try (device ?? phone).importRecords(path, options)
  }

  /// The whole profile is brought back, and what any device set is no gap.
  @Test(arguments: [0, 1]) func anImportThatBringsItBackLeavesWhatDevicesSet(_ first: Int) throws {
    let edits = ["day_start=05:00", "floor_ok=true"]
    _ = try phone.editProfile([edits[first]])
    household.advance(seconds: 60)
    _ = try laptop.editProfile([edits[1 - first]])
    try household.exchange(phone, laptop)
    _ = try phone.remove(try phone.list("profiles").map(\.id))
    var options = ImportOptions()
    options.restores = true
    let found = try take("06:00", options)
    #expect(found.restored == 1 && found.differs == 1 && found.updated == 0)
    let profile = try phone.profile()
    #expect(profile.dayStart == 300 && profile.floorIsFine == true)
  }

  /// However many records stand for it, it differs once.
  @Test func anImportedProfileDiffersOnce() throws {
    for device in [phone, laptop] { #expect(try take("05:00", ImportOptions(), device).addedCount == 1) }
    try household.exchange(phone, laptop)
    var options = ImportOptions()
    #expect(try take("06:00").differences.count == 1)
    options.updates = true
    let found = try take("06:00", options)
    #expect(found.updated == 1 && found.differences.count == 1)
    #expect(try phone.profile().dayStart == 360)
  }

  /// What another device set is not overruled by taking back what this one did.
  @Test func anUndoKeepsWhatAnotherDeviceSet() throws {
    _ = try phone.editProfile(["prefer_surface=wall"])
    let set = try phone.editProfile(["floor_ok=true"])
    _ = try laptop.editProfile(["floor_ok=false"])
    try household.exchange(phone, laptop)
    let undone = try phone.undo(set.operation)
    #expect(undone.kept.map(\.field) == ["floor_ok"])
    #expect(try phone.conflicts().map(\.field) == ["floor_ok"])
  }

  /// An edit that keeps the profile while it is removed elsewhere keeps what either device set.
  @Test(arguments: ["phone", "laptop"]) func anEditKeepsTheWholeProfile(on name: String) throws {
    _ = try phone.editProfile(["prefer_surface=wall"])
    _ = try laptop.editProfile(["contraindications/fracture/low-back=2026-05-01", "day_start=05:00"])
    try household.exchange(phone, laptop)
    let (device, other) = name == "phone" ? (phone, laptop) : (laptop, phone)
    let id = try #require(try other.profileRecord()).id
    _ = try other.remove([id])
    _ = try device.editProfile(["floor_ok=true"])
    try household.exchange(phone, laptop)
    for one in [phone, laptop] {
      let profile = try one.profile()
      #expect(profile.preferredSurface == "wall" && profile.dayStart == 300 && profile.floorIsFine == true)
      #expect(profile.contraindications.map(\.text) == ["fracture/low-back"])
    }
  }

  /// Whichever of its records devices disagree on: that it is there is one conflict, and can be decided.
  @Test(arguments: ["keep", "delete"]) func whetherTheProfileStaysIsDecided(as value: String) throws {
    let tablet = try household.device("tablet")
    try household.carry(phone, tablet)
    _ = try phone.editProfile(["prefer_surface=wall"])
    _ = try laptop.editProfile(["day_start=05:00"])
    // Each of two knows one of the two records, the third knows both.
    try household.carry(phone, tablet)
    try household.carry(laptop, tablet)
    let id = try #require(try tablet.profileRecord()).id
    _ = try tablet.remove([id])
    _ = try phone.editProfile(["floor_ok=true"])
    _ = try laptop.editProfile(["day_start=06:00"])
    for device in [phone, laptop] { try household.carry(device, tablet) }
    #expect(try tablet.conflicts().count == 1)
    let conflict = try #require(try tablet.conflicts().first)
    #expect(conflict.field == "presence")
    _ = try tablet.resolve(conflict.record.id, field: "presence", .value(value))
    #expect(try tablet.conflicts().isEmpty)
    #expect(try (tablet.profileRecord() == nil) == (value == "delete"))
    if value == "keep" {
      #expect(try tablet.profile().floorIsFine == true && tablet.profile().dayStart == 360)
    }
  }

  @Test func anUndoBringsNothingOfARemovedProfile() throws {
    let first = try phone.editProfile(["prefer_surface=wall"]).only()
    _ = try phone.remove([first.id])
    _ = try phone.editProfile(["floor_ok=true"])
    _ = try phone.editProfile(["prefer_surface=floor"])
    _ = try phone.undo()
    #expect(try phone.profile().preferredSurface == nil)
    #expect(try phone.profile().floorIsFine == true)
  }

  @Test(arguments: [1, 2]) func aConflictOfTheProfileIsDecided(number: Int) throws {
    try bothSet()
    let id = try #require(try phone.conflicts().first?.record.id)
    _ = try phone.resolve(id, field: "floor_ok", .take(number))
    #expect(try phone.conflicts().isEmpty)
    try household.exchange(phone, laptop)
    #expect(try laptop.profile().floorIsFine == (number == 2))
    #expect(try laptop.conflicts().isEmpty)
  }

  /// What either device set can be shown and taken away on either.
  @Test(arguments: ["phone", "laptop"]) func whatIsInForceCanBeCleared(on name: String) throws {
    try bothSet()
    let device = name == "phone" ? phone : laptop
    #expect(try device.profileRecord()?[.contraindications].keys == ["fracture/low-back"])
    _ = try device.editProfile(["contraindications/fracture/low-back=", "prefer_surface=", "floor_ok="])
    for one in [device, device === phone ? laptop : phone] {
      let profile = try one.profile()
      #expect(
        profile.contraindications.isEmpty && profile.preferredSurface == nil && profile.floorIsFine == nil)
      #expect(try one.conflicts().isEmpty)
      try household.exchange(phone, laptop)
    }
    // Nothing is left to change.
    #expect(try device.editProfile(["contraindications/fracture/low-back="]).records.isEmpty)
  }

  @Test func oneProfileIsExported() throws {
    try bothSet()
    var exported: [ExportedRecord] = []
    try phone.export { if $0.type == .profile { exported.append($0) } }
    #expect(exported.count == 1)
    #expect(exported.first?.record[.preferSurface].text == "wall")
    #expect(exported.first?.record[.contraindications].keys == ["fracture/low-back"])
  }

  /// An export of before there was one profile has several: together they are one, once.
  @Test func severalProfilesOfAnExportAreOne() throws {
    let file = household.folder + "/profiles.json"
    let records = [
      #"{"id":"a-1","type":"profile","recorded_at":"2026-05-01T10:00:00+02:00","prefer_surface":"wall","floor_ok":true}"#,
      #"{"id":"b-1","type":"profile","recorded_at":"2026-05-02T10:00:00+02:00","floor_ok":false,"day_start":"05:00"}"#,
    ]
    try Data("[\(records.joined(separator: ","))]".utf8).write(to: URL(filePath: file))
    let first = try phone.importRecords(file)
    #expect(first.addedCount == 1 && first.updated == 1 && first.differs == 1)
    #expect(try phone.profile().dayStart == 300)
    #expect(try phone.profile().preferredSurface == "wall" && phone.profile().floorIsFine == true)
    let length = try phone.digest().clock.reduce(0) { $0 + $1.seq }
    #expect(try phone.importRecords(file).addedCount == 0)
    #expect(try phone.digest().clock.reduce(0) { $0 + $1.seq } == length)
    _ = try phone.undo()
    #expect(try phone.importRecords(file).removed == 2 && phone.profileRecord() == nil)
  }

  @Test func aRemovedProfileIsRemovedWholeAndComesBackWhole() throws {
    try bothSet()
    let id = try #require(try phone.profileRecord()?.id)
    _ = try phone.remove([id])
    #expect(try phone.profileRecord() == nil && phone.profile().contraindications.isEmpty)
    _ = try phone.restore([id])
    #expect(try phone.profile().contraindications.count == 1 && phone.profile().preferredSurface == "wall")
    _ = try phone.undo()
    #expect(try phone.profileRecord() == nil)
  }

  /// The engine's undo knows records one by one; what it gives back is the profile as it was.
  @Test func anEditOfTheProfileIsUndone() throws {
    try bothSet()
    _ = try phone.editProfile(["floor_ok=true", "day_start=06:00"])
    #expect(try phone.profile().dayStart == 360)
    _ = try phone.undo()
    #expect(try phone.profile().dayStart == 300 && phone.profile().floorIsFine == false)
    #expect(try phone.profile().preferredSurface == "wall")
  }

  @Test func aDayBeginsBeforeNoon() throws {
    _ = try failure(.invalidValue) { try phone.editProfile(["day_start=12:01"]) }
    #expect(try phone.profileRecord() == nil)
  }

  /// A profile that is imported fills what the person's own does not say.
  @Test func anImportedProfileFillsGaps() throws {
    _ = try phone.editProfile(["day_start=10:00", "prefer_surface=wall"])
    let file = household.folder + "/profile.json"
    try "{\"records\":[{\"id\":\"x-1\",\"type\":\"profile\",\"day_start\":\"05:00\",\"note\":\"n\"}]}".write(
      toFile: file, atomically: false, encoding: .utf8)
    #expect(try phone.importRecords(file).problems.isEmpty)
    let profile = try #require(try phone.profileRecord())
    #expect(profile[.dayStart].json == .string("10:00") && profile[.preferSurface].text == "wall")
    #expect(profile[.note].text == "n")
  }
}
