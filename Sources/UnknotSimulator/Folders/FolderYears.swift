import ArgumentParser
import Foundation
import SeededRandom
import UnknotEngine
import UnknotStorage

/// How many files, and how many bytes, lie in a shared folder over the years.
struct FolderYears: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "years",
    abstract: "How many files and bytes lie in a shared folder over the years.",
    discussion: """
      Devices share one folder. Each day they record so many changes between them, and each does a round on four days of five. A \
      line a year: the most files and bytes that lay there at once, and what was written. In the end all devices must agree.
      """)

  @Option(help: "Devices.") var devices = 3
  @Option(help: "Years.") var years = 10
  @Option(help: "Changes a day, of all devices together.") var changes = 5
  @Flag(help: "Files are not sealed.") var plain = false
  @Flag(help: "The last device is never heard of again after a month, and nobody retires it.") var forgotten =
    false
  @Option(help: "Of the choices.") var seed: UInt64 = 1
  @Option(help: "Where the journals lie.") var folder = NSTemporaryDirectory()

  func run() throws {
    let root = "\(folder)/unknot-years-\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    var generator = SeededGenerator(seed: seed)
    let all = try begin(root, &generator)
    print("year  files      bytes  written      bytes")
    var (sizes, counts) = ([String: Int](), Counts())
    for day in 1...max(1, years * 365) {
      let living = forgotten && day > 30 ? Array(all.dropLast()) : all
      for device in all { device.pass(days: 1) }
      for _ in 0..<changes { try generator.element(of: living)?.log() }
      for device in living where generator.pick(5) > 0 {
        _ = try device.replica.synchronizeFolder()
        try counts.add(all[0].folder, &sizes)
      }
      if day % 365 == 0 {
        print(counts.line(year: day / 365))
        counts = Counts()
      }
    }
    let living = forgotten ? Array(all.dropLast()) : all
    for _ in 0..<3 { for device in living { _ = try device.replica.synchronizeFolder() } }
    guard try Set(living.map { try $0.digest() }).count == 1 else {
      throw ValidationError("devices disagree")
    }
    print("all devices agree")
  }

  private func begin(_ root: String, _ generator: inout SeededGenerator) throws -> [SimulatedFolderDevice] {
    let shared = "\(root)/shared"
    let all = try (0..<max(1, devices)).map {
      try SimulatedFolderDevice("device \($0)", in: root, seed: generator.next(), folder: shared)
    }
    try all[0].log()
    if !plain { try all[0].replica.beginSealing() }
    for device in all {
      if !plain, device !== all[0] { try device.replica.join(all[0].replica.recoveryKey()) }
      _ = try device.replica.synchronizeFolder()
    }
    return all
  }

  private struct Counts {
    private var (files, bytes, written, writtenBytes) = (0, 0, 0, 0)

    mutating func add(_ folder: String, _ sizes: inout [String: Int]) throws {
      var now: [String: Int] = [:]
      for name in try FolderCarrier.names(in: folder) {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
        now[name] = attributes[.size] as? Int ?? 0
      }
      for (name, size) in now where sizes[name] == nil {
        written += 1
        writtenBytes += size
      }
      files = max(files, now.count)
      bytes = max(bytes, now.values.reduce(0, +))
      sizes = now
    }

    func line(year: Int) -> String {
      String(format: "%4d  %5d  %9d  %7d  %9d", year, files, bytes, written, writtenBytes)
    }
  }
}
