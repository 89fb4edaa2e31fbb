import Foundation
import TestSupport
import Testing

/// What documentation names is there.
@Suite struct DocumentationTests {
  private static let pages = [
    "README.md", ".github/CONTRIBUTING.md", ".github/CHANGELOG.md", ".github/SECURITY.md", "Schema/README.md",
    "Schema/app.md", "Schema/architecture.md", "Schema/benchmarks.md",
    "Schema/changeset.md", "Schema/failures.md", "Schema/folder.md",
    "Schema/guarantees.md",
    "Schema/interchange.md", "Schema/merge.md", "Schema/platforms.md",
    "Schema/person.md", "Schema/statistics.md",
    "Schema/threats.md", "Schema/tour.md",
  ]

  private static let sources: [(path: String, text: String)] = {
    var found: [(String, String)] = []
    for folder in ["Sources", "Tests", "Scripts"] {
      let root = Repository.root.appending(path: folder)
      let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        guard ["swift", "py", "sh", ""].contains(file.pathExtension),
          let text = try? String(contentsOf: file, encoding: .utf8)
        else { continue }
        found.append((file.path, text))
      }
    }
    return found
  }()

  /// Between backticks, outside of blocks of code.
  private func named(_ page: String) throws -> [String] {
    let text = try Repository.text(page)
    let prose = text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    return prose.joined().matches(of: /`([^`\n]+)`/).map { String($0.1) }
  }

  @Test(arguments: pages) func filesAreThere(page: String) throws {
    for name in try named(page) where !name.contains(" ") {
      if name.firstMatch(of: /^(Schema|Sources|Tests|Scripts|\.ci)\/[A-Za-z0-9_+.\/-]+$/) != nil {
        #expect(
          FileManager.default.fileExists(atPath: Repository.root.appending(path: name).path),
          "\(page): \(name)")
      } else if name.firstMatch(of: /^[A-Za-z0-9+\/]+\.swift$/) != nil, name != "Package.swift" {
        #expect(Self.sources.contains { $0.path.hasSuffix("/\(name)") }, "\(page): \(name)")
      }
    }
  }

  /// What a filter names selects at least one test: one that was renamed would hold nothing any more.
  @Test(arguments: pages) func testsAreThere(page: String) throws {
    let text = try Repository.text(page)
    var names = text.matches(of: /--filter[ =]"?([A-Za-z|]+)/).flatMap { $0.1.split(separator: "|") }
      .filter { $0 != "NAME" }
    if page == "Schema/person.md" {
      // The last column.
      names += text.split(separator: "\n").filter { $0.hasPrefix("| ") }.compactMap {
        $0.split(separator: "|").last
      }
      .flatMap { $0.matches(of: /`([A-Za-z]+)`/).map(\.1) }
      #expect(names.count > 40)
    }
    let tests = Self.sources.filter { $0.path.contains("/Tests/") || $0.path.contains("Scripts/") }
    for name in Set(names) {
      let declaration = try Regex("(func|struct|extension) [A-Za-z]*\(name)")
      let folder = Repository.root.appending(path: "Tests/\(name)").path
      #expect(
        FileManager.default.fileExists(atPath: folder) || tests.contains { $0.text.contains(declaration) },
        "\(page): \(name)")
    }
  }

  /// `Door.apply`: a type, and something that it has.
  @Test func declarationsAreThere() throws {
    for page in ["Schema/architecture.md", "Schema/app.md"] {
      for name in try named(page) {
        guard let found = name.firstMatch(of: /^([A-Z][A-Za-z]+)\.([a-z][A-Za-z]+)(\(|$)/),
          !["swift", "docc", "md"].contains(found.2)
        else { continue }
        let (type, member) = (found.1, found.2)
        let declaration = try Regex("(func|var|let|case|init) \(member)\\b")
        let isThere = Self.sources.contains { source in
          source.text.contains("\(type)") && source.text.firstMatch(of: declaration) != nil
        }
        #expect(isThere, "\(page): \(name)")
      }
    }
  }

  /// `Scripts/fuzz --seed N`: a script of this repository, and a command of this program.
  @Test(arguments: pages) func scriptsAndCommandsAreThere(page: String) throws {
    let commands = Self.sources.map(\.text).joined()
    for name in try named(page) {
      let words = name.split(separator: " ").map(String.init)
      if let script = words.first, script.hasPrefix("Scripts/"), words.count > 1 {
        #expect(
          FileManager.default.fileExists(atPath: Repository.root.appending(path: script).path),
          "\(page): \(name)")
      }
      guard words.count > 1, words[0] == "unknot", words[1].first?.isLowercase == true,
        words[1].allSatisfy({ $0.isLowercase || $0 == "-" })
      else {
        continue
      }
      let isThere =
        commands.contains("commandName: \"\(words[1])\"")
        || commands.contains("struct \(words[1].capitalized): ")
        || commands.contains("aliases: [\"\(words[1])\"")
        || words[1] == "help"
      #expect(isThere, "\(page): \(name)")
    }
  }

  @Test func countsAreTrue() throws {
    let mutants = try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: "Tests/Mutants").path)
    #expect(try Repository.text("Schema/guarantees.md").contains("plants \(mutants.count) bugs"))
    let room = try #require(try Repository.text("Scripts/fuzz").firstMatch(of: /MEMORY = ([0-9]+) << 20/)).1
    #expect(try Repository.text("Schema/guarantees.md").contains("in \(room) MiB of memory"))
    let words = try Repository.text("README.md").split(whereSeparator: \.isWhitespace)
    #expect(words.count <= 1000)
    #expect(try Repository.text("README.md").components(separatedBy: "Schema/pictures/").count - 1 <= 3)
  }

  /// A comment cites pages of the repository, and no others.
  @Test func citedPagesAreThere() throws {
    let schema = try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: "Schema").path)
    for source in Self.sources where source.path.hasSuffix(".swift") {
      for match in source.text.matches(of: /`(?:Schema\/)?([a-z-]+\.md)`/) {
        #expect(schema.contains(String(match.1)), "\(source.path): \(match.1)")
      }
    }
  }
}
