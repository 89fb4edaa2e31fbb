import Crypto
import UnknotEngine
import UnknotPlatform

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Folders that a program keeps the same on several computers: it copies a journal in the middle of a write, and puts an
/// older one in the place of a newer.
enum SyncedFolder {
  /// What such programs leave in a folder, or call it.
  private static let markers = [
    (".stfolder", "Syncthing"), (".dropbox.cache", "Dropbox"), (".sync_journal.db", "Nextcloud"),
    (".nextcloudsync.log", "Nextcloud"), (".tmp.driveupload", "Google Drive"),
  ]
  private static let names = [
    ("Dropbox", "Dropbox"), ("OneDrive", "OneDrive"), ("Google Drive", "Google Drive"),
    ("GoogleDrive", "Google Drive"),
    ("Nextcloud", "Nextcloud"), ("Mobile Documents", "iCloud"), ("pCloudDrive", "pCloud"),
  ]

  /// Which program keeps the folder of a file; nil: none that is known.
  ///
  /// - Parameter path: without links on the way.
  static func keeper(of path: String) -> String? {
    var folder = path[...]
    while let slash = folder.lastIndex(of: "/"), slash > folder.startIndex {
      folder = folder[..<slash]
      let name = folder.split(separator: "/").last ?? ""
      if let known = names.first(where: { bytewiseEqual(String(name), $0.0) }) { return known.1 }
      if let known = markers.first(where: { access("\(folder)/\($0.0)", F_OK) == 0 }) { return known.1 }
    }
    return nil
  }
}

extension Journal {
  /// Told once for each place, after something was written there.
  var placeNotice: Notice? {
    guard hasWritten, let stateFolder, let path else { return nil }
    let place = URL(filePath: path).resolvingSymlinksInPath().path
    guard let keeper = SyncedFolder.keeper(of: place) else { return nil }
    let told = "\(stateFolder)/told-\(hexadecimal(SHA256.hash(data: Array(place.utf8)).prefix(16)))"
    let descriptor = open(told, O_CREAT | O_EXCL | O_CLOEXEC | O_WRONLY, 0o600)
    guard descriptor >= 0 else { return nil }
    close(descriptor)
    return Notice(
      level: .warning,
      text: """
        the journal is in a folder that \(keeper) syncs between computers: it may be copied during a write, or \
        replaced by an older version. Keep it elsewhere; put only files for other devices into that folder
        """)
  }
}
