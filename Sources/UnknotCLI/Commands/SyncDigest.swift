import ArgumentParser
import UnknotKit

extension Sync {
  struct Digest: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show vector clock and digest: equal clocks mean equal digests.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let digest = try context.journal.digest()
      context.output.one(digest.json) {
        context.output.line(digest.digest)
        for item in digest.clock {
          context.output.line("  \(item.device) \(item.actor.prefix(4)): \(item.seq)")
        }
      }
    }
  }
}
