import Foundation
import Testing
import UnknotKit

/// Records as values: what is written is what was changed, and nothing else.
@Suite struct TypedWriteTests {
  let household: Household
  let journal: Journal

  init() throws {
    household = try Household()
    journal = try household.device("phone")
  }

  /// One of each type, with everything that a command fills in.
  private func records() throws -> [any TypedRecord] {
    let routine = try journal.newRoutine("Evening", steps: [try BoutText("ql/left:45s@wall")]).only()
    let written = try journal.logSession(
      routine: "Evening", bouts: [try BoutText("ql/left:45s@wall")], before: 6, note: "short")
    let session = written.records[0]
    return [
      try #require(Session(session)), try #require(Bout(session.children[0])),
      try #require(PainRating(written.records[1])),
      try #require(Routine(routine)), try #require(Step(routine.children[0])),
      try #require(Spot(try journal.addSpot("ql", label: nil).only())),
      try #require(Ball(try journal.addBall("Lacrosse", []).only())),
      try #require(Episode(try journal.openEpisode().only())),
      try #require(Factor(try journal.recordFactor(FactorEntry(kind: "walk")).only())),
      try #require(PEGAssessment(try journal.recordPEG(pain: 1, enjoyment: 2, activity: 3).only())),
    ]
  }

  @Test func everyFieldThatAPersonEditsIsThere() throws {
    for record in try records() {
      func check<Record: TypedRecord>(_ record: Record) throws {
        var editable = Set(Record.type.fields.filter { $0.isEditable && $0.key != .precision }.map(\.key))
        if Record.type == .assessment { editable.subtract([.kind, .change]) }
        if Record.type == .session { editable.remove(.source) }
        // Written by merging alone.
        editable.remove(.merged)
        #expect(Set(record.texts.keys).union(record.sets.keys) == editable, "\(Record.type.name)")
        #expect(try journal.record(Record.self, record.id) == record)
        #expect(try journal.list(Record.self).contains(record))
        let copy = try JSONDecoder().decode(Record.self, from: try JSONEncoder().encode(record))
        #expect(copy == record)
        // Nothing changed is nothing written.
        let digest = try journal.digest().digest
        #expect(try journal.edit(record) { _ in }.records.isEmpty)
        #expect(try journal.digest().digest == digest)
      }
      try check(record)
    }
  }

  @Test func aSessionIsEdited() throws {
    let records = try records()
    var session = try #require(records[0] as? Session)
    let ball = try #require(records[6] as? Ball)
    try journal.edit(session) {
      $0.startedAt = Moment(milliseconds: $0.startedAt.milliseconds - 60_001, offsetMinutes: 120)
      ($0.status, $0.routine, $0.ball, $0.note) = ("partial", nil, ball.id, "two\nlines = one")
      ($0.adverse, $0.adverseSeverity, $0.tags) = ("bruise", 3, ["after-work", "trip"])
      ($0.painfulSide, $0.surface) = ("right", "floor")
    }
    let before = session
    session = try journal.record(Session.self, session.id)
    #expect(session.startedAt.milliseconds == before.startedAt.milliseconds - 60_001)
    #expect(session.status == "partial" && session.routine == nil && session.ball == ball.id)
    #expect(session.note == "two\nlines = one" && session.tags == ["after-work", "trip"])
    #expect(session.adverse == "bruise" && session.adverseSeverity == 3)
    #expect(session.painfulSide == "right" && session.surface == "floor")
    #expect(session.bouts == before.bouts && session.endedAt == before.endedAt)
    try journal.edit(session) { $0.tags = ["trip"] }
    #expect(try journal.record(Session.self, session.id).tags == ["trip"])
  }

  @Test func everyOtherTypeIsEdited() throws {
    let records = try records()
    func edited<Record: TypedRecord>(_ record: any TypedRecord, _ change: (inout Record) -> Void) throws {
      let record = try #require(record as? Record)
      var wanted = record
      change(&wanted)
      let written = try journal.edit(record) { $0 = wanted }
      #expect(written.records.count == 1)
      #expect(try journal.record(Record.self, record.id) == wanted)
    }
    try edited(records[1]) { (bout: inout Bout) in
      (bout.target, bout.side, bout.surface, bout.seconds) = ("tfl", "right", "floor", 61)
      (bout.plannedSeconds, bout.repetitions, bout.technique) = (60, 2, "hold")
      (bout.discomfortStart, bout.discomfortPeak, bout.discomfortEnd) = (6, 7, 2)
      (bout.release, bout.referredTo, bout.note, bout.spot) = ("full", ["hip"], "a", nil)
    }
    try edited(records[2]) { (rating: inout PainRating) in
      (rating.score, rating.side, rating.quality) = (4, "left", ["ache", "stiff"])
      (rating.aggravatedBy, rating.aspect, rating.note) = (["sitting"], "worst24", "b")
    }
    try edited(records[3]) { (routine: inout Routine) in
      (routine.name, routine.note, routine.isArchived, routine.tags) = ("Late", "c", true, ["old"])
    }
    try edited(records[4]) { (step: inout Step) in
      (step.target, step.side, step.seconds, step.repetitions) = ("glute-med", nil, 30, 3)
      (step.restSeconds, step.discomfortCap, step.isOptional) = (15, 5, true)
    }
    try edited(records[5]) { (spot: inout Spot) in
      (spot.label, spot.side, spot.state, spot.feltIn) = ("the one", "left", "quiet", ["hip", "thigh"])
      (spot.mapX, spot.mapY, spot.foundOn) = (400, 600, try? LocalDay("2026-05-01"))
    }
    try edited(records[6]) { (ball: inout Ball) in
      (ball.name, ball.firmness, ball.diameter, ball.isOnRope) = ("Cork", 4, 65, true)
      (ball.retired, ball.setSize) = (try? LocalDay("2026-05-12"), 2)
    }
    try edited(records[7]) { (episode: inout Episode) in
      (episode.side, episode.trigger, episode.isFirstEver) = ("left", "lifting", true)
    }
    try edited(records[8]) { (factor: inout Factor) in
      (factor.kind, factor.amount, factor.unit, factor.label) = ("heat", "20.5", "min", "bath")
    }
    try edited(records[9]) { (assessment: inout PEGAssessment) in
      (assessment.pain, assessment.enjoyment, assessment.note) = (5, 6, "d")
    }
  }

