import UnknotKit

/// Who answers: one thing after the other where it counts, off the thread where it takes long.
actor Office {
  let journal: Journal
  nonisolated let files: PassingFiles
  private var gate: Gate?
  private var listeners: [Int: (page: String, send: AsyncStream<String>.Continuation)] = [:]
  private var nextListener = 0
  private var lastAsked = ContinuousClock.now
  private let guide: Guide
  /// What is to be said on the next page.
  private var said: [String: (notices: [Notice], operation: String?)] = [:]

  init(_ journal: Journal, _ settings: App.Settings) {
    self.journal = journal
    files = PassingFiles(settings)
    guide = Guide(journal, stateFolder: settings.stateFolder)
  }

  func open(_ gate: Gate) { self.gate = gate }

  func ask(
    isPost: Bool, host: String?, origin: String?, cookies: String?, token: String?
  ) -> Gate.Answer {
    guard
      let answer = gate?.ask(isPost: isPost, host: host, origin: origin, cookies: cookies, token: token)
    else { return .refused(status: 503, "It is not open yet.") }
    if case .refused = answer { return answer }
    lastAsked = .now
    return answer
  }

  /// Tells pages of changes, counts the time of a session that runs, and ends where nobody is there any more.
  func serve(idleSeconds: Int?) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [journal] in
        for await change in journal.changes {
          let kinds = change.kinds.sorted().joined(separator: " ")
          await self.tell("event: changed\ndata: \(kinds)\n\n")
        }
      }
      group.addTask {
        while true {
          try await Task.sleep(for: .milliseconds(200))
          await self.tick()
        }
      }
      group.addTask {
        guard let idleSeconds else {
          try await Task.sleep(for: .seconds(1 << 40))
          return
        }
        while await !self.isIdle(idleSeconds) { try await Task.sleep(for: .seconds(1)) }
      }
      try await group.next()
      group.cancelAll()
    }
  }

  private func isIdle(_ seconds: Int) -> Bool {
    listeners.isEmpty && ContinuousClock.now - lastAsked > .seconds(seconds)
  }

  // MARK: Pages

  func answer(_ request: Request) async -> Response {
    do {
      if request.path.first == "session" { return try await guide.answer(request) }
      var response = try await perform(request)
      return say(&response, request)
    } catch is CancellationError {
      return Self.failure(KitError(.interrupted, "it was cancelled"))
    } catch let error as KitError {
      return Self.failure(error)
    } catch let error as NotThere {
      return .page(Page("Not there", "<p>\(error.words)</p>"), status: 404)
    } catch {
      return .page(Page("It did not work", "<p>\("\(error)")</p>"), status: 500)
    }
  }

  /// What takes long and has a name can be cancelled by it.
  private func perform(_ request: Request) async throws -> Response {
    let put = request["put"] ?? ""
    if request.method == .post, request.path.first == "cancel" {
      works[put]?.cancel()
      return .go("/")
    }
    let work = Task { [journal, files, progress] () throws -> Response in
      try await journal.perform {
        try Routes.answer(request, Desk(journal: $0, files: files, progress: progress))
      }
    }
    if !put.isEmpty { works[put] = work }
    defer { if works[put] == work { works[put] = nil } }
    return try await withTaskCancellationHandler {
      try await work.value
    } onCancel: {
      work.cancel()
    }
  }

  private var works: [String: Task<Response, any Error>] = [:]

  private nonisolated func progress(_ done: Int, _ total: Int?) {
    guard done % 4096 == 0 || total != nil else { return }
    Task { await tell("event: progress\ndata: \(done) \(total ?? 0)\n\n") }
  }

  /// What an answer to a form has to say is said on the page that it leads to.
  private func say(_ response: inout Response, _ request: Request) -> Response {
    if case .page(var page) = response.body {
      if let key = request["said"], let said = said.removeValue(forKey: key) {
        page.notices += said.notices
        page.operation = said.operation
        response.body = .page(page)
      }
    } else if let location = response.location, !response.notices.isEmpty {
      nextSaid += 1
      // Of pages that were never asked for.
      if said.count > 100 { said = [:] }
      said["\(nextSaid)"] = (response.notices, response.operation)
      response.location = location + (location.contains("?") ? "&" : "?") + "said=\(nextSaid)"
    }
    return response
  }

  private var nextSaid = 0

  static func failure(_ error: KitError) -> Response {
    let status =
      switch error.kind {
      case .notFound: 404
      case .journalBusy: 503
      case .failed, .journalDamaged, .journalNewer, .journalMissing, .notAJournal: 500
      default: 422
      }
    return .page(
      Page(
        "That did not work", live: nil,
        """
        <div class="alert" role="alert"><p><strong>\(error.message)</strong></p>\(error.cause.map { "<p>\($0)</p>" as HTML })\
        \(error.hint.map { "<p>\($0.pageWords)</p>" as HTML })</div>
        <p>Nothing was changed by it.</p>
        """), status: status)
  }

  // MARK: Events

  func listen(_ page: String) -> AsyncStream<String> {
    let id = nextListener
    nextListener += 1
    let (stream, send) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(64))
    listeners[id] = (page, send)
    send.onTermination = { _ in Task { await self.leave(id) } }
    send.yield("retry: 1000\n\n")
    return stream
  }

  private func leave(_ id: Int) {
    listeners[id] = nil
    lastAsked = .now
  }

  func tell(_ event: String, page: String? = nil) {
    for listener in listeners.values where page == nil || listener.page == page { listener.send.yield(event) }
  }

  private var lastBeat = ContinuousClock.now

  private func tick() async {
    if ContinuousClock.now - lastBeat > .seconds(15) {
      lastBeat = .now
      // Who has gone is only found by writing to it.
      tell(": still here\n\n")
    }
    let isWatched = listeners.values.contains { $0.page == "session" }
    // Another program may be writing: what was not written is kept, and tried again.
    for event in await guide.tick(isWatched: isWatched) { tell(event, page: "session") }
  }
}

/// What a page is made with.
struct Desk {
  let journal: Journal
  let files: PassingFiles
  /// Is told how far something is that takes long: of how many, where that is known.
  var progress: @Sendable (Int, Int?) -> Void = { _, _ in }
  var now: Moment { journal.now }

  /// The kind of a record; nil: there is none of that id.
  func type(of id: String) -> RecordType? { (try? journal.show(id)).flatMap { RecordType(listed: $0.type) } }
}

/// There is no such page.
struct NotThere: Error {
  let words: String
}
