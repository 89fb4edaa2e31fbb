import ArgumentParser
import Foundation
import UnknotApp
import UnknotKit

struct AppCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "app", abstract: "Serve the journal as pages to this machine's browser.",
    discussion: """
      It prints an address, which works once: whoever opens it first is let in, and nobody else. Nobody from another machine \
      can reach it, and nothing is sent anywhere. It ends with Ctrl-C, with its terminal, or after --idle.
      """)
  @Option(help: "The port; 0 for any that is free.") var port: UInt16 = 8642
  @Flag(help: "Open it in the browser.") var open = false
  @Option(help: "End after this long without a visit: 30m, 2h.") var idle: String?
  @OptionGroup var globals: Globals

  func run() throws {
    let idle = try idle.map { text throws(KitError) in try DurationText.seconds(text) }
    let context = try Context(globals)
    let environment = Program.environment
    let app = App(
      context.journal,
      App.Settings(
        port: port, idleSeconds: idle, stateFolder: try Context.stateFolder(),
        temporaryFolder: try Variable.temporaryFolder, randomBytes: { environment.randomBytes($0) }))
    let opens = open
    try Self.wait {
      try await app.run { address in
        Message.note("open this address in the browser of this machine; it works once")
        StandardOutput.write("\(address)\n")
        StandardOutput.flush()
        if opens { Self.show(address) }
      }
    }
  }

  /// What the desktop opens addresses with.
  private static func show(_ address: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["xdg-open", address]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try? process.run()
  }

  /// Until it has ended by itself, or was told to by a signal.
  private static func wait(_ body: @escaping @Sendable () async throws -> Void) throws {
    let interruption = Interruption()
    defer { interruption.close() }
    let task = Task { try await body() }
    let failed = Outcome()
    let done = DispatchSemaphore(value: 0)
    Task {
      do { try await task.value } catch is CancellationError {} catch { failed.set(error) }
      done.signal()
    }
    while done.wait(timeout: .now() + .milliseconds(200)) == .timedOut {
      if Interruption.received != 0 { task.cancel() }
    }
    if let error = failed.error { throw error }
  }
}

private final class Outcome: @unchecked Sendable {
  private let lock = NSLock()
  private var value: (any Error)?
  var error: (any Error)? { lock.withLock { value } }
  func set(_ error: any Error) { lock.withLock { value = error } }
}
