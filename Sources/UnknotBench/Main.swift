import ArgumentParser

@main
struct UnknotBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the engine beside bare SQLite and its session extension, on one workload.",
    subcommands: [Run.self, Records.self, Observe.self, Step.self])
}

struct Records: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The workload's records as JSON lines, for other programs.")
  @Argument var count: Int

  func run() {
    for index in 0..<count { print(Workload.json(of: index)) }
  }
}
