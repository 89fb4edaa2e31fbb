import Foundation
import TestSupport
import Testing

/// The app as a command: its address, its port, and its end.
@Suite struct AppCommandTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  @Test func itEndsWhenNobodyLooks() throws {
    let outcome = try place.run("a", ["app", "--port", "0", "--idle", "1s"])
    #expect(outcome.status == 0, "\(outcome)")
    let address = /http:\/\/127\.0\.0\.1:[0-9]+\/\?token=[0-9a-f]{64}\n/
    #expect(outcome.output.wholeMatch(of: address) != nil, "\(outcome)")
    #expect(!FileManager.default.fileExists(atPath: place.path("a.sqlite")))
  }

  /// A port is one program's; a signal ends it as it ends others.
  @Test func aTakenPortIsSaid() throws {
    let first = place.process("a", ["app", "--port", "0"])
    let output = Pipe()
    first.standardOutput = output
    first.standardError = FileHandle.nullDevice
    first.standardInput = FileHandle.nullDevice
    try first.run()
    var said = ""
    while !said.hasSuffix("\n"), let part = try output.fileHandleForReading.read(upToCount: 1) {
      said += String(decoding: part, as: UTF8.self)
    }
    let port = try #require(said.firstMatch(of: /:([0-9]+)\//)?.1)
    let second = try place.run("b", ["app", "--port", String(port)])
    #expect(second.status == 1 && second.output.isEmpty)
    #expect(second.errors.hasPrefix("error: no page can be served on port \(port)\n"), "\(second)")
    #expect(second.errors.contains("hint: take another port"))
    first.terminate()
    first.waitUntilExit()
    #expect(first.terminationStatus == 0)
  }

  @Test(arguments: [["--port", "70000"], ["--port", "-1"], ["--idle", "soon"], ["now"]])
  func whatItIsNot(words: [String]) throws {
    let outcome = try place.run("a", ["app"] + words)
    #expect(
      outcome.status != 0 && outcome.output.isEmpty && outcome.errors.hasPrefix("error: "), "\(outcome)")
  }
}
