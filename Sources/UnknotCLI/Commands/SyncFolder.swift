import ArgumentParser
import Foundation
import UnknotKit
import UnknotReport

extension Sync {
  struct Folder: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Exchange through a folder that Syncthing, a cloud drive or a stick carries.",
      discussion: """
        Choose the folder on each device: unknot sync folder set DIR. Then unknot sync folder does one round: it imports \
        what is new, writes what others may lack, and removes what nobody needs any more. Files are written once, \
        under random names, and no device touches another's files, unless that one was retired.
        """,
      subcommands: [Exchange.self, Setting.self, Forget.self, List.self, Tidy.self, Watch.self],
      defaultSubcommand: Exchange.self)

    struct Exchange: JournalCommand {
      static let configuration = CommandConfiguration(
        commandName: "exchange",
        abstract: "One round: import, write, tidy. This is what unknot sync folder does.")
      @Flag(help: "Say what would be taken in, and change nothing.") var dryRun = false
      @OptionGroup var globals: Globals

      func perform(_ context: Context) throws {
        try Folder.tell(try context.journal.exchange(dryRun: dryRun), dryRun: dryRun, context)
      }
    }

    struct Tidy: JournalCommand {
      static let configuration = CommandConfiguration(
        abstract: "Do one round, but remove unneeded files now instead of after some days.",
        discussion:
          "It removes at most a quarter of the folder a day: sync programs take more for an accident, and stop."
      )
      @OptionGroup var globals: Globals

      func perform(_ context: Context) throws {
        try Folder.tell(try context.journal.exchange(tidies: true), dryRun: false, context)
      }
    }

    struct Setting: JournalCommand {
      static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Say which folder this device shares with the others.",
        discussion: """
          Only this device remembers it: on others, the folder may have another path. From then on files are sealed: whoever \
          can read the folder cannot read the diary. Your other devices get the key with unknot sync join.
          """)
      @Argument(help: "An existing folder.", completion: .directory) var folder: String
      @Flag(help: "Seal nothing: whoever can read the folder can read the diary.") var plain = false
      @OptionGroup var globals: Globals

      func perform(_ context: Context) throws {
        try Context.expectJournal(globals)
        let path = try Folder.path(of: folder)
        let isSealed = try context.journal.keyState().isSealed
        guard !plain || !isSealed else {
          throw KitError(.usage, "this journal's files are sealed, and stay so")
        }
        let isLocked = try context.journal.isFolderLocked(path)
        // First: no round finds a folder that is to be sealed, and is not yet.
        if !plain && !isSealed && !isLocked { try context.journal.beginSealing() }
        try context.journal.setFolder(path)
        context.output.one(.object([("folder", .string(path)), ("sealed", .bool(!plain && !isLocked))])) {
          context.output.line("this device shares \(path): unknot sync folder exchanges through it")
          Message.note(words(isSealed: isSealed, isLocked: isLocked))
        }
      }

      private func words(isSealed: Bool, isLocked: Bool) -> String {
        if isLocked { return "the files there are sealed: unknot sync join gives this device the key" }
        if plain { return "files are not sealed: whoever can read the folder can read the diary" }
        if isSealed { return "files are sealed, as before" }
        return "files are sealed. Write down what opens them if all devices are lost: unknot sync key show"
      }
    }

    struct Forget: JournalCommand {
      static let configuration = CommandConfiguration(
        abstract: "Stop sharing the folder. Its files stay.")
      @OptionGroup var globals: Globals

      func perform(_ context: Context) throws {
        try Context.expectJournal(globals)
        let former = try context.journal.folder()
        try context.journal.setFolder(nil)
        context.output.one(.object([("folder", .null)])) {
          context.output.line(former.map { "\($0) is not shared any more" } ?? "no folder was shared")
        }
      }
    }

    struct List: JournalCommand {
      static let configuration = CommandConfiguration(
        abstract: "The files of the folder, as the last round found them.")
      @OptionGroup var globals: Globals

      func perform(_ context: Context) throws {
        let files = try context.journal.folderFiles()
        context.output.list(
          files.map(\.json), columns: ["file", "state", "device", "changes", "bytes", "why"]
        ) {
          guard !files.isEmpty else {
            return Message.note("no file is known yet: unknot sync folder looks")
          }
          context.output.table(
            [
              .init("file", .text), .init("state", .text), .init("device", .text), .init("changes"),
              .init("bytes"), .init("why", .text),
            ],
            files.map { [$0.name, $0.state.rawValue, $0.writer, "\($0.changes)", "\($0.bytes)", $0.reason] })
        }
      }
    }

    static func path(of folder: String) throws -> String {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
        throw KitError(
          .notFound, "there is no folder \(folder)", hint: "make it first, or name the one that is synced")
      }
      return URL(filePath: folder).standardizedFileURL.path
    }

    /// One by one; where there are more, the list has them.
    private static let mostNamed = 10

    /// - Parameter told: what stands on and was said already.
    static func tell(
      _ result: FolderExchange, dryRun: Bool, except told: Set<String> = [], _ context: Context
    ) throws {
      let folder = try context.journal.folder() ?? "."
      context.output.one(result.json) {
        context.output.line(sentence(result, dryRun: dryRun))
        let locked = result.aside.count { $0.state == .locked }
        if locked > 0 {
          Message.note(
            "\(counted(UInt64(locked), "file")) \(locked == 1 ? "is" : "are") sealed with a key that this device does not have: "
              + "unknot sync join")
        }
        let others = result.aside.filter { $0.state != .locked && !told.contains($0.standing) }
        for file in others.prefix(mostNamed) { Message.note(words(file, in: folder)) }
        if others.count > mostNamed {
          Message.note(
            "and \(counted(UInt64(others.count - mostNamed), "more file")): unknot sync folder list")
        }
        if result.missing > 0 {
          Message.note(
            "\(counted(UInt64(result.missing), "file")) that \(result.missing == 1 ? "was" : "were") there "
              + "\(result.missing == 1 ? "is" : "are") missing: if this lasts, what is lost is written again after 3 days"
          )
        }
        for device in result.devices where device.isSilent && !told.contains(device.name) {
          Message.note(
            "\(device.name) was last heard of \(device.silentDays ?? 0) days ago and is not known to hold "
              + "\(counted(device.lacks, "change")). If it is gone: unknot sync retire \(device.name)"
          )
        }
        for note in result.notes { Message.note(note.words) }
        if dryRun { Message.note("this was a dry run: nothing was changed") }
      }
      guard result.conflictsWaiting > 0 else { return }
      let verb = result.conflictsWaiting == 1 ? "waits" : "wait"
      Message.note("\(counted(result.conflictsWaiting, "conflict")) \(verb) for you: unknot conflicts")
      // As of an import: where this round has merged something.
      guard !result.taken.isEmpty, !dryRun else { return }
      throw ExitCode(5)
    }

    /// `took 7 changes from laptop, wrote 1 file, removed 2; 2 files set aside`
    private static func sentence(_ result: FolderExchange, dryRun: Bool) -> String {
      var devices: [(name: String, changes: UInt64)] = []
      for taken in result.taken {
        if let index = devices.firstIndex(where: { bytewiseEqual($0.name, taken.device) }) {
          devices[index].changes += taken.changes
        } else {
          devices.append((taken.device, taken.changes))
        }
      }
      var parts = devices.enumerated().map { index, device in
        index == 0
          ? "\(dryRun ? "would take" : "took") \(counted(device.changes, "change")) from \(device.name)"
          : "\(device.changes) from \(device.name)"
      }
      if !result.written.isEmpty { parts.append("wrote \(counted(UInt64(result.written.count), "file"))") }
      if result.removed > 0 { parts.append("removed \(result.removed)") }
      let aside = result.aside.isEmpty ? "" : "; \(counted(UInt64(result.aside.count), "file")) set aside"
      return (parts.isEmpty ? "nothing new" : parts.joined(separator: ", ")) + aside
    }

    /// - Parameter folder: where it lies.
    private static func words(_ file: SharedFile, in folder: String) -> String {
      // Its name is whatever somebody has called it.
      let path = "\(folder)/\(file.name)".shellQuoted
      return switch file.state {
      case .held, .own, .locked, .key: file.name
      case .quarantined: "\(file.name): \(file.reason): kept, not taken"
      case .open: "\(file.name) is not sealed: not imported. Once: unknot sync import --plain \(path)"
      case .partial: "\(file.name) is not complete yet, or damaged (\(file.reason)): it is tried again"
      case .waiting: "\(file.name): \(file.reason): unknot sync folder on a device that has them"
      case .foreign:
        "\(file.name) belongs to another journal (\(file.writer), \(counted(file.changes, "change")))"
          + (file.isOpen ? ", and is not sealed" : "")
          + ". If it is yours: unknot sync import --join \(file.isOpen ? "--plain " : "")\(path)"
      case .newer: "\(file.name): \(file.reason): install a newer one"
      case .large:
        "\(file.name): \(file.reason). If it is as large as it should be: unknot sync import --large \(path)"
      case .unreadable: "\(file.name) cannot be read: \(file.reason)"
      }
    }
  }
}

extension SharedFile {
  /// What a watcher has said of it.
  var standing: String { "\(name) \(state.rawValue)" }
}

extension OtherDevice {
  /// After so many days without a word, a device that may lack something is named.
  var isSilent: Bool { lacks > 0 && silentDays ?? 0 >= 30 }
}
