/// A folder of files that appears under its name whole or not at all, as a `NewFile` does.
public final class NewFolder {
  private let path: String
  private let temporary: TemporaryName
  private var current: NewFile?

  /// Looks whether there is room for the name, and begins the folder.
  ///
  /// - Parameter nonce: makes the temporary name: 16 hexadecimal digits, unpredictable.
  public init(_ path: String, nonce: String) throws(NewFileError) {
    var path = path
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    self.path = path
    temporary = try TemporaryName(for: path, nonce: nonce) {
      mkdir($0, 0o700) == 0 ? open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1
    }
  }

  /// Ends the file before and begins the next.
  ///
  /// - Parameter name: without folders; each once.
  public func next(_ name: String) throws(NewFileError) -> NewFile {
    try current?.commit()
    let file = try NewFile("\(temporary.path)/\(name)", nonce: "next")
    current = file
    return file
  }

  /// After this the folder is there under its name with all its files, also if the power fails. To be called once.
  public func commit() throws(NewFileError) {
    try current?.commit()
    current = nil
    guard fsync(temporary.descriptor) == 0 || errno == EINVAL else { throw .failed(errno) }
    try temporary.becomeFinal(path)
  }
}
