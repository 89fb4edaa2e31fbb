import UnknotEngine

/// A concept of a code system. Never a key of anything here: texts stand beside all of them.
///
/// LOINC codes © Regenstrief Institute, used under its licence. SNOMED CT codes are of body structures; for the
/// quadratus lumborum and the tensor fasciae latae none could be confirmed, and they are text.
struct FHIRCode: Hashable {
  let system: String
  let code: String
  let display: String?

  private static func loinc(_ code: String, _ display: String? = nil) -> FHIRCode {
    FHIRCode(system: "http://loinc.org", code: code, display: display)
  }

  private static func snomed(_ code: String) -> FHIRCode {
    FHIRCode(system: "http://snomed.info/sct", code: code, display: nil)
  }

  static let painSeverity = loinc(
    "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
  /// Of any scale: known to readers that do not know this one.
  static let painReported = loinc("38208-5", "Pain severity - Reported")
  // Their names in LOINC are not confirmed: texts stand in their place.
  static let pegPain = loinc("75893-8")
  static let pegEnjoyment = loinc("91145-3")
  static let pegActivity = loinc("91146-1")
  static let pegMean = loinc("91147-9")

  private static let lowerBack = snomed("37822005")
  private static let lowerBackLeft = snomed("1017210004")
  private static let lowerBackRight = snomed("1017211000")

  private static let targets: [String: [FHIRCode]] = [
    "erector-mid": [snomed("44947003"), snomed("88340001")],
    "glute-max": [snomed("206007")], "glute-med": [snomed("78333006")], "glute-min": [snomed("75297007")],
  ]

  func concept(_ text: String?) -> JSONValue { Self.concept([self], text) }

  static func text(_ words: String) -> JSONValue { concept([], words) }

  static func concept(_ codes: [FHIRCode], _ text: String?) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = []
    if !codes.isEmpty {
      members.append(
        (
          "coding",
          .array(
            codes.map { code in
              var coding: [(key: String, value: JSONValue)] = [
                ("system", .string(code.system)), ("code", .string(code.code)),
              ]
              if let display = code.display { coding.append(("display", .string(display))) }
              return .object(coding)
            })
        ))
    }
    if let text { members.append(("text", .string(text))) }
    return .object(members)
  }

  private static func placed(_ name: String, _ side: String?) -> String {
    side.map { "\(name), \($0)" } ?? name
  }

  static func site(_ id: String, _ side: String?) -> JSONValue {
    let name = Catalogue.siteName(id)
    var codes: [FHIRCode] = []
    switch (id, side) {
    case ("low-back", "left"): codes = [lowerBackLeft]
    case ("low-back", "right"): codes = [lowerBackRight]
    case ("low-back", _): codes = [lowerBack]
    case ("foot", _): codes = [snomed("56459004")]
    default: break
    }
    return concept(codes, placed(name, side))
  }

  /// A muscle has no code for its side: the text says it.
  static func target(_ id: String, _ side: String?) -> JSONValue {
    concept(targets[id] ?? [], placed(id, side))
  }
}
