import ArgumentParser
import Foundation
import UnknotKit
import UnknotReport

struct TargetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "target", abstract: "The muscles that the ball is pressed into.",
    subcommands: [Listing.self, Showing.self])

  struct Listing: JournalFreeCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the targets.")
    @Option(
      help: "above, below or local: where they lie, seen from the low back.",
      completion: .list(["above", "below", "local"])) var relation: String?
    @OptionGroup var globals: Globals

    func perform(_ output: Output) throws {
      let words = WordList(name: "relation", words: TargetDescription.Relation.allCases.map(\.rawValue))
      let wanted = try relation.map { text throws(KitError) in try words.check(text) }
      let targets = TargetDescription.all.filter { wanted == nil || $0.relation.rawValue == wanted }
      let planned = wanted == nil ? Catalogue.planned : []
      let columns = ["id", "name", "latin", "area", "relation", "role", "seconds", "status"]
      let items =
        targets.map { target in
          JSONValue.object([
            ("id", .string(target.id)), ("name", .string(target.name)), ("latin", .string(target.latin)),
            ("area", .string(target.area)), ("relation", .string(target.relation.rawValue)),
            ("role", .string(target.role.rawValue)), ("seconds", .integer(Int64(target.defaultSeconds))),
            ("status", .string("active")),
          ])
        }
        + planned.map {
          JSONValue.object([
            ("id", .string($0.id)), ("name", .string($0.name)), ("status", .string("planned")),
          ])
        }
      output.list(items, columns: columns) {
        guard !targets.isEmpty else { return Message.note("nothing found") }
        output.table(
          [
            Table.Column("id"), Table.Column("name", .text), Table.Column("relation"), Table.Column("press"),
          ],
          targets.map {
            [$0.id, $0.name, $0.relation.rawValue, "\($0.defaultSeconds)s"]
          })
        if !planned.isEmpty {
          output.paragraph("Planned: \(planned.map(\.name).joined(separator: ", ")).")
        }
      }
    }
  }

  struct Showing: JournalFreeCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a target and how to reach it.")
    @Argument(help: "Its id, as in glute-med.", completion: Completions.targets) var target: String
    @Option(help: "Only floor or only wall.", completion: Completions.surfaces) var surface: String?
    @OptionGroup var globals: Globals

    func perform(_ output: Output) throws {
      let id = try Catalogue.targets.check(target)
      guard let target = TargetDescription.named(id) else { return }
      let words = WordList(name: "surface of \(id)", words: target.setUps.map(\.surface))
      let wanted = try surface.map { text throws(KitError) in try words.check(text) }
      let setUps = target.setUps.filter { wanted == nil || $0.surface == wanted }
      output.one(json(target, setUps)) { text(target, setUps, output) }
    }

    private func text(_ target: TargetDescription, _ setUps: [SetUp], _ output: Output) {
      output.heading(
        "\(target.id): \(target.name) (\(target.latin)), \(target.relation.rawValue) the low back")
      output.paragraph(target.findIt)
      let felt = target.referrals.map { referral in
        let zone = referral.subZone.map { " (\($0) part)" } ?? ""
        return referral.site + zone + (referral.likelihood == .sometimes ? ", sometimes" : "")
      }
      output.paragraph("Felt in: \(felt.joined(separator: "; ")).")
      if target.role == .indirect {
        output.paragraph(
          "It sends no pain into the low back; but when tight, it hinders the buttock muscles.")
      }
      for setUp in setUps {
        output.heading("On the \(setUp.surface)")
        for (index, step) in setUp.steps.enumerated() { output.paragraph("\(index + 1). \(step)") }
        output.paragraph("Milder: \(setUp.easier) Stronger: \(setUp.harder)")
        output.paragraph("Suits: \(setUp.suits.joined(separator: "; ")).")
        output.paragraph("Avoid if: \(setUp.avoidIf.joined(separator: "; ")).")
      }
      output.heading("Care")
      for caution in target.cautions { output.paragraph("- \(caution)") }
      output.paragraph(
        "- \(target.defaultSeconds) seconds a spot, \(counted(target.spotsPerSide, "spot")) a side, a discomfort of "
          + "\(target.discomfortCap) at most.")
      output.paragraph(Catalogue.disclaimer)
    }

    private func json(_ target: TargetDescription, _ setUps: [SetUp]) -> JSONValue {
      func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
      return .object([
        ("id", .string(target.id)), ("name", .string(target.name)), ("latin", .string(target.latin)),
        ("area", .string(target.area)), ("relation", .string(target.relation.rawValue)),
        ("role", .string(target.role.rawValue)), ("depth", .string(target.depth.rawValue)),
        ("region", .string(target.region)), ("find_it", .string(target.findIt)),
        (
          "referrals",
          .array(
            target.referrals.map {
              .object([
                ("site", .string($0.site)), ("likelihood", .string($0.likelihood.rawValue)),
                ("reach", .string($0.reach.rawValue)), ("sub_zone", $0.subZone.map { .string($0) } ?? .null),
              ])
            })
        ),
        ("cautions", strings(target.cautions)), ("seconds", .integer(Int64(target.defaultSeconds))),
        ("spots_per_side", .integer(Int64(target.spotsPerSide))),
        ("discomfort_cap", .integer(Int64(target.discomfortCap))),
        ("snomed", target.snomed.map { .string($0) } ?? .null), ("status", .string("active")),
        (
          "set_ups",
          .array(
            setUps.map {
              .object([
                ("surface", .string($0.surface)), ("steps", strings($0.steps)),
                ("easier", .string($0.easier)),
                ("harder", .string($0.harder)), ("suits", strings($0.suits)),
                ("avoid_if", strings($0.avoidIf)),
              ])
            })
        ),
      ])
    }
  }
}

