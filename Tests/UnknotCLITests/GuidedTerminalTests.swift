import Foundation
import Testing

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
    // What is too high is no answer, and not its first digit either.
    try screen.send("1", "2", "Enter")
    try screen.send("1", "0", "Enter")
    let ready = try screen.wait(for: "GET READY")
    #expect(
      ready.contains("side of the waist, left, wall (ql)") && ready.contains("step 1 of 2")
        && ready.contains("right (tfl)"))
    for line in ready.split(separator: "\n") { #expect(line.count <= columns) }
    try screen.send("Space")
    try screen.wait(for: "PAUSED")
    try screen.send("?")
    try screen.wait(for: "a sign to stop")
    try screen.send("z")
    try screen.wait(for: "GET READY")
    // The key to stop is one there as well.
    try screen.send("?")
    try screen.wait(for: "a sign to stop")
    try screen.send("x")
    try screen.wait(for: "What do you feel?")
    // A wrong key does not take the sign back.
    try screen.send("z")
    try screen.send("0")
    #expect(try screen.wait(for: "What do you feel?").contains("b back"))
    try screen.send("b")
    try screen.wait(for: "How tender? One key")
    try screen.send("6")
    try screen.wait(for: "Tender: 6")
    try screen.send("n")
    let pressing = try screen.wait(for: "PRESS")
    #expect(pressing.contains("left of 0:03") && pressing.contains("space pause"))
    try screen.wait(for: "How tender is it now")
    try screen.send("2")
    try screen.wait(for: "step 2 of 2")
    try screen.send("s")
    // While it asks, nothing is counted down.
    let asked = try screen.wait(for: "Why skip it?")
    usleep(2_200_000)
    let after = try screen.text()
    let left = /GET READY +(0:[0-9]+)/
    #expect(after.firstMatch(of: left)?.1 == asked.firstMatch(of: left)?.1)
    try screen.send("1")
    try screen.wait(for: "And now, how much does it hurt")
    try screen.send("4", "Enter")
    try screen.wait(for: "recorded session of 1 bout, 3s, 1")
    let session = try #require(try place.objects("a", ["list", "sessions"]).first)
    #expect(session["status"] as? String == "done")
    let bouts = try #require(session["bouts"] as? [[String: Any]])
    #expect(bouts.map { $0["outcome"] as? String } == ["done", "skipped"])
    #expect(bouts[0]["seconds"] as? Int == 3 && bouts[0]["release"] as? String == "full")
    #expect(bouts[1]["skip_reason"] as? String == "too-sore")
    #expect(try place.objects("a", ["list", "pain"]).map { $0["score"] as? Int } == [4, 10])
  }

  /// Killed at each of its questions and countdowns, it goes on each time where it was.
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
    try screen.send("5")
    try screen.wait(for: "Tender: 5")
    try again("Tender: 5")
    try screen.send("n")
    try screen.wait(for: "0:02 left of 0:03")
    try again("left of 0:03")
    try screen.wait(for: "0:01 left of 0:03")
    try again("left of 0:03")
    try screen.wait(for: "How tender is it now")
    try again("How tender is it now")
    try screen.send("5")
    try screen.wait(for: "step 2 of 2")
    try again("step 2 of 2")
    try screen.send("n")
    // Nobody answers: it goes on by itself.
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

  /// Killed at every second of a routine: never more than that second is lost.
  @Test func itSurvivesBeingKilledAtEverySecond() throws {
    let place = try place()
    let screen = try Screen(place, columns: 80)
    try screen.enterFolder()
    /// What is counted down, and where: it never goes back by more than the second that was killed.
    func position(_ text: String) -> (step: Int, phase: Int, left: Int)? {
      func number(_ pattern: Regex<(Substring, Substring)>) -> Int? {
        text.firstMatch(of: pattern).flatMap { Int($0.1) }
      }
      guard let step = number(/step ([0-9]) of/) else { return nil }
      if let left = number(/GET READY  0:([0-9]+)/) { return (step, 0, left) }
      if let left = number(/PRESS  0:([0-9]+) left/) { return (step, 1, left) }
      if let left = number(/goes on in 0:([0-9]+)/) { return (step, 2, left) }
      return nil
    }
    var kills = 0
    var last: (step: Int, phase: Int, left: Int)?
    /// By what is asked, since a question that was killed before its answer was saved is asked again.
    func answer(to text: String) -> String? {
      if text.contains("How much does it hurt now") { return "6" }
      if text.contains("And now, how much does it hurt") { return "3" }
      return nil
    }
    while kills < 60 {
      try screen.start(kills == 0 ? "start short" : "start")
      let shown = try screen.wait(for: "q finish")
      if let last, let now = position(shown) {
        #expect(now.step >= last.step && (now.step, now.phase) >= (last.step, last.phase), "\(shown)")
        if now.step == last.step, now.phase == last.phase { #expect(now.left <= last.left + 1, "\(shown)") }
      }
      if let answer = answer(to: shown) {
        try screen.send(answer, "Enter")
        if answer == "3" { break }
        usleep(300_000)
      } else {
        usleep(1_200_000)
      }
      last = position(try screen.text()) ?? last
      try screen.kill()
      kills += 1
    }
    try screen.wait(for: "recorded session of 2 bouts")
    #expect(kills >= 25)
    let session = try #require(try place.objects("a", ["list", "sessions"]).first)
    let bouts = try #require(session["bouts"] as? [[String: Any]])
    #expect(bouts.map { $0["seconds"] as? Int } == [3, 2])
    #expect(try place.objects("a", ["list", "pain"]).map { $0["score"] as? Int } == [3, 6])
    try screen.close()
  }

  /// The window is closed in the middle of a press, and another one opened.
  @Test func aClosedWindowKeepsWhatWasDone() throws {
    let place = try place()
    var screen = try Screen(place, columns: 60)
    try screen.enterFolder()
    try screen.start("start short")
    try screen.wait(for: "How much does it hurt now")
    try screen.send("6", "Enter")
    try screen.wait(for: "0:08")
    try screen.close()
    let record = try #require(try place.objects("a", ["list", "sessions"]).first)
    #expect(record["status"] as? String == "running")
    screen = try Screen(place, columns: 60)
    try screen.enterFolder()
    try screen.start("start --surface floor")
    let shown = try screen.wait(for: "GET READY")
    #expect(shown.contains("0:08") || shown.contains("0:07"))
    // Not in two windows at once.
    let second = try place.run("a", ["start", "--plain"], input: Data())
    #expect(second.status == 4 && second.errors.contains("open in another window or terminal"))
    try screen.send("q", "y")
    try screen.wait(for: "recorded session of 0 bouts")
    #expect(try place.objects("a", ["list", "sessions"]).map { $0["status"] as? String } == ["abandoned"])
    try screen.close()
  }

  private func fits(_ shown: String, _ columns: Int, _ rows: Int, _ number: Int) -> Bool {
    let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.count <= rows + 1 && lines.allSatisfy { $0.count <= columns } && !lines[0].isEmpty
      && shown.contains("READY") && shown.contains("help") && shown.contains("stop")
      && (columns == 20 || shown.contains("step \(number) of"))
  }

  /// On every size the timer and the keys are there, and the text can be turned over; nothing scrolls away.
  @Test func everyTargetFitsEverySize() throws {
    let place = try place()
    let targets = try place.objects("a", ["target", "list"]).filter { $0["status"] as? String == "active" }
      .compactMap { $0["id"] as? String }
    #expect(targets.count >= 6)
    let steps = targets.flatMap { target in
      ["floor", "wall"].flatMap { ["--step", "\(target)/left:60s@\($0)"] }
    }
    let made = try place.run("a", ["routine", "new", "all"] + steps)
    #expect(made.status == 0, "\(made.errors)")
    let screen = try Screen(place, columns: 40, rows: 24)
    try screen.enterFolder()
    try screen.start("start all")
    try screen.wait(for: "How much does it hurt now")
    try screen.send("Enter")
    for number in 1...targets.count * 2 {
      // It would go on by itself, however slow this machine is.
      try screen.wait(for: "READY")
      try screen.send("Space")
      for (columns, rows) in [(40, 24), (40, 10), (20, 16), (200, 50)] {
        try screen.resize(columns: columns, rows: rows)
        usleep(100_000)
        try screen.wait(for: columns == 20 ? "READY" : "GET READY")
        var shown = ""
        // It is drawn anew within a second of a machine that is not busy.
        for _ in 0..<200 {
          shown = try screen.text()
          if fits(shown, columns, rows, number) { break }
          usleep(50_000)
        }
        #expect(fits(shown, columns, rows, number), "\(columns) × \(rows): \(shown)")
      }
      try screen.send("s")
      try screen.send("2")
    }
    try screen.wait(for: "And now, how much")
    try screen.close()
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
    try screen.wait(for: "hint: unknot start continues")
    // The terminal is as before: what is typed is seen.
    try screen.send("echo $((40 + 2))", "Enter")
    try screen.wait(for: "echo $((40 + 2))")
    #expect(try place.objects("a", ["list", "pain"]).count == 1)
    #expect(try place.objects("a", ["list", "sessions"])[0]["status"] as? String == "running")
  }

  /// Lines in, lines out: for a screen reader, and for a script.
  @Test func linesAlone() throws {
    let place = try place()
    // Those that are no answer are none: 11 is not 1.
    let answers = "11\nseven\n-3\n6\n5\ns\n2\nn\nx\n4\ny\n3\n"
    let outcome = try place.run("a", ["start", "short", "--plain"], input: Data(answers.utf8))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!outcome.output.contains("\u{1b}"))
    let hint = "? shows what to type\n"
    #expect(
      outcome.output.hasPrefix(
        "short: 2 steps. Pain now, 0 to 10?\n\(hint)\(hint)\(hint)Step 1 of 2: side of the waist, left, wall")
    )
    let session = try #require(try place.objects("a", ["list", "sessions"]).first)
    let bouts = try #require(session["bouts"] as? [[String: Any]])
    #expect(bouts.map { $0["outcome"] as? String } == ["skipped", "stopped"])
    #expect(bouts[1]["stop_sign"] as? String == "tingling")
    #expect(session["status"] as? String == "abandoned")
    #expect(try place.objects("a", ["list", "pain"]).map { $0["score"] as? Int } == [3, 6])
  }

  /// A sign to stop by its number or its word, after a wrong one, and where nothing comes after the key.
  @Test(
    arguments: [
      ("77\n0\n4\ny\n\n", "tingling"), ("numbness\ny\n\n", "numbness"), ("electric pain\ny\n\n", "electric"),
      ("q\n\nTingling\ny\n\n", "tingling"), ("", "other"),
    ] as [(String, String)]) func aStopSignIsNotLost(answers: String, sign: String)
    throws
  {
    let place = try place()
    let outcome = try place.run(
      "a", ["start", "short", "--plain"], input: Data("\n5\nn\nx\n\(answers)".utf8))
    #expect(outcome.status == 0 && outcome.output.contains("What do you feel?"), "\(outcome)")
    let bout = try #require(try place.objects("a", ["list", "bouts"]).first)
    #expect(bout["outcome"] as? String == "stopped" && bout["stop_sign"] as? String == sign, "\(outcome)")
    #expect(try place.run("a", ["start", "short", "--plain"]).status == 6)
  }

  /// Words for keys; that it rests is said.
  @Test func wordsAreKeys() throws {
    let place = try place()
    let outcome = try place.run(
      "a", ["start", "short", "--plain"],
      input: Data("\npause\npause\nskip\nback\nskip\ntoo sore\nquit\nyes\n\n".utf8))
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.contains("Paused; a space and Enter go on.\nGET READY"), "\(outcome)")
    let bout = try #require(try place.objects("a", ["list", "bouts"]).first)
    #expect(bout["outcome"] as? String == "skipped")
  }

  /// Where the lines end, nobody is there: nothing is recorded as done.
  @Test func linesThatEndWhilePaused() throws {
    let place = try place()
    let outcome = try place.run("a", ["start", "short", "--plain"], input: Data("6\n \n".utf8))
    #expect(outcome.status == 0 && outcome.output.contains("PAUSED") == false, "\(outcome.errors)")
    let session = try #require(try place.objects("a", ["list", "sessions"]).first)
    #expect(session["status"] as? String == "abandoned" && (session["bouts"] as? [Any])?.isEmpty != false)
    let nobody = try place.run("a", ["start", "short", "--plain"])
    #expect(nobody.status == 0, "\(nobody)")
    #expect(try place.objects("a", ["list", "bouts"]).isEmpty)
  }

  /// Begins a session, and ends the program where it is asked for a key.
  private func leaveOne(_ place: Workplace) throws {
    // The runner of the tests blocks the signals that would end it more gently.
    try place.run(
      "a", ["start", "short", "--plain"],
      through: [
        "/bin/bash", "-c",
        "(echo 6; until [ -e killed ]; do sleep 0.1; done) 2>/dev/null | \"$@\" & "
          + "until compgen -G \"${XDG_STATE_HOME:-$HOME/.local/state}/unknot/running-*.json\" >/dev/null; do sleep 0.1; done; "
          + "kill -KILL $!; touch killed; wait; rm killed", "bash",
      ])
  }

  /// A session of another device is gone on with only when that is said.
  @Test func aSessionIsTakenOver() throws {
    let place = try place()
    try leaveOne(place)
    #expect(try place.objects("a", ["list", "sessions"]).map { $0["status"] as? String } == ["running"])
    try place.run("b", ["init", "--device", "laptop"])
    #expect(try place.carry("a", "b") == 0)
    let refused = try place.run("b", ["start", "--plain"], input: Data())
    #expect(refused.status == 4 && refused.errors.contains("--take-over"))
    let taken = try place.run("b", ["start", "--plain", "--take-over"], input: Data("q\ny\n\n".utf8))
    #expect(taken.status == 0, "\(taken.errors)")
    #expect(taken.errors.contains("going on with the session"))
  }

  /// One that was left is ended without being led on, also where a sign stands in the way; it is asked for signs first otherwise.
  @Test func whatWasLeftIsEnded() throws {
    let place = try place()
    let none = try place.run("a", ["start", "--end"])
    #expect(none.status == 4 && none.errors.contains("no session runs"), "\(none)")
    try leaveOne(place)
    try place.run("a", ["check", "bladder"])
    let refused = try place.run("a", ["start", "--plain"])
    #expect(refused.status == 6 && refused.errors.contains("unknot start --end"), "\(refused)")
    let ended = try place.run("a", ["start", "--end"])
    #expect(ended.status == 0 && ended.output.contains("abandoned"), "\(ended)")
    #expect(try place.objects("a", ["list", "sessions"]).map { $0["status"] as? String } == ["abandoned"])
    #expect(try place.run("a", ["start", "--end"]).status == 4)
    // What only points to a sign is asked about before one goes on.
    try place.run("a", ["check", "none"])
    try leaveOne(place)
    try place.run("a", ["pain", "5", "--tag", "tingle"])
    let told = try place.run("a", ["start", "--plain"], input: Data())
    #expect(
      told.errors.contains("Before you go on, the signs that need a doctor (a rating was tagged tingle"))
  }

  /// Without a terminal that can move its cursor: lines.
  @Test func aDumbTerminalGetsLines() throws {
    let place = try place()
    let screen = try Screen(place, columns: 80)
    try screen.enterFolder()
    try screen.send("export TERM=dumb NO_COLOR=1", "Enter")
    try screen.start("start short")
    try screen.wait(for: "short: 2 steps. Pain now, 0 to 10?")
    try screen.send("6", "Enter")
    try screen.wait(for: "Step 1 of 2: side of the waist, left, wall")
    try screen.send("q", "Enter", "y", "Enter")
    try screen.wait(for: "recorded session")
    try screen.close()
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
        && refused.errors.hasPrefix("error: a safety check found a sign"))
    #expect(try place.objects("a", ["list", "sessions"]).isEmpty)
    #expect(try place.run("a", ["pain", "5"]).status == 0)
  }
}
