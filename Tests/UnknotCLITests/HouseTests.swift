import Foundation
import TestSupport
import Testing

/// What `Schema/architecture.md` says of every room: files of one subject, functions that fit on a screen.
@Suite struct HouseTests {
  private static let mostLinesOfFile = 400
  private static let mostLinesOfFunction = 60

  /// Path and lines of every source that people write.
  private static let files: [(path: String, lines: [Substring])] = ["Sources", "Tests"].flatMap { folder in
    let root = Repository.root.appending(path: folder)
    let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?
      .compactMap { $0 as? URL }
    return (found ?? []).filter {
      // Of a package inside, only what was written.
      $0.pathExtension == "swift" && !$0.path().hasSuffix(".pb.swift")
        && !$0.path().dropFirst(root.path().count).contains("/.build")
    }.compactMap { file in
      (try? String(contentsOf: file, encoding: .utf8)).map {
        (file.path(), $0.split(separator: "\n", omittingEmptySubsequences: false))
      }
    }
  }

  @Test func noFileIsTooLong() {
    #expect(Self.files.count > 600)
    for (path, lines) in Self.files {
      #expect(lines.count - 1 <= Self.mostLinesOfFile, "\(path) has \(lines.count - 1) lines")
    }
  }

  /// The formatter puts the brace that ends a function under its first letter.
  @Test func noFunctionIsTooLong() throws {
    let begins = /^( *)(?:@\w+(?:\(.*?\))? |[a-z]+(?:\([a-z]+\))? )*(?:func \S|init[?(<])/
    var count = 0
    for (path, lines) in Self.files {
      for (index, line) in lines.enumerated() {
        guard let indent = line.firstMatch(of: begins)?.1 else { continue }
        let end = lines[(index + 1)...].firstIndex {
          $0.hasPrefix("\(indent)}") && !$0.hasPrefix("\(indent) ")
        }
        // What has no body, as in a protocol, ends with what it stands in.
        guard let end, !lines[(index + 1)..<end].contains(where: { Self.isOutside($0, indent) }) else {
          continue
        }
        count += 1
        #expect(
          end - index + 1 <= Self.mostLinesOfFunction, "\(path):\(index + 1) has \(end - index + 1) lines")
      }
    }
    #expect(count > 3000)
  }

  /// Whether a line stands left of a function's own, or beside it without being part of its head.
  private static func isOutside(_ line: Substring, _ indent: Substring) -> Bool {
    guard let first = line.firstIndex(where: { $0 != " " }) else { return false }
    let depth = line.distance(from: line.startIndex, to: first)
    return depth < indent.count || depth == indent.count && !")-{\"#".contains(line[first])
  }
}