struct Suggest: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "What to work on: looks above and below the pain, and learns from what you felt.")
  @Argument(
    help: "SITE[/SIDE]; default: low-back, on the side of its latest rating.",
    completion: Completions.sites) var site: String?
  @Flag(help: "Say why, a line each.") var why = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    try SafetySigns.leadUrgent(context.journal)
    let (site, side, found, left) = try context.journal.suggest(
      try site.map { text throws(KitError) in try context.journal.place(text) })
    let output = context.output
    // Whoever needs care at once is sent to no ball.
    let isEmergency = try context.journal.standingSign()?.tier == .emergency
    let ranked = isEmergency ? [] : found
    if isEmergency { Message.note("note: nothing is suggested until the sign is cleared") }
    output.list(ranked.map(\.json), columns: ["target", "side", "relation", "surface", "score", "reasons"]) {
      guard !ranked.isEmpty else { return }
      if why {
        for (index, suggestion) in ranked.enumerated() {
          output.heading("\(index + 1). \(name(suggestion)), \(suggestion.surface)")
          for reason in suggestion.reasons { output.paragraph("- \(reason)") }
        }
      } else {
        output.table(
          [
            Table.Column("target"), Table.Column("side"), Table.Column("relation"), Table.Column("surface"),
            Table.Column("press"), Table.Column("because", .text),
          ],
          ranked.map {
            [
              $0.target.id, $0.side ?? "", $0.target.relation.rawValue, $0.surface,
              "\($0.target.defaultSeconds)s",
              $0.reasons.first ?? "",
            ]
          }, isWhole: true)
      }
    }
    if !why { for caution in Set(ranked.flatMap(\.cautions)).sorted() { Message.note("note: \(caution)") } }
    for (target, reason) in left { Message.note("note: \(target) is left out: your profile says \(reason)") }
    if ranked.isEmpty, !isEmergency {
      let place = "\(site)\(side.map { "/\($0)" } ?? "")"
      Message.note(
        left.isEmpty
          ? "note: no target is for the \(site)" : "note: nothing is left to press for \(place)")
    }
    if side == nil, !ranked.isEmpty, site == Catalogue.defaultSite {
      Message.note(
        "hint: which side? Stand up and grab what hurts with your hand: left, right or both; then unknot suggest "
          + "\(site)/left")
    }
    if let reason = try context.journal.safetyCheckReason() {
      Message.note("hint: unknot check asks for the signs that need a doctor; \(reason)")
    }
  }

  private func name(_ suggestion: Suggestion) -> String {
    suggestion.target.id + (suggestion.side.map { "/\($0)" } ?? "")
  }
}

