import Foundation

/// What many simulations came to.
struct SimulationReport: CustomStringConvertible {
  var seeds = 0
  var steps = 0
  var changes = 0
  var forksTold = 0
  var fullExportsNeeded = 0
  var ordered = 0
  var forgotten = 0
  var folderRounds = 0
  var repeated = 0
  var seconds = 0.0
  var mostRounds = 0
  var failures: [String] = []
  var stepsDone: [String: Int] = [:]
  var isVerbose = false

  /// - Parameter devices: nil takes a number from 2 to 20 from each seed.
  static func run(
    firstSeed: UInt64, steps: Int, length: Int, devices: Int?, folder: String, only: Selection? = nil,
    failFast: Bool = false, isVerbose: Bool = false
  ) throws -> SimulationReport {
    var report = SimulationReport()
    report.isVerbose = isVerbose
    let start = Date()
    var seed = firstSeed
    while report.steps < steps, !failFast || report.failures.isEmpty {
      let count = min(length, steps - report.steps)
      let trace = report.simulate(seed, count, devices, folder, only)
      // One seed in a hundred is run twice: the same seed is the same history.
      if seed % 100 == 1, let trace {
        report.repeated += 1
        var again = SimulationReport()
        if again.simulate(seed, count, devices, folder, only) != trace {
          report.failures.append("seed \(seed): two runs differ")
        }
      }
      report.steps += count
      report.seeds += 1
      seed += 1
    }
    report.seconds = Date().timeIntervalSince(start)
    return report
  }

  private mutating func simulate(
    _ seed: UInt64, _ count: Int, _ devices: Int?, _ parent: String, _ only: Selection?
  ) -> UInt64? {
    let folder = "\(parent)/unknot-simulation-\(ProcessInfo.processInfo.processIdentifier)-\(seed)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let most = devices ?? 2 + Int(seed % 19)
      if only == .folders { return try simulateFolders(seed, count, devices ?? 2 + Int(seed % 6), folder) }
      let simulation = try Simulation(seed: seed, devices: most, folder: folder, only: only)
      simulation.isVerbose = isVerbose
      try simulation.run(steps: count)
      changes += simulation.model.changes.count
      forksTold += simulation.forksTold
      fullExportsNeeded += simulation.fullExportsNeeded
      forgotten += simulation.forgotten
      ordered += simulation.ordered
      mostRounds = max(mostRounds, simulation.rounds)
      add(simulation.stepsDone)
      return simulation.trace
    } catch {
      failures.append("seed \(seed) of \(count) steps: \(error)")
      return nil
    }
  }

  private mutating func simulateFolders(
    _ seed: UInt64, _ count: Int, _ devices: Int, _ folder: String
  ) throws -> UInt64 {
    let simulation = try FolderSimulation(seed: seed, devices: devices, folder: folder)
    simulation.isVerbose = isVerbose
    try simulation.run(steps: count)
    changes += simulation.changes
    folderRounds += simulation.roundsDone
    add(simulation.stepsDone)
    return simulation.trace
  }

  private mutating func add<Kind>(_ steps: [Kind: Int]) {
    for (kind, count) in steps { stepsDone["\(kind)", default: 0] += count }
  }

  var description: String {
    let kinds = stepsDone.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return """
      \(steps) steps of \(seeds) seeds in \(String(format: "%.1f", seconds)) s: \
      \(String(format: "%.0f", Double(steps) / max(seconds, 0.001))) a second
      \(changes) changes written, \(forksTold) forks told, \(forgotten) changes forgotten, \(fullExportsNeeded) whole files needed at rest, \
      \(mostRounds) rounds of exchange at most; \(ordered) seeds came to an end by plain exports alone
      \(folderRounds) rounds with shared folders
      \(repeated) seeds run twice with the same trace
      \(kinds.joined(separator: ", "))
      \(failures.isEmpty ? "no failure" : "\(failures.count) FAILURES in \(seeds) seeds\n" + failures.prefix(20).joined(separator: "\n"))
      """
  }
}
