import Foundation
import UnknotKit

/// Runs a guided session: keys and time in, screen and records out.
struct GuidedRun {
  private let journal: Journal
  private let file: GuidedFile
  private let output: Output
  private var session: GuidedSession
  private var input = GuidedInput()
  private var note: String?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  /// The second that began when it was saved last.
  private var savedAt: Int64 = -1

  init(_ session: GuidedSession, _ context: Context, file: GuidedFile, silent: Bool) {
    rings = !silent && isatty(STDOUT_FILENO) == 1
    self.session = session
    journal = context.journal
    output = context.output
    self.file = file
    start = clock.now
  }

  /// While something is asked that the person has to read, the session's time stands still: since then, and for so long in all.
  private var heldSince: Int64?
  private var held: Int64 = 0
  /// Rings where a press begins and ends: nobody looks at a screen with a ball at the back.
  private let rings: Bool

  private var elapsed: Int64 { Int64((clock.now - start) / .milliseconds(1)) }
  private var now: Int64 { (heldSince ?? elapsed) - held }

  /// Whether it went to its end; if not, a signal or the terminal's end came before.
  mutating func run(plain: Bool) throws -> Bool {
    let interruption = Interruption()
    defer { interruption.close() }
    // From now on time counts.
    _ = session.handle(.tick, at: now)
    try write()
    if plain { try runPlain() } else { try runScreen() }
    if let event = input.abandoned() { try handle(event) }
    if session.phase == .done { file.remove() } else { file.save(session) }
    return session.phase == .done
  }

  /// What happened is in the file before it is in the journal, so that it is written once, whatever ends the program.
  private mutating func write() throws {
    file.save(session)
    guard !session.unwritten.isEmpty else { return }
    let notices = try journal.write(&session)
    file.save(session)
    if let notice = notices.first { note = notice.text.words }
  }

  private mutating func handle(_ event: GuidedSession.Event) throws {
    let before = session.phase
    _ = session.handle(event, at: now)
    if session.phase != before {
      if rings, session.phase == .pressing || before == .pressing { StandardOutput.write("\u{7}") }
      note = nil
      input.typed = ""
      input.page = 0
    }
    // Every change at once, and what only passes with every second that begins.
    if !session.unwritten.isEmpty || session.phase != before || event != .tick || now / 1000 != savedAt {
      savedAt = now / 1000
      try write()
    }
  }

  private mutating func hold() {
    if input.prompt != .none {
      heldSince = heldSince ?? elapsed
    } else if let since = heldSince {
      held += elapsed - since
      heldSince = nil
    }
  }

  // MARK: A screen

  private mutating func runScreen() throws {
    let terminal = Terminal()
    // A screen of its own, which goes away at the end; the cursor is of no use on it.
    StandardOutput.write("\u{1b}[?1049h\u{1b}[?25l")
    defer {
      StandardOutput.write("\u{1b}[?25h\u{1b}[?1049l")
      StandardOutput.flush()
      terminal.close()
    }
    var shown: [String] = []
    while session.phase != .done, Interruption.received == 0 {
      let size = Terminal.size
      let lines = GuidedScreen(width: size?.columns, height: size?.rows).lines(session, input, note: note)
      if lines != shown || Terminal.hasResized { draw(lines) }
      shown = lines
      guard let bytes = Terminal.read(within: Int32(1000 - now % 1000)) else { return }
      if bytes.isEmpty, let event = input.settle(session) { try handle(event) }
      try handle(.tick)
      for key in Terminal.keys(bytes) {
        if let event = input.event(for: key, session) { try handle(event) }
        hold()
      }
    }
  }

  private func draw(_ lines: [String]) {
    // No new line after the last: on a full screen it would push the first one out.
    StandardOutput.write("\u{1b}[H" + lines.map { "\($0)\u{1b}[K" }.joined(separator: "\r\n") + "\u{1b}[J")
    StandardOutput.flush()
  }

  // MARK: Lines

  /// Line by line, for who hears the screen or has none: a line for each thing that happens.
  private mutating func runPlain() throws {
    var buffer: [UInt8] = []
    var hasInput = true
    var told: (phase: GuidedSession.Phase, index: Int)?
    var marks: [Int] = []
    let screen = GuidedScreen(width: nil)
    while session.phase != .done, Interruption.received == 0 {
      if told?.phase != session.phase || told?.index != session.index {
        announce()
        told = (session.phase, session.index)
        // Half of it and the last ten seconds are told.
        marks = session.phase == .pressing ? [session.plannedSeconds / 2, 10] : []
        marks.removeAll { $0 >= session.secondsLeft ?? 0 }
      } else if let left = session.secondsLeft, !session.isPaused, marks.contains(where: { $0 >= left }) {
        marks.removeAll { $0 >= left }
        output.line(screen.timer(session))
      }
      StandardOutput.flush()
      // Nobody is there any more: what was not done is not recorded as done.
      if !hasInput, !buffer.contains(UInt8(ascii: "\n")) {
        try handle(input.abandoned() ?? .finish)
        continue
      }
      if hasInput, !buffer.contains(UInt8(ascii: "\n")) {
        guard let bytes = Terminal.read(within: Int32(1000 - now % 1000)) else {
          hasInput = false
          continue
        }
        buffer += bytes
      }
      try handle(.tick)
      while let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeFirst(end + 1)
        let before = (session.phase, session.index)
        let wasPaused = session.isPaused
        let (events, isUnderstood) = input.events(for: line, session)
        for event in events { try handle(event) }
        hold()
        if !isUnderstood, input.prompt == .none { output.line("? shows what to type") }
        if session.isPaused != wasPaused, before == (session.phase, session.index) {
          output.line(session.isPaused ? "Paused; a space and Enter go on." : screen.timer(session))
        }
        if input.prompt != .none { tellPrompt() }
        if let note { output.line("! \(note)") }
        if before != (session.phase, session.index) { break }
      }
    }
  }

  private func announce() {
    let screen = GuidedScreen(width: nil)
    switch session.phase {
    case .ratingBefore:
      output.line("\(session.title): \(counted(session.steps.count, "step")). Pain now, 0 to 10?")
    case .getReady:
      guard let step = session.step else { return }
      output.line("Step \(session.index + 1) of \(session.steps.count): \(GuidedScreen.name(step)).")
      for text in GuidedScreen.setUp(step) { output.line("  \(text)") }
      if session.index == 0 { output.line("? and Enter lists what can be typed.") }
      output.line(screen.timer(session))
    case .pressing: output.line(screen.timer(session))
    case .tenderAfter:
      output.line(
        "Let go. How tender is it now, 0 to 10? It goes on by itself in \(GuidedSession.answerSeconds) seconds."
      )
    case .askFinish:
      output.line(
        "That was a sign to stop: finish here for today, and see unknot check. y finishes; g goes on all the same"
      )
    case .ratingAfter: output.line("Pain now, 0 to 10?")
    case .done: break
    }
  }

  private func tellPrompt() {
    switch input.prompt {
    case .confirmFinish: output.line("Finish now? y or n")
    case .skipReason, .stopSign:
      output.line(
        input.prompt == .stopSign
          ? "What do you feel? The timer stands still." : "Why skip it? The timer stands still.")
      output.line(
        input.prompt.choices.enumerated().map { "\($0 + 1) \($1)" }.joined(separator: ", ") + "; b back")
    case .help:
      output.line(
        "0 to 10 how tender it is, before and after a press; n next, p again, + 15 s, s skip, x stop sign, q finish, space pause; Ctrl-C leaves"
      )
    case .none: break
    }
  }
}
