import ArgumentParser
import Foundation
import UnknotKit

extension Sync {
  struct Key: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The key that this journal's files are sealed with.",
      discussion: """
        Files are sealed once a folder is shared (unknot sync folder set): nobody can read them without the key. Other \
        devices get it by unknot sync invite. Keep the recovery key on paper: it opens everything if all devices are lost, \
        with this program or just age: age -d -i KEY FILE.
        """,
      subcommands: [ShowKey.self, Test.self, Rotate.self])

    struct ShowKey: JournalCommand {
      static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The recovery key, to be written down and kept apart from the devices."
      )
      @Flag(help: "Also as a QR code.") var qr = false
      @OptionGroup var globals: Globals

      func perform(_ context: Context) throws {
        let key = try context.journal.recoveryKey()
        context.output.one(.object([("recovery_key", .string(key))])) {
          context.output.line(key)
          context.output.line("")
          context.output.line(Key.grouped(key))
          if qr { context.output.code(key) }
          Message.note("whoever has it and the files can read everything: keep it where you keep papers")
        }
      }
    }

    struct Test: JournalCommand {
      static let configuration = CommandConfiguration(
        abstract: "Type the recovery key from your paper, to see that it is right.",
        discussion: "It is read from standard input. Spaces and small letters do not matter.")
      @OptionGroup var globals: Globals

      func perform(_ context: Context) throws {
        // Without a key there is nothing to type.
        _ = try context.journal.recoveryKey()
        let isRight = try context.journal.isRecoveryKey(try Secret.ask("recovery key"))
        context.output.one(.object([("right", .bool(isRight))])) {
          context.output.line(isRight ? "this is the key in force" : "this is not the key in force")
        }
        guard isRight else { throw ExitCode(1) }
      }
    }

    struct Rotate: JournalCommand {
      static let configuration = CommandConfiguration(
        abstract: "Make a new key. Your other devices get it with their next round.",
        discussion: """
          Use it if somebody may have seen the recovery key. The next rounds seal the files in the folder with the new key. \
          If you have lost a device or given it away: unknot sync retire NAME --lost.
          """)
      @OptionGroup var globals: Globals

      func perform(_ context: Context) throws {
        let holders = try context.journal.rotateKey()
        let key = try context.journal.recoveryKey()
        context.output.one(
          .object([("recovery_key", .string(key)), ("devices", .array(holders.map { .string($0) }))])
        ) {
          context.output.line("from now on files are sealed with a new key")
          Rotate.tell(holders)
        }
      }

      /// Who has the key now.
      static func tell(_ holders: [String]) {
        let names = holders.joined(separator: ", ")
        Message.note(
          holders.isEmpty
            ? "no other device will get it" : "\(names) will get it; other devices must join again")
        Message.note("the recovery key has changed: unknot sync key show")
      }
    }

    /// To be read aloud: in groups of 6 behind what all of them begin with.
    static func grouped(_ key: String) -> String {
      let (head, rest) = (key.prefix(15), Array(key.dropFirst(15)))
      let groups = stride(from: 0, to: rest.count, by: 6).map { String(rest[$0..<min($0 + 6, rest.count)]) }
      return ([String(head)] + groups).joined(separator: " ")
    }
  }

  struct Invite: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a new device the key, by a code to type.",
      discussion: """
        It puts an invitation for one device into the folder, until the end of the next day (of UTC). On the new device: unknot sync folder set DIR, then \
        unknot sync join. Tell the code to nobody but yourself: whoever has it and the folder can read everything.
        """)
    @Flag(help: "Also as a QR code.") var qr = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      try Context.expectJournal(globals)
      let (code, end) = try context.journal.invite()
      context.output.one(
        .object([("code", .string(code)), ("end", .string(end.rfc3339))])
      ) {
        context.output.line(code)
        if qr { context.output.code(code) }
        Message.note(
          "once the new device has the folder, type it there: unknot sync join; it is for one device, and good until "
            + end.readable(now: context.journal.now)
        )
      }
    }
  }

  struct Join: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Get the key of your other devices, by an invitation's code or the recovery key.",
      discussion: """
        The code is read from standard input. Then import what they have: unknot sync folder.
        """)
    @Argument(help: "The shared folder, if not set yet.", completion: .directory)
    var folder: String?
    @Flag(help: "Unite this device's own earlier journal with theirs.") var unite = false
    @Flag(
      help:
        "Accept an older key, if nobody has the newest any more; whoever has the older one can read on.")
    var olderKey = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      try Context.expectJournal(globals)
      let path = try folder.map { try Folder.path(of: $0) }
      guard try path != nil || context.journal.folder() != nil else {
        throw KitError(
          .notFound, "no folder is shared with other devices", hint: "name it: unknot sync join DIR")
      }
      do {
        try context.journal.join(
          Secret.ask("code or recovery key"), folder: path, unites: unite, takesOlder: olderKey)
      } catch let error as KitError where error.kind == .otherJournal {
        throw KitError(
          .otherJournal, "this device already has records, in a journal of its own",
          hint: "to unite the two: unknot sync join --unite")
      }
      context.output.one(.object([("joined", .bool(true))])) {
        context.output.line("this device has the key: unknot sync folder takes in what the others have")
      }
    }
  }
}

/// What is typed and does not belong into a shell's history.
private enum Secret {
  static func ask(_ what: String) throws -> String {
    if isatty(STDIN_FILENO) == 1 { FileHandle.standardError.write(Data("\(what): ".utf8)) }
    guard let line = readLine(), !line.allSatisfy(\.isWhitespace) else {
      throw KitError(.usage, "nothing was typed", hint: "type the \(what), or give it on standard input")
    }
    return line
  }
}
