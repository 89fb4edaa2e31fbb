import ArgumentParser
import UnknotKit

struct Verify: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look whether the journal, or files, are what was written.",
    discussion: """
      The file is checked as SQLite does it, the hash of every change is computed from the first one on, and the tables that \
      show them (unknot sql) are compared with them. What another program has written into a table is not taken over: --mend \
      makes all of them anew. --deep also merges everything anew, in memory, and compares what comes of it.
      Files are changesets and backups: every byte of them is looked at; of a folder, what ends in .unknot or .sqlite.
      It changes nothing, and ends with status 7 where something is wrong with the journal, with 8 where it is with a file. A \
      journal with which something is wrong takes no more writes; tables and indexes alone are mended by the next one.
      """)
  @Argument(help: "Files to look at instead of the journal.", completion: .file()) var files: [String] = []
  @Flag(help: "Also merge all changes anew, and compare.") var deep = false
  @Flag(help: "Make every table anew from the log, and then look.") var mend = false
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
      "\(counted(UInt64(errors.count), "file")) of \(found.count) cannot be relied on",
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
          "the file is whole, and its tables say what the log says"
            + (deep ? "; merged anew, it says the same" : ""))
      }
    }
    guard !faults.isEmpty else { return }
    throw KitError(
      .journalDamaged, "the journal is not as it should be",
      hint: faults.allSatisfy { ![.log, .local].contains($0.part) } && !mend
        ? "unknot verify --mend makes anew what follows from the log; where that is refused: unknot rescue"
        : "unknot rescue puts together what is whole of it, and unknot restore-backup puts an older state in its place"
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
