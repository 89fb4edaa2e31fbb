import Foundation
import TestSupport
import Testing

/// What the articles of the documentation show is compiled and run: each block of Swift stands in a source of the tests, word
/// for word, but for where its lines begin. What a person copies from a page therefore works.
@Suite struct ArticleTests {
  private static func files(in folder: String, ending: String) -> [URL] {
    let root = Repository.root.appending(path: folder)
    let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?
      .compactMap { $0 as? URL }
    return (found ?? []).filter {
      $0.pathExtension == ending && !$0.path().dropFirst(root.path().count).contains("/.build")
    }
    .sorted { $0.path() < $1.path() }
  }

  /// As `Module.docc/Page.md`.
  static let pages = files(in: "Sources", ending: "md").map {
    $0.pathComponents.suffix(2).joined(separator: "/")
  }

  /// Lines without what stands before and behind them, and without empty ones.
  private static func bare(_ text: some StringProtocol) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  private static let sources = files(in: "Tests", ending: "swift").compactMap {
    (try? String(contentsOf: $0, encoding: .utf8)).map(bare)
  }

  private func text(_ page: String) throws -> String {
    let file = try #require(Self.files(in: "Sources", ending: "md").first { $0.path().hasSuffix("/\(page)") })
    return try String(contentsOf: file, encoding: .utf8)
  }

  @Test(arguments: pages) func whatAPageShowsIsRun(_ page: String) throws {
    let blocks = try text(page).components(separatedBy: "```swift\n").dropFirst()
      .map { Self.bare($0.components(separatedBy: "\n```")[0]) }
    for block in blocks where block.first?.hasPrefix("// swift-tools-version") != true {
      let isRun = Self.sources.contains { lines in
        lines.indices.contains { lines[$0...].starts(with: block) }
      }
      #expect(isRun, "\(page) shows what no test runs:\n\(block.joined(separator: "\n"))")
    }
  }

  /// The package that an app would have is one that SwiftPM reads.
  @Test func theManifestIsOne() throws {
    let text = try text("UnknotEngine.docc/GettingStarted.md")
    let begin = try #require(text.range(of: "// swift-tools-version"))
    let end = try #require(text.range(of: "\n```", range: begin.upperBound..<text.endIndex))
    let folder = try TemporaryFolder()
    try String(text[begin.lowerBound..<end.lowerBound])
      .write(toFile: "\(folder.path)/Package.swift", atomically: false, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["swift", "package", "--package-path", folder.path, "dump-package"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let json = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: json, as: UTF8.self).contains("UnknotEngine"))
  }
}
