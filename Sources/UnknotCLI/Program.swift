import ArgumentParser
import UnknotKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program: reads its arguments, runs one command, and says how it went.
public enum Program {
  public static func main() -> Never {
    do {
      let arguments = Arguments.globalsLast(try Arguments.read())
      try Arguments.checkCommand(arguments)
      var command = try Unknot.parseAsRoot(arguments)
      try command.run()
      exit(0)
    } catch {
      exit(report(error))
    }
  }

  /// Says what went wrong, on stderr, and gives the exit status. What was asked for (help, version) goes to stdout.
  private static func report(_ error: any Error) -> Int32 {
    if let error = error as? KitError {
      Message.failure(error.message, cause: error.cause, hint: error.hint)
      return error.kind.rawValue
    }
    if let status = error as? ExitCode { return status.rawValue }
    if Unknot.exitCode(for: error) == .success {
      print(Unknot.fullMessage(for: error))
      return 0
    }
    // "Error: " and the usage lines of ArgumentParser are left out: one form for all errors.
    let message = Unknot.message(for: error).split(separator: "\n").first.map(String.init) ?? "\(error)"
    Message.failure(message, cause: nil, hint: "unknot help shows the commands")
    return KitError.Kind.usage.rawValue
  }
}

enum Arguments {
  /// The program's arguments; text that is not UTF-8 is refused, never repaired.
  static func read() throws(KitError) -> [String] {
    var arguments: [String] = []
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let pointer = CommandLine.unsafeArgv[index] else { break }
      guard let text = String(validatingCString: pointer) else {
        throw KitError(.invalidValue, "argument \(index) is not UTF-8", hint: "set the terminal to UTF-8")
      }
      arguments.append(text)
    }
    return arguments
  }

  /// A word that is no command gets the nearest one, before its arguments are looked at.
  static func checkCommand(_ arguments: [String]) throws(KitError) {
    var commands: [any ParsableCommand.Type] = Unknot.configuration.subcommands
    var path = ""
    for word in arguments {
      if word.hasPrefix("-") || word == "help" || commands.isEmpty { return }
      guard let command = commands.first(where: { $0._commandName == word }) else {
        throw KitError(
          .usage, "there is no command \(path)\(word)",
          hint: commands.map(\._commandName).nearest(to: word).map { "did you mean unknot \(path)\($0)?" }
            ?? "unknot help\(path.isEmpty ? "" : " " + path.dropLast()) shows the commands")
      }
      commands = command.configuration.subcommands
      path += word + " "
    }
  }

  private static let globals = ["--journal", "--format", "--color"]

  /// `unknot --journal FILE COMMAND …` and `unknot COMMAND … --journal FILE` are the same.
  static func globalsLast(_ arguments: [String]) -> [String] {
    var leading: [String] = []
    var rest = arguments[...]
    while let first = rest.first {
      if globals.contains(first), rest.count >= 2 {
        leading += rest.prefix(2)
        rest = rest.dropFirst(2)
      } else if globals.contains(where: { first.hasPrefix($0 + "=") }) {
        leading.append(first)
        rest = rest.dropFirst()
      } else {
        break
      }
    }
    let end = rest.firstIndex(of: "--") ?? rest.endIndex
    return Array(rest[..<end]) + leading + Array(rest[end...])
  }
}
