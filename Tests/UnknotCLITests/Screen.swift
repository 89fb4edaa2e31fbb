import Foundation
import Testing

/// A real terminal, by tmux: keys go in, screens come out.
final class Screen {
  private let socket = "unknot-" + UUID().uuidString
  let place: Workplace

  init(_ place: Workplace, columns: Int, rows: Int = 24) throws {
    self.place = place
    // The shell outlives what runs in it, so that the last screen can be read.
    try tmux(["-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "sh"])
    server = try tmux(["display-message", "-p", "#{pid}"]).split(separator: "\n").joined()
  }

  deinit { try? close() }

  private var server = ""

  /// As when a window is closed: what runs in it is hung up, and the server ends.
  func close() throws {
    guard !server.isEmpty else { return }
    _ = try? tmux(["kill-server"])
    for _ in 0..<100 where FileManager.default.fileExists(atPath: "/proc/\(server)") { usleep(50_000) }
    let isGone = !FileManager.default.fileExists(atPath: "/proc/\(server)")
    server = ""
    if !isGone { throw Missing(text: "the server of tmux is still there") }
  }

  func resize(columns: Int, rows: Int) throws {
    try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    let path = "\(place.folder)/\(UUID().uuidString).tmux"
    let closing =
      "for f in /proc/$$/fd/*; do n=${f##*/}; [ $n -le 2 ] || eval \"exec $n>&-\"; done; exec tmux \"$@\""
    let status = try spawn(
      ["/bin/bash", "-c", closing, "tmux", "-L", socket] + arguments,
      environment: [
        "HOME": place.folder + "/home", "XDG_DATA_HOME": place.folder + "/data", "TZ": "Europe/Berlin",
        "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "PS1": "$ ", "TERM": "xterm",
      ], output: path)
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    try? FileManager.default.removeItem(atPath: path)
    guard status == 0 else { throw Missing(text: "tmux: \(text)") }
    return text
  }

  /// Without Foundation's `Process`: it waits until everything that a child has started is gone, and tmux leaves its
  /// server behind. For the same reason nothing but the standard descriptors is handed on.
  private func spawn(_ command: [String], environment: [String: String], output: String) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var arguments = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for pointer in arguments + variables { free(pointer) } }
    // The runner of the tests blocks signals, which a server would inherit and then never end.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var child: pid_t = 0
    guard posix_spawn(&child, command[0], &actions, &attributes, &arguments, &variables) == 0 else {
      throw Missing(text: "\(command) could not be started")
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
  }

  struct Missing: Error { let text: String }

  func text() throws -> String { try tmux(["capture-pane", "-p"]) }

  func send(_ keys: String...) throws { try tmux(["send-keys"] + keys) }

  /// Starts the program there.
  func start(_ arguments: String) throws {
    try send("clear; \(Workplace.program) --journal a.sqlite \(arguments)", "Enter")
  }

  func enterFolder() throws { try send("cd \(place.folder)", "Enter") }

  /// Waits until the screen shows something.
  @discardableResult
  func wait(for text: String, _ location: SourceLocation = #_sourceLocation) throws -> String {
    var shown = ""
    for _ in 0..<400 {
      shown = try self.text()
      if shown.contains(text) { return shown }
      usleep(100_000)
    }
    Issue.record("\(text) did not come up:\n\(shown)", sourceLocation: location)
    throw Missing(text: shown)
  }

  /// Ends the program as a power cut would.
  func kill() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/pkill")
    let shell = try tmux(["list-panes", "-F", "#{pane_pid}"]).split(separator: "\n").joined()
    process.arguments = ["-KILL", "-P", shell]
    try process.run()
    process.waitUntilExit()
    usleep(200_000)
    // What a killed program leaves of its screen is gone before anything is read from it again.
    kills += 1
    try send("", "Enter")
    try send("stty sane; tput rmcup; clear; printf 'killed %s times' \(kills)", "Enter")
    try wait(for: "killed \(kills) times")
  }

  private var kills = 0
}
