import ArgumentParser
public import UnknotKit
import UnknotPlatform

/// The program: reads its arguments, runs one command, and says how it went.
public enum Program {
  /// What the commands read the time from.
  @TaskLocal static var environment: any ReplicaEnvironment = SystemEnvironment()

  /// - Parameters:
  ///   - skipped: how many of the arguments are not the program's own.
  ///   - environment: the clock and the source of random bytes.
  public static func main(
    skipping skipped: Int = 0, environment: any ReplicaEnvironment = SystemEnvironment()
  ) -> Never {
    $environment.withValue(environment) { run(skipping: skipped) }
  }

  private static func run(skipping skipped: Int) -> Never {
    // A file that grows beyond what is allowed is an error like a full disk, and no reason to end without a word.
    _ = signal(SIGXFSZ, SIG_IGN)
    var arguments: [String] = []
    do {
      arguments = Arguments.globalsLast(try Arguments.read(skipping: skipped))
      if try Arguments.showTopic(arguments) {
        try StandardOutput.finish()
        exit(0)
      }
      arguments = Arguments.withCommand(arguments)
      try Arguments.checkCommand(arguments)
      var command = try Unknot.parseAsRoot(arguments)
      try command.run()
      try StandardOutput.finish()
      exit(0)
    } catch {
      let status = report(error, arguments)
      try? StandardOutput.finish()
      exit(status)
    }
  }

  /// Says what went wrong, on stderr, and gives the exit status. What was asked for (help, version) goes to stdout.
  private static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
    if let error = error as? KitError {
      Message.failure(error.message, cause: error.cause, hint: error.hint?.words)
      return error.kind.exitStatus
    }
    if let status = error as? ExitCode { return status.rawValue }
    // ArgumentParser wraps help to this width, and traps where it leaves no room beside the names.
    if let columns = (try? Variable.value("COLUMNS"))?.flatMap({ Int($0) }), columns < 60 {
      setenv("COLUMNS", "60", 1)
    }
    if Unknot.exitCode(for: error) == .success {
      StandardOutput.write(Unknot.fullMessage(for: error) + "\n")
      return 0
    }
    // Nothing that can be written here is below zero, and the parser takes such a number for an option.
    if let number = Arguments.negativeNumber(in: arguments) {
      return report(
        KitError(
          .invalidValue, "\(number) is negative, which is not allowed here",
          hint: ["pain", "checkin", "peg"].contains(Arguments.commandPath(arguments).first)
            ? "ratings are whole numbers from 0 (none) to 10 (worst imaginable)"
            : "other values that begin with - come last, after --"), arguments)
    }
    // "Error: " and the usage lines of ArgumentParser are left out: one form for all errors.
    let message = Unknot.message(for: error).split(separator: "\n").first.map(String.init) ?? "\(error)"
    let path = Arguments.commandPath(arguments)
    if let (message, hint) = Examples.missing(message, path) {
      Message.failure(message, cause: nil, hint: hint)
      return KitError.Kind.usage.exitStatus
    }
    let words = ["unknot", "help"] + path
    Message.failure(message, cause: nil, hint: "\(words.joined(separator: " ")) shows how it is written")
    return KitError.Kind.usage.exitStatus
  }
}
