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
          hint: (path.isEmpty ? meant(by: word, words) : nil).map { "as in \($0)" }
            ?? names.nearest(to: word).map { "did you mean \(path)\($0)?" }
            ?? "there are: \(names.joined(separator: ", "))")
      }
      path += word + " "
      takesAnyWord = command.configuration.defaultSubcommand is any TakesAnyWord.Type
      commands = command.configuration.subcommands
      words = words.dropFirst()
    }
  }

  /// A number alone is a rating; other words are known by another name.
  private static func meant(by word: String, _ words: ArraySlice<String>) -> String? {
    guard Int(word).map((0...10).contains) ?? false else { return otherWords[word.lowercased()] }
    return "unknot pain \(words.map(\.shellQuoted).joined(separator: " "))"
  }

  /// What people try, and how it is written here.
  private static let otherWords = [
    "delete": "unknot rm 12", "remove": "unknot rm 12", "del": "unknot rm 12", "erase": "unknot rm 12",
    "medicine": medicine, "medication": medicine, "med": medicine, "meds": medicine, "drug": medicine,
    "pill": medicine,
    "painkiller": medicine, "ibuprofen": medicine, "walk": "unknot factor walk 30m",
    "heat": "unknot factor heat 20m",
    "session": "unknot start, or unknot log quick for one that was done", "sessions": "unknot list sessions",
    "begin": "unknot start", "go": "unknot start", "press": "unknot start", "exercise": "unknot start",
    "massage": "unknot start", "stop": "unknot status, which shows what runs; in the session, q ends it",
    "rate": rating, "rating": rating, "score": rating, "ratings": "unknot list pain",
    "note": "unknot pain 5 --note 'after a long drive'",
    "add": "unknot pain 5, unknot log quick or unknot factor walk 30m",
    "record": "unknot pain 5, unknot log quick or unknot factor walk 30m", "diary": "unknot list",
    "print": clinician, "doctor": clinician, "chart": "unknot report trend", "graph": "unknot report trend",
    "stats": "unknot report week", "settings": "unknot profile", "config": "unknot profile",
    "muscle": "unknot target list", "muscles": "unknot target list", "targets": "unknot target list",
    "signs": "unknot check", "redflags": "unknot check", "folder": "unknot sync folder",
    "merge": "unknot sync import laptop.unknot", "share": "unknot sync folder",
    "devices": "unknot sync status",
    "web": "unknot app", "gui": "unknot app", "device": "unknot init --device laptop",
    "name": "unknot init --device laptop",
    "save": "unknot backup", "repair": "unknot rescue damaged.sqlite -o new.sqlite",
    "search": "unknot list --tag rain, or unknot list --site hip",
    "find": "unknot list --tag rain, or unknot list --site hip",
  ]
  private static let medicine = "unknot factor medication ibuprofen 400mg"
  private static let rating = "unknot pain 5"
  private static let clinician = "unknot report clinician -o page.html"

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
