import Foundation
import TestSupport
import Testing
import UnknotPlatform

/// What the program writes for a person is there whole or not at all.
@Suite struct NewFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var path: String { "\(folder.path)/file" }
  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  private func nonce(_ digits: String) -> String { String(repeating: digits, count: 8) }
  private func temporary(_ digits: String) -> String { ".unknot-\(nonce(digits)).tmp" }

  private func mode(_ path: String) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  @Test func itIsThereOnceItIsWhole() throws {
    let file = try NewFile(path, nonce: nonce("a1"))
    let long = String(repeating: "é", count: 100_000)
    try file.write("one")
    try file.write(long)
    #expect(try names == [temporary("a1")])
    try file.commit()
    #expect(try names == ["file"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "one" + long)
    #expect(file.bytes == UInt64(3 + long.utf8.count))
    #expect(try mode(path) == 0o600)
  }

  @Test func whatIsShownIsForEverybody() throws {
    let before = umask(0o022)
    defer { umask(before) }
    try NewFile(path, nonce: nonce("a1"), readers: .everyone).commit()
    #expect(try mode(path) == 0o644)
  }

  @Test func nothingIsReplaced() throws {
    try Data("mine".utf8).write(to: URL(filePath: path))
    #expect(throws: NewFileError.exists) { _ = try NewFile(path, nonce: nonce("a1")) }
    try FileManager.default.removeItem(atPath: path)
    let file = try NewFile(path, nonce: nonce("a1"))
    try file.write("other")
    try Data("mine".utf8).write(to: URL(filePath: path))
    #expect(throws: NewFileError.exists) { try file.commit() }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    for target in ["nowhere", folder.path] {
      let link = "\(folder.path)/link"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
      #expect(throws: NewFileError.exists) { _ = try NewFile(link, nonce: nonce("b2")) }
      try FileManager.default.removeItem(atPath: link)
    }
  }

  @Test func nothingIsLeftOfWhatIsLetGo() throws {
    do {
      let file = try NewFile(path, nonce: nonce("a1"))
      try file.write(String(repeating: "x", count: 1 << 18))
      let new = try NewFolder("\(folder.path)/tables/", nonce: nonce("b2"))
      try new.next("one.csv").write("1")
      _ = try new.next("two.csv")
      #expect(try names == [temporary("a1"), temporary("b2")])
    }
    #expect(try names == [])
  }

  @Test func aFolderIsThereOnceItIsWhole() throws {
    let new = try NewFolder("\(folder.path)/tables/", nonce: nonce("b2"))
    for name in ["one.csv", "two.csv"] { try new.next(name).write(name) }
    #expect(try names == [temporary("b2")])
    try new.commit()
    #expect(try names == ["tables"])
    #expect(try mode("\(folder.path)/tables") == 0o700)
    for name in ["one.csv", "two.csv"] {
      #expect(try String(contentsOfFile: "\(folder.path)/tables/\(name)", encoding: .utf8) == name)
    }
    #expect(throws: NewFileError.exists) { _ = try NewFolder("\(folder.path)/tables", nonce: nonce("b2")) }
  }

  @Test func leftoversGoAndNobodyElsesWorkDoes() throws {
    let other = try NewFile("\(folder.path)/other", nonce: nonce("c3"))
    try other.write("other")
    let folderOfOther = try NewFolder("\(folder.path)/others", nonce: nonce("d4"))
    for name in [
      temporary("e5"), temporary("e5") + "-journal", ".unknot-.tmp.kept", ".unknot-mine.tmp",
      "unknot-a.unknot",
    ] {
      try Data("x".utf8).write(to: URL(filePath: "\(folder.path)/\(name)"))
    }
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/\(temporary("f6"))", withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(filePath: "\(folder.path)/\(temporary("f6"))/pain.csv"))
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/\(temporary("07"))", withDestinationPath: "\(folder.path)/unknot-a.unknot")

    try NewFile(path, nonce: nonce("a1")).commit()
    #expect(
      try names == [
        ".unknot-.tmp.kept", temporary("07"), temporary("c3"), temporary("d4"), ".unknot-mine.tmp",
        "file", "unknot-a.unknot",
      ])
    try other.commit()
    try folderOfOther.commit()
    #expect(try String(contentsOfFile: "\(folder.path)/other", encoding: .utf8) == "other")
  }

  @Test func whyItCannotBeWrittenIsSaid() throws {
    #expect(throws: NewFileError.failed(ENOENT)) {
      _ = try NewFile("\(folder.path)/none/file", nonce: nonce("a1"))
    }
    #expect(throws: NewFileError.failed(ENOTDIR)) {
      try Data().write(to: URL(filePath: path))
      _ = try NewFile("\(path)/file", nonce: nonce("a1"))
    }
    #expect(NewFileError.failed(ENOENT).reason == "No such file or directory")
  }
}
