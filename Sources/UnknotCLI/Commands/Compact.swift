import ArgumentParser
import UnknotKit

struct Compact: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Forget older values that every device has seen overwritten.",
    discussion: """
      Records, removed ones too, and conflicts stay. Values that were overwritten longer ago than --keep go, and \
      operations before that can no longer be undone. A device not heard of for long holds this back: \
      see unknot sync retire.
      """)
  @Option(help: "How much history stays, as in 90d or 12h.") var keep = "90d"
  @Flag(help: "Say what would be forgotten, and change nothing.") var dryRun = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let result = try context.journal.compact(
      keeping: try DurationText.seconds(keep, allowsDays: true), dryRun: dryRun)
    context.output.one(result.json) {
      let verb = dryRun ? "would be forgotten" : "forgotten"
      context.output.line(
        "\(counted(UInt64(result.changes), "change")) \(verb), about \(result.bytes) bytes, overwritten before "
          + RecordText(context).cell(result.before))
      if !result.heldBackBy.isEmpty {
        Message.note(
          "what \(result.heldBackBy.joined(separator: ", ")) may still lack is kept: exchange files, or "
            + "unknot sync retire DEVICE")
      }
    }
  }
}
