import Foundation
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

@testable import UnknotKit

/// A program that is newer than the one under test: it knows one table more, a field of a known table more, and fields
/// whose names collide with what JSON calls its own.
private struct NewerProgram {
  static let tables =
    RecordType.all.map(\.schema) + [
      RecordKind(name: "wheel", timeField: "bought_at"), RecordKind(name: "photo"),
    ]
  let store: Store
  let synchronizer: Synchronizer

  init(_ name: String, path: String? = nil, _ environment: any ReplicaEnvironment) throws {
    store = try Store(
      path: path, tables: Self.tables, deviceName: name, environment: environment,
      notes: nil)
    synchronizer = Synchronizer(store: store)
  }

  func create(_ table: String, parent: Dot? = nil, _ fields: [String: Value]) throws -> Dot {
    try store.write("create") { writer in
      try writer.create(
        table, parent: parent, [FieldName: Value](uniqueKeysWithValues: fields.map { (FieldName($0), $1) }))
    }
  }

  func edit(_ record: Dot, _ field: FieldName, _ value: Value) throws {
    _ = try store.write("edit") { try $0.edit(record, [field: value]) }
  }

  func value(_ record: Dot, _ field: String) throws -> Value? {
    try store.read { try $0.record(record)?[field] }
  }

  func export(to folder: String) throws -> String {
    let result = try synchronizer.export(to: .folder(folder), for: .everyone, full: true)
    return try #require(result.file)
  }

  func take(_ file: String) throws {
    _ = try synchronizer.importFiles([.path(file)])
  }

  var digest: String { get throws { try store.read { hexadecimal(try $0.digest()) } } }
}

/// Programs of two versions exchange journals: what the older one does not understand it keeps, passes on, shows, and
/// lets a person decide.
@Suite struct MixedVersionTests {
  private let home: Household
  private let newer: NewerProgram
  private let older: Journal
  private let pain: Dot
  private let wheel: Dot

  init() throws {
    home = try Household()
    newer = try NewerProgram("newer", home.environment())
    older = try home.device("older")
    pain = try newer.create(
      "pain",
      [
        "at": .time(milliseconds: thursdayEvening, offsetMinutes: 120), "score": .integer(6),
        "site": .text("low-back"), "weather": .text("rain"), "id": .text("mine"), "present": .integer(7),
      ])
    wheel = try newer.create(
      "wheel",
      ["bought_at": .time(milliseconds: thursdayEvening, offsetMinutes: 120), "firmness": .integer(3)])
    _ = try older.importFiles([.path(try newer.export(to: home.folder))])
  }

  private func send(_ from: Journal, _ to: NewerProgram) throws {
    let file = "\(home.folder)/\(UUID().uuidString).unknot"
    _ = try from.export(to: file, folder: home.folder, for: nil, full: true)
    try to.take(file)
  }

  private func send(_ from: NewerProgram, _ to: Journal) throws -> Imported {
    try to.importFiles([.path(try from.export(to: home.folder))])
  }

  @Test func whatIsUnknownIsPassedOnUntouched() throws {
    _ = try older.edit(pain.description, ["score=4"])
    let third = try NewerProgram("third", home.environment())
    try send(older, third)
    #expect(try third.value(pain, "weather") == .text("rain"))
    #expect(try third.value(pain, "score") == .integer(4))
    #expect(try third.value(wheel, "firmness") == .integer(3))
    #expect(try third.store.read { try $0.records(in: "wheel", RecordFilter()).map(\.id) } == [wheel])
    #expect(try third.digest == older.digest().digest)
  }

  @Test func whatIsUnknownIsShownUnderANameOfItsOwn() throws {
    let shown = try older.show(pain.description)
    #expect(shown.fields.map(\.name) == RecordType.pain.fields.map(\.name))
    #expect(shown.unknownFields.map(\.name) == ["id", "present", "weather"])
    let json = shown.json.compact
    #expect(json.hasSuffix(#""unknown":{"id":"mine","present":7,"weather":"rain"}}"#))
    #expect(json.hasPrefix(#"{"id":"\#(pain)","type":"pain","present":true,"#))

    let whole = try older.show(wheel.description)
    #expect(whole.type == "wheel" && whole.fields.isEmpty)
    #expect(whole.unknownFields.map(\.name) == ["bought_at", "firmness"])
    #expect(try older.history(wheel.description).count == 1)
  }

  @Test func whatIsUnknownCannotBeEditedButRemovedAndBroughtBack() throws {
    _ = try failure(.invalidValue) { try older.edit(pain.description, ["weather=sun"]) }
    _ = try failure(.invalidValue) { try older.edit(wheel.description, ["firmness=1"]) }
    let before = try older.digest().digest
    _ = try older.remove([wheel.description])
    _ = try older.undo()
    try send(older, newer)
    #expect(try newer.store.read { try $0.record(wheel)?.isVisible } == true)
    #expect(try older.digest().digest == newer.digest && newer.digest != before)
  }

