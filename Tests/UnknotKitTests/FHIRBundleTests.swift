import Foundation
import Testing
import UnknotKit

/// What readers of FHIR may count on: `Scripts/check-interchange` has it read by them, this without them.
@Suite struct FHIRBundleTests {
  private typealias Object = [String: Any]

  /// Something that has to hold for an Observation.
  struct Requirement: Sendable, CustomTestStringConvertible {
    /// Who asks for it: plain R4, or `AssessmentScaleObservation` of the HL7 Symptoms guide 1.0.0, whose category is
    /// the "survey" that is written here.
    let source: String
    let element: String
    let holds: @Sendable ([String: Any]) -> Bool
    var testDescription: String { "\(source): \(element)" }

    init(_ source: String, _ element: String, _ holds: @escaping @Sendable ([String: Any]) -> Bool) {
      (self.source, self.element, self.holds) = (source, element, holds)
    }
  }

  static let requirements = [
    Requirement("R4", "id 1..1, of letters, digits, - and .") {
      ($0["id"] as? String)?.wholeMatch(of: /[A-Za-z0-9.-]{1,64}/) != nil
    },
    Requirement("R4", "status 1..1, what is logged is final") { $0["status"] as? String == "final" },
    Requirement("Symptoms", "category 1..*, one of them survey") {
      objects($0["category"]).filter {
        codings($0) == ["http://terminology.hl7.org/CodeSystem/observation-category|survey"]
      }.count == 1
    },
    Requirement("R4", "code 1..1, of codings with system and code, or of text") {
      guard let code = $0["code"] as? [String: Any] else { return false }
      let isCoded = objects(code["coding"]).allSatisfy { $0["system"] is String && $0["code"] is String }
      return isCoded && (!codings(code).isEmpty || (code["text"] as? String)?.isEmpty == false)
    },
    Requirement("Symptoms", "subject 1..1, a Patient") { reference($0["subject"]) == "Patient/person" },
    Requirement("Symptoms", "effective[x] 1..1, a dateTime") {
      $0.keys.filter { $0.hasPrefix("effective") } == ["effectiveDateTime"]
    },
    Requirement("R4", "effectiveDateTime with an offset, as it has a time") {
      let form = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/
      return ($0["effectiveDateTime"] as? String)?.wholeMatch(of: form) != nil
    },
    Requirement("Symptoms", "performer 1..1") {
      objects($0["performer"]).count == 1
        && reference(($0["performer"] as? [Any])?.first) == "Patient/person"
    },
    Requirement("Symptoms", "value[x] 1..1") { $0.keys.count { $0.hasPrefix("value") } == 1 },
    Requirement("R4", "a quantity is a number with unit, system and code") {
      guard let value = $0["valueQuantity"] else { return $0["valueString"] is String }
      guard let quantity = value as? [String: Any] else { return false }
      return quantity["value"] is NSNumber
        && ["unit", "system", "code"].allSatisfy { quantity[$0] is String }
    },
    Requirement("Symptoms", "hasMember 0..0") { $0["hasMember"] == nil },
    Requirement("R4", "nothing is null, and no array or object is empty") { isFull($0) },
  ]

  private static func objects(_ value: Any?) -> [Object] { value as? [Object] ?? [] }

  private static func reference(_ value: Any?) -> String? { (value as? Object)?["reference"] as? String }

  private static func codings(_ concept: Any?) -> [String] {
    objects((concept as? Object)?["coding"]).map { "\($0["system"] ?? "")|\($0["code"] ?? "")" }
  }

  private static func isFull(_ value: Any) -> Bool {
    switch value {
    case let object as Object: !object.isEmpty && object.values.allSatisfy(isFull)
    case let array as [Any]: !array.isEmpty && array.allSatisfy(isFull)
    default: !(value is NSNull)
    }
  }

  private static func written(_ journal: Journal) throws -> String {
    let bundle = FHIRBundle(timestamp: journal.now)
    var text = bundle.head
    try journal.export(withBouts: true) {
      if let entry = bundle.entry($0) { text += ",\n\(entry)" }
    }
    return text + FHIRBundle.tail
  }

