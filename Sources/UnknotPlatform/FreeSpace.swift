/// How many bytes the file system of an open file still takes from this person; nil where it does not say.
func freeBytes(_ descriptor: Int32) -> UInt64? {
  var status = statvfs()
  return fstatvfs(descriptor, &status) == 0 ? freeBytes(status) : nil
}

/// The same of the file system that a folder is on.
public func freeBytes(inFolder path: String) -> UInt64? {
  var status = statvfs()
  return statvfs(path, &status) == 0 ? freeBytes(status) : nil
}

private func freeBytes(_ status: statvfs) -> UInt64? {
  let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
  return overflow ? nil : bytes
}
