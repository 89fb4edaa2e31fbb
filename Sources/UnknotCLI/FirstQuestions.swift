import Foundation
import UnknotKit
import UnknotPlatform

/// What is asked of somebody who is new, at a terminal and as long as nothing is recorded: each can be passed over by Enter.
enum FirstQuestions {
  static func ask(_ journal: Journal) throws {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, try journal.profileRecord() == nil,
      try Journal.listable.allSatisfy({ try journal.list($0, ListFilter(limit: 1)).isEmpty })
    else { return }
    Message.note("Two questions; press Enter to skip one. unknot profile changes the answers.")
    var answers: [String] = []
    if let place = answer(
      "Where does it mostly hurt? (lower back right, neck, …) ",
      examples: "Places: \(Catalogue.siteDescriptions.map(\.name).joined(separator: ", ")).",
      { try journal.place($0) })
    {
      answers.append("site=\(place.place)")
      if let side = place.side { answers.append("side=\(side)") }
    }
    if let isFine = answer("Can you get down to the floor and up again? (y or n) ", yesOrNo) {
      answers.append("floor_ok=\(isFine ? "yes" : "no")")
    }
    if !answers.isEmpty { _ = try journal.editProfile(answers) }
  }

  private static func yesOrNo(_ text: String) throws(KitError) -> Bool {
    switch text.lowercased() {
    case "y", "yes": true
    case "n", "no": false
    default: throw KitError(.invalidValue, "\(text) is neither y nor n")
    }
  }

  /// Nil: it was passed over. What is not understood is asked again.
  private static func answer<T>(
    _ question: String, examples: String = "", _ read: (String) throws -> T
  ) -> T? {
    while true {
      FileHandle.standardError.write(Data(question.utf8))
      guard let line = readLine(), line.contains(where: { !$0.isWhitespace }) else { return nil }
      do {
        return try read(line)
      } catch {
        Message.note("\((error as? KitError)?.message ?? "\(error)"). \(examples) Enter skips it.")
      }
    }
  }
}
