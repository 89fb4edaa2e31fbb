import ArgumentParser
import UnknotKit

struct RoutineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "routine", abstract: "Ordered lists of steps to go through.",
    subcommands: [
      New.self, Listing.self, Showing.self, Rename.self, Add.self, Move.self, EditStep.self, RemoveStep.self,
      Delete.self,
    ])

  struct New: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Make a routine.")
    @Argument var name: String
    @Option(help: "TARGET[/SIDE]:DURATION[@SURFACE]; repeatable.", completion: Completions.bouts)
    var step: [String] = []
    @Option(
      help: ArgumentHelp(
        "Start from a built-in routine: \(Catalogue.defaultRoutines.map(\.id).joined(separator: ", "))."
      ), completion: .list(Catalogue.defaultRoutines.map(\.id))) var from: String?
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let given = try from.map { text throws(KitError) in try Catalogue.defaultSteps(text) } ?? []
      let steps = try given + step.map { text throws(KitError) in try BoutText(text) }
      RecordText(context).written("made", try context.journal.newRoutine(name, steps: steps))
    }
  }

  struct Listing: JournalCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List routines.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      try context.journal.list(RecordType.routine.plural) { try RecordText(context).list($0, .routine) }
      guard context.output.format == .table else { return }
      Message.note(
        "also built in: \(Catalogue.defaultRoutines.map(\.id).joined(separator: ", ")); unknot routine show quick"
      )
    }
  }

  struct Showing: JournalCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a routine and its steps.")
    @Argument(help: "Its name or id.", completion: Completions.routines) var routine: String
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      if let standard = Catalogue.defaultRoutines.first(where: { bytewiseEqual($0.id, self.routine) }) {
        return show(standard, context.output)
      }
      let routine = try context.journal.routine(self.routine)
      context.output.one(routine.json) { RecordText(context).details(routine) }
    }

    /// One that everybody has is no record: it has neither an id nor a device.
    private func show(_ routine: DefaultRoutine, _ output: Output) {
      let steps = routine.steps.map { step in
        JSONValue.object([
          ("target", .string(step.target)), ("side", .string(step.side)),
          ("surface", step.surface.map { .string($0) } ?? .null), ("seconds", .integer(Int64(step.seconds))),
        ])
      }
      let json = JSONValue.object([
        ("name", .string(routine.id)), ("note", .string(routine.name)), ("steps", .array(steps)),
      ])
      output.one(json) {
        output.line("routine \(routine.id): \(routine.name)")
        for (number, step) in routine.steps.enumerated() {
          let plain = TargetDescription.named(step.target).map { " (\($0.name))" } ?? ""
          let surface = step.surface.map { ", \($0)" } ?? ""
          output.line(
            "  \(number + 1). \(step.target)\(plain), \(step.side) \(DurationText.text(Int64(step.seconds)))\(surface)"
          )
        }
      }
    }
  }

  struct Rename: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Give a routine another name.")
    @Argument(help: "Its name or id.", completion: Completions.storedRoutines) var routine: String
    @Argument var name: String
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      RecordText(context).written("renamed", try context.journal.renameRoutine(routine, to: name))
    }
  }

  /// Where a step goes: after another, or first.
  struct Place: ParsableArguments {
    @Option(help: "The id of the step that it comes after.", completion: Completions.ids) var after: String?
    @Flag(help: "Before all others.") var first = false

    func place(else fallback: StepPlace?) throws(KitError) -> StepPlace {
      if let after {
        guard !first else { throw KitError(.usage, "--after and --first exclude each other") }
        return .after(after)
      }
      if first { return .first }
      guard let fallback else { throw KitError(.usage, "say where to: --after STEPID or --first") }
      return fallback
    }
  }

  struct Add: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Add a step, by default at the end.")
    @Argument(help: "The routine's name or id.", completion: Completions.storedRoutines) var routine: String
    @Argument(help: "TARGET[/SIDE]:DURATION[@SURFACE]", completion: Completions.bouts) var step: String
    @OptionGroup var place: Place
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let written = try context.journal.addStep(
        try BoutText(step), to: routine, at: try place.place(else: .last))
      try RecordText(context).written("added", written, in: context.journal.routine(routine))
    }
  }

  struct Move: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Move a step.")
    @Argument(help: "The routine's name or id.", completion: Completions.storedRoutines) var routine: String
    @Argument(help: "The step's id.", completion: Completions.ids) var step: String
    @OptionGroup var place: Place
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let written = try context.journal.moveStep(step, in: routine, to: try place.place(else: nil))
      try RecordText(context).written(
        "moved", written, in: context.journal.routine(routine), nothing: "it is there already")
    }
  }

  struct EditStep: JournalCommand {
    static let configuration = CommandConfiguration(commandName: "edit", abstract: "Edit fields of a step.")
    @Argument(help: "The routine's name or id.", completion: Completions.storedRoutines) var routine: String
    @Argument(help: "The step's id.", completion: Completions.ids) var step: String
    @Argument(help: "FIELD=VALUE; FIELD= sets it to empty.") var fields: [String]
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let written = try context.journal.editStep(step, in: routine, fields)
      try RecordText(context).written("changed", written, in: context.journal.routine(routine))
    }
  }

  struct RemoveStep: JournalCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Remove a step.")
    @Argument(help: "The routine's name or id.", completion: Completions.storedRoutines) var routine: String
    @Argument(help: "The step's id.", completion: Completions.ids) var step: String
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let written = try context.journal.removeStep(step, from: routine)
      try RecordText(context).written("removed", written, in: context.journal.routine(routine))
    }
  }

  struct Delete: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Delete a routine.")
    @Argument(help: "Its name or id.", completion: Completions.storedRoutines) var routine: String
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      RecordText(context).written("removed", try context.journal.deleteRoutine(routine))
    }
  }
}
