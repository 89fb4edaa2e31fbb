import ArgumentParser
import Foundation
import UnknotKit

struct Start: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Be guided through a session; an interrupted one continues where it was.",
    discussion:
      "Built-in routines: \(Catalogue.defaultRoutines.map(\.id).joined(separator: ", ")). Keys are shown below "
      + "the timer. \(Catalogue.disclaimer)",
    aliases: ["s"])
  @Argument(help: "A routine's name or id; default: quick.", completion: Completions.routines) var routine:
    String?
  @Option(help: "floor or wall, for every step.", completion: Completions.surfaces) var surface: String?
  @Option(help: "The ball: its name or id.", completion: Completions.balls) var ball: String?
  @Option(
    help: "left or right: the side that hurts, where the latest rating does not say.",
    completion: .list(["left", "right"])) var side: String?
  @Flag(help: "Lines only, for a screen reader or a script: answers are read from lines, too.") var plain =
    false
  @Flag(help: "No bell where a press begins and ends.") var silent = false
  @Option(name: .customLong("override"), help: "Why you work on targets that your profile forbids.")
  var overrideReason: String?
  @Flag(help: "Begin although something speaks against pressing now.") var despiteSigns =
    false
  @Flag(help: "Go on here with a session that runs on another device.") var takeOver = false
  @Flag(help: "End a session that was left, and keep what was done of it; no ball.") var end = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    if end { return try endWhatWasLeft(context) }
    let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    guard plain || isTerminal else {
      throw KitError(.usage, "a guided session needs a terminal", hint: "--plain reads and writes lines")
    }
    let folder = try Context.stateFolder()
    let guided: GuidedSession
    let file: GuidedFile
    let journal = context.journal
    var again: Advice = "unknot start continues"
    if let running = try journal.runningSession() {
      // Before anything else is said of it, be it another device's.
      if try journal.standingSign() == nil {
        try SafetySigns.show(journal, isGoingOn: true, asks: isTerminal)
      }
      let isKnown = try despiteSigns || SafetySigns.isKnown(journal, isGoingOn: true, asks: isTerminal)
      try journal.stopIfUnsafe(
        despiteWarning: isKnown, toEnd: running.isOwn ? .endSession : .endSessionElsewhere)
      try checkIsHere(running)
      if !running.isOwn { again = "unknot start --take-over continues" }
      file = try GuidedFile(session: running.record.id, folder: folder)
      guided = try journal.resumeGuided(running.record, saved: file.load(), despiteWarning: isKnown)
      try SafetySigns.tellUnexamined(journal)
      Message.note("going on with the session of \(running.record[.startedAt].readable(now: journal.now))")
      if let routine { Message.note("note: \(routine) can begin when this one is finished") }
      let options = [
        ("--surface", surface), ("--ball", ball), ("--side", side), ("--override", overrideReason),
      ].filter { $0.1 != nil }.map(\.0)
      if !options.isEmpty {
        Message.note("note: \(options.joined(separator: ", ")) ignored: this session began without it")
      }
    } else {
      // A name that is none is no reason to answer questions.
      if let routine { try journal.checkRoutine(routine) }
      if try journal.standingSign() == nil {
        try SafetySigns.show(journal, isGoingOn: false, asks: isTerminal)
      }
      let isKnown = try despiteSigns || SafetySigns.isKnown(journal, isGoingOn: false, asks: isTerminal)
      try SafetySigns.tellUnexamined(journal)
      guided = try begin(journal, despiteWarning: isKnown)
      file = try GuidedFile(session: guided.session, folder: folder)
    }
    let plain = plain || !isTerminal || Variable.isDumb
    var run = GuidedRun(guided, context, file: file, silent: silent)
    guard try run.run(plain: plain) else {
      // Whom a sign has stopped it does not let go on.
      let isOver = try journal.reasonNotToPress() != nil
      throw KitError(
        .interrupted, "paused. What was done is kept",
        hint: isOver
          ? "look at the signs: unknot check; end it: unknot start --end" : again)
    }
    try tell(journal.show(guided.session), context)
  }

  private func checkIsHere(_ running: (record: JournalRecord, isOwn: Bool)) throws {
    guard running.isOwn || takeOver else {
      throw KitError(
        .invalidValue, "a session runs on \(running.record.device): \(running.record.shortID)",
        hint: end
          ? "to end it here: unknot start --end --take-over"
          : "to go on with it here: unknot start --take-over")
    }
  }

  private func endWhatWasLeft(_ context: Context) throws {
    guard let running = try context.journal.runningSession() else {
      throw KitError(.invalidValue, "no session runs", hint: "unknot list sessions shows those that are over")
    }
    try checkIsHere(running)
    let file = try GuidedFile(session: running.record.id, folder: Context.stateFolder())
    for notice in try context.journal.endGuided(running.record, saved: file.load()) { Message.tell(notice) }
    file.remove()
    try tell(context.journal.show(running.record.id), context)
  }

  private func tell(_ record: JournalRecord, _ context: Context) throws {
    let text = RecordText(context)
    context.output.list([record.json]) {
      let hasSigns = record.children.contains { !$0[.stopSign].isEmpty }
      let status = (record[.status].text.map { ", \($0)" } ?? "") + (hasSigns ? ": see unknot check" : "")
      context.output.line("recorded \(text.describe(record))\(status)  [\(record.shortID)]")
      text.lines(record.children)
    }
  }

  private func begin(_ journal: Journal, despiteWarning: Bool) throws -> GuidedSession {
    var request = GuidedRequest()
    request.despiteWarning = despiteWarning
    request.routine = routine
    request.surface = try surface.map { text throws(KitError) in try Catalogue.surfaces.check(text) }
    request.ball = ball
    request.side = try side.map { text throws(KitError) in
      try WordList(name: "side", words: ["left", "right"]).check(text)
    }
    request.overrideReason = overrideReason
    let beginning = try journal.beginGuided(request)
    for notice in beginning.notices { Message.tell(notice) }
    if request.surface == "wall", ball == nil,
      try !journal.list(RecordType.ball.plural).contains(where: { $0[.onRope].isTrue })
    {
      Message.note("hint: on a rope or in a long sock the ball does not fall at the wall: unknot help balls")
    }
    return beginning.session
  }
}
