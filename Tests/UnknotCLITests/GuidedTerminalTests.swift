import Foundation
import Testing

/// A real terminal, by tmux: keys go in, screens come out.
private final class Screen {
  private let socket = "unknot-" + UUID().uuidString
  let place: Workplace

  init(_ place: Workplace, columns: Int, rows: Int = 24) throws {
    self.place = place
    // The shell outlives what runs in it, so that the last screen can be read.
    try tmux(["-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "sh"])
  }

  deinit { _ = try? tmux(["kill-server"]) }

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
    var child: pid_t = 0
    guard posix_spawn(&child, command[0], &actions, nil, &arguments, &variables) == 0 else {
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
    for _ in 0..<150 {
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
    // What a killed program leaves of its screen.
    try send("", "Enter")
    try send("stty sane; tput rmcup", "Enter")
  }
}

@Suite struct GuidedTerminalTests {
  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("a", ["check", "--answer", "none"])
    try place.run("a", ["routine", "new", "short", "--step", "ql/left:3s@wall", "--step", "tfl/right:2s"])
    return place
  }

  @Test(arguments: [40, 200]) func aSessionInATerminal(columns: Int) throws {
    let place = try place()
    let screen = try Screen(place, columns: columns)
    try screen.enterFolder()
    try screen.start("start short")
    try screen.wait(for: "How much does it hurt now, 0 to 10?")
    try screen.send("1", "0", "Enter")
    let ready = try screen.wait(for: "GET READY")
    #expect(ready.contains("ql, left, wall") && ready.contains("step 1 of 2") && ready.contains("tfl, right"))
    for line in ready.split(separator: "\n") { #expect(line.count <= columns) }
    try screen.send("Space")
    try screen.wait(for: "PAUSED")
    try screen.send("?")
    try screen.wait(for: "a sign to stop")
    try screen.send("x")
    try screen.wait(for: "GET READY")
    try screen.send("n")
    try screen.wait(for: "How tender is the spot")
    try screen.send("6", "Enter")
    let pressing = try screen.wait(for: "PRESS")
    #expect(pressing.contains("left of 0:03") && pressing.contains("space pause"))
    try screen.wait(for: "How tender is it now")
    try screen.send("2", "Enter")
    try screen.wait(for: "step 2 of 2")
    try screen.send("s")
    try screen.wait(for: "Why skip it?")
    try screen.send("1")
    try screen.wait(for: "And now, how much does it hurt")
    try screen.send("4", "Enter")
    try screen.wait(for: "recorded session of 2 bouts")
    let session = try #require(try place.objects("a", ["list", "sessions"]).first)
    #expect(session["status"] as? String == "done")
    let bouts = try #require(session["bouts"] as? [[String: Any]])
    #expect(bouts.map { $0["outcome"] as? String } == ["done", "skipped"])
    #expect(bouts[0]["seconds"] as? Int == 3 && bouts[0]["release"] as? String == "full")
    #expect(bouts[1]["skip_reason"] as? String == "too-sore")
    #expect(try place.objects("a", ["list", "pain"]).map { $0["score"] as? Int } == [4, 10])
  }

  /// Killed at every second, it goes on each time where it was.
  @Test func itSurvivesBeingKilled() throws {
    let place = try place()
    let screen = try Screen(place, columns: 80)
    try screen.enterFolder()
    try screen.start("start short")
    try screen.wait(for: "How much does it hurt now")
    func again(_ text: String) throws {
      try screen.kill()
      try screen.start("start")
      try screen.wait(for: text)
    }
    try again("How much does it hurt now")
    try screen.send("6", "Enter")
    try screen.wait(for: "GET READY")
    try again("GET READY")
    try screen.send("n")
    try screen.wait(for: "How tender is the spot")
    try again("How tender is the spot")
    try screen.send("5", "Enter")
    try screen.wait(for: "0:02 left of 0:03")
    try again("left of 0:03")
    try screen.wait(for: "0:01 left of 0:03")
    try again("left of 0:03")
    try screen.wait(for: "How tender is it now")
    try again("How tender is it now")
    try screen.send("5", "Enter")
    try screen.wait(for: "step 2 of 2")
    try again("step 2 of 2")
    try screen.send("n")
    try screen.wait(for: "How tender is the spot")
    try screen.send("Enter")
    try screen.wait(for: "How tender is it now")
    try screen.send("Enter")
    try screen.wait(for: "And now, how much does it hurt")
    try again("And now, how much does it hurt")
    try screen.send("3", "Enter")
    try screen.wait(for: "recorded session of 2 bouts")
    let sessions = try place.objects("a", ["list", "sessions"])
    #expect(sessions.count == 1 && sessions[0]["status"] as? String == "done")
    let bouts = try #require(sessions[0]["bouts"] as? [[String: Any]])
    #expect(bouts.map { $0["seconds"] as? Int } == [3, 2])
    #expect(bouts[0]["discomfort_start"] as? Int == 5)
    #expect(try place.objects("a", ["list", "pain"]).map { $0["score"] as? Int } == [3, 6])
  }

  @Test func ctrlCKeepsWhatWasDone() throws {
    let place = try place()
    let screen = try Screen(place, columns: 80)
    try screen.enterFolder()
    try screen.start("start short")
    try screen.wait(for: "How much does it hurt now")
    try screen.send("6", "Enter")
    try screen.wait(for: "GET READY")
    try screen.send("C-c")
    try screen.wait(for: "hint: unknot start goes on from here")
    // The terminal is as before: what is typed is seen.
    try screen.send("echo $((40 + 2))", "Enter")
    try screen.wait(for: "echo $((40 + 2))")
    #expect(try place.objects("a", ["list", "pain"]).count == 1)
    #expect(try place.objects("a", ["list", "sessions"])[0]["status"] as? String == "running")
  }

  /// Lines in, lines out: for a screen reader, and for a script.
  @Test func linesAlone() throws {
    let place = try place()
    let answers = "6\nn\n5\ns\n2\nn\n\nx\n4\ny\n3\n"
    let outcome = try place.run("a", ["start", "short", "--plain"], input: Data(answers.utf8))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!outcome.output.contains("\u{1b}"))
    #expect(outcome.output.hasPrefix("short: 2 steps. Pain now, 0 to 10?\nStep 1 of 2: ql, left, wall"))
    let session = try #require(try place.objects("a", ["list", "sessions"]).first)
    let bouts = try #require(session["bouts"] as? [[String: Any]])
    #expect(bouts.map { $0["outcome"] as? String } == ["skipped", "stopped"])
    #expect(bouts[1]["stop_sign"] as? String == "tingling")
    #expect(session["status"] as? String == "abandoned")
    #expect(try place.objects("a", ["list", "pain"]).map { $0["score"] as? Int } == [3, 6])
  }

  @Test func itIsRefusedWhereItCannotBe() throws {
    let place = try place()
    let noTerminal = try place.run("a", ["start", "short"])
    #expect(noTerminal.status == 2 && noTerminal.errors.contains("--plain"))
    #expect(try place.run("a", ["start", "shrt", "--plain"]).errors.contains("did you mean short?"))
    #expect(try place.run("a", ["check", "--answer", "bladder"]).status == 6)
    let refused = try place.run("a", ["start", "short", "--plain"])
    #expect(
      refused.status == 6 && refused.output.isEmpty
        && refused.errors.hasPrefix("error: the last safety check"))
    #expect(try place.objects("a", ["list", "sessions"]).isEmpty)
    #expect(try place.run("a", ["pain", "5"]).status == 0)
  }
}
