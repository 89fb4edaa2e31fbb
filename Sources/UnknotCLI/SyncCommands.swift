import ArgumentParser
import UnknotKit

struct Sync: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Exchange changes with your other devices, by files.",
    subcommands: [Export.self, Import.self, Status.self, Devices.self, Inspect.self, Digest.self])

  struct Export: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write what other devices may lack into a file.")
    @Option(name: [.short, .customLong("output")], help: "The file; it must not exist yet.") var output:
      String?
    @Option(name: .customLong("for"), help: "The device that it is for.") var receiver: String?
    @Flag(help: "Everything, as for a new device.") var full = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let result = try context.journal.export(to: output, folder: ".", for: receiver, full: full)
      context.output.one(result.json) {
        if let file = result.file { context.output.line(file) }
      }
      Message.note(
        result.file == nil
          ? "nothing to send: no file was written"
          : "\(counted(result.changes, "change")), \(counted(result.bytes, "byte"))")
    }
  }

  struct Import: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Merge files from other devices.")
    @Argument(help: "Files, folders of files, or - for standard input.") var files: [String]
    @Flag(help: "Say what would happen, and change nothing.") var dryRun = false
    @Flag(help: "Unite this journal with one that was begun apart.") var join = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let result = try context.journal.importFiles(files, dryRun: dryRun, join: join)
      context.output.one(result.json) {
        guard !result.files.isEmpty else { return Message.note("no changeset files there: nothing to do") }
        for file in result.files {
          context.output.line(
            "\(file.name): \(counted(file.applied, "new change")), \(file.known) known, from \(file.device)")
        }
        if result.files.count > 1 {
          context.output.line(
            "together: \(counted(result.applied, "new change")), \(result.known) known, "
              + counted(result.conflictsNew, "new conflict"))
        }
        if dryRun { Message.note("this was a dry run: nothing was changed") }
      }
      if result.conflictsWaiting > 0 {
        Message.note(
          "\(counted(result.conflictsWaiting, "conflict")) \(result.conflictsWaiting == 1 ? "waits" : "wait") for you: unknot conflicts"
        )
        throw ExitCode(5)
      }
    }
  }

  struct Status: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Show what other devices are known to hold.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      try show(try context.journal.syncStatus(), context, nothing: "no other device is known yet")
    }
  }

  struct Devices: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "List all known devices.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws { try show(try context.journal.devices(), context, nothing: "") }
  }

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

  struct Digest: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the vector clock and the state digest: equal clocks, equal digests.")
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

private func show(_ devices: [DeviceItem], _ context: Context, nothing: String) throws {
  let text = RecordText(context)
  context.output.list(devices.map(\.json)) {
    guard !devices.isEmpty else { return Message.note(nothing) }
    context.output.table(
      [
        Table.Column("device", .text), Table.Column("known to hold"), Table.Column("behind"),
        Table.Column("last import"), Table.Column(""),
      ],
      devices.map {
        [
          $0.name, String($0.acknowledged), String($0.behind), $0.lastImport.map(text.cell) ?? "never",
          $0.isThis ? "this device" : "",
        ]
      })
  }
}
