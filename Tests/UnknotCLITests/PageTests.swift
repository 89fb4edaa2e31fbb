import Foundation
import TestSupport
import Testing

/// What the pages say, of a log that is small enough to count by hand.
@Suite struct PageTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
  }

  @Test func theClinicianPageSaysWhatIsAskedFirst() throws {
    for line in [
      "log --bout ql/left:60s --bout ql/right:30s --bout tfl/left:2m",
      "pain 5 --quality ache --quality stiff --worse sitting",
      "pain 6 --quality ache", "pain 4 neck --quality burning", "factor medication 400mg --label ibuprofen",
      "factor ibuprofen", "factor medication --label tea", "checkin --week 4 3", "checkin 5",
    ] {
      let run = try place.run("a", line.split(separator: " ").map(String.init))
      #expect(run.status == 0, "\(line): \(run.errors)")
    }
    let page = try place.object("a", ["report", "clinician"])
    #expect(page["qualities"] as? [String: Int] == ["ache": 2, "stiff": 1])
    #expect(page["aggravated_by"] as? [String: Int] == ["sitting": 1])
    #expect(page["medications"] as? [String: Int] == ["ibuprofen 400 mg": 2, "tea": 1])
    let pressed = (page["pressed"] as? [[String: Any]])?.map { "\($0["target"] ?? "") \($0["side"] ?? "")" }
    #expect(pressed == ["tfl left", "ql left", "ql right"])
    #expect((page["past_week"] as? [[String: Any]])?.first?["score"] as? Int == 4)
    #expect(page["asked"] as? String == "weekly" && page["made_up"] == nil)
    #expect(page["standing"] is NSNull && (page["tagged"] as? [[String: Any]])?.isEmpty == true)
    #expect((page["last_days"] as? [String: Any])?["median"] as? Double == 5)
    let lines = try place.run("a", ["report", "clinician", "--plain"]).output
    let text = lines.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for said in [
      "Name ____", "page made on", "ibuprofen 400 mg 2×, tea 1×", "ache 2×, stiff 1×",
      "quadratus lumborum: left 1.0, right 0.5 min",
      "Asked for a score of the past week, once a week", "a value on 1 of 28",
    ] { #expect(text.contains(said), "\(said) in \(text)") }
    #expect(try place.run("a", ["log", "quick", "--tag", "adverse-dizzy"]).status == 0)
    #expect(try place.run("a", ["check", "fever"]).status == 0)
    let later = try place.object("a", ["report", "clinician"])
    #expect((later["tagged"] as? [[String: Any]])?.map { $0["tag"] as? String } == ["adverse-dizzy"])
    #expect(later["standing"] as? String == "urgent")
  }

  @Test func whatIsNotLoggedIsSaid() throws {
    let lines = try place.run("a", ["report", "clinician"]).output
    for said in ["Medication", "none logged", "never asked", "Adverse"] { #expect(lines.contains(said)) }
  }

  /// A demonstration is nobody's: every page and every picture says so, also after it was merged into another journal.
  @Test func madeUpDataIsCalledSo() throws {
    #expect(try place.run("a", ["demo", place.path("demo.sqlite"), "--days", "60"]).status == 0)
    #expect(try place.run("demo", ["sync", "export", "-o", place.path("demo.unknot"), "--full"]).status == 0)
    #expect(try place.run("b", ["sync", "import", place.path("demo.unknot")]).status == 0)
    let kinds = [
      "trend", "effect", "targets", "adherence", "bodymap", "week", "clinician", "quality", "episode",
      "trial",
    ]
    for kind in kinds {
      #expect(try !place.run("a", ["report", kind]).output.contains("Made-up data"))
      for journal in ["demo", "b"] {
        #expect(try place.run(journal, ["report", kind]).output.hasPrefix("Made-up data: "), "\(kind)")
        #expect(try place.object(journal, ["report", kind])["made_up"] as? Bool == true, "\(kind)")
      }
      for ending in ["html", "svg", "txt"] {
        let file = "\(kind).\(ending)"
        let run = try place.run("demo", ["report", kind, "-o", place.path(file)])
        guard run.status == 0 else {
          #expect(ending == "svg")
          continue
        }
        #expect(String(decoding: try place.bytes(file), as: UTF8.self).contains("Made-up data"), "\(file)")
      }
    }
    // Where it goes to other programs, too: as HL7 marks test data, and in a calendar by name.
    try place.run("a", ["pain", "3"])
    try place.run("a", ["log", "--bout", "ql:45s"])
    for (journal, isMadeUp) in [("demo", true), ("b", true), ("a", false)] {
      let bundle = try place.run(journal, ["export", "fhir"]).output
      let resources = bundle.components(separatedBy: "\"resourceType\"").count - 1
      #expect(
        bundle.components(separatedBy: "\"HTEST\"").count - 1 == (isMadeUp ? resources : 0), "\(journal)")
      let events = try place.run(journal, ["export", "ics"]).output
      #expect(events.contains("SUMMARY:Made-up data: massage ball") == isMadeUp, "\(journal)")
      #expect(events.contains("SUMMARY:Massage ball") != isMadeUp, "\(journal)")
    }
  }

  /// Of pain that lasts, the course of a new one is not told.
  @Test func lastingPainIsNotComparedWithNewPain() throws {
    let now = "2026-05-14 18:00:00"
    for days in ["0d", "100d"] {
      let place = try Workplace()
      try place.run("a", ["init", "--device", "phone"], at: now)
      try place.run("a", ["episode", "open", "--at", "\(days) ago"], at: now)
      for day in 0..<20 { try place.run("a", ["pain", "5", "--at", "\(day)d ago"], at: now) }
      for report in ["trend", "clinician"] {
        let text = try place.run("a", ["report", report, "--plain"], at: now).output.split(separator: "\n")
          .joined(separator: " ")
        #expect(text.contains("acute back pain") == (days == "0d"), "\(days), \(report)")
      }
    }
  }

  /// Who subtracts what stands there gets what stands there. Made-up data ends today, so that not every seed has days to compare
  /// with on every day: some have.
  @Test func differencesAddUp() throws {
    var compared = 0
    for seed in 1...8 where compared < 2 {
      let file = place.path("d\(seed).sqlite")
      let made = try place.run("a", ["demo", file, "--days", "400", "--seed", "\(seed)"])
      #expect(made.status == 0, "\(made)")
      let lines = try place.run("d\(seed)", ["report", "effect", "--plain"]).output
      let text = lines.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing("−", with: "-")
      let pattern =
        /With a session ([-+]?[\d.]+) .*?no session ([-+]?[\d.]+) .*?difference ([-+]?[\d.]+)[.,]/
      guard let found = text.firstMatch(of: pattern) else {
        #expect(text.contains("There are no ratings of the same pain equally far apart"), "\(text)")
        continue
      }
      let numbers = [found.1, found.2, found.3].compactMap { part in
        // A sentence's full stop may follow.
        Double(part.hasSuffix(".") ? String(part.dropLast()) : String(part))
      }
      #expect(numbers.count == 3 && abs(numbers[0] - numbers[1] - numbers[2]) < 0.001, "\(numbers)")
      compared += 1
    }
    #expect(compared == 2)
  }
}
