import Foundation

/// A file or folder of an import: on the disk, or in a zip, where everything is as in the unpacked folder.
struct ImportPath {
  private enum Place {
    case disk
    /// - Parameter name: that of the folder that it would be unpacked into.
    case zip(ZipArchive, name: String)
  }

  private let place: Place
  /// On the disk as it was written; in a zip from its root, which is empty.
  private let path: String

  private init(_ place: Place, _ path: String) {
    self.place = place
    self.path = path
  }

  /// A zip is what is in it: a folder, or the one thing that lies at its root.
  init(_ path: String) throws(KitError) {
    guard !InterchangeFile.isFolder(path), InterchangeFile.exists(path), ZipArchive.isOne(path) else {
      self.init(.disk, path)
      return
    }
    var name = path.split(separator: "/").last.map(String.init) ?? path
    if name.lowercased().hasSuffix(".zip") { name.removeLast(4) }
    let root = ImportPath(.zip(try ZipArchive(path), name: name), "")
    let children = root.children
    self = children.count == 1 ? root.appending(children[0]) : root
  }

  /// As the person knows it.
  var description: String {
    switch place {
    case .disk: path
    case .zip(_, let name): path.isEmpty ? name : "\(name)/\(path)"
    }
  }

  func appending(_ name: String) -> ImportPath {
    ImportPath(place, path.isEmpty && isInZip ? name : "\(path)/\(name)")
  }

  private var isInZip: Bool { if case .zip = place { true } else { false } }

  var exists: Bool {
    switch place {
    case .disk: InterchangeFile.exists(path)
    case .zip(let archive, _): archive.files[path] != nil || isFolder
    }
  }

  var isFolder: Bool {
    switch place {
    case .disk: InterchangeFile.isFolder(path)
    case .zip(let archive, _): path.isEmpty || archive.files.keys.contains { $0.hasPrefix(path + "/") }
    }
  }

  /// The names of what is in the folder.
  var children: [String] {
    switch place {
    case .disk: return (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    case .zip(let archive, _):
      let before = path.isEmpty ? "" : path + "/"
      let names = archive.files.keys.filter { $0.hasPrefix(before) }.compactMap {
        $0.dropFirst(before.count).split(separator: "/").first.map(String.init)
      }
      return Set(names).sorted()
    }
  }

  /// The folder that it is in, by its real path; nil: there is none.
  var folder: ImportPath? {
    switch place {
    case .disk: return InterchangeFile.folder(of: path).map { ImportPath(.disk, $0) }
    case .zip:
      guard !path.isEmpty else { return nil }
      return ImportPath(place, path.split(separator: "/").dropLast().joined(separator: "/"))
    }
  }

  /// Of the file or folder itself.
  var name: String { description.split(separator: "/").last.map(String.init) ?? "" }

  func file() throws(KitError) -> InterchangeFile {
    switch place {
    case .disk: return try InterchangeFile(path)
    case .zip(let archive, _):
      guard let bytes = archive.files[path] else {
        throw KitError(.notFound, "there is no file \(path) in the zip")
      }
      return InterchangeFile(name, bytes)
    }
  }
}
