import ArgumentParser
import Foundation
import UnknotKit

struct RestoreBackup: JournalFreeCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore-backup", abstract: "Make the journal what a backup has.",
    discussion: """
      unknot backup list names them. What was recorded since then is gone from this device, and comes back with the files of \
      your other devices, as far as they have it. Before that the journal is backed up as it is: putting that back undoes \
      this. A journal that is lost or cannot be opened is put in its place as well; what is there of it is kept beside it.
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
        Message.note("as it was before, it is kept: unknot restore-backup \(before.path) undoes this")
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
