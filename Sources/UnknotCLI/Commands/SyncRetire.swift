import ArgumentParser
import UnknotKit

extension Sync {
  struct Retire: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say that a device is gone: nothing waits for it any more.",
      discussion: """
        Exports without --for and compact no longer wait for it. The next files tell the others. A retired device \
        that sends something new counts as back.
        """)
    @Argument(help: "The device's name: see unknot sync devices.", completion: Completions.devices)
    var device: String
    @Flag(help: "It is lost or not yours any more: make a new key without it.") var lost = false
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
          Message.note("whoever has that device can still read what is in the folder now")
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
