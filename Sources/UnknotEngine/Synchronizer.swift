import UnknotCausality
import UnknotChangeset
package import UnknotStorage

/// Exchanges changes with other devices through files.
package struct Synchronizer: Sendable {
  let store: Store

  static let changesBetweenReports = 4096

  package init(store: Store) { self.store = store }

  /// What a file holds, as far as its header says; its checksum is verified.
  package func inspect(_ path: String) throws -> Inspection {
    Inspection(try ChangesetFile(FileSource(path: path), Sealing(store).keys))
  }

  /// 16 random characters of `a-z0-9`-safe hexadecimal, for names of files.
  func nonce() -> String { hexadecimal(store.environment.randomBytes(8)) }
}

extension Inspection {
  init(_ file: ChangesetFile) {
    let header = file.header
    self.init(
      formatVersion: file.formatVersion, journalIDs: header.journalIDs,
      writer: header.devices.first { $0.id == header.writer }?.name ?? "",
      base: header.base, tip: header.tip, changes: header.changeCount, bytes: file.bytes,
      devices: header.devices.map {
        Inspection.Holder(
          name: $0.name, actors: $0.actors + header.branches(of: $0.actors), clock: VectorClock($0.clock))
      })
  }
}

extension ChangesetHeader {
  /// What a device's actors were called where they went on from a copied or restored file.
  fileprivate func branches(of roots: [ActorID]) -> [ActorID] {
    branches.filter { roots.contains($0.root) }.map(\.actor)
  }
}

extension VectorClock {
  init(_ entries: [ClockEntry]) {
    self.init(Dictionary(entries.map { ($0.dot.actor, $0.dot.seq) }, uniquingKeysWith: max))
  }
}

extension SyncError {
  /// Gives the errors of a file's reading their place among these, with the file's name.
  static func translating<T>(file: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as ChangesetError {
      switch error {
      case .notAChangeset: throw SyncError.damaged(file: file, reason: "it is not a changeset file")
      case .newerFormat(let version, let supported):
        throw SyncError.newerFormat(file: file, version: version, supported: supported)
      case .damaged(let reason): throw SyncError.damaged(file: file, reason: reason)
      }
    } catch let error as InvalidChange {
      throw SyncError.damaged(file: file, reason: error.description)
    }
  }
}
