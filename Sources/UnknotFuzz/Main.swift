import ArgumentParser
import Foundation
import SeededRandom
import UnknotCausality
import UnknotKit
import UnknotStorage

/// Makes what `Scripts/fuzz` gives the program to read.
@main
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz", abstract: "Files that mean harm, and the journals that they are for.",
    subcommands: [Base.self, Mutants.self, Forks.self])
}

struct Base: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Write the journal that mutants are for.")
  @Argument(help: "Where it is to be.") var path: String

  func run() throws {
    guard let zone = TimeZone(identifier: "Europe/Berlin") else {
      throw ValidationError("there are no time zones here")
    }
    _ = try Demonstration(days: LocalDay("2026-04-01")...LocalDay("2026-05-14")).write(to: path, zone: zone)
  }
}

struct Mutants: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write mutants, one for each seed, and say a line of JSON about each.")
  @Option(help: "The journal that `base` wrote.") var base: String
  @Option(help: "Where they are to be.") var folder: String
  @Option(help: "The first seed.") var seed: UInt64
  @Option(help: "How many.") var count: UInt64 = 1

  func run() throws {
    let held = try Scene.Held(journal: base)
    for seed in seed..<seed + count {
      let mutant = try Mutant(seed: seed, held: held)
      let path = "\(folder)/\(seed).unknot"
      try Data(mutant.bytes).write(to: URL(filePath: path))
      let line: [String: Any] = [
        "seed": seed, "kind": mutant.kind, "base": mutant.base as Any? ?? NSNull(), "file": path,
        "stage": mutant.stage, "largest": mutant.largestChange,
      ]
      print(
        String(
          decoding: try JSONSerialization.data(withJSONObject: line, options: .sortedKeys), as: UTF8.self))
    }
  }
}

private struct NoEnvironment: ReplicaEnvironment {
  func now() -> Int64 { Scene.now }
  func randomBytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }
}

extension Scene.Held {
  init(journal path: String) throws {
    let store = try Store(
      path: path, tables: RecordType.schemas, deviceName: "fuzz", environment: NoEnvironment(), notes: nil)
    try store.read { session in
      journalIDs = try session.journalIDs
      entries = try session.entries()
      for type in RecordType.all {
        records[type.name] = try session.records(in: type.name, RecordFilter()).map(\.id)
      }
    }
  }
}

/// What one hostile file could do with a journal that was copied again and again (`Schema/benchmarks.md`).
struct Forks: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a file in which one actor goes on many times from one change.")
  @Option(help: "How many times.") var count: Int
  @Option(help: "How many changes each time.") var length = 1
  @Flag(help: "Each goes on from the one before instead, and is longer by one change.") var nested = false
  @Flag(help: "All of them edit one record.") var same = false
  @Argument(help: "Where it is to be.") var path: String

  func run() throws {
    var generator = SeededGenerator(seed: 1)
    let held = Scene.Held(journalIDs: [generator.bytes(16)])
    var scene = Scene(generator, held)
    let file = scene.forks(count, length: length, isNested: nested, isOfOneRecord: same)
    try Data(try file.bytes()).write(to: URL(filePath: path))
  }
}
