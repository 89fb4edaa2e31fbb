import ArgumentParser
import Foundation
import UnknotKit
import UnknotPlatform

struct Demo: JournalFreeCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a journal with a year of made-up data, to look at.",
    discussion: "Then: unknot --journal FILE report trend. It is never mixed into your own journal.")
  @Argument(help: "The file, which must not exist.", completion: .file()) var file: String
  @Option(help: "A number; each makes another year.") var seed: UInt64 = 1
  @Option(help: "The last day; default: yesterday.") var until: String?
  @Option(help: "How many days, 3660 at most.") var days = 365
  @OptionGroup var globals: Globals

  func perform(_ output: Output) throws {
    guard (1...Demonstration.maximumDays).contains(days) else {
      throw KitError(
        .invalidValue, "a demonstration of \(days) days is not made",
        hint: "from 1 to \(Demonstration.maximumDays)")
    }
    let now = Moment(milliseconds: Program.environment.now(), in: .current)
    let yesterday = LocalDay(of: now, start: 240).adding(-1)
    let last = try until.map { text throws(KitError) in try LocalDay(text) } ?? yesterday
    guard last <= yesterday else {
      throw KitError(.invalidValue, "\(last) is not over yet", hint: "the last day is yesterday at most")
    }
    var demonstration = Demonstration(days: last.adding(1 - days)...last)
    demonstration.seed = seed
    let line = ProgressLine()
    defer { line.close() }
    try OutputFile.write(file) { new in
      do {
        _ = try demonstration.write(to: new.temporaryPath, zone: .current) { days throws(KitError) in
          try line.report(records: days)
        }
      } catch let error as KitError where error.kind == .failed {
        // It is no journal of the person's.
        throw KitError(
          .failed, "\(file) cannot be written",
          cause: [error.message, error.cause].compactMap { $0 }.joined(separator: "; "))
      }
    }
    line.close()
    Message.note("written \(file): made-up data; look at it with unknot --journal FILE report trend")
  }
}
