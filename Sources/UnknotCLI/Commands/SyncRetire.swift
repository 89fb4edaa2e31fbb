import ArgumentParser
import UnknotKit

extension Sync {
  struct Retire: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say that a device is gone: nothing waits for it any more.",
      discussion: """
        Exports without --for and compact no longer wait for it. It travels with the next files. A retired device \
        that sends something new is back by itself.
        """)
    @Argument(help: "The device's name: see unknot sync devices.", completion: Completions.devices)
    var device: String
    @Flag(name: .customLong("return"), help: "The device is back.") var isBack = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let isChanged = try context.journal.retire(device, !isBack)
      let state = isBack ? "waited for again" : "now retired"
      let same = isBack ? "not retired" : "already retired"
      context.output.one(.object([("device", .string(device)), ("retired", .bool(!isBack))])) {
        context.output.line("\(device) is \(isChanged ? state : same)")
      }
    }
  }
}
