import Foundation
import UnknotKit

/// One record: what it says, how it came to be, and a form to change it as of what was shown.
enum OneRecordPage {
  static func page(_ id: String, _ desk: Desk) throws -> Page {
    let journal = desk.journal
    let form = try journal.form()
    let record = try journal.show(id)
    let history = try journal.history(id)
    let fields = record.fields.filter { !$0.value.isEmpty && $0.name != "order" }
    let (main, other) = (
      fields.filter { !bookkeeping.contains($0.name) }, fields.filter { bookkeeping.contains($0.name) }
    )
    return Page(
      record.type.capitalized, here: .journal,
      """
      <p><strong>\(record.summary(now: desk.now).here(desk.now))</strong>\(record.isPresent ? "" : " (removed)")</p>
      \(try ratings(record, desk))
      <table class="facts"><tbody>\(rows(main, desk))
      <tr><th scope="row">recorded</th><td>\(record.recordedAt.readable(now: desk.now).here(desk.now)), \(record.device)\(record.isBackfilled ? ", from memory" : "")</td></tr></tbody></table>
      \(record.children.isEmpty ? "" : "<h2>In it</h2><ul class=\"records\">\(record.children.html { Parts.record($0, desk.now) })</ul>" as HTML)
      \(tags(record))
      \(try change(record, form))
      <details><summary>History</summary>\(other.isEmpty ? .nothing : "<table class=\"facts\"><tbody>\(rows(other, desk))</tbody></table>" as HTML)<ol>\(history.html { item in
        """
        <li>\(item.action), \(item.device), \(item.recordedAt.readable(now: desk.now).here(desk.now))\(item.fields.isEmpty ? "" : ": ")\
        \(item.fields.map { "\($0.name) \($0.value.readable(now: desk.now).here(desk.now))" }.joined(separator: ", "))</li>
        """
      })</ol></details>
      """)
  }

  /// What the program notes for itself.
  private static let bookkeeping: Set<String> = [
    "precision", "source", "local_day", "guide", "origin", "first_recorded_at", "merged", "plan", "slot",
    "episode", "session",
  ]

  private static func rows(_ fields: [(name: String, value: FieldValue)], _ desk: Desk) -> [HTML] {
    fields.html { field in
      """
      <tr><th scope="row">\(field.name.replacing("_", with: " "))</th><td class="text">\(field.value.readable(now: desk.now).here(desk.now))</td></tr>
      """
    }
  }

  /// What a session did: the pain before and after it.
  private static func ratings(_ record: JournalRecord, _ desk: Desk) throws -> HTML {
    guard record.type == "session", let start = record[.startedAt].moment else { return .nothing }
    // Of one of years ago, too: what came since is not gone through.
    func moment(_ hours: Int64, from moment: Moment) -> TimeBound {
      .moment(
        Moment(milliseconds: moment.milliseconds + hours * 3_600_000, offsetMinutes: moment.offsetMinutes))
    }
    let end = record[.endedAt].moment ?? start
    let around = try desk.journal.list(
      "pain", ListFilter(since: moment(-1, from: start), until: moment(24, from: end), limit: 100)
    ).filter { $0.value(named: "session")?.json == .string(record.id) }
    let scores = ["before", "after"].map { context in
      around.first { $0[.context].text == context }?[.score].integer.map { "\($0)" }
    }
    guard let before = scores[0], let after = scores[1] else { return .nothing }
    return "<p class=\"value\">Pain \(before) before, \(after) after.</p>"
  }

  private static func tags(_ record: JournalRecord) -> HTML {
    guard record.isPresent, RecordType(listed: record.type)?.field(FieldKey.tags.rawValue) != nil else {
      return .nothing
    }
    return """
      <div class="row">\(record[.tags].keys.html { Parts.button("\($0) ×", to: "/record/\(record.id)/untag", [("tag", $0)], about: "take the tag away") })\
      <details><summary>Add a tag</summary><form method="post" action="/record/\(record.id)/tag">\(Parts.input("tag", "Tag", hint: "garden", isRequired: true))<button>Add it</button></form></details></div>
      """
  }