  @Test func aValueThatItsFieldCannotHaveIsRefused() throws {
    let records = try records()
    let digest = try journal.digest().digest
    let rating = try #require(records[2] as? PainRating)
    let session = try #require(records[0] as? Session)
    for change: (inout PainRating) -> Void in [
      { $0.score = 11 }, { $0.score = -1 }, { $0.site = "" }, { $0.site = "nose" }, { $0.quality = ["a,b"] },
      { $0.note = "\0" }, { $0.note = String(repeating: "a", count: 10_001) }, { $0.tags = ["two words"] },
    ] { _ = try failure(.invalidValue) { try journal.edit(rating, change) } }
    _ = try failure(.notFound) { try journal.edit(session) { $0.ball = "zzzz-1" } }
    _ = try failure(.invalidValue) {
      try journal.edit(session) { $0.endedAt = Moment(milliseconds: 0, offsetMinutes: 0) }
    }
    _ = try failure(.notFound) { try journal.record(Ball.self, rating.id) }
    #expect(try journal.digest().digest == digest)
  }

  /// Of a set only what the person added or took away: words that came or went elsewhere meanwhile stay so, with a form
  /// and without one.
  @Test(arguments: [true, false]) func ofASetOnlyWhatWasChangedIsWritten(withForm: Bool) throws {
    let id = try #require(try records()[2] as? PainRating).id
    _ = try journal.edit(id, ["tags=gone,kept", "quality=ache"])
    let laptop = try household.device("laptop")
    try household.carry(journal, laptop)
    let form = try journal.form()
    let seen = try journal.record(PainRating.self, id)
    _ = try laptop.edit(id, ["tags/gone=no", "tags/new=yes", "quality/stiff=yes"])
    try household.carry(laptop, journal)
    try journal.edit(seen, asOf: withForm ? form : nil) {
      $0.tags.append("mine")
      $0.tags.removeAll { $0 == "kept" }
    }
    let now = try journal.record(PainRating.self, id)
    #expect(now.tags == ["mine", "new"] && now.quality == ["ache", "stiff"])
    #expect(try journal.conflicts().isEmpty)
    try household.exchange(journal, laptop)
    #expect(try laptop.record(PainRating.self, id) == now)
  }

  /// A record from a device that other programs write on.
  private func bring(_ type: RecordType, _ values: [FieldName: Value]) throws -> Dot {
    let other = try Replica(
      blockingAt: nil, kinds: RecordType.schemas, deviceName: "other", environment: household.environment()
    ).blocking
    let id = try other.write("add") { try $0.create(type.name, parent: nil, values) }
    let file = "\(household.folder)/other.unknot"
    _ = try other.export(to: .file(file), full: true)
    _ = try journal.importFiles([.path(file)], join: true)
    return id
  }

  /// A newer program's word stays where it is, and can be taken away.
  @Test func aWordThatIsNotKnownIsNoHindrance() throws {
    let id = try bring(
      .pain,
      [
        FieldName("at"): .time(milliseconds: thursdayEvening, offsetMinutes: 0),
        FieldName("score"): .integer(3), FieldName("site"): .text("low-back"),
        FieldName("quality", key: "Electric, new"): .present,
      ])
    var rating = try journal.record(PainRating.self, id.description)
    #expect(rating.quality == ["Electric, new"])
    try journal.edit(rating) { $0.quality.append("ache") }
    rating = try journal.record(PainRating.self, id.description)
    #expect(rating.quality == ["Electric, new", "ache"])
    try journal.edit(rating) { $0.quality.removeFirst() }
    #expect(try journal.record(PainRating.self, id.description).quality == ["ache"])
  }

  @Test func whatIsNotOfTheTypeDoesNotCountForTheLimit() throws {
    let first = try journal.recordPEG(pain: 1, enjoyment: 2, activity: 3).only()
    _ = try bring(
      .assessment,
      [
        FieldName("at"): .time(milliseconds: thursdayEvening + 60_000, offsetMinutes: 0),
        FieldName("kind"): .text("pgic"), FieldName("change"): .integer(2),
      ])
    #expect(try journal.list(PEGAssessment.self, ListFilter(limit: 1)).map(\.id) == [first.id])
    #expect(try journal.list(PEGAssessment.self, ListFilter(limit: 0)).isEmpty)
    _ = try journal.remove([first.id])
    #expect(try journal.list(PEGAssessment.self).isEmpty)
    _ = try failure(.notFound) { try journal.record(PEGAssessment.self, first.id) }
  }

  /// What another device wrote to other fields since the person saw the record stays, and what it wrote to the same
  /// field is in conflict.
  @Test func onlyWhatWasChangedIsWritten() throws {
    let rating = try #require(try records()[2] as? PainRating)
    let laptop = try household.device("laptop")
    try household.carry(journal, laptop)
    let form = try journal.form()
    _ = try laptop.edit(rating.id, ["score=9", "side=left"])
    try household.carry(laptop, journal)
    try journal.edit(rating, asOf: form) { $0.score = 2 }
    #expect(try journal.conflicts().map(\.field) == ["score"])
    #expect(try journal.record(PainRating.self, rating.id).side == "left")
  }
}
