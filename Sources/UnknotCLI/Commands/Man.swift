import ArgumentParser
import Foundation
import UnknotKit

struct Man: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the manual page.", discussion: "unknot man > unknot.1; man -l unknot.1")
  @OptionGroup var globals: Globals

  func run() throws {
    // The commands' own description of themselves: nothing is written twice.
    guard let help = try JSONSerialization.jsonObject(with: Data(Unknot._dumpHelp().utf8)) as? [String: Any],
      let root = help["command"] as? [String: Any]
    else { return }
    StandardOutput.write(ManPage(root).text)
  }
}

/// `unknot(1)` in the macros of man(7).
private struct ManPage {
  private var lines: [String] = []

  var text: String { lines.map { $0 + "\n" }.joined() }

  init(_ root: [String: Any]) {
    lines = [".TH UNKNOT 1 \"\" \"unknot \(Unknot.configuration.version)\" \"User Commands\"", ".SH NAME"]
    lines.append("unknot \\- \(Self.escaped(Self.lower(root["abstract"] as? String ?? "")))")
    lines += [".SH SYNOPSIS", ".B unknot", "[\\fB\\-\\-journal\\fR \\fIFILE\\fR] \\fICOMMAND\\fR ..."]
    lines += [".SH DESCRIPTION", Self.escaped(Catalogue.disclaimer)]
    lines.append(".SH COMMANDS")
    for command in Self.commands(root) { add(command, path: "unknot") }
    lines += [".SH COMMON OPTIONS"]
    for argument in Self.arguments(root, or: Self.commands(root).first) where Self.isGlobal(argument) {
      add(argument)
    }
    for (name, title) in [
      ("times", "TIMES"), ("durations", "DURATIONS"), ("ids", "IDS"), ("formats", "FORMATS"),
      ("conflicts", "CONFLICTS"), ("sync", "SYNC"), ("safety", "SAFETY"), ("pressing", "PRESSING"),
      ("pitfalls", "PITFALLS"), ("glossary", "GLOSSARY"), ("exit-status", "EXIT STATUS"), ("files", "FILES"),
      ("privacy", "PRIVACY"),
    ] {
      guard let topic = Topics.all.first(where: { $0.name == name }) else { continue }
      lines.append(".SH \(title)")
      for (index, text) in topic.text.enumerated() {
        lines += (index == 0 ? [] : [".PP"]) + [Self.escaped(text)]
      }
    }
    lines += [".SH EXAMPLES"]
    for example in [
      "unknot p 6 low-back/left", "unknot start --surface wall",
      "unknot log --bout ql/left:45s@wall --before 6 --after 4",
      "unknot sync export -o phone.unknot", "unknot sync import phone.unknot",
    ] {
      lines += [".EX", Self.escaped(example), ".EE"]
    }
  }

  private static func commands(_ command: [String: Any]) -> [[String: Any]] {
    (command["subcommands"] as? [[String: Any]] ?? []).filter { $0["commandName"] as? String != "help" }
  }

  private static func arguments(_ command: [String: Any], or other: [String: Any]?) -> [[String: Any]] {
    let own = command["arguments"] as? [[String: Any]] ?? []
    return own.contains(where: isGlobal) ? own : other?["arguments"] as? [[String: Any]] ?? []
  }

  private static func isGlobal(_ argument: [String: Any]) -> Bool {
    ["journal", "format", "color"].contains(argument["valueName"] as? String ?? "")
  }

  private mutating func add(_ command: [String: Any], path: String) {
    let name = command["commandName"] as? String ?? ""
    let below = Self.commands(command)
    guard below.isEmpty else {
      for command in below { add(command, path: "\(path) \(name)") }
      return
    }
    let arguments = (command["arguments"] as? [[String: Any]] ?? []).filter { argument in
      !Self.isGlobal(argument) && !["help", "version"].contains(argument["valueName"] as? String ?? "")
    }
    let positional = arguments.filter { $0["kind"] as? String == "positional" }.map { argument in
      let name = "\\fI\(Self.escaped((argument["valueName"] as? String ?? "").uppercased()))\\fR"
      let repeated = argument["isRepeating"] as? Bool == true ? "\(name) ..." : name
      return argument["isOptional"] as? Bool == true ? "[\(repeated)]" : repeated
    }
    let aliases = (command["aliases"] as? [String] ?? []).map { " (\\fB\($0)\\fR)" }.joined()
    lines += [".SS \(Self.escaped("\(path) \(name)"))\(aliases) \(positional.joined(separator: " "))"]
    lines.append(Self.escaped(command["abstract"] as? String ?? ""))
    if let discussion = command["discussion"] as? String { lines += [".PP", Self.escaped(discussion)] }
    for argument in arguments { add(argument) }
  }

  private mutating func add(_ argument: [String: Any]) {
    let names = (argument["names"] as? [[String: Any]] ?? []).compactMap { name -> String? in
      guard let text = name["name"] as? String else { return nil }
      return "\\fB\(Self.escaped(name["kind"] as? String == "short" ? "-\(text)" : "--\(text)"))\\fR"
    }
    let value = Self.escaped((argument["valueName"] as? String ?? "").uppercased())
    let isFlag = argument["kind"] as? String == "flag"
    let title =
      names.isEmpty ? "\\fI\(value)\\fR" : names.joined(separator: ", ") + (isFlag ? "" : " \\fI\(value)\\fR")
    lines += [".TP", title, Self.escaped(argument["abstract"] as? String ?? "")]
  }

  private static func lower(_ text: String) -> String {
    let trimmed = text.hasSuffix(".") ? String(text.dropLast()) : text
    return trimmed.prefix(1).lowercased() + trimmed.dropFirst()
  }

  /// What roff would act on; a line never begins with a dot or an apostrophe, and is never empty.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.replacingOccurrences(of: "\n", with: " ") {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "~": result += "\\(ti"
      case "^": result += "\\(ha"
      default:
        // Old formatters read bytes.
        for scalar in String(character).unicodeScalars {
          result +=
            scalar.isASCII
            ? String(scalar) : "\\[u\(String(scalar.value, radix: 16, uppercase: true).padded(to: 4))]"
        }
      }
    }
    if result.hasPrefix(".") { result = "\\&" + result }
    return result.isEmpty ? "\\&" : result
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    String(repeating: "0", count: max(0, width - count)) + self
  }
}
