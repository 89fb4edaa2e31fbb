import ArgumentParser
import UnknotKit

struct Verify: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check that the journal, or files, are undamaged.",
    discussion: """
      It runs SQLite's own check, computes the hash of every change from the first one on, and compares the tables that show \
      the changes (unknot sql) with them. What another program wrote into a table does not count: --mend rebuilds all tables. \
      --deep also merges everything again in memory and compares the result.
      Files are changesets and backups. Every byte is checked; in a folder, every file whose name ends in .unknot or .sqlite.
      It changes nothing, and ends with status 7 if the journal is faulty, with 8 if a file is. A faulty journal accepts no \
      more writes; if only tables or indexes are faulty, the next write mends them.
      """)
  @Argument(help: "Files to look at instead of the journal.", completion: .file()) var files: [String] = []
  @Flag(help: "Also merge all changes anew, and compare.") var deep = false
  @Flag(help: "Rebuild every table from the log, then check.") var mend = false
  @OptionGroup var globals: Globals

  func run() throws {
    if files.isEmpty { try runOnJournal() } else { try look(Output(globals)) }
  }

  private func look(_ output: Output) throws {
    guard !deep && !mend else {
      throw KitError(.usage, "--deep and --mend are for the journal", hint: "name no file, or no option")
    }
    let found = try Journal.verify(
      files: files, environment: Program.environment, temporaryFolder: try Variable.temporaryFolder,
      stateFolder: try? Context.stateFolder())
    output.list(found.map(\.json), columns: ["file", "kind", "changes", "whole", "reason"]) {
      for file in found {
        let what = file.kind == .backup ? "a journal" : "a file for other devices"
        output.line(
          file.error.map { "\(file.file): \($0.cause ?? $0.message)" }
            ?? "\(file.file): \(what), \(counted(file.changes ?? 0, "change")), whole")
      }
    }
    if found.isEmpty { Message.note("there is nothing to look at: no name ends in .unknot or .sqlite") }
    let errors = found.compactMap(\.error)
    guard let first = errors.first else { return }
    // What only one of them has may be a newer program's, or not there.
    let kinds = Set(errors.map(\.kind))
    throw KitError(
      kinds.count == 1 ? first.kind : .fileDamaged,
      "\(counted(UInt64(errors.count), "file")) of \(found.count) failed the check",
      hint: "copy them again from where they came from, or make new ones")
  }

  func perform(_ context: Context) throws {
    try Context.expectJournal(globals)
    if mend { try context.journal.mendTables() }
    let faults = try context.journal.verify(deep: deep)
    context.output.list(
      faults.map(\.json), columns: ["part", "table", "record", "device", "first", "last", "since", "reason"]
    ) {
      for fault in faults { context.output.line(words(fault)) }
      if faults.isEmpty {
        context.output.line(
          "the file is undamaged, and its tables match the log"
            + (deep ? "; so does a new merge" : ""))
      }
    }
    guard !faults.isEmpty else { return }
    throw KitError(
      .journalDamaged, "the journal has faults",
      hint: faults.allSatisfy { ![.log, .local].contains($0.part) } && !mend
        ? "unknot verify --mend rebuilds the tables from the log; if that is refused: unknot rescue"
        : "unknot rescue saves its intact parts, and unknot restore-backup goes back to an older state"
    )
  }

  private func words(_ fault: JournalFault) -> String {
    guard fault.part == .log else {
      return [fault.table, fault.record, fault.reason].compactMap { $0 }.joined(separator: "  ")
    }
    var words = "\(fault.device ?? "a device that is not known"): \(fault.reason)"
    if let changes = fault.changes {
      words += ": " + changes.first + (changes.first == changes.last ? "" : " to \(changes.last)")
    }
    if let since = fault.since { words += "; it happened after \(since.rfc3339)" }
    return words
  }
}
