import Foundation
import UnknotKit

/// The session that is guided here: counts its time as long as a page shows it, and keeps it where every front end finds it.
actor Guide {
  private let journal: Journal
  private let stateFolder: String
  private let start = ContinuousClock.now
  private var live: (guided: GuidedSession, file: GuidedFile)?
  /// While something of it is written, or it is opened, nothing else happens to it.
  private var isBusy = false
  private var notice: Advice?
  private var unwatchedSince: ContinuousClock.Instant?
  private var shown: (stage: String, left: Int?, id: String) = ("", nil, "")

  init(_ journal: Journal, stateFolder: String) {
    (self.journal, self.stateFolder) = (journal, stateFolder)
  }

  private var elapsed: Int64 { Int64((ContinuousClock.now - start) / .milliseconds(1)) }

  /// `/session`, `/session/begin`, `/session/resume`, `/session/end`, `/session/do`.
  func answer(_ request: Request) async throws -> Response {
    switch (request.method, request.path.dropFirst().first) {
    case (.get, nil): return try await page(request)
    case (.post, "begin"):
      try await begin(request)
      return .go("/session")
    case (.post, "resume"):
      _ = try await resume(asked: request)
      return .go("/session")
    case (.post, "end"): return .go("/record/\(try await end())")
    case (.post, "do"):
      guard let event = Self.event(request) else {
        throw KitError(.usage, "a session knows no such step")
      }
      guard try await resume() else { return .go("/session") }
      let id = live?.guided.session ?? ""
      // A button of what was shown before, or that was pressed twice, means nothing for what is shown now.
      if let key = request["key"], let live, key != SessionStage.step(live.guided) {
        return request["fragment"] != nil ? fragment() : .go("/session")
      }
      try await handle(event)
      guard live != nil else { return request["fragment"] != nil ? Self.leads(to: id) : .go("/record/\(id)") }
      return request["fragment"] != nil ? fragment() : .go("/session")
    default: throw NotThere(words: "There is no such page.")
    }
  }

  /// Tells a script where to go on.
  private static func leads(to id: String) -> Response {
    .asset(
      .init("<a id=\"over\" href=\"/record/\(id)\">It is over</a>".utf8), type: "text/html; charset=utf-8")
  }

  private func fragment() -> Response {
    guard let live else { return .asset(.init(), type: "text/html") }
    let markup = SessionStage.html(live.guided, notice)
    return .asset(.init(markup.text.utf8), type: "text/html; charset=utf-8")
  }

  private func page(_ request: Request) async throws -> Response {
    if try await resume(), let live {
      return .page(
        Page(
          "Session", here: .session, live: "session",
          "<div id=\"stage\" aria-live=\"polite\">\(SessionStage.html(live.guided, notice))</div>"))
    }
    let routine = request["routine"]
    return .page(try await journal.perform { try SessionChoice.page($0, routine: routine) })
  }

  private func begin(_ request: Request) async throws {
    guard try await !resume() else { return }
    try await wait()
    defer { isBusy = false }
    // One that waits is gone on with or ended first.
    guard live == nil, try await journal.perform({ try $0.runningSession()?.isOwn != true }) else { return }
    var wanted = GuidedRequest()
    wanted.routine = request["routine"]
    wanted.side = request["side"]
    wanted.surface = request["surface"]
    wanted.despiteWarning = request["despite"] == "yes"
    let asked = wanted
    let beginning = try await journal.perform { try $0.beginGuided(asked) }
    let file = try GuidedFile(session: beginning.session.session, folder: stateFolder)
    file.save(beginning.session)
    live = (beginning.session, file)
    notice = Self.all(beginning.notices)
  }

  /// What warns goes first.
  private static func all(_ notices: [Notice]) -> Advice? {
    let texts =
      notices.filter { $0.level == .warning }.map(\.text) + notices.filter { $0.level == .hint }.map(\.text)
    return texts.dropFirst().reduce(texts.first) { all, text in all.map { "\($0). \(text)" } }
  }

  /// - Parameter asked: where the person has read what speaks against it, and goes on; one of another device is taken over. Nil:
  ///   it goes on by itself, as long as nothing does.
  /// - Returns: false where none goes on here.
  private func resume(asked: Request? = nil) async throws -> Bool {
    try await wait()
    defer { isBusy = false }
    // Whoever should be on the way to a hospital is not guided any further.
    guard try await journal.perform({ try $0.standingSign()?.tier != .emergency }) else {
      leave()
      return false
    }
    if live != nil { return true }
    guard let running = try await journal.perform({ try $0.runningSession() }) else { return false }
    let file = try GuidedFile(session: running.record.id, folder: stateFolder)
    let saved = file.load()
    // One of another device that was taken over here before is kept here.
    guard running.isOwn || asked != nil || saved != nil else { return false }
    // What has come to speak against it since is said first, as before a new one.
    let despiteWarning = asked?["despite"] == "yes"
    if asked == nil {
      guard try await journal.perform({ try SessionChoice.goesOnByItself($0) }) else { return false }
    }
    let guided = try await journal.perform {
      try $0.resumeGuided(running.record, saved: saved, despiteWarning: despiteWarning)
    }
    live = (guided, file)
    file.save(guided)
    notice = nil
    return true
  }

  /// Ends what was left, without a page that leads on.
  ///
  /// - Returns: the id of its record.
  private func end() async throws -> String {
    try await wait()
    defer { isBusy = false }
    leave()
    guard let running = try await journal.perform({ try $0.runningSession() }) else {
      throw KitError(.invalidValue, "no session runs")
    }
    let file = try GuidedFile(session: running.record.id, folder: stateFolder)
    let saved = file.load()
    _ = try await journal.perform { try $0.endGuided(running.record, saved: saved) }
    file.remove()
    return running.record.id
  }

  /// One thing after the other. Whoever comes back from it says when it is done.
  private func wait() async throws {
    while isBusy { try await Task.sleep(for: .milliseconds(5)) }
    isBusy = true
  }

  private static func event(_ request: Request) -> GuidedSession.Event? {
    if let score = request["score"] { return Int(score).map { .answer($0) } }
    if let reason = request["skip"] { return .skip(reason) }
    if let sign = request["stop"] { return (try? Words.stopSigns.check(sign)).map { .stop($0) } }
    switch request["event"] {
    case "pause": return .pause
    case "next": return .next
    case "previous": return .previous
    case "longer": return .longer
    case "finish": return .finish
    case "goon": return .answerFinish(false)
    case "end": return .answerFinish(true)
    default: return nil
    }
  }

  /// What happened is in the file before it is in the journal, so that it is written once, whatever ends the program.
  private func handle(_ event: GuidedSession.Event) async throws {
    try await wait()
    defer { isBusy = false }
    guard let (found, file) = live else { return }
    var guided = found
    _ = guided.handle(event, at: elapsed)
    // What is said about such a pain is to be read before any count runs.
    if found.phase == .ratingBefore, case .answer(let score) = event, (score ?? 0) >= Catalogue.severeScore,
      guided.phase == .getReady
    {
      _ = guided.handle(.pause, at: elapsed)
    }
    live = (guided, file)
    file.save(guided)
    if !guided.unwritten.isEmpty {
      let unwritten = guided
      let (notices, written) = try await journal.perform { journal in
        var guided = unwritten
        return (try journal.write(&guided), guided)
      }
      guided = written
      notice = Self.all(notices)
      file.save(guided)
    }
    live = (guided, file)
    guard guided.phase == .done else { return }
    file.remove()
    live = nil
  }

  // MARK: Time

  /// - Parameter isWatched: a page shows it.
  /// - Returns: events for that page.
  func tick(isWatched: Bool) async -> [String] {
    guard !isBusy else { return [] }
    if live == nil {
      guard isWatched else { return [] }
      // It was ended elsewhere, or was left while its page was out of reach.
      guard (try? await resume()) == true else {
        defer { shown = ("", nil, "") }
        return shown.stage.isEmpty || shown.id.isEmpty ? [] : ["event: over\ndata: /record/\(shown.id)\n\n"]
      }
    }
    guard isWatched else {
      // Whoever closed the page may be opening it again.
      let since = unwatchedSince ?? .now
      unwatchedSince = since
      if ContinuousClock.now - since > .seconds(2) { leave() }
      return []
    }
    unwatchedSince = nil
    let id = live?.guided.session ?? ""
    do {
      try await handle(.tick)
    } catch {
      let words = (error as? KitError)?.message ?? "\(error)"
      notice = "Not saved yet: \(words)"
    }
    guard let live else { return ["event: over\ndata: /record/\(id)\n\n"] }
    var events: [String] = []
    let stage = SessionStage.html(live.guided, notice).text
    let left = live.guided.secondsLeft
    let key = SessionStage.key(live.guided) + (notice?.pageWords ?? "")
    if key != shown.stage {
      if !shown.stage.isEmpty {
        let lines = stage.split(whereSeparator: \.isNewline).map { "data: \($0)\n" }.joined()
        events.append("event: stage\n\(lines)\n")
      }
    } else if left != shown.left, let left {
      events.append("event: time\ndata: \(left)\n\n")
    }
    shown = (key, left, live.guided.session)
    return events
  }

  /// Time does not count until somebody looks again; a terminal may go on with it.
  private func leave() {
    guard let (found, file) = live else { return }
    var guided = found
    guided.leave()
    file.save(guided)
    live = nil
    unwatchedSince = nil
    shown = ("", nil, "")
  }
}
