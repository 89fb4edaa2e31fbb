import Testing
import UnknotKit

@Suite struct ConflictTests {
  let household: Household
  let phone: Journal
  let laptop: Journal
  let id: String

  init() throws {
    household = try Household()
    phone = try household.device("phone")
    laptop = try household.device("laptop")
    id = try phone.ratePain(6).only().id
    try household.exchange(phone, laptop)
  }

  /// The laptop's value is the later one, and so the one that is shown.
  func disagree(_ phones: String..., laptops: String...) throws {
    _ = try phone.edit(id, phones)
    household.advance(seconds: 60)
    _ = try laptop.edit(id, laptops)
    try household.exchange(phone, laptop)
  }

  @Test func bothDevicesListBothValuesTheShownOneFirst() throws {
    try disagree("score=3", "note=a", laptops: "score=8", "side=left")
    for journal in [phone, laptop] {
      let conflict = try #require(try journal.conflicts().first)
      #expect(try journal.conflicts().count == 1)
      #expect(conflict.record.id == id && conflict.field == "score")
      #expect(conflict.values.map(\.json.compact) == ["8", "3"])
      #expect(conflict.values.map(\.device) == ["laptop", "phone"])
      #expect(
        conflict.values.map(\.recordedAt.rfc3339) == [
          "2026-05-14T18:01:00+02:00", "2026-05-14T18:00:00+02:00",
        ])
      let record = try journal.show(id)
      #expect(record[.score].integer == 8 && record[.note].text == "a" && record[.side].text == "left")
    }
  }

  @Test(
    arguments: [
      (Resolution.take(1), 8), (.take(2), 3), (.value("3"), 3), (.value("8"), 8), (.value("5"), 5),
    ] as [(Resolution, Int64)])
  func aDecisionHoldsOnBoth(resolution: Resolution, score: Int64) throws {
    try disagree("score=3", laptops: "score=8")
    let written = try phone.resolve(id, field: "score", resolution).only()
    #expect(written[.score].integer == score)
    try household.exchange(phone, laptop)
    for journal in [phone, laptop] {
      #expect(try journal.conflicts().isEmpty && journal.show(id)[.score].integer == score)
    }
    _ = try failure(.notFound) { try laptop.resolve(id, field: "score", .take(1)) }
  }

  @Test func aDecisionThatCannotBeIsRefused() throws {
    try disagree("score=3", laptops: "score=8")
    for resolution in [
      Resolution.take(0), .take(3), .take(-1), .take(.min), .take(.max), .value("11"), .value(""),
    ] {
      _ = try failure(.invalidValue) { try phone.resolve(id, field: "score", resolution) }
    }
    let other = try failure(.notFound) { try phone.resolve(id, field: "note", .take(1)) }
    #expect(other.hint == "in conflict: score")
    #expect(try phone.conflicts().count == 1)
  }

  @Test func equalValuesAreNoConflict() throws {
    try disagree("score=3", laptops: "score=3")
    #expect(try phone.conflicts().isEmpty && laptop.conflicts().isEmpty)
  }

  @Test func anEmptyFieldIsAValueToo() throws {
    _ = try phone.edit(id, ["note=first"])
    try household.exchange(phone, laptop)
    try disagree("note=", laptops: "note=second")
    let conflict = try #require(try phone.conflicts().first)
    #expect(conflict.values.map(\.json.compact) == [#""second""#, "null"])
    #expect(try phone.resolve(id, field: "note", .take(2)).only()[.note].isEmpty)
  }

  @Test(arguments: [("keep", true), ("delete", false), ("KEEP", true)])
  func presenceIsKeptOrDeleted(word: String, isPresent: Bool) throws {
    _ = try phone.remove([id])
    _ = try laptop.edit(id, ["note=more"])
    try household.exchange(phone, laptop)
    let conflict = try #require(try laptop.conflicts().first)
    #expect(conflict.field == "presence" && conflict.record.isPresent)
    #expect(conflict.values.map(\.json.compact) == [#""keep""#, #""delete""#])
    _ = try failure(.invalidValue) { try laptop.resolve(id, field: "presence", .value("maybe")) }
    _ = try failure(.invalidValue) { try laptop.resolve(id, field: "presence", .take(3)) }
    let written = try laptop.resolve(id, field: "presence", .value(word)).only()
    #expect(written.isPresent == isPresent)
    try household.exchange(phone, laptop)
    #expect(try phone.conflicts().isEmpty && phone.show(id).isPresent == isPresent)
  }

  @Test func aValueOfOnesOwnIsHeldToTheSessionsSpan() throws {
    let start = try phone.times.moment("17:00")
    let session = try phone.logSession(at: start, bouts: [try BoutText("ql:1m")]).only().id
    try household.exchange(phone, laptop)
    _ = try phone.edit(session, ["ended_at=17:10"])
    _ = try laptop.edit(session, ["ended_at=17:20"])
    try household.exchange(phone, laptop)
    _ = try failure(.invalidValue) { try phone.resolve(session, field: "ended_at", .value("16:59")) }
    _ = try phone.resolve(session, field: "ended_at", .value("17:15"))
    #expect(try phone.show(session)[.endedAt].moment?.rfc3339 == "2026-05-14T17:15:00+02:00")
  }

  /// What an undo cannot give back, it names.
  @Test(arguments: [1, 2]) func aDecisionCanBeTakenBack(number: Int) throws {
    try disagree("score=3", laptops: "score=8")
    _ = try phone.resolve(id, field: "score", .take(number))
    let undone = try phone.undo()
    #expect(try phone.show(id)[.score].integer == 8 && phone.conflicts().isEmpty)
    let decided = try #require(undone.decided.first)
    #expect(undone.decided.count == 1 && decided.field == "score" && decided.values.map(\.text.text) == ["3"])
    #expect(decided.values.map(\.device) == ["phone"])
    guard number == 2 else { return }
    #expect(try phone.history(id).map(\.action) == ["create", "edit", "edit", "edit", "edit"])
  }

  @Test func aDecisionOnPresenceThatIsTakenBackNamesTheOther() throws {
    _ = try phone.remove([id])
    _ = try laptop.edit(id, ["note=more"])
    try household.exchange(phone, laptop)
    _ = try laptop.resolve(id, field: "presence", .value("delete"))
    let undone = try laptop.undo()
    #expect(try laptop.show(id).isPresent)
    #expect(undone.decided.map(\.field) == ["presence"])
    #expect(undone.decided.first?.values.map(\.text.text) == ["delete"])
  }

  /// A value is chosen by the change that wrote it, whatever came in meanwhile.
  @Test func aValueIsTakenByItsChange() throws {
    let tablet = try household.device("tablet")
    try household.carry(phone, tablet)
    try disagree("score=3", laptops: "score=8")
    let change = try #require(try phone.conflicts().first?.values[1])
    #expect(change.json.compact == "3")
    household.advance(seconds: 60)
    _ = try tablet.edit(id, ["score=9"])
    try household.carry(tablet, phone)
    #expect(try phone.conflicts().first?.values.map(\.json.compact) == ["9", "8", "3"])
    _ = try phone.resolve(id, field: "score", .takeChange(change.change))
    #expect(try phone.show(id)[.score].integer == 3)
    _ = try failure(.notFound) { try phone.resolve(id, field: "score", .takeChange(change.change)) }
  }

  /// What came since a conflict was shown is not overruled by what a person chose.
  @Test(arguments: [Resolution.take(2), .value("5")])
  func whatCameSinceItWasShownStaysInConflict(resolution: Resolution) throws {
    let tablet = try household.device("tablet")
    try household.carry(phone, tablet)
    try disagree("score=3", laptops: "score=8")
    let shown = try phone.conflict(id, field: "score")
    household.advance(seconds: 60)
    _ = try tablet.edit(id, ["score=9"])
    try household.carry(tablet, phone)
    _ = try phone.resolve(shown, resolution)
    let chosen = resolution == .take(2) ? "3" : "5"
    #expect(try Set(phone.conflict(id, field: "score").values.map(\.json.compact)) == ["9", chosen])
  }

  @Test func whatWasDecidedMeanwhileIsNotDecidedAgain() throws {
    try disagree("score=3", laptops: "score=8")
    let shown = try phone.conflict(id, field: "score")
    _ = try phone.resolve(shown, .take(1))
    _ = try failure(.notFound) { try phone.resolve(shown, .take(2)) }
    #expect(try phone.show(id)[.score].integer == 8)
    // Nor where it is in conflict again, with other values.
    try disagree("score=1", laptops: "score=2")
    let error = try failure(.notFound) { try phone.resolve(shown, .take(2)) }
    #expect(error.message.contains("since it was shown"))
    #expect(try phone.conflict(id, field: "score").values.map(\.json.compact).sorted() == ["1", "2"])
  }

  @Test func aChangeThatWroteNoneOfTheValuesIsRefused() throws {
    try disagree("score=3", laptops: "score=8")
    let error = try failure(.invalidValue) { try phone.resolve(id, field: "score", .takeChange(id)) }
    #expect(error.hint?.hasPrefix("take ") == true)
    #expect(try phone.conflicts().count == 1)
  }

  // MARK: Nothing is decided in silence

  @Test func anEditThatDecidesAConflictSaysSo() throws {
    try disagree("note=A", "score=3", laptops: "note=B")
    let written = try phone.edit(id, ["note=C"])
    let notice = try #require(written.notices.first { $0.text.contains("in conflict") })
    #expect(notice.level == .warning && notice.text.contains("B (laptop), A (phone)"))
    // Of another field it says nothing.
    try disagree("note=A", laptops: "note=B")
    #expect(try phone.edit(id, ["score=5"]).notices.isEmpty)
    // A decision by resolve is one in so many words.
    #expect(try phone.resolve(id, field: "note", .take(1)).notices.isEmpty)
  }

  @Test func aWriteThatKeepsWhatWasRemovedElsewhereSaysSo() throws {
    let routine = try phone.newRoutine("Evening", steps: [try BoutText("ql:45s")]).only()
    try household.exchange(phone, laptop)
    _ = try phone.deleteRoutine("Evening")
    _ = try laptop.addStep(try BoutText("tfl:45s"), to: "Evening", at: .last)
    try household.exchange(phone, laptop)
    let step = try laptop.addStep(try BoutText("glute-med:45s"), to: "Evening", at: .last)
    #expect(step.notices.contains { $0.text.contains("was removed on phone: this keeps it") })
    #expect(try laptop.addStep(try BoutText("ql:1m"), to: "Evening", at: .last).notices.isEmpty)
    #expect(try laptop.conflicts().isEmpty && laptop.show(routine.id).isPresent)
  }

  /// What it belongs to was removed as well: the write to a child decides that, and says so.
  @Test func anEditThatKeepsAParentSaysSo() throws {
    let routine = try phone.newRoutine("Evening", steps: [try BoutText("ql:45s")]).only()
    let step = try #require(try phone.routine("Evening").children.first).id
    try household.exchange(phone, laptop)
    _ = try phone.deleteRoutine("Evening")
    _ = try laptop.edit(step, ["seconds=60s"])
    try household.exchange(phone, laptop)
    let edit = try laptop.edit(step, ["seconds=70s"])
    #expect(edit.notices.contains { $0.text.contains("routine") && $0.text.contains("this keeps it") })
    #expect(try laptop.conflicts().isEmpty && laptop.show(routine.id).isPresent)
  }

  @Test func aRestoreThatDecidesSaysSo() throws {
    _ = try phone.remove([id])
    _ = try laptop.edit(id, ["score=2"])
    try household.exchange(phone, laptop)
    let restored = try laptop.restore([id])
    #expect(restored.notices.contains { $0.text.contains("was removed on phone: this keeps it") })
    #expect(try laptop.conflicts().isEmpty)
  }

  // MARK: Order

  /// Three steps, of which the last one goes to the front on the phone, and behind the first on the laptop.
  private func disagreeOnAnOrder() throws -> [JournalRecord] {
    _ = try phone.newRoutine(
      "Evening",
      steps: ["ql:45s", "tfl:45s", "glute-med:45s"].map { text throws(KitError) in try BoutText(text) })
    try household.exchange(phone, laptop)
    let steps = try phone.routine("Evening").children
    _ = try phone.moveStep(steps[2].id, in: "Evening", to: .first)
    household.advance(seconds: 60)
    _ = try laptop.moveStep(steps[2].id, in: "Evening", to: .after(steps[0].id))
    try household.exchange(phone, laptop)
    return steps
  }

  @Test func aMoveThatDecidesSaysSo() throws {
    let steps = try disagreeOnAnOrder()
    let moved = try phone.moveStep(steps[2].id, in: "Evening", to: .after(steps[1].id))
    #expect(
      moved.notices.contains { $0.text.contains("order was in conflict") && $0.text.contains("after ql [") })
    #expect(try phone.conflicts().isEmpty)
  }

  @Test func placesInAnOrderAreSaidInWords() throws {
    let steps = try disagreeOnAnOrder()
    let conflict = try #require(try phone.conflicts().first)
    #expect(conflict.values.map { $0.place?.prefix(8) } == ["after ql", "first"])
    for word in ["a0V", "!!", "nowhere", "after", "after 99"] {
      #expect(throws: KitError.self) {
        try phone.resolve(steps[2].id, field: "order", .value(word))
      }
    }
    #expect(try phone.conflicts().count == 1)
    _ = try phone.resolve(steps[2].id, field: "order", .value("first"))
    #expect(try phone.conflicts().isEmpty)
    #expect(
      try phone.routine("Evening").children.compactMap { $0[.target].text } == ["glute-med", "ql", "tfl"])
    let evening = try phone.routine("Evening").shortID
    let undone = try #require(try phone.undo().decided.first)
    #expect(undone.field == "order" && undone.parent == evening)
    #expect(undone.values.map(\.text.text).allSatisfy { $0 == "first" || $0.hasPrefix("after ") })
  }

  // MARK: Clocks

  @Test func aClockThatIsFarAheadIsFlagged() throws {
    household.advance(seconds: 400 * 86_400)
    let late = try household.device("late")
    try household.carry(phone, late)
    _ = try late.edit(id, ["score=9"])
    household.advance(seconds: -400 * 86_400)
    _ = try phone.edit(id, ["score=2"])
    try household.carry(late, phone)
    let conflict = try #require(try phone.conflicts().first)
    #expect(conflict.values.map(\.isAhead) == [true, false])
    #expect(try phone.history(id).map(\.isAhead).filter { $0 }.count == 1)
    #expect(try phone.quality(FigureRange()).clockAhead == 0)
    // By its own clock nothing of it is ahead.
    household.advance(seconds: 400 * 86_400)
    #expect(try phone.conflicts().first?.values.map(\.isAhead) == [false, false])
  }

  @Test func ratingsByAClockAheadAreCountedInQuality() throws {
    household.advance(seconds: 3 * 86_400)
    let late = try household.device("late")
    try household.carry(phone, late)
    _ = try late.ratePain(4)
    household.advance(seconds: -3 * 86_400)
    try household.carry(late, phone)
    #expect(try phone.quality(FigureRange()).clockAhead == 1)
  }

  // MARK: Imports that were undone

  @Test func importingWhatWasUndoneSaysSo() throws {
    _ = try laptop.ratePain(3)
    let file = "\(household.folder)/again.unknot"
    _ = try laptop.export(to: file, folder: household.folder, for: nil, full: true)
    #expect(try phone.importFiles([.path(file)]).notes.isEmpty)
    #expect(try phone.importFiles([.path(file)]).notes.isEmpty)
    _ = try phone.undo()
    #expect(try phone.list("pain").count == 1)
    let imported = try phone.importFiles([.path(file)])
    #expect(imported.applied == 0)
    let note = try #require(imported.notes.first)
    #expect(note.contains("undone here"))
    // What it says to do does it.
    var named: String?
    _ = note.text { way, id in
      if way == .undo { named = id }
      return ""
    }
    let operation: String = try #require(named)
    _ = try phone.undo(operation)
    #expect(try phone.list("pain").count == 2)
    #expect(try phone.importFiles([.path(file)]).notes.isEmpty)
  }

  @Test func idsOfOtherDevicesAreFoundByTheirPrefix() throws {
    let own = try laptop.ratePain(2).only()
    #expect(try laptop.show("1").id == own.id)
    let short = try laptop.show(id).shortID
    #expect(short.hasSuffix("-1") && id.hasPrefix(short.prefix(4)))
    #expect(try laptop.show(short).id == id && laptop.show(id.uppercased()).device == "phone")
    // Look-alikes are read as the digits that they look like.
    let lookAlike = String(id.map { $0 == "0" ? "O" : $0 == "1" ? "l" : $0 })
    let seqIsOne = lookAlike.dropLast() + "1"
    #expect(try laptop.show(String(seqIsOne)).id == id)
  }
}
