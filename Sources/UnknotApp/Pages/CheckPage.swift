import UnknotKit

/// The signs that need a doctor: the most urgent first.
enum CheckPage {
  static func page(_ desk: Desk) throws -> Page {
    let checklist = SafetyChecklist.current
    let tiers = SafetyChecklist.Tier.allCases.html { tier in
      """
      <fieldset class="tier \(tier.rawValue)"><legend>\(tier.advice)</legend>
      \(checklist.items.filter { $0.tier == tier }.html { item in
        "<label class=\"tick\"><input type=\"checkbox\" name=\"sign\" value=\"\(item.id)\">\(item.text)</label>"
      })</fieldset>
      """
    }
    return Page(
      "Safety check", here: .more, live: nil,
      """
      \(try Parts.signs(desk.journal))
      <p>Tick what you have. Nothing is sent anywhere.</p>
      <form method="post" action="/check">\(tiers)
      <label class="tick"><input type="checkbox" name="none" value="yes">None of these signs</label>
      \(try examined(desk.journal))<button class="main">Record</button></form>
      """)
  }

  /// Asked where a sign stands: whoever reads the clinician's page wants to know it.
  private static func examined(_ journal: Journal) throws -> HTML {
    guard try journal.standingSign() != nil || journal.unexaminedSign() != nil else { return .nothing }
    return """
      <fieldset><legend>If none is there any more: has a doctor examined it?</legend>
      <label class="tick"><input type="radio" name="examined" value="yes">Yes</label>
      <label class="tick"><input type="radio" name="examined" value="no">No</label></fieldset>
      """
  }

  static func answer(_ request: Request, _ desk: Desk) throws -> Response {
    let signs = request.all("sign")
    guard signs.isEmpty == (request["none"] == "yes") else {
      throw KitError(
        .usage, signs.isEmpty ? "nothing is ticked" : "a sign is ticked, and that there is none",
        hint: "tick the signs that you have, or “None of these signs”")
    }
    let before = try desk.journal.standingSign()
    let examined = request["examined"].flatMap { $0 == "yes" ? true : $0 == "no" ? false : nil }
    let (_, outcome) = try desk.journal.recordCheck(signs, examined: signs.isEmpty ? examined : nil)
    if let outcome { return .go("/", Said.words("Recorded. \(outcome.advice)")) }
    return .go(
      "/",
      Said.words(
        examined == true
          ? "None of the signs now. That a doctor has examined it is recorded."
          : before.map {
            "None of the signs now. A check before found one: \($0.tier.advice) That still holds if nobody has examined it since."
          } ?? "None of the signs: nothing here is a reason not to work gently."))
  }
}
