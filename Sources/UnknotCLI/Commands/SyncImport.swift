import ArgumentParser
import UnknotKit

extension Sync {
  struct Import: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Merge files from other devices.")
    @Argument(help: "Files, folders of files, or - for standard input.") var files: [String]
    @Flag(help: "Say what would happen, and change nothing.") var dryRun = false
    @Flag(help: "Unite this journal with a separate one.") var join = false
    @Flag(help: "Also files that make the journal larger by more than 256 MiB each.") var large = false
    @Flag(help: "Also unsealed files, if this journal's files are sealed.") var plain = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let line = ProgressLine()
      defer { line.close() }
      let result = try context.journal.importFiles(
        files.map { bytewiseEqual($0, "-") ? .stream(named: $0, StandardInput.read) : .path($0) },
        dryRun: dryRun, join: join, large: large, takesOpen: plain,
        temporaryFolder: try Variable.temporaryFolder,
        progress: line.report)
      line.close()
      context.output.one(result.json) {
        guard !result.files.isEmpty else { return Message.note("no changeset files there: nothing to do") }
        for file in result.files {
          context.output.line(
            "\(file.name): \(counted(file.applied, "new change")), \(file.known) known, from \(file.device)")
        }
        if result.files.count > 1 {
          context.output.line(
            "together: \(counted(result.applied, "new change")), \(result.known) known, "
              + counted(result.conflictsNew, "new conflict"))
        }
        for file in result.leftOut {
          let cause = file.reason.cause.map { ": \($0)" } ?? ""
          Message.note("left out: \(file.reason.message)\(cause)")
        }
        for note in result.notes { Message.note(note.words) }
        if result.applied > 0, !dryRun { try? tellDuplicates(context.journal) }
        if dryRun { Message.note("this was a dry run: nothing was changed") }
      }
      guard result.conflictsWaiting > 0, !result.files.isEmpty, !dryRun else { return }
      let verb = result.conflictsWaiting == 1 ? "waits" : "wait"
      Message.note("\(counted(result.conflictsWaiting, "conflict")) \(verb) for you: unknot conflicts")
      throw ExitCode(5)
    }

    /// Of the last month: what two devices recorded lately is what a person still knows.
    private func tellDuplicates(_ journal: Journal) throws {
      let now = journal.now
      let month = Moment(milliseconds: now.milliseconds - 30 * 86_400_000, offsetMinutes: now.offsetMinutes)
      let count = try journal.duplicateCount(since: month)
      if count > 0 {
        Message.note("hint: \(counted(count, "probable duplicate")) of the last month: unknot dupes list")
      }
    }
  }
}
