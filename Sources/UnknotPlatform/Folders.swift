/// Makes a folder for its owner alone, and those on the way to it that are not there.
///
/// - Parameter path: nothing happens where it is there, or is empty.
public func makeFolders(_ path: String) throws(NewFileError) {
  guard !path.isEmpty, access(path, F_OK) != 0 else { return }
  let parts = path.split(separator: "/", omittingEmptySubsequences: true)
  var folder = path.hasPrefix("/") ? "/" : ""
  for part in parts {
    folder += part
    if access(folder, F_OK) != 0, mkdir(folder, 0o700) != 0, errno != EEXIST { throw .failed(errno) }
    folder += "/"
  }
}

/// Whether something has this name; a link is not followed.
///
/// - Throws: where the system cannot tell.
public func isNamed(_ path: String) throws(NewFileError) -> Bool {
  var status = stat()
  if lstat(path, &status) == 0 { return true }
  guard errno == ENOENT || errno == ENOTDIR else { throw .failed(errno) }
  return false
}
