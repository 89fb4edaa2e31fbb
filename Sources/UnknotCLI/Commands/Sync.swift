import ArgumentParser

struct Sync: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Exchange changes with your other devices, by files.",
    subcommands: [
      Export.self, Import.self, Status.self, Devices.self, Inspect.self, Digest.self, Retire.self,
      Folder.self, Invite.self, Join.self, Key.self,
    ])
}
