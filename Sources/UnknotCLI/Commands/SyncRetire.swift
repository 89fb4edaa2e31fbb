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
    @Flag(help: "It is not in your hands any more: begin another key without it.") var lost = false
    @Flag(name: .customLong("return"), help: "The device is back.") var isBack = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      guard !lost || !isBack else { throw KitError(.usage, "a device that is back is not lost") }
      if lost {
        let holders = try context.journal.retireLost(device)
        context.output.one(
          .object([
            ("device", .string(device)), ("retired", .bool(true)), ("lost", .bool(true)),
            ("devices", .array(holders.map { .string($0) })),
          ])
        ) {
          context.output.line("\(device) is retired, and files are sealed with another key from now on")
          Message.note("what lies in the folder already stays readable to whoever has that device")
          Sync.Key.Rotate.tell(holders)
        }
        return
      }
      let isChanged = try context.journal.retire(device, !isBack)
      let state = isBack ? "waited for again" : "now retired"
      let same = isBack ? "not retired" : "already retired"
      context.output.one(.object([("device", .string(device)), ("retired", .bool(!isBack))])) {
        context.output.line("\(device) is \(isChanged ? state : same)")
      }
    }
  }
}
