public import UnknotEngine
import UnknotPlatform

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// A copy of a journal that was checked, as `Journal.backups` lists it.
public struct JournalBackup: Hashable, Sendable {
  /// Why it was made.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    /// The person asked for it. It stays until they remove it.
    case asked
    /// Before an import of more than `Journal.largeImport` changes or records.
    case beforeImport = "import"
    /// Before older values were forgotten.
    case beforeCompact = "compact"
    /// Before another backup was put back.
    case beforeRestore = "restore"
  }

  /// Its file.
  public let path: String
  /// When it was made, by the clock that the journal was given.
  public let madeAt: Moment
  /// Why it was made.
  public let reason: Reason
  /// How large it is.
  public let bytes: Int64

  /// An object with `file`, `made_at`, `reason` and `bytes`.
  public var json: JSONValue {
    .object([
      ("file", .string(path)), ("made_at", .string(madeAt.rfc3339)), ("reason", .string(reason.rawValue)),
      ("bytes", .integer(bytes)),
    ])
  }
}

extension Journal {
  /// An import of more changes than this makes a backup first.
  public static let largeImport: UInt64 = 1000

  /// Copies the journal into a file that is not there yet, while other programs go on with it. The copy is checked: it is
  /// there once it is found whole, or not at all.
  ///
  /// - Returns: how many bytes it has.
  public func backUp(to path: String) throws(KitError) -> Int64 {
    Int64(clamping: try copyWhole(to: path))
  }

  /// The same into the folder of backups, which is in the state folder: on the same disk as a rule, and so no help where
  /// that breaks.
  ///
  /// - Throws: of the kind `usage` where the journal has no state folder.
  @discardableResult
  public func backUp(_ reason: JournalBackup.Reason = .asked) throws(KitError) -> JournalBackup {
    guard let folder = try backupFolder() else {
      throw KitError(.usage, "there is no folder for backups", hint: Advice("name a file"))
    }
    let backup = try make(reason, in: folder)
    removeSuperfluous(in: folder, keeping: [backup.path])
    return backup
  }

  private func make(_ reason: JournalBackup.Reason, in folder: String) throws(KitError) -> JournalBackup {
    try makeFolder(folder)
    var time = now
    func path() -> String { "\(folder)/\(BackupName(milliseconds: time.milliseconds, reason: reason).text)" }
    // Of one moment there can be two.
    while FileManager.default.fileExists(atPath: path()) {
      time = Moment(milliseconds: time.milliseconds + 1, offsetMinutes: time.offsetMinutes)
    }
    let bytes = try backUp(to: path())
    return JournalBackup(path: path(), madeAt: time, reason: reason, bytes: bytes)
  }

  private func removeSuperfluous(in folder: String, keeping paths: [String]) {
    func name(_ path: String) -> String { path.split(separator: "/").last.map { String($0) } ?? path }
    let inUse = Set(paths.compactMap { BackupName(name($0)) })
    let names = Self.backups(in: folder, zone).map { BackupName($0) }
    for old in BackupName.superfluous(among: names, at: now.milliseconds, inUse: inUse) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(old.text)")
    }
  }

  /// Those of this device in the folder of backups, the newest first.
  public func backups() throws(KitError) -> [JournalBackup] {
    guard let folder = try backupFolder() else { return [] }
    return Self.backups(in: folder, zone)
  }

  /// Those of every journal of this machine, the newest first: for when the journal itself cannot be opened.
  ///
  /// - Parameters:
  ///   - stateFolder: that of the journals.
  ///   - zone: in which their times are told.
  public static func backups(inState stateFolder: String, zone: TimeZone) -> [JournalBackup] {
    let folder = "\(stateFolder)/\(backupFolderName)"
    let devices = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return devices.flatMap { backups(in: "\(folder)/\($0)", zone) }.sorted(by: isNewer)
  }

  /// Makes the journal what a backup has. What was recorded since is gone here, and is in a backup that is made first;
  /// other devices give back what they have of it. The next write is made under a new name, so that nothing of it is
  /// mistaken for what is written from now on.
  ///
  /// - Returns: the backup of what was there before: putting it back undoes this. Nil where the journal has no state folder.
  @discardableResult
  public func restore(fromBackup path: String) throws(KitError) -> JournalBackup? {
    var before: JournalBackup?
    let folder = try backupFolder()
    try putBack(path) { () throws(KitError) in
      before = try folder.map { folder throws(KitError) in try make(.beforeRestore, in: folder) }
    }
    if let folder { removeSuperfluous(in: folder, keeping: [path] + (before.map { [$0.path] } ?? [])) }
    return before
  }

  /// Puts a backup where the journal was, which is lost or cannot be opened. What is still there of it is kept beside it.
  ///
  /// - Returns: where it is kept; nil where there was nothing.
  public static func restore(
    fromBackup backup: String, at path: String, environment: any ReplicaEnvironment
  ) throws(KitError) -> String? {
    try KitError.translating {
      var aside: String?
      let kept = "\(path).damaged-\(environment.now())"
      // What SQLite has not finished belongs to it, and would be taken for a part of what comes: it goes first.
      if FileManager.default.fileExists(atPath: "\(path)-journal") {
        try FileManager.default.moveItem(atPath: "\(path)-journal", toPath: "\(kept)-journal")
      }
      if FileManager.default.fileExists(atPath: path) {
        try FileManager.default.moveItem(atPath: path, toPath: kept)
        aside = kept
      }
      do {
        try put(backup, at: path, environment)
      } catch {
        if let aside {
          try FileManager.default.moveItem(atPath: aside, toPath: path)
          try? FileManager.default.moveItem(atPath: "\(aside)-journal", toPath: "\(path)-journal")
        }
        throw error
      }
      return aside
    }
  }

  /// Before something that cannot be taken back.
  func backUpIfPossible(_ reason: JournalBackup.Reason) throws(KitError) {
    guard try backupFolder() != nil else { return }
    try backUp(reason)
  }

  private static let backupFolderName = "backups"

  private func backupFolder() throws(KitError) -> String? {
    guard let stateFolder else { return nil }
    let own = try read { try $0.reader.devices().first(where: \.isThis)?.id.bytes }
    return own.map { "\(stateFolder)/\(Self.backupFolderName)/\(hexadecimal($0))" }
  }

  private func makeFolder(_ folder: String) throws(KitError) {
    do throws(NewFileError) {
      try makeFolders(folder)
    } catch {
      throw KitError(.failed, "the folder \(folder) cannot be made", cause: error.reason)
    }
  }

  private static func backups(in folder: String, _ zone: TimeZone) -> [JournalBackup] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { text -> JournalBackup? in
      let path = "\(folder)/\(text)"
      guard let name = BackupName(text),
        // The type of a size among a file's attributes differs by what else the program links. Nothing is read of it.
        let size = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped).count
      else { return nil }
      return JournalBackup(
        path: path, madeAt: Moment(milliseconds: name.milliseconds, in: zone), reason: name.reason,
        bytes: Int64(size))
    }.sorted(by: isNewer)
  }

  private static func isNewer(_ left: JournalBackup, _ right: JournalBackup) -> Bool {
    (left.madeAt.milliseconds, right.path) > (right.madeAt.milliseconds, left.path)
  }
}