  private static func resources(_ type: String, in text: String) throws -> [Object] {
    let bundle = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object
    return objects(bundle?["entry"]).compactMap { $0["resource"] as? Object }
      .filter { $0["resourceType"] as? String == type }
  }

  private static let demonstration = Result { () throws -> String in
    let days = try LocalDay("2026-02-01")...(try LocalDay("2026-04-30"))
    let journal = try Demonstration(days: days).write(to: nil, zone: try zone("Europe/Berlin"))
    // One of each kind besides: the demonstration may do without some of them.
    let rating = try journal.ratePain(4, site: try PlaceText(site: "low-back/left")).only()
    _ = try journal.edit(rating.id, ["scale=vas100", "score=44"])
    _ = try journal.recordFactor(FactorEntry(kind: "walk"))
    _ = try journal.recordPEG(pain: 4, enjoyment: 5, activity: 6)
    _ = try journal.rateWeek(5, activity: 3)
    return try written(journal)
  }

  private func resources(_ type: String) throws -> [Object] {
    try Self.resources(type, in: try Self.demonstration.get())
  }

  @Test(arguments: requirements) func everyObservation(_ requirement: Requirement) throws {
    let observations = try resources("Observation")
    #expect(observations.count > 90)
    let without = observations.filter { !requirement.holds($0) }
    #expect(without.isEmpty, "\(without.count) of \(observations.count), as \(without.first ?? [:])")
    // What holds for this too asks for nothing.
    #expect(!requirement.holds(["x": NSNull(), "hasMember": [String]()]))
  }

  /// One of 0 to 100 has none: its numbers are not those that readers of these codes expect.
  @Test func aRatingHasTheCodeOfItsScaleAndThatOfAny() throws {
    let codes = try resources("Observation").compactMap { $0["code"] as? Object }
    let ratings = codes.filter {
      ($0["text"] as? String).map { $0.hasPrefix("Pain 0–10") && !$0.hasSuffix("week") } ?? false
    }
    #expect(!ratings.isEmpty)
    for code in ratings {
      #expect(Self.codings(code) == ["http://loinc.org|72514-3", "http://loinc.org|38208-5"])
    }
    let visual = codes.filter { ($0["text"] as? String)?.contains("visual analogue") == true }
    #expect(visual.count == 1 && visual.allSatisfy { $0["coding"] == nil })
  }

  /// Who asks for pain as it is now does not get that of a week.
  @Test func aWeekHasTheCodesOfPEG() throws {
    let codes = try resources("Observation").map { Self.codings($0["code"]) }
    for code in ["75893-8", "91146-1"] { #expect(codes.count { $0 == ["http://loinc.org|\(code)"] } == 1) }
  }

  @Test func theMeanOfPEGHasItsThreeParts() throws {
    let means = try resources("Observation").filter {
      Self.codings($0["code"]) == ["http://loinc.org|91147-9"]
    }
    #expect(!means.isEmpty)
    for mean in means {
      let parts = Self.objects(mean["component"])
      #expect(
        parts.flatMap { Self.codings($0["code"]) }
          == ["75893-8", "91145-3", "91146-1"].map { "http://loinc.org|\($0)" })
      #expect(parts.allSatisfy { ($0["valueQuantity"] as? Object)?["value"] is NSNumber })
    }
  }

  /// Its performer is an element with an actor, where that of an Observation is a reference.
  @Test func aSessionIsDoneAndWrittenDownByThePerson() throws {
    let sessions = try resources("Procedure")
    #expect(!sessions.isEmpty)
    for session in sessions {
      let performers = Self.objects(session["performer"])
      #expect(performers.map { Self.reference($0["actor"]) } == ["Patient/person"])
      #expect(Self.reference(session["recorder"]) == "Patient/person")
      #expect(Self.reference(session["subject"]) == "Patient/person")
    }
  }
}
