/// The log as HL7 FHIR R4: a Bundle of resources, one after the other.
///
/// Ratings and PEG are Observations with LOINC codes, sessions Procedures, episodes Conditions. Codes are those that
/// `FHIRCode` lists; what has no confirmed code is text. LOINC answer codes are not used, since "2" stands for "2 or
/// more" there: scores are quantities.
public struct FHIRBundle: Sendable {
  private let base = "https://unknot.invalid/fhir"
  private let timestamp: Moment
  private let isMadeUp: Bool

  /// - Parameters:
  ///   - timestamp: when the bundle was made.
  ///   - isMadeUp: everything in it is made up: each resource is tagged as HL7 tags test data, HTEST.
  public init(timestamp: Moment, isMadeUp: Bool = false) {
    self.timestamp = timestamp
    self.isMadeUp = isMadeUp
  }

  /// What comes before the entries.
  public var head: String {
    """
    {"resourceType":"Bundle",\(isMadeUp ? "\"meta\":\(Self.testData.compact)," : "")"type":"collection","timestamp":"\(timestamp.rfc3339)","entry":[
    \(entry("Patient", "person", []))
    """
  }

  /// What comes after the entries.
  public static let tail = "\n]}\n"

  /// The entry of a record, of a session with its bouts; nil: it has none.
  public func entry(_ exported: ExportedRecord) -> String? {
    let record = exported.record
    switch exported.type {
    case .pain: return rating(record)
    case .assessment:
      return switch record[.kind].text {
      case "peg": peg(record)
      case "activity": activity(record)
      default: nil
      }
    case .episode: return episode(record)
    case .factor: return factor(record)
    case .session: return session(record)
    default: return nil
    }
  }

  // MARK: Resources

  private typealias Members = [(key: String, value: JSONValue)]

  private func entry(_ type: String, _ id: String, _ members: Members) -> String {
    JSONValue.object([
      ("fullUrl", .string("\(base)/\(type)/\(id)")),
      (
        "resource",
        .object(
          [("resourceType", .string(type)), ("id", .string(id))] + (isMadeUp ? [("meta", Self.testData)] : [])
            + members)
      ),
    ]).compact
  }

  private static let testData = JSONValue.object([
    (
      "tag",
      .array([
        .object([
          ("system", .string("http://terminology.hl7.org/CodeSystem/v3-ActReason")),
          ("code", .string("HTEST")),
          ("display", .string("test health data")),
        ])
      ])
    )
  ])

  private static let person = JSONValue.object([("reference", .string("Patient/person"))])
  private let subject: (key: String, value: JSONValue) = ("subject", person)

  private func observation(_ record: JournalRecord, _ code: JSONValue, _ members: Members) -> String {
    var all: Members = [("status", .string("final"))]
    all.append(
      (
        "category",
        .array([
          FHIRCode(
            system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "survey",
            display: "Survey"
          ).concept(nil)
        ])
      ))
    all += [("code", code), subject]
    if let at = record[.at].moment { all.append(("effectiveDateTime", .string(at.rfc3339))) }
    // Whose word it is: readers of the Symptoms guide ask for one, and nobody else rates here.
    all.append(("performer", .array([Self.person])))
    all += members
    if let note = record[.note].text { all.append(Self.note(note)) }
    return entry("Observation", record.id, all)
  }

  private static func note(_ text: String) -> (key: String, value: JSONValue) {
    ("note", .array([.object([("text", .string(text))])]))
  }

  private static func score(_ value: JSONValue) -> JSONValue {
    .object([
      ("value", value), ("unit", .string("{score}")), ("system", .string("http://unitsofmeasure.org")),
      ("code", .string("{score}")),
    ])
  }

  private func rating(_ record: JournalRecord) -> String? {
    let isVisual = record[.scale].text == "vas100"
    guard let score = isVisual ? record[.score].value.number(in: 0...100) : record[.score].rating else {
      return nil
    }
    let aspect = record[.aspect].text.flatMap { $0 == "now" ? nil : $0 }
    // The codes are of a pain severity; which pain is said in words. One of 0 to 100 has neither of them: who asks for
    // a code would take its 40 for more than another's 10.
    let code =
      if isVisual {
        FHIRCode.text("Pain, visual analogue scale, 0–100 mm")
      } else if record[.context].text == Catalogue.pastWeek {
        // Another question than how it is now: that of the PEG.
        FHIRCode.pegPain.concept("Pain 0–10, on average over the past week")
      } else {
        FHIRCode.concept(
          [.painSeverity, .painReported], aspect.map { "Pain 0–10, \($0)" } ?? "Pain 0–10")
      }
    var members: Members = []
    if let site = record[.site].text {
      members.append(("bodySite", FHIRCode.site(site, record[.side].text)))
    }
    members.append(("valueQuantity", Self.score(.integer(score))))
    return observation(record, code, members)
  }

