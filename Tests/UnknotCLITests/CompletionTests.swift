import Foundation
import Testing

/// What a shell completes, and what help says besides the commands.
@Suite struct CompletionTests {
  private func complete(_ place: Workplace, _ words: [String]) throws -> [String] {
    let script = """
      source ./completion.bash
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
      _unknot unknot "${@: -1}" "${@: -2:1}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    try place.write(Data(script.utf8), to: "complete.sh")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["complete.sh"] + words
    process.currentDirectoryURL = URL(fileURLWithPath: place.folder)
    process.environment = [
      "HOME": place.folder + "/home", "UNKNOT_JOURNAL": place.path("a.sqlite"),
      "PATH": (Workplace.program as NSString).deletingLastPathComponent + ":/usr/bin:/bin",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.split(separator: "\n").map(String.init)
  }

  @Test func bashCompletesWhatIsThere() throws {
    let place = try Workplace()
    let script = try place.run("a", ["completion", "bash"])
    #expect(script.status == 0)
    try place.write(Data(script.output.utf8), to: "completion.bash")
    // Without a journal there is nothing to look up, and none is made.
    #expect(try complete(place, ["unknot", "show", ""]).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: place.path("a.sqlite")))
    try place.run("a", ["routine", "new", "My evening", "--step", "ql/left:45s"])
    let id = try #require(try place.objects("a", ["list", "routines"])[0]["id"] as? String)
    #expect(try complete(place, ["unknot", "show", ""]).contains("\(id.prefix(4))-1"))
    #expect(try complete(place, ["unknot", "routine", "show", ""]).contains("My evening"))
    #expect(try complete(place, ["unknot", "routine", "show", "qu"]) == ["quick"])
    #expect(try complete(place, ["unknot", "edit", "\(id.prefix(4))-1", "na"]) == ["name="])
    #expect(try complete(place, ["unknot", "help", "sy"]) == ["sync"])
    #expect(try complete(place, ["unknot", "help", "pit"]) == ["pitfalls"])
    #expect(try complete(place, ["unknot", "edit", "\(id.prefix(4))-1", "first_"]).isEmpty)
    // There is nothing to decide.
    #expect(try complete(place, ["unknot", "resolve", ""]).isEmpty)
    #expect(
      try complete(place, ["unknot", "target", "show", "gl"]) == ["glute-max", "glute-med", "glute-min"])
    #expect(try complete(place, ["unknot", "plan", "set", "c"]) == ["course"])
    for shell in ["zsh", "fish"] {
      #expect(try place.run("a", ["completion", shell]).output.contains("pitfalls"))
    }
    #expect(try place.run("a", ["completion", "tcsh"]).status == 4)
  }

  /// The manual page names every command, in bytes that any formatter reads.
  @Test func theManualIsWhole() throws {
    let place = try Workplace()
    let page = try place.run(nil, ["man"]).output
    #expect(page.hasPrefix(".TH UNKNOT 1 ") && page.utf8.allSatisfy { $0 < 0x80 })
    let macros = [".TH", ".SH", ".SS", ".PP", ".TP", ".EX", ".EE", ".B"]
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      #expect(!line.isEmpty && !line.hasPrefix("'"))
      if line.hasPrefix(".") {
        #expect(macros.contains { line == $0 || line.hasPrefix("\($0) ") }, "\(line)")
      }
    }
    for command in ["start", "log", "pain", "plan set", "sync import", "dupes merge", "completion"] {
      #expect(page.contains(".SS unknot \(command)"), "\(command)")
    }
    for section in ["EXIT STATUS", "FILES", "EXAMPLES"] { #expect(page.contains(".SH \(section)\n")) }
  }

  /// Help is given on any width, also one on which it does not fit.
  @Test(arguments: ["0", "1", "20", "30", "40", "59", "1000", "-5", "x"]) func helpFitsAnyTerminal(
    columns: String
  ) throws {
    let place = try Workplace()
    for arguments in [["routine"], ["plan", "--help"], ["help"], ["help", "log"], ["help", "times"]] {
      #expect(try place.run(nil, arguments, environment: ["COLUMNS": columns]).status == 0, "\(arguments)")
    }
  }

  @Test func helpHasTopics() throws {
    let place = try Workplace()
    let all = try place.run(nil, ["help"])
    for topic in ["times", "pitfalls", "glossary", "safety", "exit-status"] {
      #expect(all.output.contains(topic))
      let help = try place.run(nil, ["help", topic], environment: ["COLUMNS": "40"])
      #expect(help.status == 0 && help.errors.isEmpty)
      for line in help.output.split(separator: "\n") {
        // A word that is longer than the line stays whole.
        #expect(line.count <= 40 || !line.dropFirst(2).contains(" "), "\(line)")
      }
    }
    #expect(try place.run(nil, ["help", "pitfals"]).errors.contains("did you mean unknot help pitfalls?"))
    #expect(try place.run(nil, ["help", "pain"]).output.contains("USAGE: unknot pain"))
    #expect(try place.run("a", ["p", "5"]).output.hasPrefix("recorded pain 5"))
    #expect(!FileManager.default.fileExists(atPath: place.folder + "/data"))
  }
}
