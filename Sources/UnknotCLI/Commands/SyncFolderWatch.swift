import ArgumentParser
import Foundation
import UnknotKit
import UnknotPlatform

extension Sync.Folder {
  struct Watch: JournalFreeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Do a round when a file arrives or you record something, until stopped.",
      discussion: """
        It imports 2 seconds after the folder is quiet and sends 20 seconds after your last change. \
        SIGTERM and Ctrl-C end it after the current round. To keep it running: unknot sync folder watch --unit > \
        ~/.config/systemd/user/unknot.service, then systemctl --user enable --now unknot.
        """)
    @Flag(help: "Print a unit for systemd instead, which runs this for you.") var unit = false
    @OptionGroup var globals: Globals

    func perform(_ output: Output) throws {
      let path = URL(filePath: try Context.path(globals.journal)).standardizedFileURL.path
      guard !unit else {
        for line in Self.unit(program: Self.program, journal: path).split(
          separator: "\n", omittingEmptySubsequences: false)
        {
          output.line(String(line))
        }
        return
      }
      try Context.expectJournal(globals)
      try watch(path)
    }

    // MARK: Watching

    private func watch(_ journal: String) throws {
      let first = try Context(globals)
      guard let folder = try first.journal.folder() else {
        throw KitError(
          .notFound, "no folder is shared with other devices",
          hint: "choose one: unknot sync folder set DIR")
      }
      let interruption = Interruption()
      defer { interruption.close() }
      let events = Events()
      let watch = FolderWatch(folder, on: .global(qos: .utility)) { events.note() }
      defer { withExtendedLifetime(watch) {} }
      first.output.line("watching \(folder): Ctrl-C ends it")
      try StandardOutput.finish()
      var schedule = FolderSchedule()
      var seen = Self.look(at: journal)
      var told = Told()
      while Interruption.received == 0 {
        let now = Int64(clamping: DispatchTime.now().uptimeNanoseconds / 1_000_000)
        if events.take() { schedule.folderHasChanged(at: now) }
        let look = Self.look(at: journal)
        if look != seen { schedule.journalWasWritten(at: now) }
        seen = look
        if schedule.isDue(at: now) {
          schedule.roundBegins(at: now)
          round(unless: &told)
          try StandardOutput.finish()
          // Its own writes are no news.
          seen = Self.look(at: journal)
        }
        events.wait(seconds: 1)
      }
    }

    /// What was said last: it is told once, and not with every round.
    private struct Told {
      var failure = ""
      /// Files that were set aside, and devices that are silent.
      var standing: Set<String> = []
    }

    /// Opens the journal anew: it may have been restored, or brought to another form.
    private func round(unless told: inout Told) {
      do {
        let context = try Context(globals)
        let result = try context.journal.exchange()
        let silent = result.devices.filter(\.isSilent).map(\.name)
        let missing = result.missing > 0 ? ["missing"] : []
        let standing = Set(result.aside.map(\.standing) + silent + missing)
        let known = told.standing
        told = Told(standing: standing)
        if !standing.isSubset(of: known) || !result.taken.isEmpty || !result.written.isEmpty
          || result.removed > 0
        {
          try Sync.Folder.tell(result, dryRun: false, except: known, context)
        }
        try context.tellNotices()
      } catch is ExitCode {
        // What it says was said.
      } catch {
        let failure = (error as? KitError)?.message ?? "\(error)"
        if failure != told.failure { Message.note("\(failure): it is tried again") }
        told.failure = failure
      }
    }

    /// When the journal was written to last, and how large it is.
    private static func look(at path: String) -> [Int64] {
      var status = stat()
      return stat(path, &status) == 0 ? [modificationTime(status), Int64(status.st_size)] : []
    }

    // MARK: A unit for systemd

    private static var program: String {
      let arguments = CommandLine.arguments
      return Bundle.main.executablePath ?? arguments.first ?? "unknot"
    }

    static func unit(program: String, journal: String) -> String {
      """
      [Unit]
      Description=Unknot: exchange with other devices through a shared folder

      [Service]
      ExecStart=\(quoted(program)) --journal \(quoted(journal)) sync folder watch
      Restart=on-failure
      RestartSec=60

      [Install]
      WantedBy=default.target
      """
    }

    /// As `systemd.service` wants words that can have anything in them.
    static func quoted(_ word: String) -> String {
      let escaped = word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
        "%", with: "%%"
      )
      .replacing("$", with: "$$")
      return "\"\(escaped)\""
    }
  }
}

/// That something happened, told from one thread to another.
private final class Events: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func note() { semaphore.signal() }

  /// Whether something did since this was asked last.
  func take() -> Bool {
    var any = false
    while semaphore.wait(timeout: .now()) == .success { any = true }
    return any
  }

  /// At most so long; a signal to the program is looked at after that.
  func wait(seconds: Int) {
    // What is waited for is taken by the next look.
    if semaphore.wait(timeout: .now() + .seconds(seconds)) == .success { semaphore.signal() }
  }
}
