import Foundation
import TestSupport
import Testing

@Suite struct PlatformTests {
  /// What differs between systems is settled in one file (`Schema/platforms.md`).
  @Test func oneFileNamesPlatforms() throws {
    let names = try Regex(
      #"canImport\((Glibc|Musl|Bionic|Android|Darwin|WinSDK)\)|#(if|elseif) (!)?os\(|import (Glibc|Musl|Bionic|Android|Darwin)\b"#
    )
    let sources = Repository.root.appending(path: "Sources")
    var found: [String] = []
    var count = 0
    let files = try #require(FileManager.default.enumerator(atPath: sources.path))
    for case let file as String in files where file.hasSuffix(".swift") {
      count += 1
      let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
      if text.contains(names) { found.append(file) }
    }
    #expect(found == ["UnknotPlatform/Platform.swift"] && count > 100)
  }

  /// The pages name files of the sources: each is there.
  @Test func filesThatPagesNameAreThere() throws {
    let schema = Repository.root.appending(path: "Schema")
    let path = try Regex(
      #"`((?:Sources|Tests|Schema|Scripts)/[A-Za-z0-9_+./-]+)`"#, as: (Substring, Substring).self)
    for page in try FileManager.default.contentsOfDirectory(atPath: schema.path) where page.hasSuffix(".md") {
      for match in try Repository.text("Schema/\(page)").matches(of: path) {
        let file = Repository.root.appending(path: String(match.output.1)).path
        #expect(FileManager.default.fileExists(atPath: file), "\(page) names \(match.output.1)")
      }
    }
  }
}
