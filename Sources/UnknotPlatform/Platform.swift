// The one file that names platforms: what differs between them is settled here, and all else asks no more.

import CPlatform
public import Dispatch

#if canImport(Glibc)
  @_exported import Glibc
#elseif canImport(Musl)
  @_exported import Musl
#elseif canImport(Android)
  @_exported import Android
#elseif canImport(Darwin)
  @_exported import Darwin
#endif

// MARK: Calls that other names hide, or that not every system has

/// The system's `read`, for types that have a method of that name.
public func readBytes(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, start, count)
}

/// The system's `write`, for types that have a method of that name.
public func writeBytes(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, start, count)
}

/// When a file was written to last, in ns since 1970, by whoever's clock.
public func modificationTime(_ status: stat) -> Int64 {
  #if canImport(Darwin)
    let time = status.st_mtimespec
  #else
    let time = status.st_mtim
  #endif
  let (seconds, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
  return overflow ? Int64(time.tv_sec) : seconds &+ Int64(time.tv_nsec)
}

/// Gives a file or a folder another name that nothing has yet.
///
/// - Returns: false where it stays what it was called; `errno` is `EEXIST` where something has that name.
public func renameWithoutReplacing(_ from: String, _ to: String) -> Bool {
  if platform_rename_without_replacing(from, to) == 0 { return true }
  guard [EINVAL, ENOSYS, ENOTSUP].contains(errno) else { return false }
  // A second name, then the first one away: `link` cannot replace anything.
  if link(from, to) == 0 {
    unlink(from)
    return true
  }
  // Sticks formatted for other systems have no links, apps on Android may not make any, and folders never have them. What
  // another program puts there between the two calls is replaced: taking the name first would leave an empty file behind
  // where the program is killed, and one that counts as whole is worse.
  guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK, EACCES].contains(errno) else { return false }
  var status = stat()
  guard lstat(to, &status) != 0 else {
    errno = EEXIST
    return false
  }
  return errno == ENOENT && rename(from, to) == 0
}

/// Whether whoever started the program has a signal ignored. It is asked without a change: a signal that came while another
/// handler was set would be lost.
public func isIgnored(signal number: Int32) -> Bool { platform_signal_is_ignored(number) != 0 }

// MARK: File events

/// Tells that something happened in a folder: a file was written to, made, renamed or removed. Which one and what is not
/// said, and some systems tell of less. It ends with the value.
public final class FolderWatch: @unchecked Sendable {
  /// Made, and at the end cancelled: nothing else is done with it.
  private let source: any DispatchSourceProtocol

  /// - Parameters:
  ///   - queue: where `happened` is called, once for any number of events.
  ///   - happened: not called again before it has ended.
  /// - Returns: nil where the folder cannot be watched.
  public init?(_ folder: String, on queue: DispatchQueue, _ happened: @escaping @Sendable () -> Void) {
    #if canImport(Darwin)
      let descriptor = open(folder, O_EVTONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      let source = DispatchSource.makeFileSystemObjectSource(
        fileDescriptor: descriptor, eventMask: [.write, .extend, .rename, .delete], queue: queue)
      source.setEventHandler(handler: happened)
    #else
      let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
      guard descriptor >= 0 else { return nil }
      let events = UInt32(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MODIFY)
      guard inotify_add_watch(descriptor, folder, events) >= 0 else {
        close(descriptor)
        return nil
      }
      let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
      source.setEventHandler {
        var events = [UInt8](repeating: 0, count: 1 << 14)
        while readBytes(descriptor, &events, events.count) > 0 {}
        happened()
      }
    #endif
    source.setCancelHandler { close(descriptor) }
    source.activate()
    self.source = source
  }

  deinit { source.cancel() }
}
