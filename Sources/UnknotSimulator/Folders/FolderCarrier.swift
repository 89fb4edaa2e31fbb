import Foundation
import SeededRandom

/// What brings the files of one folder to the others: late, in part, under other names, a second time, or back again after they
/// were removed. It takes every name for a file that is written once.
final class FolderCarrier {
  private var files: [String: Data] = [:]
  private var removed: [String: Data] = [:]
  /// By folder, what it had there when it last came by.
  private var seen: [String: Set<String>] = [:]
  var isFaulty = true

  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
  }

  func visit(_ folder: String, _ generator: inout SeededGenerator) throws {
    let here = try Set(Self.names(in: folder))
    for name in here.sorted() where files[name] == nil && removed[name] == nil {
      files[name] = try read(name, in: folder)
    }
    var known = seen[folder, default: []].union(here)
    for name in known.subtracting(here) {
      if let bytes = files.removeValue(forKey: name) { removed[name] = bytes }
      known.remove(name)
    }
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      if isFaulty, generator.pick(10) < 3 { continue }
      if isFaulty, generator.once(in: 12) {
        try write(bytes.prefix(generator.pick(max(1, bytes.count))), name, in: folder)
      } else if try !here.contains(name) || read(name, in: folder) != bytes {
        try write(bytes, name, in: folder)
      }
      known.insert(name)
      if isFaulty, generator.once(in: 40) { try write(bytes, "\(name).sync-conflict(1)", in: folder) }
    }
    for name in removed.keys.sorted() {
      if isFaulty, generator.once(in: 6) {
        try write(removed[name] ?? Data(), name, in: folder)
      } else if known.contains(name) {
        try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        known.remove(name)
      }
    }
    seen[folder] = known
  }

  private func read(_ name: String, in folder: String) throws -> Data {
    try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
  }

  private func write(_ bytes: Data, _ name: String, in folder: String) throws {
    try bytes.write(to: URL(filePath: "\(folder)/\(name)"))
  }
}
