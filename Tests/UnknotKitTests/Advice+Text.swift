import Foundation
import TestSupport
import Testing
import UnknotKit

// Tests look into advice as a front end without ways of its own shows it.
extension Advice {
  func contains(_ words: String) -> Bool { description.contains(words) }
  func hasPrefix(_ words: String) -> Bool { description.hasPrefix(words) }
  func hasSuffix(_ words: String) -> Bool { description.hasSuffix(words) }
  func split(separator: String) -> [Substring] { description.split(separator: separator) }
}

@Suite struct AdviceTests {
  @Test func aFrontEndPutsItsOwnWordsIn() {
    let advice: Advice = "wait; \(.undo, of: "k4m2-7") brings it back, \(.safetyCheck) helps"
    #expect(advice.description == "wait; undoing it (k4m2-7) brings it back, a safety check helps")
    #expect(
      advice.text { way, id in "<\(way) \(id ?? "-")>" }
        == "wait; <undo k4m2-7> brings it back, <safetyCheck -> helps")
    #expect(Advice("as it is: \\(.undo)").description == "as it is: \\(.undo)")
  }

  /// Every way has words of its own.
  @Test func noTwoWaysAreSaidAlike() {
    #expect(Set(Advice.Way.allCases.map(\.rawValue)).count == Advice.Way.allCases.count)
  }

  /// What the library says names no command: a front end may have none.
  @Test func theLibraryNamesNoCommand() throws {
    let sources = Repository.root.appending(path: "Sources")
      .standardized
    var found: [String] = []
    for module in [
      "UnknotCausality", "UnknotStorage", "UnknotChangeset", "UnknotEngine", "UnknotKit", "UnknotC",
    ] {
      let files = FileManager.default.enumerator(atPath: sources.appending(path: module).path)
      while let file = files?.nextObject() as? String {
        guard file.hasSuffix(".swift") else { continue }
        let text = try String(contentsOf: sources.appending(path: "\(module)/\(file)"), encoding: .utf8)
        for line in text.split(separator: "\n")
        where !line.trimmingPrefix(while: \.isWhitespace).hasPrefix("//") {
          // In a text: the program's name before a word, or an option.
          guard line.contains("\""), !line.contains("magic"),
            line.firstMatch(of: /(?:unknot [a-z]|[ "(]--[a-z])/) != nil
          else { continue }
          found.append("\(module)/\(file): \(line)")
        }
      }
    }
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }
}
