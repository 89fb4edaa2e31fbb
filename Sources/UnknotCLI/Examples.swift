/// How commands that need something are written: an example or two for each of them, for whoever has left it out.
enum Examples {
  /// By the words that the command begins with.
  static let all: [String: [String]] = [
    "init": ["--device laptop"],
    "pain": ["5", "5 hip left --at 18:00"],
    "checkin": ["4", "--week 4 3"],
    "peg": ["4 3 5"],
    "factor": ["walk 30m", "medication 400mg --label ibuprofen"],
    "routine new": ["evening --step ql:45s"],
    "routine show": ["quick"],
    "routine rename": ["evening night"],
    "routine add": ["evening ql/left:45s"],
    "routine move": ["evening 2 --first"],
    "routine edit": ["evening 2 duration=60s"],
    "routine remove": ["evening 2"],
    "routine delete": ["evening"],
    "plan set": ["course", "maintenance --slot am=mon-fri"],
    "plan trial": ["wall floor"],
    "report": ["week", "clinician -o page.html"],
    "target show": ["ql"],
    "spot add": ["ql/left landmark=above-the-hip-bone"],
    "spot retire": ["12"],
    "ball add": ["red firmness=firm"],
    "ball retire": ["12"],
    "edit": ["12 score=4"],
    "show": ["12"],
    "rm": ["12"],
    "restore": ["12"],
    "history": ["12"],
    "resolve": ["12 score --value 4"],
    "sync import": ["laptop.unknot"],
    "sync inspect": ["laptop.unknot"],
    "sync retire": ["laptop"],
    "sync folder set": ["~/Sync/unknot"],
    "export": ["csv -o unknot-csv"],
    "import": ["table.csv --dry-run"],
    "demo": ["demo.sqlite"],
    "restore-backup": ["journal-2026-05-14.sqlite"],
    "rescue": ["damaged.sqlite -o new.sqlite"],
    "completion": ["bash"],
  ]

  /// What the parser says of something that is left out, in plain words; nil: it is about something else.
  static func missing(_ message: String, _ path: [String]) -> (message: String, hint: String)? {
    let command = path.joined(separator: " ")
    guard let place = ["Missing expected argument '", "Missing value for '"].first(where: message.hasPrefix),
      let end = message.lastIndex(of: "'"), !command.isEmpty
    else { return nil }
    let name = message[message.index(message.startIndex, offsetBy: place.count)..<end]
    // `--site <site>` as `--site SITE`
    let words = name.split(separator: " ").filter { $0 != "..." }.map { word in
      word.hasPrefix("<") ? word.dropFirst().dropLast().uppercased() : String(word)
    }
    return (
      "unknot \(command) needs \(words.joined(separator: " "))",
      (all[command] ?? []).map { "unknot \(command) \($0)" }.joined(separator: ", or ").asExample
        + "unknot help \(command) shows all of it"
    )
  }
}

extension String {
  fileprivate var asExample: String { isEmpty ? "" : "as in \(self); " }
}
