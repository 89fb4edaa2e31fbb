import UnknotKit
import UnknotPlatform

/// Files and folders that a command writes where the person says: whole or not at all.
enum OutputFile {
  /// - Parameters:
  ///   - readers: who may read it.
  ///   - body: writes it; what it throws leaves nothing behind.
  static func write<T>(
    _ path: String, readers: NewFile.Readers = .owner, _ body: (NewFile) throws -> T
  ) throws -> T {
    try translating(path) {
      let file = try NewFile(path, nonce: nonce(), readers: readers)
      let result = try body(file)
      try file.commit()
      return result
    }
  }

  /// - Parameter body: writes the files of the folder; what it throws leaves nothing behind.
  static func writeFolder<T>(_ path: String, _ body: (NewFolder) throws -> T) throws -> T {
    try translating(path) {
      let folder = try NewFolder(path, nonce: nonce())
      let result = try body(folder)
      try folder.commit()
      return result
    }
  }

  private static func nonce() -> String { hexadecimal(Program.environment.randomBytes(8)) }

  private static func translating<T>(_ path: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as NewFileError {
      throw error.reason.map { KitError(.failed, "\(path) cannot be written", cause: $0) }
        ?? KitError(
          .failed, "\(path) exists already, and nothing is ever replaced", hint: "name another")
    }
  }
}
