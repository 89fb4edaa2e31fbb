import TestSupport
import Testing
import UnknotKit

/// What `AGuidedSession.md` shows.
@Suite struct AGuidedSessionArticle {
  @Test func aSessionIsGuided() throws {
    let folder = try TemporaryFolder()
    let journal = try Household().device("phone")
    let stateFolder = folder.path

    var request = GuidedRequest()
    request.surface = "wall"
    let beginning = try journal.beginGuided(request)
    for notice in beginning.notices { show(notice.text.description) }
    var session = beginning.session
    let file = try GuidedFile(session: session.session, folder: stateFolder)

    // One event at a time. Milliseconds are of a clock that only goes on.
    func handle(_ event: GuidedSession.Event, at milliseconds: Int64) throws {
      _ = session.handle(event, at: milliseconds)
      file.save(session)
      for notice in try journal.write(&session) { show(notice.text.description) }
      file.save(session)
      if session.phase == .done { file.remove() }
    }

    try handle(.answer(4), at: 0)
    #expect(session.phase == .getReady)
    var now: Int64 = 0
    while session.phase != .pressing {
      now += 1000
      try handle(.tick, at: now)
    }
    now += 5000
    try handle(.tick, at: now)
    try handle(.finish, at: now)
    #expect(session.phase == .ratingAfter)
    try handle(.answer(2), at: now)
    #expect(session.phase == .done)
    #expect(try journal.list("pain").count == 2 && journal.list("sessions").count == 1)
  }

  @Test func itGoesOnElsewhere() throws {
    let folder = try TemporaryFolder()
    let journal = try Household().device("phone")
    let begun = try journal.beginGuided(GuidedRequest()).session
    let stateFolder = folder.path
    try GuidedFile(session: begun.session, folder: stateFolder).save(begun)

    var session: GuidedSession?
    if let running = try journal.runningSession(), running.isOwn {
      let file = try GuidedFile(session: running.record.id, folder: stateFolder)
      session = try journal.resumeGuided(running.record, saved: file.load())
    }
    #expect(session?.session == begun.session)
  }

  /// A screen would.
  private func show(_ line: String) { #expect(!line.isEmpty) }
}
