import ArgumentParser
import UnknotKit

struct Rescue: JournalFreeCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put together what is whole of a damaged journal, as a new one.",
    discussion: """
      Every change that was written is chained to the one before it: what the chain proves is taken, whatever became of the \
      file around it. Which journal it is, the first file says that can tell. Give it backups and files of your other devices as well, as many as there are: what is missing in one \
      can be in another. Sealed files are opened with the keys of this machine. None of them is written to. What is known to be missing in the end is named, with status 10.
      Afterwards unknot verify --journal NEW looks at the new journal, and unknot restore-backup NEW puts it in the place of \
      the damaged one, which is kept. What can be undone is not known in it.
      """)
  @Argument(
    help: "The damaged journal; then backups, files of other devices, folders of them.", completion: .file())
  var files: [String]
  @Option(
    name: [.short, .customLong("output")], help: "The new journal; it must not exist yet.",
    completion: .file())
  var output: String
  @OptionGroup var globals: Globals

  func perform(_ output: Output) throws {
    let result = try Journal.rescue(
      files, to: self.output, deviceName: Context.hostName, environment: Program.environment,
      temporaryFolder: try Variable.temporaryFolder, stateFolder: try? Context.stateFolder())
    output.one(result.json) {
      output.line(
        "written \(self.output): \(counted(result.changes, "change")), each proven to be what was written")
      for missing in result.missing {
        let range = missing.first + (missing.first == missing.last ? "" : " to \(missing.last)")
        output.line(
          "missing of \(missing.device): \(counted(missing.count, "change")), \(range)"
            + (missing.found > 0 ? "; \(missing.found) of them were found, and cannot be proven" : ""))
      }
      if result.nameless > 0 {
        output.line(
          "\(counted(UInt64(clamping: result.nameless), "change")) found of which not even the device can be told"
        )
      }
      if result.isWhole { output.line("nothing is known to be missing") }
    }
    if !result.isJournalKnown {
      Message.note(
        "which journal it was cannot be told any more: files of your other devices go together with it once they are "
          + "imported with --join")
    }
    for file in result.leftOut { Message.note("nothing was taken from \(file.file): \(file.reason)") }
    guard !result.isWhole else { return }
    throw KitError(
      .changesMissing, "not all could be put together",
      hint: "an older backup or a file of another device may have it: name them as well, with another -o")
  }
}
