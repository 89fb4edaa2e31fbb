import UnknotKit
import UnknotPlatform

/// A file that a command writes where the person says: whole or not at all.
struct OutputFile {
  private let path: String
  private let file: NewFile

  /// Where it is until it is whole, for what writes to a path.
  var temporaryPath: String { file.temporaryPath }

  func write(_ text: String) throws(KitError) {
    do {
      try file.write(text)
    } catch {
      throw Self.failure(error, path)
    }
  }

  /// - Parameters:
  ///   - readers: who may read it.
  ///   - body: writes it; what it throws leaves nothing behind.
  static func write<T>(
    _ path: String, readers: NewFile.Readers = .owner, _ body: (OutputFile) throws -> T
  ) throws -> T {
    try translating(path) {
      let file = try NewFile(path, nonce: nonce(), readers: readers)
      let result = try body(OutputFile(path: path, file: file))
      try file.commit()
      return result
    }
  }

  /// - Parameter body: writes the files of a folder, each of which it asks for by name; what it throws leaves nothing behind.
  static func writeFolder<T>(
    _ path: String, _ body: (_ next: (String) throws -> OutputFile) throws -> T
  ) throws -> T {
    try translating(path) {
      let folder = try NewFolder(path, nonce: nonce())
      let result = try body { name in
        try translating(path) { OutputFile(path: "\(path)/\(name)", file: try folder.next(name)) }
      }
      try folder.commit()
      return result
    }
  }

  private static func nonce() -> String { hexadecimal(Program.environment.randomBytes(8)) }

  private static func translating<T>(_ path: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as NewFileError {
      throw failure(error, path)
    }
  }

  private static func failure(_ error: NewFileError, _ path: String) -> KitError {
    error.reason.map { KitError(.failed, "\(path) cannot be written", cause: $0) }
      ?? KitError(.failed, "\(path) already exists and is not replaced", hint: "name another")
  }
}
