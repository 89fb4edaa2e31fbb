import Testing
import UnknotKit

@Suite struct TypedRecordTests {
  @Test func recordsAreReadWithSwiftsTypes() throws {
    let journal = try Household().device("phone")
    let routine = try #require(
      Routine(
        try journal.newRoutine(
          "Evening", steps: [try BoutText("ql/left:45s@wall"), try BoutText("tfl:1m")]
        ).only()))
    #expect(routine.name == "Evening" && !routine.isArchived)
    #expect(routine.steps.map(\.seconds) == [45, 60])
    #expect(routine.steps.allSatisfy { $0.routine == routine.id })

    let written = try journal.logSession(
      routine: "Evening", bouts: [try BoutText("ql/left:45s@wall")], before: 6, note: "short")
    let session = try #require(Session(written.records[0]))
    #expect(session.routine == routine.id && session.note == "short")
    #expect(session.endedAt == journal.now)
    #expect(session.startedAt.milliseconds == journal.now.milliseconds - 45_000)
    let bout = try #require(session.bouts.first)
    #expect(bout.target == "ql" && bout.side == "left" && bout.surface == "wall" && bout.seconds == 45)
    #expect(bout.session == session.id && bout.discomfortEnd == nil && bout.release == nil)
    _ = try journal.edit(bout.id, ["discomfort_end=2", "release=full"])
    let edited = try #require(Bout(try journal.show(bout.id)))
    #expect(edited.discomfortEnd == 2 && edited.release == "full")

    let rating = try #require(PainRating(written.records[1]))
    #expect(rating.score == 6 && rating.site == "low-back" && rating.side == nil)
    #expect(rating.at == session.startedAt && rating.session == session.id && rating.context == "before")
    _ = try journal.edit(routine.id, ["archived=yes"])
    #expect(Routine(try journal.show(routine.id))?.isArchived == true)
  }

  @Test func aRecordOfAnotherTypeIsNone() throws {
    let journal = try Household().device("phone")
    let pain = try journal.ratePain(3).only()
    #expect(Session(pain) == nil && Bout(pain) == nil && Routine(pain) == nil && Step(pain) == nil)
    #expect(PainRating(try journal.newRoutine("Evening", steps: []).only()) == nil)
  }

  @Test func theCatalogueDescribesItsTargets() throws {
    #expect(
      Catalogue.targets.words == ["erector-mid", "ql", "glute-max", "glute-med", "glute-min", "tfl"])
    #expect(TargetDescription.all.filter { $0.relation == .above }.map(\.id) == ["erector-mid", "ql"])
    for target in TargetDescription.all {
      #expect(try BoutText("\(target.id):\(target.defaultSeconds)s").seconds == target.defaultSeconds)
    }
  }
}
