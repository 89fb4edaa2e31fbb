import ArgumentParser
import Foundation
import UnknotKit

struct RestoreBackup: JournalFreeCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore-backup", abstract: "Replace the journal with a backup.",
    discussion: """
      unknot backup list shows the backups. What was recorded since then is gone from this device; it comes back with files \
      of your other devices, if they have it. The current journal is backed up first: restoring that backup undoes this. \
      A lost or unreadable journal is replaced too; its damaged file is kept beside it.
      """)
  @Argument(help: "The backup.", completion: .file()) var file: String
  @OptionGroup var globals: Globals

  func perform(_ output: Output) throws {
    let path = try Context.path(globals.journal)
    guard access(file, F_OK) == 0 else {
      throw KitError(
        .notFound, "there is no backup \(file)", hint: "unknot backup list names those of this device")
    }
    guard access(path, F_OK) == 0 else { return try put(path, output) }
    do {
      let before = try Context.open(path).restore(fromBackup: file)
      output.line("the journal is what \(file) has")
      if let before {
        Message.note("the previous journal is kept: unknot restore-backup \(before.path) undoes this")
      }
    } catch {
      guard [.journalDamaged, .notAJournal, .journalMissing].contains(error.kind) else { throw error }
      // No backup can be made of it: it is kept as it is.
      try put(path, output)
    }
  }

  private func put(_ path: String, _ output: Output) throws {
    let aside = try Journal.restore(fromBackup: file, at: path, environment: Program.environment)
    output.line("the journal is what \(file) has")
    if let aside { Message.note("the damaged file is kept as \(aside)") }
  }
}
