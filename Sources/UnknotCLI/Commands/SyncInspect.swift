import ArgumentParser
import UnknotKit

extension Sync {
  struct Inspect: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Show what a file holds.")
    @Argument var file: String
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let file = try context.journal.inspect(file)
      let output = context.output
      output.one(file.json) {
        output.line("\(file.file): format \(file.format), written by \(file.device), \(file.bytes) bytes")
        output.line("  \(counted(file.changes, "change")); its checksum agrees")
        for item in file.tip {
          let base = file.base.first { $0.actor == item.actor }?.seq ?? 0
          output.line(
            "  \(item.device) \(item.actor.prefix(4)): \(base == item.seq ? "none" : "\(base + 1)–\(item.seq)")"
          )
        }
      }
    }
  }
}
