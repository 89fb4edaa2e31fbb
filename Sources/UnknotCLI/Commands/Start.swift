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
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    guard plain || isTerminal else {
      throw KitError(.usage, "a guided session needs a terminal", hint: "--plain reads and writes lines")
    }
    let folder = try Context.stateFolder()
    let guided: GuidedSession
    let file: GuidedFile
    let journal = context.journal
    if let running = try journal.runningSession() {
      // Before anything else is said of it, be it another device's.
      let isKnown = try despiteSigns || SafetySigns.isKnown(journal, asks: isTerminal)
      try journal.stopIfUnsafe(despiteWarning: isKnown)
      guard running.isOwn || takeOver else {
        throw KitError(
          .invalidValue, "a session runs on \(running.record.device): \(running.record.shortID)",
          hint: "--take-over goes on with it here")
      }
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
      if try journal.standingSign() == nil { try SafetySigns.show(journal, asks: isTerminal) }
      let isKnown = try despiteSigns || SafetySigns.isKnown(journal, asks: isTerminal)
      try SafetySigns.tellUnexamined(journal)
      guided = try begin(journal, despiteWarning: isKnown)
      file = try GuidedFile(session: guided.session, folder: folder)
    }
    let plain = plain || !isTerminal || Variable.isDumb
    var run = GuidedRun(guided, context, file: file, silent: silent)
    guard try run.run(plain: plain) else {
      throw KitError(.interrupted, "paused. What was done is kept", hint: "unknot start continues")
    }
    let text = RecordText(context)
    let record = try journal.show(guided.session)
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