  private func activity(_ record: JournalRecord) -> String? {
    record[.activity].rating.map {
      observation(
        record, FHIRCode.pegActivity.concept("Interference with general activity over the past week"),
        [("valueQuantity", Self.score(.integer($0)))])
    }
  }

  private func peg(_ record: JournalRecord) -> String? {
    let items = [FieldKey.pain, .enjoyment, .activity].compactMap { record[$0].rating }
    guard items.count == 3 else { return nil }
    let sum = items.reduce(0, +)
    let codes = [
      FHIRCode.pegPain.concept("PEG: pain on average in the past week"),
      FHIRCode.pegEnjoyment.concept("PEG: interference with enjoyment of life"),
      FHIRCode.pegActivity.concept("PEG: interference with general activity"),
    ]
    let components = zip(codes, items).map { code, item in
      JSONValue.object([("code", code), ("valueQuantity", Self.score(.integer(item)))])
    }
    return observation(
      record, FHIRCode.pegMean.concept("PEG: mean of the three"),
      [
        ("valueQuantity", Self.score(.decimal(tenths(sum * 10, by: 3)))),
        ("component", .array(components)),
      ])
  }

  private func factor(_ record: JournalRecord) -> String {
    var words = record[.kind].text ?? "other"
    if let label = record[.label].text { words += " (\(label))" }
    let amount = record[.amount].text.map { amount in
      JSONValue.string(record[.unit].text.map { "\(amount) \($0)" } ?? amount)
    }
    return observation(
      record, FHIRCode.text("Also done: \(words)"), [("valueString", amount ?? .string("done"))])
  }

  private func episode(_ record: JournalRecord) -> String {
    let isOver = !record[.endedAt].isEmpty
    var members: Members = [
      (
        "clinicalStatus",
        FHIRCode(
          system: "http://terminology.hl7.org/CodeSystem/condition-clinical",
          code: isOver ? "resolved" : "active", display: isOver ? "Resolved" : "Active"
        ).concept(nil)
      ),
      ("code", FHIRCode.text("Episode of back pain, as reported by the person")),
    ]
    if let site = record[.site].text {
      members.append(("bodySite", .array([FHIRCode.site(site, record[.side].text)])))
    }
    members.append(subject)
    if let onset = record[.onset].moment { members.append(("onsetDateTime", .string(onset.rfc3339))) }
    if let end = record[.endedAt].moment { members.append(("abatementDateTime", .string(end.rfc3339))) }
    let words = [record[.trigger].text.map { "Trigger: \($0)" }, record[.note].text].compactMap { $0 }
    if !words.isEmpty { members.append(Self.note(words.joined(separator: ". "))) }
    return entry("Condition", record.id, members)
  }

  private func session(_ record: JournalRecord) -> String {
    let bouts = record.children
    let status =
      switch record[.status].text {
      case SessionStatus.abandoned.rawValue, SessionStatus.partial.rawValue: "stopped"
      default: "completed"
      }
    var members: Members = [
      ("status", .string(status)), ("code", FHIRCode.text("Self-massage with a ball")), subject,
    ]
    if let start = record[.startedAt].moment {
      var period: Members = [("start", .string(start.rfc3339))]
      if let end = record[.endedAt].moment, end.milliseconds >= start.milliseconds {
        period.append(("end", .string(end.rfc3339)))
      }
      members.append(("performedPeriod", .object(period)))
    }
    // They do it to themselves, and write it down.
    members.append(("recorder", Self.person))
    members.append(("performer", .array([.object([("actor", Self.person)])])))
    var seen: [JSONValue] = []
    for bout in bouts {
      guard let target = bout[.target].text else { continue }
      let site = FHIRCode.target(target, bout[.side].text)
      if !seen.contains(site) { seen.append(site) }
    }
    if !seen.isEmpty { members.append(("bodySite", .array(seen))) }
    var words = bouts.map { bout in
      let place = [bout[.target].text, bout[.side].text, bout[.surface].text].compactMap { $0 }
      return "\(place.joined(separator: " ")) \(bout[.seconds].integer ?? 0) s"
    }
    if let note = record[.note].text { words.append(note) }
    if !words.isEmpty { members.append(Self.note(words.joined(separator: "; "))) }
    return entry("Procedure", record.id, members)
  }
}
