import ArgumentParser
import Foundation

@main
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Devices that do what devices do, and suffer what devices suffer.",
    subcommands: [Histories.self, FolderYears.self], defaultSubcommand: Histories.self)
}

/// Runs simulations and says what they came to.
struct Histories: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "histories",
    abstract:
      "Random histories of devices that copy, lose, restore and merge their journals, against a model.")

  @Option(help: "The first seed; a failure names its seed.")
  var seed: UInt64 = 1

  @Option(help: "Steps in all; each seed does --length of them.")
  var steps = 200_000

  @Option(help: "Steps of one seed.")
  var length = 200

  @Option(help: "Devices at most, of one seed; by default a number from 2 to 20 by the seed.")
  var devices: Int?

  @Option(
    help: """
      clones: only writes, files, copies and restored backups, at least one of these in each seed, with writes on \
      both sides. folders: devices that exchange through folders, with keys, and carriers that do everything wrong.
      """)
  var only: Selection?

  @Flag(help: "Ends with the first seed that fails.")
  var failFast = false

  @Option(help: "Where the journals lie while they are simulated.")
  var folder = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()

  @Flag(help: "Prints each step and its device, and looks at every journal's log after it.")
  var verbose = false

  mutating func run() throws {
    let report = try SimulationReport.run(
      firstSeed: seed, steps: steps, length: length, devices: devices, folder: folder, only: only,
      failFast: failFast,
      isVerbose: verbose)
    print(report.description)
    if !report.failures.isEmpty { throw ExitCode.failure }
  }
}
