import Foundation
import Testing

/// The example of the documentation: what is printed there is what runs here.
@Suite struct ExampleTests {
  private static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The program beside the tests, wherever they were built.
  private static func example() -> URL? {
    CommandLine.arguments.lazy.map { URL(filePath: $0).deletingLastPathComponent() }
      .flatMap { [$0, $0.deletingLastPathComponent()] }
      .map { $0.appending(path: "Example") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path()) }
  }

  private func source() throws -> String {
    try String(contentsOf: Self.package.appending(path: "Sources/Example/main.swift"), encoding: .utf8)
  }

  /// An app asks for no traits, and fetches nothing that only the programs need.
  @Test func itFetchesNothingForTheProgramsAlone() throws {
    let pins = try String(contentsOf: Self.package.appending(path: "Package.resolved"), encoding: .utf8)
    let names = pins.matches(of: /"identity" : "([^"]*)"/).map { String($0.1) }
    #expect(names.sorted() == ["grdb.swift", "swift-asn1", "swift-crypto", "swift-protobuf"])
  }

  @Test func itHasThirtyLines() throws {
    #expect(try source().split(separator: "\n").count <= 30)
  }

  @Test func itPrintsWhatTheDocumentationSays() throws {
    let folder = try Folder()
    let process = Process()
    let example: URL = try #require(Self.example())
    process.executableURL = example
    process.arguments = [folder.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd().map { String(decoding: $0, as: UTF8.self) }
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(text == "[ ] bread\n[x] milk\n")
  }
}
