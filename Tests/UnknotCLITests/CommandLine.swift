import Foundation
import TestSupport
import Testing

/// What a run of the program gave.
struct Outcome: Equatable {
  let status: Int32
  let output: String
  let errors: String
}

/// The built program in a folder, a home and an environment of its own.
// Its paths never change, so that several threads can use it at once.
final class Workplace: Sendable {
  var folder: String { temporary.path }
  private let temporary: TemporaryFolder

  init() throws {
    temporary = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder + "/home", withIntermediateDirectories: true)
  }

  static var program: String { built("unknot") }

  private static func built(_ name: String) -> String {
    // Beside the test bundle, in the build's folder.
    var folder = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
    for _ in 0..<4 {
      let candidate = folder.appending(path: name).path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return Repository.root.appending(path: ".build/debug/\(name)").path
  }

  /// Runs `unknot` on the journal of a device; nil: without naming one.
  ///
  /// - Parameter time: what the clock shows in the environment's zone; nil: the wall clock.
  @discardableResult
  func run(
    _ device: String?, _ arguments: [String], input: Data? = nil, environment: [String: String] = [:],
    at time: String? = nil, through wrapper: [String] = []
  ) throws -> Outcome {
    let process = process(device, arguments, environment: environment, at: time, through: wrapper)
    let output = Pipe()
    let errors = Pipe()
    let feed = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = input == nil ? FileHandle.nullDevice : feed
    try process.run()
    if let input {
      try feed.fileHandleForWriting.write(contentsOf: input)
      try feed.fileHandleForWriting.close()
    }
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
      errors: String(decoding: said, as: UTF8.self))
  }

  /// The same, not yet begun.
  func process(
    _ device: String?, _ arguments: [String], environment: [String: String] = [:], at time: String? = nil,
    through wrapper: [String] = []
  ) -> Process {
    let process = Process()
    let journal = device.map { ["--journal", path("\($0).sqlite")] } ?? []
    let program = time.map { [Self.built("UnknotAt"), $0] } ?? [Self.program]
    let command = wrapper + program + journal + arguments
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = [
      "HOME": folder + "/home", "XDG_DATA_HOME": folder + "/data", "TZ": "Europe/Berlin", "COLUMNS": "200",
      "LC_ALL": "C", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
    ].merging(environment) { $1 }
    return process
  }

  /// Runs a command that has to succeed, and reads its JSON.
  func json(_ device: String, _ arguments: [String]) throws -> Any {
    let outcome = try run(device, arguments + ["--format", "json"])
    #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
    return try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
  }

  func objects(_ device: String, _ arguments: [String]) throws -> [[String: Any]] {
    try #require(try json(device, arguments) as? [[String: Any]])
  }

  func object(_ device: String, _ arguments: [String]) throws -> [String: Any] {
    try #require(try json(device, arguments) as? [String: Any])
  }

  /// What plain `sqlite3` prints when it runs this on a device's journal; it has to be there, and to succeed.
  @discardableResult
  func sqlite(_ device: String, _ sql: String, options: [String] = []) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["sqlite3"] + options + [path("\(device).sqlite"), sql]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "sqlite3, which has to be there: \(sql)")
    return String(decoding: printed, as: UTF8.self)
  }

  /// What a program is to be run through so that file permissions hold for it: root may write anywhere, nobody may not.
  /// Nil where that cannot be.
  static let unprivileged: [String]? = {
    guard geteuid() == 0 else { return [] }
    let wrapper = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    guard FileManager.default.isExecutableFile(atPath: wrapper[0]), let place = try? Workplace(),
      (try? place.run(nil, ["--version"], through: wrapper).status) == 0
    else { return nil }
    return wrapper
  }()

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(name))) }

  func write(_ data: Data, to name: String) throws { try data.write(to: URL(fileURLWithPath: path(name))) }

  /// Everything that one may lack goes to the other.
  @discardableResult
  func carry(_ from: String, _ to: String, full: Bool = false) throws -> Int32 {
    let name = "\(UUID().uuidString.lowercased()).unknot"
    let sent = try run(from, ["sync", "export", "-o", name] + (full ? ["--full"] : []))
    #expect(sent.status == 0, "\(sent.errors)")
    return try run(to, ["sync", "import", name]).status
  }

  func digest(_ device: String) throws -> String {
    try #require(try object(device, ["sync", "digest"])["digest"] as? String)
  }
}
