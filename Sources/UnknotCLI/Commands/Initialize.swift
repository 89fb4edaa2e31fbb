import ArgumentParser
import UnknotKit

struct Initialize: JournalCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make the journal and name this device.")
  @Option(help: "This device's name, as the others will see it.") var device: String
  @OptionGroup var globals: Globals

  func run() throws {
    let context = try Context(globals, deviceName: device, replacing: true)
    try context.journal.renameDevice(device)
    let name = try context.journal.deviceName()
    context.output.one(.object([("device", .string(name))])) {
      context.output.line("this device is \(name)")
    }
    try context.tellNotices()
  }

  func perform(_ context: Context) throws {}
}
