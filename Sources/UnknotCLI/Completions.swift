import ArgumentParser
import Foundation
import UnknotKit

/// What a shell completes: looked up in the journal, if there is one; never made, never written, never a word of
/// complaint.
enum Completions {
  static let ids = CompletionKind.custom { _, _, _ in
    look { journal in
      try RecordType.all.flatMap { type in
        try journal.list(type.plural, ListFilter(limit: 20)).map(\.shortID)
      }
    }
  }
  /// The fields of the record that was named before, each with its `=`.
  static let fields = CompletionKind.custom { words, _, _ in
    look { journal in
      for word in words {
        guard let record = try? journal.show(word),
          let type = RecordType.all.first(where: { $0.name == record.type })
        else { continue }
        // What the program keeps for itself is no field that a person edits.
        return type.fields.filter { $0.isEditable && $0.key != .merged && $0.key != .origin }
          .map { "\($0.name)=" }
      }
      return []
    }
  }
  /// Only those that there is something to decide of.
  static let conflicts = CompletionKind.custom { _, _, _ in
    look { journal in Set(try journal.conflicts().map(\.record.shortID)).sorted() }
  }
  /// The fields in conflict of the record that was named before.
  static let conflictFields = CompletionKind.custom { words, _, _ in
    look { journal in
      try journal.conflicts().filter { conflict in
        words.contains { bytewiseEqual($0, conflict.record.shortID) }
      }
      .map(\.field)
    }
  }
  static let routines = CompletionKind.custom { _, _, _ in
    look { try $0.list(RecordType.routine.plural).compactMap { $0[.name].text } }
      + Catalogue.defaultRoutines.map(\.id)
  }
  static let storedRoutines = CompletionKind.custom { _, _, _ in
    look { try $0.list(RecordType.routine.plural).compactMap { $0[.name].text } }
  }
  static let balls = CompletionKind.custom { _, _, _ in
    look { try $0.list(RecordType.ball.plural).compactMap { $0[.name].text } }
  }
  static let devices = CompletionKind.custom { _, _, _ in look { try $0.devices().map(\.name) } }
  static let tags = CompletionKind.custom { _, _, _ in look { try $0.tags().map(\.tag) } }
  static let targets = CompletionKind.list(Catalogue.targets.words)
  static let sites = CompletionKind.list(
    Catalogue.siteDescriptions.flatMap { $0.hasSides ? ["\($0.id)/left", "\($0.id)/right"] : [$0.id] }
      + ["low-back/left", "low-back/right"])
  static let bouts = CompletionKind.list(
    TargetDescription.all.flatMap { target in
      ["left", "right", "both"].map { "\(target.id)/\($0):\(target.defaultSeconds)s" }
    })
  static let lists = CompletionKind.list(Journal.listable)
  static let factors = CompletionKind.list(Words.factors.words)
  static let surfaces = CompletionKind.list(["floor", "wall"])
  static let signs = CompletionKind.list(SafetyChecklist.current.items.map(\.id) + ["none"])

  private static func look(_ body: (Journal) throws -> [String]) -> [String] {
    guard let path = try? Context.path(nil), FileManager.default.fileExists(atPath: path),
      let journal = try? Context.open(path)
    else { return [] }
    return (try? body(journal)) ?? []
  }
}

struct Completion: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a completion script for a shell.",
    discussion: "bash: unknot completion bash > ~/.local/share/bash-completion/completions/unknot. "
      + "zsh: into a file _unknot in a folder of $fpath. fish: unknot completion fish > ~/.config/fish/completions/unknot.fish."
  )
  @Argument(help: "bash, zsh or fish.", completion: .list(["bash", "zsh", "fish"])) var shell: String
  @OptionGroup var globals: Globals

  func run() throws {
    let known = try WordList(name: "shell with completions", words: ["bash", "zsh", "fish"]).check(shell)
    guard let shell = CompletionShell(rawValue: known) else { return }
    StandardOutput.write(Self.withTopics(Unknot.completionScript(for: shell), shell) + "\n")
  }

  /// The parser's own `help` knows of no topic, and completes nothing.
  private static func withTopics(_ script: String, _ shell: CompletionShell) -> String {
    let commands = Unknot.configuration.subcommands.map { $0._commandName }
    let words = commands + Topics.names.filter { !commands.contains($0) }
    return switch shell {
    case .zsh:
      script.replacing("'*:subcommands:'", with: "'1:command or topic:(\(words.joined(separator: " ")))'")
    case .fish:
      script
        + "\ncomplete -c 'unknot' -n '__fish_seen_subcommand_from help' -fka '\(words.joined(separator: " "))'"
    default:
      script.replacing(
        "_unknot_help() {\n",
        with: "_unknot_help() {\n    __unknot_add_completions -W '\(words.joined(separator: "'$'\\n''"))'\n")
    }
  }
}
