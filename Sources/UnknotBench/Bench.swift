import Foundation

/// Runs steps in processes of their own, in folders that go away.
final class Bench: Sendable {
  private let root: String

  init() throws {
    root = NSTemporaryDirectory() + "unknot-bench-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func folder(_ name: String) throws -> String {
    let path = "\(root)/\(name)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  func keep(_ names: [String: String], _ place: String, _ folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, kept) in names {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(kept)")
      try FileManager.default.copyItem(atPath: "\(place)/\(name)", toPath: "\(folder)/\(kept)")
    }
  }

  private struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// What a step prints: numbers by their names.
  func step(_ kind: Step.Kind, _ database: String, _ arguments: [String]) throws -> [String: Double] {
    let output = try output(
      of: CommandLine.arguments[0], ["step", kind.rawValue, database] + arguments, home: root)
    var values: [String: Double] = [:]
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: " ")
      if parts.count == 2, let number = Double(parts[1]) { values[String(parts[0])] = number }
    }
    return values
  }

  /// The wall time of a whole process.
  func seconds(_ program: String, _ arguments: [String], home: String) throws -> Double {
    let start = ContinuousClock.now
    _ = try output(of: program, arguments, home: home)
    return (ContinuousClock.now - start) / .seconds(1)
  }

  private func output(of program: String, _ arguments: [String], home: String) throws -> String {
    let process = Process()
    let pipe = Pipe()
    if program.contains("/") {
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
    } else {
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [program] + arguments
    }
    process.environment = ["HOME": home, "PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C"]
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        description: "\(program) \(arguments.joined(separator: " ")): \(process.terminationStatus)")
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The values, and how large the file is by now, with what SQLite keeps beside it.
  func size(of path: String, _ values: [String: Double]) -> [String: Double] {
    let bytes = [path, path + "-wal"].reduce(0) { total, path in
      total + ((try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0)
    }
    return values.merging(["bytes": Double(bytes)]) { $1 }
  }

  static func sum(_ steps: [[String: Double]]) -> [String: Double] {
    ["seconds": steps.reduce(0) { $0 + ($1["seconds"] ?? 0) }]
  }
}

/// What a step's repetitions gave.
struct Sample {
  private var repetitions: [[String: Double]] = []

  mutating func append(_ values: [String: Double]) { repetitions.append(values) }
  func values(_ name: String) -> [Double] { repetitions.compactMap { $0[name] } }
  var seconds: [Double] { values("seconds") }
  var bytes: [Double] { values("bytes") }
}

struct Samples {
  private var samples: [String: Sample] = [:]

  subscript(name: String) -> Sample {
    get { samples[name] ?? Sample() }
    set { samples[name] = newValue }
  }
}
