import ArgumentParser
import Foundation
import UnknotKit
import UnknotReport

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the journal, and check the copy.",
    subcommands: [Making.self, Listing.self], defaultSubcommand: Making.self)

  struct Making: JournalCommand, TakesAnyWord {
    static let configuration = CommandConfiguration(
      commandName: "make", abstract: "Copy the journal, and check the copy: unknot backup [FILE].",
      discussion: """
        Without FILE it goes beside this device's notes, on the same disk. That helps against mistakes, but not if the disk \
        breaks; a stick or another computer does. A backup is made automatically before a sync import of more than \
        \(Journal.largeImport) changes, before compact and before restore-backup; the newest three of these stay, and some \
        that are a week and a month old. For your other devices: sync export.
        """)
    @Argument(help: "A new file.", completion: .file()) var file: String?
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      try Context.expectJournal(globals)
      let made: (path: String, bytes: Int64)
      if let file {
        made = (file, try context.journal.backUp(to: file))
      } else {
        let backup = try context.journal.backUp()
        made = (backup.path, backup.bytes)
      }
      context.output.one(.object([("file", .string(made.path)), ("bytes", .integer(made.bytes))])) {
        context.output.line("written \(made.path): \(made.bytes) bytes, found whole")
      }
      if file == nil {
        Message.note("it is usually on the same disk: name a file on another one, in case it breaks")
      }
    }
  }

  struct Listing: JournalFreeCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "The backups of this device, the newest first.")
    @OptionGroup var globals: Globals

    func perform(_ output: Output) throws {
      BackupCommand.show(try backups(), output)
    }

    /// Where the journal is lost or damaged, all that there are: that is when they are looked for.
    private func backups() throws(KitError) -> [JournalBackup] {
      let path = try Context.path(globals.journal)
      do {
        if access(path, F_OK) == 0 { return try Context.open(path).backups() }
      } catch  where [.journalDamaged, .notAJournal, .journalMissing, .failed].contains(error.kind) {
      }
      return Journal.backups(inState: try Context.stateFolder(), zone: .current)
    }
  }

  static func show(_ backups: [JournalBackup], _ output: Output) {
    output.list(backups.map(\.json), columns: ["file", "made_at", "reason", "bytes"]) {
      guard !backups.isEmpty else { return output.line("there is no backup yet: unknot backup") }
      output.table(
        [.init("made_at"), .init("reason"), .init("bytes"), .init("file")],
        backups.map { [$0.madeAt.rfc3339, $0.reason.rawValue, "\($0.bytes)", $0.path] })
    }
  }
}
