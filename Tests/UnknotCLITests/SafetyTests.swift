import Foundation
import TestSupport
import Testing

/// Signs that need a doctor come before everything else.
@Suite struct SafetyTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    #expect(try place.run("a", ["init", "--device", "phone"]).status == 0)
    #expect(
      try place.run("a", ["routine", "new", "short", "--step", "ql/left:2s@wall"]).status == 0)
  }

  @Test func theSignsAreShownBeforeTheFirstSession() throws {
    let first = try place.run("a", ["start", "short", "--plain"])
    #expect(first.status == 0 && first.errors.contains("no check so far"), "\(first)")
    #expect(first.errors.contains("Any of these means: Stop. Seek emergency care now.\n- New numbness"))
    #expect(first.errors.contains("Fever"))
    #expect(try place.run("a", ["check", "--answer", "none"]).status == 0)
    #expect(try !place.run("a", ["start", "short", "--plain"]).errors.contains("Fever"))
    // And whenever something points to them.
    #expect(try place.run("a", ["pain", "4", "--tag", "leg-pain"]).status == 0)
    #expect(try place.run("a", ["start", "short", "--plain"]).errors.contains("tagged leg-pain"))
    #expect(try place.run("a", ["check", "--answer", "none"]).status == 0)
    #expect(try place.run("a", ["pain", "4", "--quality", "tingling"]).status == 0)
    #expect(try place.run("a", ["start", "short", "--plain"]).errors.contains("tingling was rated"))
  }

  @Test func anUrgentSignIsNotPassedOver() throws {
    #expect(try place.run("a", ["check", "--answer", "fever"]).status == 0)
    for command in [["status"], ["suggest"], ["due"]] {
      let said = try place.run("a", command)
      #expect(said.status == 0 && said.errors.hasPrefix("See a doctor within days"), "\(said)")
    }
    let refused = try place.run("a", ["start", "short", "--plain"])
    #expect(refused.status == 6 && refused.output.isEmpty, "\(refused)")
    #expect(refused.errors.contains("to begin anyway: unknot start --despite-signs"))
    #expect(try place.objects("a", ["list", "sessions"]).isEmpty)
    #expect(try place.run("a", ["start", "short", "--plain", "--despite-signs"]).status == 0)
    #expect(try place.run("a", ["check", "--answer", "none"]).status == 0)
    // Nobody has examined it: that is said before whatever is about pressing.
    for command in [["status"], ["suggest"], ["today"], ["start", "short", "--plain"], ["check", "none"]] {
      let said = try place.run("a", command)
      #expect(said.status == 0 && said.errors.contains("a safety check found a sign on "), "\(said)")
    }
    #expect(try place.run("a", ["check", "none", "--examined"]).status == 0)
    #expect(try place.run("a", ["status"]).errors.isEmpty)
  }

  /// A later check that names less does not say that the sign is gone: only one without any sign does.
  @Test func aLesserSignDoesNotClearAGraverOne() throws {
    #expect(try place.run("a", ["check", "--answer", "bladder"]).status == 6)
    for answer in ["no-better", "fever"] {
      let check = try place.run("a", ["check", "--answer", answer])
      #expect(check.status == 0 && check.errors.contains("Stop. Seek emergency care now."), "\(check)")
      #expect(try place.run("a", ["today"]).errors.hasPrefix("Stop. Seek emergency care now."))
      #expect(try place.run("a", ["start", "short", "--plain", "--despite-signs"]).status == 6)
    }
    let page = try place.run("a", ["report", "clinician"])
    #expect(page.output.contains("a sign that needs emergency care was recorded and has not been cleared"))
    #expect(try place.run("a", ["check", "--answer", "none"]).status == 0)
    #expect(try place.run("a", ["check", "--answer", "no-better"]).status == 0)
    #expect(try place.run("a", ["start", "short", "--plain"]).status == 0)
    // And what is urgent stays so.
    #expect(try place.run("a", ["check", "--answer", "fever"]).status == 0)
    #expect(try place.run("a", ["check", "--answer", "no-better"]).status == 0)
    #expect(try place.run("a", ["today"]).errors.hasPrefix("See a doctor within days"))
    #expect(try place.run("a", ["start", "short", "--plain"]).status == 6)
  }

  /// Also where they are written about an older record.
  @Test(arguments: [
    (["tag", "RATING", "+leg-pain"], "a rating was tagged leg-pain"),
    (["tag", "SESSION", "+numb"], "a session was tagged numb"),
    (["pain", "3", "--quality", "tingling"], "tingling was rated"),
    (["pain", "6"], "the pain rose by 4"), (["pain", "9", "--at", "3h ago"], "a rating of 9"),
    (["edit", "RATING", "score=8"], "a rating of 8"),
  ]) func whatPointsToASignIsAnswered(words: [String], reason: String) throws {
    #expect(try place.run("a", ["log", "--bout", "ql/left:30s@wall"]).status == 0)
    #expect(try place.run("a", ["pain", "2"]).status == 0)
    #expect(try place.run("a", ["check", "--answer", "none"]).status == 0)
    #expect(try !place.run("a", ["today"]).output.contains("signs"))
    let kinds = ["RATING": "pain", "SESSION": "sessions"]
    let words = try words.map { word in
      try kinds[word].map { try #require(place.objects("a", ["list", $0]).first?["id"] as? String) } ?? word
    }
    let written = try place.run("a", words)
    #expect(written.status == 0 && written.errors.contains("unknot check"), "\(written)")
    #expect(try place.run("a", ["today"]).output.contains(reason), "\(written)")
    #expect(try place.run("a", ["suggest"]).errors.contains(reason))
    #expect(try place.run("a", ["start", "short", "--plain"]).errors.contains(reason))
  }

  /// More pain after a session is what a clinician wants to know of, and it is asked when it is rated.
  @Test func whatCameFromASessionIsNoted() throws {
    #expect(
      try place.run("a", ["log", "--bout", "ql/left:30s@wall", "--before", "3", "--at", "2026-05-01 20:00"])
        .status == 0)
    let worse = try place.run("a", ["pain", "7", "--at", "2026-05-02 07:00"])
    let hint = try #require(
      worse.errors.split(separator: "\n").first { $0.contains("came from your last session: unknot edit ") },
      "\(worse)")
    let words = hint.split(separator: " ").drop { $0 != "edit" }.map(String.init)
    #expect(try place.run("a", words).status == 0)
    #expect(
      try place.run("a", ["report", "clinician", "--until", "2026-05-02"]).output.contains("more pain ("))
    // Said once.
    #expect(try !place.run("a", ["pain", "7", "--at", "2026-05-02 07:01"]).errors.contains("unknot edit"))
  }

  /// What the profile says of a place is done, and not only said.
  @Test(arguments: ["osteoporosis", "pregnancy"]) func onTheWallAsTheProfileAsks(word: String) throws {
    #expect(try place.run("a", ["check", "--answer", "none"]).status == 0)
    #expect(try place.run("a", ["profile", "contraindications/\(word)=2024-05-01"]).status == 0)
    let suggested = try place.run("a", ["suggest", "low-back/left"])
    #expect(suggested.errors.contains("note: your profile says \(word): press softly, at the wall"))
    let surfaces = try place.objects("a", ["suggest", "low-back/left"]).map { $0["surface"] as? String }
    #expect(!surfaces.isEmpty && surfaces.allSatisfy { $0 == "wall" })
    let begun = try place.run("a", ["start", "quick", "--plain"], input: Data("\n".utf8))
    #expect(begun.errors.contains("on the wall: your profile says \(word)"), "\(begun)")
    #expect(begun.output.contains(", wall") && !begun.output.contains(", floor"), "\(begun)")
    // Where it is said of a place, there.
    #expect(try place.run("a", ["profile", "contraindications/\(word)="]).status == 0)
    #expect(try place.run("a", ["profile", "contraindications/clot/glute-med/left=2024-05-01"]).status == 0)
    let left = try place.run("a", ["suggest", "low-back/left"])
    #expect(left.errors.contains("note: glute-med is left out: your profile says clot"), "\(left)")
    #expect(!left.output.contains("glute-med"))
  }

  @Test(arguments: [["status"], ["list", "pain"], ["pain", "5"], ["report", "week"], ["suggest"]])
  func anEmergencyComesFirstEverywhere(command: [String]) throws {
    #expect(try place.run("a", ["check", "--answer", "both-legs"]).status == 6)
    let said = try place.run("a", command)
    #expect(said.status == 0 && said.errors.hasPrefix("Stop. Seek emergency care now."), "\(said)")
    #expect(try place.run("a", ["start", "short", "--plain", "--despite-signs"]).status == 6)
  }

  /// What a press was stopped for is on the page that a clinician reads.
  @Test func aStopSignIsAnAdverseEvent() throws {
    #expect(try place.run("a", ["check", "--answer", "none"]).status == 0)
    let answers = "6\n5\nn\nx\n4\ny\n3\n"
    let ended = try place.run("a", ["start", "short", "--plain"], input: Data(answers.utf8))
    #expect(ended.status == 0, "\(ended)")
    #expect(
      ended.output.contains(", stopped for tingling, ") && ended.output.contains(": see unknot check"),
      "\(ended)")
    #expect(try place.run("a", ["list"]).output.contains(", stopped for tingling, "))
    let page = try place.run("a", ["report", "clinician", "-o", "page.txt"])
    #expect(page.status == 0, "\(page)")
    let text = try String(contentsOf: URL(filePath: place.path("page.txt")), encoding: .utf8)
    #expect(text.contains("a press was stopped for tingling ("), "\(text)")
  }

  /// Who reads the page learns whether somebody looked at a sign that is gone, and nothing of a sign that came later.
  @Test func whetherASignWasExaminedIsRecorded() throws {
    func flags() throws -> String {
      let page = try place.run("a", ["report", "clinician", "-o", "\(UUID().uuidString).txt"])
      let file = page.errors.split(separator: " ").last.map { String($0.dropLast()) } ?? ""
      return try String(contentsOf: URL(filePath: place.path(file)), encoding: .utf8).replacing(
        "\n", with: " "
      )
      .split(separator: " ").joined(separator: " ")
    }
    // Without a sign there is nothing that a doctor could have examined.
    try place.run("a", ["check", "none", "--examined"])
    #expect(!(try flags().contains("examined the sign")))
    try place.run("a", ["check", "--answer", "bladder"])
    // Of a sign that is there, nobody says so.
    let refused = try place.run("a", ["check", "--answer", "bladder", "--examined"])
    #expect(refused.status == 2 && refused.errors.contains("a sign is there"), "\(refused)")
    let unsaid = try place.run("a", ["check", "--answer", "none"])
    #expect(unsaid.errors.contains("That holds until a doctor has examined it."))
    #expect(try flags().contains("not recorded whether anyone examined the sign"))
    try place.run("a", ["check", "--answer", "fever"])
    let known = try place.run("a", ["check", "--answer", "none", "--examined"])
    #expect(known.status == 0 && !known.errors.contains("That holds"), "\(known)")
    #expect(try flags().contains("a doctor has examined the sign, as the person says"))
    // A check that says nothing of it takes nothing back; one after another sign does.
    try place.run("a", ["check", "--answer", "none"])
    #expect(try flags().contains("a doctor has examined the sign"))
    try place.run("a", ["check", "--answer", "fever"])
    #expect(!(try flags().contains("examined the sign")))
    // What was said of the one before is not said of this one.
    try place.run("a", ["check", "--answer", "none"])
    #expect(try flags().contains("not recorded whether anyone examined the sign"))
    try place.run("a", ["check", "--answer", "none", "--no-examined"])
    #expect(try flags().contains("nobody has examined the sign"))
    // Which ones they were, where the person has that kept.
    try place.run("a", ["profile", "store_safety_answers=yes"])
    try place.run("a", ["check", "fever", "night-pain"])
    #expect(try flags().contains("(fever 1×, night-pain 1×)"))
  }

  /// A check-in of 2 does not hide a 10 of the same day.
  @Test func theHighestRatingIsNotHidden() throws {
    for (score, context) in [("2", "scheduled"), ("10", "spontaneous"), ("9", "spontaneous")] {
      #expect(try place.run("a", ["pain", score, "--context", context]).status == 0)
    }
    for report in ["week", "trend", "clinician"] {
      let page = try place.run("a", ["report", report])
      #expect(page.status == 0 && page.output.contains("10 ("), "\(report): \(page)")
    }
  }

  @Test func todayNamesThreeSteps() throws {
    let first = try place.run("a", ["today"])
    #expect(
      first.output == """
        today: nothing is planned
        pain (low back), last 7 days: no rating yet

        press for a few minutes: unknot start
        say how much it hurt over the past week, 0 to 10: unknot checkin --week N
        choose what to press: unknot suggest

        """, "\(first)")
    #expect(try place.run("a", ["checkin", "5"]).status == 0)
    #expect(try place.objects("a", ["list", "pain"]).first?["context"] as? String == "scheduled")
    #expect(try place.run("a", ["today"]).output.contains("pain (low back), last 7 days: – – – – – – 5\n"))
    #expect(try place.run("a", ["checkin", "11"]).status == 4)
    let json = try place.object("a", ["today"])
    #expect((json["next"] as? [Any])?.count == 3 && (json["days"] as? [Any])?.count == 1)
  }

  /// Also where the session runs on another device: nobody is told how to take it over.
  @Test func anEmergencyComesBeforeASessionElsewhere() throws {
    #expect(try place.run("a", ["sync", "export", "-o", "a.unknot"]).status == 0)
    #expect(try place.run("b", ["init", "--device", "laptop"]).status == 0)
    #expect(try place.run("b", ["sync", "import", "a.unknot"]).status == 0)
    #expect(try place.run("b", ["start", "short", "--plain"], input: Data("5\n".utf8)).status == 0)
    #expect(try place.run("b", ["edit", "1", "status=running", "ended_at="]).status == 0)
    #expect(try place.run("b", ["sync", "export", "-o", "b.unknot"]).status == 0)
    #expect(try place.run("a", ["sync", "import", "b.unknot"]).status == 0)
    #expect(try place.run("a", ["start", "--plain"]).errors.contains("--take-over"))
    #expect(try place.run("a", ["check", "--answer", "both-legs"]).status == 6)
    let refused = try place.run("a", ["start", "--plain"])
    #expect(refused.status == 6 && !refused.errors.contains("go on with it here"), "\(refused)")
  }

  /// As in the app, the journal refuses: nobody who is in severe pain is led to the ball without a word.
  @Test func aSevereRatingIsNotPassedOver() throws {
    #expect(try place.run("a", ["check", "--answer", "none"]).status == 0)
    #expect(try place.run("a", ["pain", "9"]).status == 0)
    let refused = try place.run("a", ["start", "short", "--plain"])
    #expect(
      refused.status == 6 && refused.errors.contains("no ball for now: a rating of 9 is severe"), "\(refused)"
    )
    #expect(try place.objects("a", ["list", "sessions"]).isEmpty)
    #expect(try place.run("a", ["start", "short", "--plain", "--despite-signs"]).status == 0)
  }

  /// As the suggestion says: at the wall, while it hurts much.
  @Test func aSessionBeginsWhereTheDayAsksForIt() throws {
    #expect(try place.run("a", ["check", "--answer", "none"]).status == 0)
    #expect(try place.run("a", ["pain", "7"]).status == 0)
    let begun = try place.run("a", ["start", "quick", "--plain"], input: Data("\n".utf8))
    #expect(begun.errors.contains("on the wall: your latest rating is 7"), "\(begun)")
    #expect(begun.output.contains(", wall") && !begun.output.contains(", floor"), "\(begun)")
  }

  @Test func whatIsNotAboutTheNeckIsNotSuggested() throws {
    let said = try place.run("a", ["suggest", "neck/left"])
    #expect(said.status == 0 && said.output.isEmpty, "\(said)")
    #expect(said.errors.contains("no target is for the neck"))
  }

  /// Every word that a profile can list has an effect on a session.
  @Test(arguments: [
    "clot", "bone-infection", "inflamed", "ossification", "osteoporosis", "blood-thinner", "pregnancy",
    "numb-skin", "surgery", "hip-replacement", "cancer", "fracture", "open-wound",
  ])
  func everyContraindicationCounts(word: String) throws {
    #expect(try place.run("a", ["check", "--answer", "none"]).status == 0)
    #expect(try place.run("a", ["profile", "contraindications/\(word)=2024-05-01"]).status == 0)
    let begun = try place.run("a", ["start", "short", "--plain"])
    if ["fracture", "open-wound"].contains(word) {
      #expect(begun.status == 6 && begun.errors.contains("forbids"), "\(begun)")
    } else {
      #expect(begun.status == 0 && begun.errors.contains("warning: your profile says \(word): "), "\(begun)")
    }
  }
}
