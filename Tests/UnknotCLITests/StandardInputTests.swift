import Foundation
import Testing

/// A changeset from standard input: judged as it comes, put aside where it is to be, and waited for no longer than
/// somebody wants.
@Suite struct StandardInputTests {
  private func workplace() throws -> Workplace {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("a", ["pain", "6"])
    try place.run("a", ["sync", "export", "--full", "-o", "all.unknot"])
    return place
  }

  /// Noughts without end after the first bytes of a real file: refused as soon as they make no sense.
  @Test(arguments: [0, 60, 200]) func inputWithoutEnd(length: Int) throws {
    let place = try workplace()
    try place.write(try place.bytes("all.unknot").prefix(length), to: "start")
    let command = "cat start /dev/zero | \"$0\" --journal b.sqlite sync import -; exit ${PIPESTATUS[1]}"
    let outcome = try place.shell(command)
    #expect(outcome.status == 8, "\(outcome.errors)")
    #expect(try place.objects("b", ["list", "pain"]).isEmpty)
  }

  /// It waits for input, and ends on a signal.
  @Test(arguments: ["TERM", "INT", "HUP"]) func aSignalEndsTheWait(signal: String) throws {
    let place = try workplace()
    // That it waits is seen by its temporary file, which has no name any more.
    let command = """
      mkfifo pipe; exec 9<>pipe
      (trap - INT; exec "$0" --journal b.sqlite sync import - <pipe) & program=$!
      until ls -l /proc/$program/fd 2>/dev/null | grep -q 'unknot-.*(deleted)'; do sleep 0.05; done
      kill -\(signal) $program; wait $program; exit $?
      """
    let outcome = try place.shell("set -m; " + command)
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(outcome.errors.contains("interrupted: nothing was changed"))
    #expect(try place.objects("b", ["list", "pain"]).isEmpty)
  }

  @Test func theTemporaryFolderIsTheOneThatIsSaid() throws {
    let place = try workplace()
    let bytes = try place.bytes("all.unknot")
    let missing = try place.run(
      "b", ["sync", "import", "-"], input: bytes, environment: ["TMPDIR": place.path("missing")])
    #expect(missing.status == 1 && missing.errors.contains("no temporary file can be made in"))
    #expect(try place.objects("b", ["list", "pain"]).isEmpty)
    try FileManager.default.createDirectory(atPath: place.path("own"), withIntermediateDirectories: true)
    let taken = try place.run(
      "b", ["sync", "import", "-"], input: bytes, environment: ["TMPDIR": place.path("own")])
    #expect(taken.status == 0, "\(taken.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path("own")).isEmpty)
  }
}

extension Workplace {
  /// Runs bash with the program as `$0`.
  func shell(_ command: String) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", command, Self.program]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ["HOME": folder + "/home", "TZ": "UTC", "LC_ALL": "C", "PATH": "/usr/bin:/bin"]
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
      errors: String(decoding: said, as: UTF8.self))
  }
}
