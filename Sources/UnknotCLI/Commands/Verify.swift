import ArgumentParser
import UnknotKit

struct Verify: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look whether the journal's file is whole, and whether its tables say what its log says.",
    discussion: """
      The log is what was written; the tables that show it (unknot sql) are made from it. What another program has written \
      into a table is not taken over: --mend makes all of them anew.
      """)
  @Flag(help: "Make every table anew from the log, and then look.") var mend = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    if mend { try context.journal.mendTables() }
    let faults = try context.journal.verify()
    context.output.list(faults.map(\.json), columns: ["table", "record", "reason"]) {
      for fault in faults {
        context.output.line(
          [fault.table, fault.record, fault.reason].compactMap { $0 }.joined(separator: "  "))
      }
      if faults.isEmpty { context.output.line("the file is whole, and its tables say what the log says") }
    }
    guard !faults.isEmpty else { return }
    let isMendable = faults.allSatisfy { $0.table != nil } && !mend
    throw KitError(
      .journalDamaged, "the journal is not as it should be",
      hint: isMendable
        ? "unknot verify --mend makes its tables anew from the log"
        : "make a copy of it, then import the files of your other devices into a new journal")
  }
}
