import ArgumentParser
import Foundation
import Observation
import UnknotEngine
import UnknotKit

/// A screen that follows a journal: how soon it shows what the command line writes, and how long its actor is kept from
/// anything else while a large file is imported.
struct Observe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Follows a journal as a screen does, and prints a Markdown table.")

  @Option(help: "The program that writes.") var program: String
  @Option(help: "How often it writes.") var writes = 50
  @Option(help: "Changes of the file that is imported.") var changes = 100_000

  func validate() throws {
    guard (1..<Model.rows).contains(writes) else {
      throw ValidationError("the screen has \(Model.rows) rows: fewer writes than that")
    }
  }

  @MainActor func run() async throws {
    let bench = try Bench()
    let place = try bench.folder("observed")
    defer { bench.remove(place) }
    let path = "\(place)/journal.sqlite"
    let state = "\(place)/.local/state/unknot"
    let journal = try await Journal(
      path: path, deviceName: "screen", environment: SystemEnvironment(), zone: .gmt, stateFolder: state)
    _ = try await journal.perform { try $0.ratePain(0) }

    let model = Model(journal)
    let following = Task { await model.follow() }
    defer { following.cancel() }
    await model.shows { !$0.isEmpty }

    // From when the program began to write: waiting for the disk counts.
    var delays: [Double] = []
    for number in 1...writes {
      let arguments = ["--journal", path, "pain", "5"]
      let program = program
      _ = try await Task.detached { try bench.seconds(program, arguments, home: place) }.value
      await model.shows { $0.count > number }
      delays.append(model.shownAt - Double(model.ratings[0].recordedAt.milliseconds))
    }

    let file = "\(place)/other.unknot"
    try await Self.write(changes, to: file)
    let beats = Heartbeat()
    let idle = await beats.during { try? await Task.sleep(for: .seconds(2)) }
    let start = ContinuousClock.now
    let busy = try await beats.during {
      let imported = try await journal.perform { try $0.importFiles([.path(file)], join: true) }
      guard imported.applied >= UInt64(changes) else {
        throw ValidationError("only \(imported.applied) changes were imported")
      }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    await model.shows { $0.count == Model.rows && $0[0].site == "hip" }

    print(
      """
      | what | median | 99 of 100 | largest | of |
      |---|---:|---:|---:|---:|
      \(row("a write of `unknot pain 5` to the screen that shows it, ms", delays))
      \(row("the main actor late, nothing being done, ms", idle))
      \(row("the main actor late, \(changes) changes being imported (\(String(format: "%.1f", seconds)) s), ms", busy))
      """)
  }

  private func row(_ name: String, _ values: [Double]) -> String {
    let sorted = values.sorted()
    func at(_ part: Double) -> String {
      sorted.isEmpty ? "–" : String(format: "%.1f", sorted[Int(part * Double(sorted.count - 1))])
    }
    return "| \(name) | \(at(0.5)) | \(at(0.99)) | \(at(1)) | \(sorted.count) |"
  }

  /// Ratings of another device.
  private static func write(_ count: Int, to file: String) async throws {
    let other = try await Replica(
      at: nil, kinds: RecordType.schemas, deviceName: "other", environment: SystemEnvironment())
    let now = Int64(Date().timeIntervalSince1970 * 1000)
    try await other.write("pain") { writer in
      for index in 0..<count {
        _ = try writer.create(
          RecordType.pain.name, parent: nil,
          [
            FieldName("at"): .time(milliseconds: now + Int64(index), offsetMinutes: 0),
            FieldName("score"): .integer(Int64(index % 11)), FieldName("site"): .text("hip"),
          ])
      }
    }
    _ = try await other.export(to: .file(file), full: true)
  }
}

/// What a screen shows: the newest ratings.
@MainActor
@Observable
private final class Model {
  nonisolated static let rows = 100
  private(set) var ratings: [PainRow] = []
  /// When it last read them, in milliseconds since 1970.
  private(set) var shownAt = 0.0
  private let journal: Journal

  struct PainRow: Sendable {
    let recordedAt: Moment
    let site: String?
  }

  init(_ journal: Journal) { self.journal = journal }

  func follow() async {
    let changes = journal.changes
    await show()
    for await change in changes where change.touches(.pain) { await show() }
  }

  private func show() async {
    let read = try? await journal.perform { journal in
      try journal.list("pain", ListFilter(limit: Self.rows)).map {
        PainRow(recordedAt: $0.recordedAt, site: $0[.site].text)
      }
    }
    if let read {
      shownAt = Date().timeIntervalSince1970 * 1000
      ratings = read
    }
  }

  /// Waits until it shows what is waited for.
  func shows(_ isMeant: ([PainRow]) -> Bool) async {
    while !isMeant(ratings) {
      await withCheckedContinuation { continuation in
        withObservationTracking {
          _ = ratings
        } onChange: {
          continuation.resume()
        }
      }
      // It is told before the value is another.
      await Task.yield()
    }
  }
}

/// Wants to be on the main actor every millisecond, as a screen that is drawn does, and measures by how much it is late.
@MainActor
private struct Heartbeat {
  func during(_ body: () async throws -> Void) async rethrows -> [Double] {
    let beats = Beats()
    let beating = Task {
      while !Task.isCancelled {
        let start = ContinuousClock.now
        try? await Task.sleep(for: .milliseconds(1))
        beats.late.append((ContinuousClock.now - start) / .milliseconds(1) - 1)
      }
    }
    defer { beating.cancel() }
    try await body()
    return beats.late
  }

  @MainActor
  private final class Beats { var late: [Double] = [] }
}
