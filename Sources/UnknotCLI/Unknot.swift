import ArgumentParser
import UnknotKit

struct Unknot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unknot",
    abstract:
      "A log of massage-ball sessions and back pain, kept on several devices that are mostly offline.",
    discussion:
      "This is a wellness log and not a medical device. New here: unknot help basics. See also: unknot help COMMAND, "
      + "and unknot help TOPIC for "
      + Topics.names.joined(separator: ", ") + ".",
    version: "0.1.0",
    subcommands: [
      Initialize.self, Today.self, AppCommand.self, Start.self, Log.self, Pain.self, CheckIn.self,
      Factor.self,
      EpisodeCommand.self, PEG.self,
      RoutineCommand.self,
      PlanCommand.self, Status.self, Due.self, Duplicates.self, ReportCommand.self, TargetCommand.self,
      Suggest.self, Check.self,
      SpotCommand.self, BallCommand.self, Tag.self,
      ProfileCommand.self, List.self, Show.self, Edit.self,
      Remove.self, Restore.self, History.self, Undo.self, Redo.self, Conflicts.self, Resolve.self, Sync.self,
      Export.self, Import.self, SQLCommand.self,
      Demo.self, Verify.self, BackupCommand.self, RestoreBackup.self, Rescue.self, Compact.self,
      Completion.self, Man.self,
    ])
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json, ndjson, csv
}

enum ColorUse: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

struct Globals: ParsableArguments {
  @Option(help: "The journal's file. Else $UNKNOT_JOURNAL, else unknot/journal.sqlite in $XDG_DATA_HOME.")
  var journal: String?

  @Option(help: "How things are printed: table, json, ndjson or csv.")
  var format: OutputFormat = .table

  @Option(help: "When colour is used: auto, always or never.")
  var color: ColorUse = .auto
}

/// A command that works on a journal.
protocol JournalCommand: ParsableCommand {
  var globals: Globals { get }
  func perform(_ context: Context) throws
}

/// A command that needs no journal, and makes none.
protocol JournalFreeCommand: ParsableCommand {
  var globals: Globals { get }
  func perform(_ output: Output) throws
}

extension JournalFreeCommand {
  func run() throws { try perform(Output(globals)) }
}

extension JournalCommand {
  func run() throws { try runOnJournal() }

  func runOnJournal() throws {
    let context = try Context(globals)
    defer { try? context.tellNotices() }
    // It comes before everything, whatever was asked; a journal that cannot say it has other errors to tell.
    if let sign = try? context.journal.standingSign(), sign.tier == .emergency, !(self is Start) {
      Message.note(SafetySigns.words(sign, now: context.journal.now))
    }
    do {
      try perform(context)
    } catch let error as KitError where error.kind == .failed && context.journal.hasWritten {
      // The disk failed behind what matters.
      throw KitError(
        .failed, error.message, cause: error.cause,
        hint: "the command itself was carried out, or a part of it: look at the journal before you repeat it")
    }
  }
}
