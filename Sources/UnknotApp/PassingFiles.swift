import Foundation
import UnknotKit

/// Files that are on their way: uploads until they are taken or left, and exports until they are sent. Each has a folder of its
/// own, that nobody else can read.
struct PassingFiles: Sendable {
  private static let mark = "unknot-app-"
  private let folder: String
  private let randomBytes: @Sendable (Int) -> [UInt8]
  /// What the names of this server's folders begin with.
  private let start: String

  init(_ settings: App.Settings) {
    folder = settings.temporaryFolder
    randomBytes = settings.randomBytes
    start = "\(Self.mark)\(hexadecimal(settings.randomBytes(8)))-"
  }

  /// - Parameter keeps: what is put there waits for a word of the person (`find`).
  func inFolder(keeps: Bool = false, _ body: (_ folder: String, _ name: String) throws -> Response) throws
    -> Response
  {
    if keeps { removeOldest() }
    let name = hexadecimal(randomBytes(8))
    let path = "\(folder)/\(start)\(name)"
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw KitError(.failed, "no file can be stored in \(folder)")
    }
    do {
      let response = try body(path, name)
      if !keeps { remove(path) }
      return response
    } catch {
      remove(path)
      throw error
    }
  }

  /// What the person says of a file that was put aside and looked at: it is taken, or left where it came from. It goes
  /// once that is done, and stays where it failed.
  func decided(
    _ request: Request, leavingTo place: String, take: (_ folder: String) throws -> Response
  ) throws -> Response {
    let folder = try find(request["put"] ?? "")
    let response =
      try request["take"] == "yes" ? take(folder) : .go(place, Said.words("Not imported."))
    remove(folder)
    return response
  }

  /// Nobody else can read it.
  func write(_ bytes: Data, to path: String) throws {
    guard
      FileManager.default.createFile(atPath: path, contents: bytes, attributes: [.posixPermissions: 0o600])
    else { throw KitError(.failed, "the file could not be put aside") }
  }

  /// What was put aside under that name.
  private func find(_ name: String) throws -> String {
    guard name.utf8.count == 16, name.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else {
      throw KitError(.usage, "that file was not looked at before")
    }
    let path = "\(folder)/\(start)\(name)"
    guard FileManager.default.fileExists(atPath: path) else {
      throw KitError(.notFound, "the file is not there any more", hint: "choose it again")
    }
    return path
  }

  /// Of those that nobody decided about, some are enough.
  private func removeOldest() {
    let kept = names.compactMap { name -> (path: String, made: Date)? in
      let path = "\(folder)/\(name)"
      let made = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
      return (path, made ?? .distantPast)
    }
    for old in kept.sorted(by: { $0.made < $1.made }).dropLast(7) { remove(old.path) }
  }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasPrefix(start) }
  }

  func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  /// What a server has left that was killed. Others may be running: theirs is younger than a day.
  func removeAbandoned(now: Moment) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for path in names.filter({ $0.hasPrefix(Self.mark) }).map({ "\(folder)/\($0)" }) {
      let made = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
      let age = made.map { Double(now.milliseconds) / 1000 - $0.timeIntervalSince1970 } ?? 0
      if age > 86_400 { remove(path) }
    }
  }

  /// Whatever nobody decided about goes with the server.
  func removeAll() {
    for name in names { remove("\(folder)/\(name)") }
  }
}

/// What goes wrong with a file that was put aside is told by the name that the person knows it by.
func named<T>(_ name: String, _ path: String, _ body: () throws -> T) throws -> T {
  do {
    return try body()
  } catch let error as KitError {
    guard error.message.contains(path) else { throw error }
    throw KitError(
      error.kind, error.message.replacing(path, with: name), cause: error.cause,
      hint: error.kind == .fileDamaged
        ? "choose a file of another device, or an export of this program, Loop Habit Tracker or Track & Graph"
        : error.hint)
  }
}

/// Two digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef")
  return bytes.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
}
