import ArgumentParser
import UnknotKit

struct Rescue: JournalFreeCommand {
  static let configuration = CommandConfiguration(
    abstract: "Save the intact parts of a damaged journal as a new one.",
    discussion: """
      Each change is chained to the one before it. Every change that the chain proves is saved, even if the file around it is \
      broken. The first file that names its journal decides which one is rescued. Also name all your backups and your other devices' files: what one lacks can be \
      in another. Sealed files are opened with this machine's keys. No file is changed. Changes known to be missing are listed at the end, with status 10.
      Afterwards unknot verify --journal NEW checks the new journal, and unknot restore-backup NEW puts it in place of the \
      damaged one, which is kept.
      What comes after lost changes is saved only with --past-gaps, even if it is intact: it gets new ids then. Use that if no \
      backup and no other device has the lost changes; whatever another device still has would be there twice.
      In the new journal, earlier operations cannot be undone.
      """)
  @Argument(
    help: "The damaged journal; then backups, files of other devices, folders of them.", completion: .file())
  var files: [String]
  @Option(
    name: [.short, .customLong("output")], help: "The new journal; it must not exist yet.",
    completion: .file())
  var output: String
  @Flag(name: .customLong("past-gaps"), help: "Also save what comes after lost changes, with new ids.")
  var pastGaps = false
  @OptionGroup var globals: Globals

  func perform(_ output: Output) throws {
    let result = try Journal.rescue(
      files, to: self.output, deviceName: Context.hostName, environment: Program.environment,
      pastGaps: pastGaps,
      temporaryFolder: try Variable.temporaryFolder, stateFolder: try? Context.stateFolder())
    output.one(result.json) {
      output.line(
        "written \(self.output): \(counted(result.changes, "change")), each proven unaltered")
      if result.changesPastGaps > 0 {
        output.line(
          "of these, \(counted(result.changesPastGaps, "change")) came after lost ones: saved as changes of this device, with new ids"
        )
      }
      for (device, missing) in Dictionary(grouping: result.missing, by: \.device).sorted(by: {
        $0.key < $1.key
      }) {
        if missing.count <= mostRanges {
          for range in missing { output.line(line(of: range)) }
        } else {
          let count = missing.reduce(UInt64(0)) { $0 + $1.count }
          output.line(
            "missing of \(device): \(counted(count, "change")) in \(missing.count) ranges (--format json lists them)"
          )
        }
      }
      if result.nameless > 0 {
        output.line(
          "\(counted(UInt64(clamping: result.nameless), "change")) found whose device is unknown"
        )
      }
      if result.isWhole { output.line("nothing is known to be missing") }
    }
    if !result.isJournalKnown {
      Message.note(
        "it is unknown which journal this was: import files of your other devices with --join to unite them "
          + "with it")
    }
    for file in result.leftOut { Message.note("nothing was taken from \(file.file): \(file.reason)") }
    guard !result.isWhole else { return }
    throw KitError(
      .changesMissing, "some changes are missing",
      hint: result.provenPastGaps > 0 && !pastGaps
        ? """
        an older backup or another device's file may have them: name those too, with another -o. If there is none, \
        --past-gaps also saves what comes after them
        """ : "an older backup or another device's file may have them: name those too, with another -o")
  }

  /// One by one; where there are more, together.
  private var mostRanges: Int { 5 }

  private func line(of missing: JournalRescue.Missing) -> String {
    let range = missing.first + (missing.first == missing.last ? "" : " to \(missing.last)")
    let found =
      if missing.found == 0 {
        ""
      } else if pastGaps, missing.proven > 0 {
        "; \(missing.proven) of them are intact in another of the files: rescue that one by itself"
      } else if pastGaps {
        "; \(missing.found) of them found, of lost records or not proven"
      } else if missing.proven == 0 {
        "; \(missing.found) of them were found, and cannot be proven"
      } else {
        "; \(missing.found) of them were found, and \(missing.proven) of these are intact, but come after lost ones"
      }
    return "missing of \(missing.device): \(counted(missing.count, "change")), \(range)\(found)"
  }
}
