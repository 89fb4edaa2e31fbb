import ArgumentParser
import UnknotKit

struct Verify: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look whether the journal is what was written, and whether its tables say so.",
    discussion: """
      The file is checked as SQLite does it, the hash of every change is computed from the first one on, and the tables that \
      show them (unknot sql) are compared with them. What another program has written into a table is not taken over: --mend \
      makes all of them anew. --deep also merges everything anew, in memory, and compares what comes of it.
      It changes nothing, and ends with status 7 where something is wrong.
      """)
  @Flag(help: "Also merge all changes anew, and compare.") var deep = false
  @Flag(help: "Make every table anew from the log, and then look.") var mend = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    try Context.expectJournal(globals)
    if mend { try context.journal.mendTables() }
    let folder = deep ? try Variable.temporaryFolder : nil
    let faults = try context.journal.verify(deepIn: folder)
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
      hint: faults.allSatisfy { $0.part == .table } && !mend
        ? "unknot verify --mend makes its tables anew from the log"
        : "make a copy of it, then import the files of your other devices into a new journal")
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