  @Test func conflictsInUnknownFieldsAreShownAndDecided() throws {
    let other = try NewerProgram("other", home.environment())
    try send(older, other)
    home.advance(seconds: 1)
    try newer.edit(pain, FieldName("weather"), .text("snow"))
    try newer.edit(wheel, FieldName("firmness"), .integer(5))
    try newer.edit(pain, FieldName("tags", key: "cold"), .integer(1))
    home.advance(seconds: 1)
    try other.edit(pain, FieldName("weather"), .text("sun"))
    try other.edit(wheel, FieldName("firmness"), .integer(1))
    try other.edit(pain, FieldName("tags", key: "warm"), .integer(1))
    _ = try send(newer, older)
    #expect(try send(other, older).conflictsNew == 2)

    let conflicts = try older.conflicts()
    #expect(conflicts.map(\.field).sorted() == ["firmness", "weather"])
    let weather = try #require(conflicts.first { $0.field == "weather" })
    #expect(weather.values.map { $0.value.text } == ["sun", "snow"])
    _ = try failure(.invalidValue) {
      try older.resolve(pain.description, field: "weather", .value("hail"))
    }
    _ = try older.resolve(pain.description, field: "weather", .take(2))
    _ = try older.resolve(wheel.description, field: "firmness", .take(1))
    #expect(try older.conflicts().isEmpty)

    try send(older, newer)
    try send(older, other)
    #expect(
      try newer.value(pain, "weather") == .text("snow") && newer.value(wheel, "firmness") == .integer(1))
    #expect(try newer.digest == other.digest && newer.digest == older.digest().digest)
    #expect(try newer.store.read { try $0.conflictCount() } == 0)
    // Two keys of a map are two fields.
    #expect(
      try newer.store.read { try $0.record(pain)?.fields.keys.filter(\.isMapKey).map(\.description).sorted() }
        == ["tags/cold", "tags/warm"])
  }

  @Test func aChildOfAnUnknownKindBringsItsParentBack() throws {
    let session = try newer.create(
      "session", ["started_at": .time(milliseconds: thursdayEvening, offsetMinutes: 120)])
    _ = try send(newer, older)
    _ = try older.remove([session.description])
    let photo = try newer.create("photo", parent: session, ["caption": .text("floor")])
    _ = try send(newer, older)
    #expect(try older.show(session.description).isPresent)
    #expect(try older.show(photo.description).isPresent)
    #expect(try older.conflicts().map(\.field) == ["presence"])
    try send(older, newer)
    #expect(try newer.digest == older.digest().digest)
  }

  @Test func wordsThatAreUnknownStay() throws {
    try newer.edit(pain, FieldName("site"), .text("left-ear"))
    _ = try send(newer, older)
    #expect(try older.show(pain.description)[.site].text == "left-ear")
    _ = try older.edit(pain.description, ["score=1"])
    try send(older, newer)
    #expect(try newer.value(pain, "site") == .text("left-ear"))
  }

  /// The same journal under the older and the newer program in turn: the lists of tables that were unknown when their
  /// records came are there once they are known.
  @Test func aJournalIsOpenedByBothInTurn() throws {
    let path = home.folder + "/turn.sqlite"
    func opened() throws -> Journal { try home.device("turn", path: path) }
    _ = try opened().importFiles([.path(try newer.export(to: home.folder))])
    do {
      let upgraded = try NewerProgram("turn", path: path, home.environment())
      let listed = try upgraded.store.read { reader in
        try reader.records(
          in: "wheel", RecordFilter(since: thursdayEvening, until: thursdayEvening + 1)
        ).map(\.id)
      }
      #expect(listed == [wheel])
      try upgraded.edit(wheel, FieldName("bought_at"), .time(milliseconds: 5, offsetMinutes: 0))
    }
    _ = try opened().edit(pain.description, ["score=2"])
    _ = try opened().remove([wheel.description])
    let upgraded = try NewerProgram("turn", path: path, home.environment())
    #expect(try upgraded.store.read { try $0.records(in: "wheel", RecordFilter()).isEmpty })
    let all = try upgraded.store.read { reader in
      try reader.records(in: "wheel", RecordFilter(since: 5, until: 6, includeRemoved: true)).map(\.id)
    }
    #expect(all == [wheel])
    try newer.take(try upgraded.export(to: home.folder))
    #expect(try newer.digest == upgraded.digest)
  }
}