struct Check: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "The signs that need a doctor; without --answer a terminal asks for them, and else they are shown.")
  @Option(help: "The word of a sign you have; repeatable; or none.", completion: Completions.signs)
  var answer: [String] = []
  @Argument(help: "The same without --answer: fever, or none.", completion: Completions.signs)
  var words: [String] = []
  @Flag(
    inversion: .prefixedNo, help: "With --answer none: whether a doctor has examined the sign that was there."
  )
  var examined: Bool?
  @OptionGroup var globals: Globals

  /// The signs are there to be read whatever has become of the journal.
  func run() throws {
    guard !answer.isEmpty || !words.isEmpty || asks else { return show(Output(globals)) }
    try perform(try Context(globals))
  }

  /// Somebody is there who can answer, and has a journal.
  private var asks: Bool {
    guard globals.format == .table, isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1,
      let path = try? Context.path(globals.journal)
    else { return false }
    return FileManager.default.fileExists(atPath: path)
  }

  func perform(_ context: Context) throws {
    let standing = try context.journal.standingSign()
    var (answer, examined) = (answer + words, examined)
    if answer.isEmpty {
      answer = try SafetySigns.ask(SafetyChecklist.Tier.allCases).map(\.id)
      if answer.isEmpty { answer = ["none"] } else { examined = nil }
      let hasStood = try standing != nil || context.journal.unexaminedSign() != nil
      if answer == ["none"], hasStood, examined == nil {
        examined = try YesOrNo.ask("Has a doctor examined the sign that was there?")
      }
    }
    answer = Self.joined(answer)
    let none = answer.count == 1 && Self.isNone(answer[0])
    if !none, answer.contains(where: Self.isNone) {
      throw KitError(
        .usage, "none is an answer by itself", hint: "write --answer none, or the signs that are there")
    }
    let (written, outcome) = try context.journal.recordCheck(none ? [] : answer, examined: examined)
    RecordText(context).written("recorded", written)
    guard let outcome else {
      if try context.journal.unexaminedSign() != nil {
        Message.note("none of the signs now. \(Catalogue.disclaimer)")
        return try SafetySigns.tellUnexamined(context.journal)
      }
      return Message.note(
        "none of the signs: nothing here is a reason not to work gently. \(Catalogue.disclaimer)")
    }
    guard outcome == .emergency else {
      if let standing, standing.tier == .emergency || outcome == .routine {
        Message.note(SafetySigns.words(standing, now: context.journal.now))
      }
      return Message.note("\(outcome.rawValue): \(outcome.advice) \(Catalogue.disclaimer)")
    }
    throw KitError(
      .safetyStop, "\(outcome.advice)",
      hint: "unknot start is refused until a new check clears it; you can still log")
  }

  private static func isNone(_ word: String) -> Bool {
    ["none", "no", "nothing"].contains(word.lowercased())
  }

  /// `weight loss` is one sign.
  private static func joined(_ words: [String]) -> [String] {
    let signs = SafetyChecklist.current.items.map(\.id)
    let whole = words.joined(separator: "-").lowercased()
    return words.count > 1 && signs.contains(whole) ? [whole] : words
  }

  private func show(_ output: Output) {
    let checklist = SafetyChecklist.current
    let items = checklist.items.map {
      JSONValue.object([
        ("id", .string($0.id)), ("tier", .string($0.tier.rawValue)), ("text", .string($0.text)),
        ("version", .integer(Int64(checklist.version))),
      ])
    }
    output.list(items) {
      // On a screen, what is most urgent stands last: the first lines may have gone by then.
      let tiers = SafetyChecklist.Tier.allCases
      for tier in output.isOnTerminal ? tiers.reversed() : tiers {
        output.heading("\(tier.rawValue.uppercased()): \(tier.advice)")
        for item in checklist.items where item.tier == tier { output.paragraph("- \(item.id): \(item.text)") }
      }
      output.paragraph(
        "unknot check --answer WORD records that a sign is there, --answer none that none is. The answers themselves "
          + "are kept only if your profile says store_safety_answers=yes. \(Catalogue.disclaimer)")
    }
  }
}
