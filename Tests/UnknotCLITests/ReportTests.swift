import Foundation
import Testing

/// Reports, exports and imports as commands: what is written where, and what is refused.
@Suite struct ReportTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func demo(_ name: String = "demo", _ days: Int = 40) throws {
    let made = try place.run(nil, ["demo", "\(name).sqlite", "--until", "2026-05-31", "--days", "\(days)"])
    #expect(made.status == 0, "\(made.errors)")
  }

  private static let kinds = [
    "trend", "effect", "targets", "adherence", "bodymap", "week", "clinician", "quality", "episode", "trial",
  ]

  @Test(arguments: kinds) func everyReportInEveryForm(_ kind: String) throws {
    try demo()
    // A week has an end alone.
    let range = (kind == "week" ? [] : ["--since", "2026-04-20"]) + ["--until", "2026-05-31"]
    let shown = try place.run("demo", ["report", kind] + range)
    #expect(shown.status == 0 && shown.errors.isEmpty && shown.output.contains("n = "))
    let plain = try place.run("demo", ["report", kind, "--plain"] + range)
    #expect(plain.status == 0 && !plain.output.contains("\u{2588}"))
    let json = try place.object("demo", ["report", kind] + range)
    #expect(json["report"] as? String == kind)
    for ending in ["html", "txt", "json"] {
      let written = try place.run("demo", ["report", kind, "-o", "x.\(ending)"] + range)
      #expect(written == Outcome(status: 0, output: "", errors: "written x.\(ending)\n"))
      #expect(try place.bytes("x.\(ending)").count > 30)
    }
    #expect(
      try place.bytes("x.json")
        == Data(place.run("demo", ["report", kind, "--format", "json"] + range).output.utf8))
    // Nothing is ever replaced.
    let before = try place.bytes("x.html")
    let again = try place.run("demo", ["report", kind, "-o", "x.html"] + range)
    #expect(again.status == 1 && again.errors.hasPrefix("error: x.html already exists"))
    #expect(try place.bytes("x.html") == before)
  }

  /// Arguments, and the exit status that they get.
  @Test(arguments: [
    "report > 2",
    "report trends > 4",
    "report trend -o x > 2",
    "report trend -o x.pdf > 2",
    "report trend -o none/x.html > 1",
    "report trend --since 2026-05-02 --until 2026-05-01 > 2",
    "report trend --since 1/2/2026 > 4",
    "report trend --site elbow > 4",
    "report week -o x.svg > 3",
    "report trend -o x.svg > 3",
    "export xml > 4",
    "export csv > 2",
    "export csv -o none/x > 1",
    "export json -o none/x > 1",
    "import none > 3",
    "import home > 3",
    "import x --from fitbit > 4",
    "import > 2",
    "demo x --days 0 > 4",
    "demo x --until 2999-01-01 > 4",
    "demo x --until soon > 4",
    "plan trial wall > 2",
    "plan trial wall wall > 2",
    "plan trial wall floor --blocks 3 > 4",
  ])
  func whatIsRefusedLeavesNoFile(_ line: String) throws {
    let parts = line.components(separatedBy: " > ")
    let (arguments, status) = (parts[0].split(separator: " ").map(String.init), Int32(parts[1]))

    try place.run("a", ["init", "--device", "a"])
    let refused = try place.run("a", arguments)
    #expect(refused.status == status, "\(arguments): \(refused.errors)")
    #expect(refused.errors.hasPrefix("error: ") && refused.output.isEmpty, "\(refused.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: place.folder)
    #expect(files.allSatisfy { !$0.hasPrefix("x") }, "\(files)")
  }

  @Test func aDemonstrationIsNeverMixedIntoAJournal() throws {
    try place.run("mine", ["pain", "5"])
    let digest = try place.digest("mine")
    let refused = try place.run(nil, ["demo", "mine.sqlite"])
    #expect(refused.status == 1 && refused.errors.contains("already exists"))
    #expect(try place.digest("mine") == digest)
    try demo("one", 20)
    try demo("two", 20)
    #expect(try place.digest("one") == (try place.digest("two")))
  }

  @Test(arguments: ["json", "csv"]) func outAndInAndBack(_ form: String) throws {
    try demo()
    let written = try place.run("demo", ["export", form, "-o", "all"])
    #expect(written.status == 0 && written.output.isEmpty && written.errors.hasPrefix("written all: "))
    #expect(try place.run("demo", ["export", form, "-o", "all"]).status == 1)
    let dry = try place.run("new", ["import", "all", "--dry-run"])
    #expect(dry.status == 0 && dry.errors == "this was a dry run: nothing was changed\n")
    #expect(try place.objects("new", ["list", "pain"]).isEmpty)
    let taken = try place.run("new", ["import", "all"])
    #expect(taken.status == 0 && taken.output == dry.output && taken.output.hasPrefix("added: "))
    let again = try place.object("new", ["import", "all"])
    #expect((again["added"] as? [String: Int])?.isEmpty == true && again["known"] as? Int ?? 0 > 100)
    let count = try place.objects("demo", ["list", "pain"]).count
    #expect(try place.objects("new", ["list", "pain"]).count == count)
    #expect(try place.run("new", ["undo"]).status == 0)
    #expect(try place.objects("new", ["list", "pain"]).isEmpty)
    #expect(try place.run("new", ["redo"]).status == 0)
    #expect(try place.objects("new", ["list", "pain"]).count == count)
    // On another device, once what was imported has been merged, the same file adds nothing.
    try place.carry("new", "other")
    #expect(try place.object("other", ["import", "all"])["known"] as? Int == again["known"] as? Int)
  }

  @Test func linesThatCannotBeReadAreTold() throws {
    let text =
      "FeatureName,Timestamp,Value,Note\nPain,2026-04-14T21:30:41Z,6,\nPain,2026-04-15T21:30:41Z,11,\n"
    try place.write(Data(text.utf8), to: "t.csv")
    try place.write(Data("Pain = pain low-back\n".utf8), to: "map")
    let refused = try place.run("a", ["import", "t.csv", "--map", "map"])
    #expect(refused.status == 4 && refused.output == "Pain: pain low-back\n")
    #expect(
      refused.errors == """
        t.csv line 3: 11 is not a pain rating; ratings are whole numbers from 0 to 10
        error: 1 record of t.csv cannot be read: nothing imported
        hint: --skip-bad imports the others

        """)
    #expect(try place.objects("a", ["list", "pain"]).isEmpty)
    #expect(try place.run("a", ["import", "t.csv", "--map", "map", "--skip-bad"]).status == 0)
    #expect(try place.objects("a", ["list", "pain"]).count == 1)
  }

  @Test func cellsOfListsAreNoFormulasEither() throws {
    try place.run("a", ["pain", "5", "--note", "=1+1"])
    #expect(try place.run("a", ["list", "pain", "--format", "csv"]).output.contains(",'=1+1,"))
  }

  @Test func aTrialIsPlannedShownAndReported() throws {
    #expect(
      try place.run("a", ["plan", "trial", "wall", "floor"]).output.hasPrefix("set trial plan, am, from "))
    let status = try place.object("a", ["status"])
    let plan = try place.object("a", ["plan", "show"])
    let arms = ["wall", "floor"]
    // It begins today, or tomorrow where this morning is over.
    if let arm = status["trial_arm"] as? String { #expect(arms.contains(arm)) }
    #expect(plan["plan"] != nil || status["trial_arm"] is NSNull)
    let report = try place.object("a", ["report", "trial"])
    #expect((report["blocks"] as? [[String: Any]])?.count == 8 && report["over"] as? Bool == false)
  }

  /// What is there already is left alone, a device that takes nothing as well.
  @Test func anExportReplacesNothing() throws {
    try demo()
    #expect(try place.run("demo", ["export", "json", "-o", "/dev/full"]).status == 1)
    try place.write(Data(), to: "taken")
    #expect(try place.run("demo", ["export", "csv", "-o", "taken"]).status == 1)
    #expect(try place.bytes("taken").isEmpty)
  }
}
