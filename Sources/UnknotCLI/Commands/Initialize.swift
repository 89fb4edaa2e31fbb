import ArgumentParser
import Foundation
import UnknotKit

struct Initialize: JournalCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make the journal and name this device.")
  @Option(help: "This device's name, as the others will see it.") var device: String
  @OptionGroup var globals: Globals

  func run() throws {
    let (context, loss) = try open()
    try context.journal.renameDevice(device)
    let name = try context.journal.deviceName()
    context.output.one(.object([("device", .string(name))])) {
      context.output.line("this device is \(name)")
    }
    try context.tellNotices()
    guard loss else { return }
    Message.note("the journal that was here before is gone; this new one does not have its records")
    if let backup = Journal.backups(inState: try Context.stateFolder(), zone: .current).first {
      Message.note(
        "the newest backup on this machine can be put in its place: unknot restore-backup \(backup.path)")
    }
  }

  /// A journal that is not there any more makes way for a new one here alone.
  private func open() throws -> (context: Context, loss: Bool) {
    do {
      return (try Context(globals, deviceName: device), false)
    } catch let error as KitError where [.journalMissing, .journalDamaged].contains(error.kind) {
      return (try Context(globals, deviceName: device, replacing: true), true)
    }
  }

  func perform(_ context: Context) throws {}
}