  private static func change(_ record: JournalRecord, _ form: Form) throws -> HTML {
    guard record.isPresent else { return Parts.button("Put it back", to: "/record/\(record.id)/restore") }
    guard let type = RecordType(listed: record.type) else { return .nothing }
    let editable = type.fields.filter { field in
      guard field.isEditable else { return false }
      switch field.kind {
      case .set, .map, .reference: return false
      default: return true
      }
    }
    let sets = type.fields.compactMap { field -> (field: FieldDescription, words: [String])? in
      guard field.isEditable, case .set(let list?) = field.kind else { return nil }
      return (field, list.words)
    }
    let form = try JSONEncoder().encode(form)
    return """
      <details><summary>Change it</summary><form method="post" action="/record/\(record.id)/edit">
      <input type="hidden" name="form" value="\(String(decoding: form, as: UTF8.self))">
      \(editable.html { field in
        let value = text(record[field.key])
        return """
          <input type="hidden" name="was.\(field.name)" value="\(exactly: value)">\(input(field, value))
          """
      })\(sets.html { ticks($0.field, $0.words, record[$0.field.key].keys) })<button class="main">Save</button></form></details>
      <div class="row">\(Parts.button("Remove it", to: "/record/\(record.id)/remove"))</div>
      """
  }

  /// Words of a set, each there or not.
  ///
  /// - Parameter chosen: those that are no words of this program's were written by a newer one, and stay.
  static func ticks(_ field: FieldDescription, _ words: [String], _ chosen: [String]) -> HTML {
    let boxes = (words + chosen.filter { !words.contains($0) }).html { word in
      """
      <label class="tick"><input type="checkbox" name="set.\(field.name)" value="\(word)"\("checked", if: chosen.contains(word))>\(word.replacing("-", with: " "))</label>
      """
    }
    return """
      <fieldset><legend>\(field.name.replacing("_", with: " "))</legend>\(Parts.fields([("set", field.name)] + chosen.map { ("was.\(field.name)", $0) }))
      <div class="ticks">\(boxes)</div></fieldset>
      """
  }

  /// What of the sets was ticked, or is ticked no more, since the form was shown.
  private static func changes(ofSets request: Request) -> [String] {
    request.all("set").flatMap { name in
      let (was, wanted) = (Set(request.all("was.\(name)")), Set(request.all("set.\(name)")))
      return wanted.subtracting(was).sorted().map { "\(name)/\($0)=yes" }
        + was.subtracting(wanted).sorted().map { "\(name)/\($0)=no" }
    }
  }

  /// As `edit` takes it.
  private static func text(_ value: FieldValue) -> String {
    if let moment = value.moment { return String(moment.rfc3339.prefix(16)) }
    return switch value.json {
    case .null: ""
    case .bool(let isTrue): isTrue ? "yes" : "no"
    default: value.json.plain
    }
  }

  private static func input(_ field: FieldDescription, _ value: String) -> HTML {
    let label = field.name.replacing("_", with: " ")
    switch field.kind {
    case .word(let list):
      return Parts.choice(
        "field.\(field.name)", label, (field.isRequired ? [] : [("", "–")]) + list.words.map { ($0, $0) },
        chosen: value)
    case .flag:
      return Parts.choice(
        "field.\(field.name)", label, [("", "–"), ("yes", "yes"), ("no", "no")], chosen: value)
    case .time:
      return """
        <label>\(label)<input type="datetime-local" name="field.\(field.name)" value="\(exactly: value)"></label>
        """
    case .text: return Parts.text("field.\(field.name)", label, value: value)
    default: return Parts.input("field.\(field.name)", label, value: value)
    }
  }

  static func change(_ id: String, _ what: String, _ request: Request, _ desk: Desk) throws -> Response {
    let journal = desk.journal
    switch what {
    case "remove": return .wrote("/journal", "Removed", try journal.remove([id]), desk)
    case "tag", "untag":
      let tag = request["tag"] ?? ""
      return .wrote(
        "/record/\(id)", what == "tag" ? "Tagged" : "Tag taken away",
        try journal.tag(id, [(what == "tag" ? "+" : "-") + tag]), desk)
    case "restore": return .wrote("/record/\(id)", "Back again", try journal.restore([id]), desk)
    case "edit":
      // As of what was shown: what was imported since is not overwritten, but in conflict with this.
      guard let form = request.form else {
        throw KitError(.usage, "it is unknown what this form showed", hint: "open the record again")
      }
      let fields = request.allFields
      let assignments =
        fields.compactMap { field -> String? in
          guard field.name.hasPrefix("field.") else { return nil }
          let name = String(field.name.dropFirst(6))
          let was = fields.first { $0.name == "was.\(name)" }?.value ?? ""
          guard field.value != was else { return nil }
          let isTime = if case .time? = desk.type(of: id)?.field(name)?.kind { true } else { false }
          return "\(name)=\(isTime ? field.value.replacing("T", with: " ") : field.value)"
        } + changes(ofSets: request)
      guard !assignments.isEmpty else { return .go("/record/\(id)", Said.words("Nothing was changed.")) }
      return .wrote(
        "/record/\(id)", "Changed", try journal.edit(id, assignments, asOf: form), desk)
    default: throw NotThere(words: "There is no such page.")
    }
  }
}
