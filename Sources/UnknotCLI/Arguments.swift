import ArgumentParser
import UnknotKit

/// The arguments, before they are parsed.
enum Arguments {
  /// The program's arguments but the first ones; text that is not UTF-8 is refused, never repaired.
  static func read(skipping skipped: Int) throws(KitError) -> [String] {
    var arguments: [String] = []
    for index in 1 + skipped..<max(1 + skipped, Int(CommandLine.argc)) {
      guard let pointer = CommandLine.unsafeArgv[index] else { break }
      guard let text = String(validatingCString: pointer) else {
        throw KitError(
          .invalidValue, "argument \(index - skipped) is not UTF-8",
          hint: "set the terminal's encoding to UTF-8")
      }
      arguments.append(text)
    }
    return arguments
  }

  private static let globals = ["--journal", "--format", "--color"]

  /// `unknot --journal FILE COMMAND …` and `unknot COMMAND … --journal FILE` are the same; of two, the last counts.
  static func globalsLast(_ arguments: [String]) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    var found: [String] = []
    var others: [String] = []
    var rest = arguments[..<end]
    while let first = rest.first {
      if globals.contains(first), rest.count >= 2 {
        found += rest.prefix(2)
        rest = rest.dropFirst(2)
      } else {
        if globals.contains(where: { first.hasPrefix($0 + "=") }) {
          found.append(first)
        } else {
          others.append(first)
        }
        rest = rest.dropFirst()
      }
    }
    return others + found + arguments[end...]
  }

  /// Without a command, today is what is asked for.
  static func withCommand(_ arguments: [String]) -> [String] {
    guard let first = arguments.first else { return ["today"] }
    return globals.contains { first == $0 || first.hasPrefix($0 + "=") } ? ["today"] + arguments : arguments
  }

  /// The commands that the arguments begin with: ["sync", "export"].
  static func commandPath(_ arguments: [String]) -> [String] {
    var path: [String] = []
    var commands = Unknot.configuration.subcommands
    for word in arguments {
      guard
        let command = commands.first(where: {
          name(of: $0) == word || $0.configuration.aliases.contains(word)
        })
      else { break }
      path.append(name(of: command))
      commands = command.configuration.subcommands
    }
    return path
  }

  /// Refuses a word that is no command, and says which was meant.
  static func checkCommand(_ arguments: [String]) throws(KitError) {
    var words = arguments[...]
    var commands = Unknot.configuration.subcommands
    var path = ""
    var takesAnyWord = false
    while !commands.isEmpty, let word = words.first, !word.hasPrefix("-"), word != "help" {
      guard
        let command = commands.first(where: {
          name(of: $0) == word || $0.configuration.aliases.contains(word)
        })
      else {
        let names = commands.map(name)
        // One that is nearly a command's name is a mistake all the same.
        if takesAnyWord, names.nearest(to: word) == nil { return }
        throw KitError(
          .usage, "\(path)\(word) is not a command",
          hint: (path.isEmpty ? otherWords[word.lowercased()] : nil).map { "you can write: unknot \($0)" }
            ?? names.nearest(to: word).map { "did you mean \(path)\($0)?" }
            ?? "there are: \(names.joined(separator: ", "))")
      }
      path += word + " "
      takesAnyWord = command.configuration.defaultSubcommand is any TakesAnyWord.Type
      commands = command.configuration.subcommands
      words = words.dropFirst()
    }
  }

  /// What people try, and what it is called here.
  private static let otherWords = [
    "delete": "rm ID", "remove": "rm ID", "del": "rm ID", "erase": "rm ID",
    "medicine": "factor medication --label NAME", "medication": "factor medication --label NAME",
    "med": "factor medication --label NAME", "meds": "factor medication --label NAME",
    "drug": "factor medication --label NAME", "pill": "factor medication --label NAME",
    "painkiller": "factor medication --label NAME", "walk": "factor walk 30m", "heat": "factor heat 20m",
    "session": "start, or log what was done", "sessions": "list sessions", "begin": "start", "go": "start",
    "press": "start", "exercise": "start", "massage": "start",
    "stop": "start, which goes on or ends what runs",
    "rate": "pain N", "rating": "pain N", "score": "pain N", "ratings": "list pain",
    "note": "pain N --note TEXT",
    "add": "log, pain or factor", "record": "log, pain or factor", "diary": "list", "log-pain": "pain N",
    "print": "report clinician -o page.html", "doctor": "report clinician -o page.html",
    "chart": "report trend",
    "graph": "report trend", "stats": "report week", "settings": "profile", "config": "profile",
    "muscle": "target",
    "muscles": "target list", "targets": "target list", "signs": "check", "redflags": "check",
    "folder": "sync folder",
    "merge": "sync import FILE", "share": "sync folder", "devices": "sync status", "web": "app", "gui": "app",
    "device": "init --device NAME", "name": "init --device NAME", "save": "backup",
    "repair": "rescue FILE -o NEW",
    "search": "list --tag TAG, list --site SITE, or the search of unknot app",
    "find": "list --tag TAG, or the search of unknot app",
  ]

  /// `help TOPIC`: a topic is shown; a word that is neither a command nor a topic is refused.
  static func showTopic(_ arguments: [String]) throws(KitError) -> Bool {
    guard arguments.first == "help", arguments.count > 1, !arguments[1].hasPrefix("-") else { return false }
    let commands = Unknot.configuration.subcommands
    if commands.contains(where: {
      name(of: $0) == arguments[1] || $0.configuration.aliases.contains(arguments[1])
    }) {
      return false
    }
    if Topics.show(arguments[1]) { return true }
    throw KitError(
      .usage, "\(arguments[1]) is neither a command nor a topic",
      hint: (commands.map(name) + Topics.names).nearest(to: arguments[1]).map {
        "did you mean unknot help \($0)?"
      }
        ?? "topics: \(Topics.names.joined(separator: ", "))")
  }

  private static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? String(describing: command).lowercased()
  }

  /// The first argument that looks like a number below zero.
  static func negativeNumber(in arguments: [String]) -> String? {
    arguments.prefix { $0 != "--" }.first { argument in
      argument.utf8.count > 1 && argument.hasPrefix("-")
        && argument.utf8.dropFirst().allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    }
  }
}

/// A command that is meant where none is named, and takes a word of the person's own.
protocol TakesAnyWord: ParsableCommand {}

extension String {
  /// As a shell takes it for one argument.
  var shellQuoted: String {
    let isPlain =
      !isEmpty
      && utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (48...58).contains(byte)
          || "-_./~+@=".utf8.contains(byte)
      }
    return isPlain ? self : "'\(replacing("'", with: "'\\''"))'"
  }
}
