import Testing
import UnknotKit

/// What follows from a field is decided with it: the day with the time.
extension ConflictTests {
  /// In every kind that has a time, and whether the edits stay within a day or not.
  @Test(arguments: [
    ("pain", "2026-05-12 18:00", "2026-05-13 18:00"), ("pain", "2026-05-14 17:00", "2026-05-13 18:00"),
    ("pain", "2026-05-13 18:00", "2026-05-14 17:00"), ("factor", "2026-05-12 18:00", "2026-05-13"),
    ("episode", "2026-05-12", "2026-05-13 18:00"), ("session", "2026-05-12 18:00", "2026-05-13 18:00"),
    ("assessment", "2026-05-12 18:00", "2026-05-13 18:00"), ("check", "2026-05-12 18:00", "2026-05-13 18:00"),
  ])
  func theDayIsDecidedWithTheTime(kind: String, phones: String, laptops: String) throws {
    let record: JournalRecord =
      switch kind {
      case "pain": try phone.show(id)
      case "factor": try phone.recordFactor(FactorEntry(kind: "walk")).only()
      case "episode": try phone.openEpisode().only()
      case "session": try phone.logSession(bouts: [try BoutText("ql:1m")]).only()
      case "assessment": try phone.recordPEG(pain: 1, enjoyment: 2, activity: 3).only()
      default: try phone.recordCheck([]).written.only()
      }
    try household.exchange(phone, laptop)
    let name = try #require(RecordType.all.first { $0.name == kind }?.timeField)
    if kind == "session" {
      _ = try phone.edit(record.id, ["ended_at="])
      try household.exchange(phone, laptop)
    }
    _ = try phone.edit(record.id, ["\(name)=\(phones)"])
    household.advance(seconds: 60)
    _ = try laptop.edit(record.id, ["\(name)=\(laptops)"])
    try household.exchange(phone, laptop)
    func check(_ journal: Journal) throws {
      let shown = try journal.show(record.id)
      let moment = try #require(shown[name].moment)
      #expect(shown[.localDay].day == LocalDay(of: moment, start: 240))
      let text = moment.rfc3339.contains("T12:00:00") ? "day" : "exact"
      #expect(shown[.precision].text == text)
    }
    for journal in [phone, laptop] {
      try check(journal)
      #expect(try journal.conflicts().map(\.field) == [name.rawValue])
    }
    // The day cannot be decided by itself, and is right whichever time is taken.
    let error = try failure(.notFound) { try phone.resolve(record.id, field: "local_day", .take(1)) }
    #expect(error.hint == "decide it with \(name)")
    _ = try phone.resolve(record.id, field: name.rawValue, .take(2))
    try household.exchange(phone, laptop)
    for journal in [phone, laptop] {
      try check(journal)
      #expect(try journal.conflicts().isEmpty)
    }
  }

  /// Both devices frame the same time with another beginning of the day: nothing that a person decides.
  @Test func aDayAloneIsNoConflict() throws {
    _ = try laptop.editProfile(["day_start=10:00"])
    _ = try phone.edit(id, ["at=2026-05-14 08:00"])
    _ = try laptop.edit(id, ["at=2026-05-14 08:00"])
    let file = "\(household.folder)/one.unknot"
    _ = try laptop.export(to: file, folder: household.folder, for: nil, full: true)
    let imported = try phone.importFiles([.path(file)])
    #expect(imported.conflictsNew == 0 && imported.conflictsWaiting == 0)
    #expect(try phone.conflicts().isEmpty)
    _ = try phone.edit(id, ["at=2026-05-13 08:00"])
    #expect(try phone.show(id)[.localDay].day?.description == "2026-05-12")
  }

  @Test func aTakenValuePassesTheRulesOfItsKind() throws {
    let start = try phone.times.moment("15:00")
    let session = try phone.logSession(at: start, bouts: [try BoutText("ql:1m")]).only().id
    try household.exchange(phone, laptop)
    _ = try phone.edit(session, ["started_at=14:00", "ended_at=14:10"])
    household.advance(seconds: 60)
    _ = try laptop.edit(session, ["started_at=16:00", "ended_at=16:10"])
    try household.exchange(phone, laptop)
    _ = try failure(.invalidValue) { try phone.resolve(session, field: "ended_at", .take(2)) }
    _ = try phone.resolve(session, field: "started_at", .take(2))
    _ = try phone.resolve(session, field: "ended_at", .take(2))
    #expect(try phone.conflicts().isEmpty)
  }

  /// Two devices put a rating at two times: whichever is shown, its day and its precision are shown with it, the day is
  /// no conflict of its own, and a decision takes the day as it was written with the time.
  @Test(
    arguments: [
      ("17:00", "2026-05-12 05:00"), ("2026-05-12 05:00", "17:00"), ("2026-05-11 05:00", "2026-05-12 05:00"),
      ("16:00", "17:00"),
    ], [1, 2])
  func theDayGoesWithTheTime(times: (phone: String, laptop: String), choice: Int) throws {
    try disagree("at=" + times.phone, "precision=approx", laptops: "at=" + times.laptop, "precision=exact")
    func check(_ record: JournalRecord, _ precision: String) throws {
      #expect(record[.precision].text == precision)
      let at = try #require(record[.at].moment)
      #expect(record[.localDay].day?.description == String(at.rfc3339.prefix(10)))
    }
    for journal in [phone, laptop] {
      #expect(try journal.conflicts().map(\.field) == ["at"])
      try check(try journal.show(id), "exact")
    }
    // What was written then is not read anew as days begin now.
    _ = try phone.editProfile(["day_start=10:00"])
    let precision = choice == 1 ? "exact" : "approx"
    try check(try phone.resolve(id, field: "at", .take(choice)).only(), precision)
    try household.exchange(phone, laptop)
    try check(try laptop.show(id), precision)
  }
}
