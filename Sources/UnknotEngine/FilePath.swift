import UnknotPlatform

/// Where a file is. Names of files are bytes: what carriers make of them need not be UTF-8.
struct FilePath {
  private let bytes: [UInt8]
  /// For people, and for whoever named it: the same path where it is UTF-8.
  let name: String

  init(_ path: String) {
    bytes = Array(path.utf8)
    name = path
  }

  /// - Parameter entry: of the folder.
  init(_ folder: String, _ entry: [UInt8]) {
    let slash = folder.utf8.last == UInt8(ascii: "/") ? "" : "/"
    bytes = Array((folder + slash).utf8) + entry
    name = folder + slash + String(decoding: entry, as: UTF8.self)
  }

  func withCString<T>(_ body: (UnsafePointer<CChar>) -> T) -> T {
    (bytes + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress!) }
    }
  }
}
