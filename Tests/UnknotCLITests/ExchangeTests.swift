import Foundation
import Testing

@Suite struct ExchangeTests {
  /// Two journals that hold the same rating, made on `a`.
  private func pair() throws -> (Workplace, rating: String) {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("b", ["init", "--device", "laptop"])
    try place.run("a", ["pain", "6", "low-back/left"])
    #expect(try place.carry("a", "b") == 0)
    return (place, try #require(try place.objects("a", ["list", "pain"])[0]["id"] as? String))
  }

  @Test func concurrentEditsOfOneFieldStayInSightUntilDecided() throws {
    let (place, rating) = try pair()
    try place.run("a", ["edit", rating, "score=7"])
    try place.run("b", ["edit", rating, "score=5", "note=b"])
    #expect(try place.carry("a", "b") == 5)
    #expect(try place.carry("b", "a") == 5)
    #expect(try place.digest("a") == place.digest("b"))
    for device in ["a", "b"] {
      let conflicts = try place.objects(device, ["conflicts"])
      #expect(conflicts.count == 1)
      #expect(conflicts[0]["id"] as? String == rating)
      #expect(conflicts[0]["field"] as? String == "score")
      let values = try #require(conflicts[0]["values"] as? [[String: Any]])
      #expect(values.map { $0["value"] as? Int } == [5, 7])
      #expect(values.map { $0["device"] as? String } == ["laptop", "phone"])
    }
    try place.run("a", ["resolve", rating, "score", "--take", "2"])
    #expect(try place.run("a", ["conflicts"]) == Outcome(status: 0, output: "", errors: "no conflicts\n"))
    #expect(try place.carry("a", "b") == 0)
    #expect(try place.object("b", ["show", rating])["score"] as? Int == 7)
    #expect(try place.digest("a") == place.digest("b"))
  }

  @Test func onlyAMergeSaysThatConflictsWait() throws {
    let (place, rating) = try pair()
    try place.run("a", ["edit", rating, "score=7"])
    try place.run("b", ["edit", rating, "score=5"])
    try place.run("a", ["sync", "export", "--full", "-o", "all.unknot"])
    let preview = try place.object("b", ["sync", "import", "all.unknot", "--dry-run"])
    #expect(preview["conflicts_new"] as? Int == 1)
    #expect(try place.objects("b", ["conflicts"]).isEmpty)
    let merged = try place.run("b", ["sync", "import", "all.unknot"])
    #expect(merged.status == 5)
    #expect(merged.output == "all.unknot: 1 new change, 1 known, from phone\n")
    #expect(merged.errors == "1 conflict waits for you: unknot conflicts\n")
    try FileManager.default.createDirectory(atPath: place.path("empty"), withIntermediateDirectories: true)
    #expect(try place.run("b", ["sync", "import", "empty"]).status == 0)
  }

  @Test func anEditSurvivesAConcurrentDelete() throws {
    let (place, rating) = try pair()
    try place.run("a", ["rm", rating])
    try place.run("b", ["edit", rating, "note=keep"])
    #expect(try place.carry("b", "a") == 5)
    #expect(try place.object("a", ["show", rating])["note"] as? String == "keep")
    let values = try #require(try place.objects("a", ["conflicts"])[0]["values"] as? [[String: Any]])
    #expect(values.map { $0["value"] as? String } == ["keep", "delete"])
    try place.run("a", ["resolve", rating, "presence", "--value", "delete"])
    #expect(try place.carry("a", "b") == 0)
    #expect(try place.objects("b", ["list", "pain"]).isEmpty)
  }

  @Test func aThirdDeviceGetsEverythingFromEither() throws {
    let (place, rating) = try pair()
    try place.run("b", ["edit", rating, "note=from b"])
    #expect(try place.carry("b", "c", full: true) == 0)
    try place.run("c", ["pain", "2"])
    #expect(try place.carry("c", "a", full: true) == 0)
    #expect(try place.objects("a", ["list", "pain"]).count == 2)
    #expect(try place.object("a", ["show", rating])["note"] as? String == "from b")
    #expect(try place.carry("a", "b", full: true) == 0)
    #expect(try Set(["a", "b", "c"].map { try place.digest($0) }).count == 1)
    let status = try place.objects("b", ["sync", "status"])
    #expect(status.count == 2)
    let phone = try #require(status.first { $0["name"] as? String == "phone" })
    #expect(phone["behind"] as? Int == 0)
    #expect(phone["acknowledged"] as? Int == 3)
    #expect(phone["last_import"] is String)
  }

  @Test func importSaysWhatItDid() throws {
    let (place, _) = try pair()
    try place.run("a", ["pain", "1"])
    try place.run("a", ["sync", "export", "--full", "-o", "all.unknot"])
    let preview = try place.object("b", ["sync", "import", "all.unknot", "--dry-run"])
    #expect(preview["changes_applied"] as? Int == 1)
    #expect(try place.objects("b", ["list", "pain"]).count == 1)
    let result = try place.object("b", ["sync", "import", "all.unknot"])
    #expect(result["changes_applied"] as? Int == 1)
    #expect(result["changes_known"] as? Int == 1)
    #expect(result["conflicts_new"] as? Int == 0)
    #expect((result["files"] as? [Any])?.count == 1)
    let again = try place.object("b", ["sync", "import", "all.unknot"])
    #expect(again["changes_applied"] as? Int == 0)
    let fed = try place.run("c", ["sync", "import", "-"], input: try place.bytes("all.unknot"))
    #expect(fed.status == 0, "\(fed.errors)")
    #expect(try place.digest("c") == place.digest("a"))
    let clock = try #require(try place.object("a", ["sync", "digest"])["clock"] as? [[String: Any]])
    #expect(clock.count == 1)
    #expect(clock[0]["device"] as? String == "phone")
    #expect(clock[0]["seq"] as? Int == 2)
    #expect(try place.object("a", ["sync", "inspect", "all.unknot"])["changes"] as? Int == 2)
    #expect(try place.run("a", ["sync", "devices"]).status == 0)
  }

  @Test func filesAreTakenInTheOrderThatTheyNeed() throws {
    let (place, _) = try pair()
    try place.run("b", ["pain", "4"])
    try place.carry("b", "a")
    for number in 1...3 {
      try place.run("a", ["pain", "\(number)"])
      try place.run("a", ["sync", "export", "-o", "files/\(4 - number).unknot"])
    }
    try FileManager.default.createDirectory(atPath: place.path("files"), withIntermediateDirectories: true)
    for number in 1...3 {
      try place.run("a", ["pain", "\(number)"])
      try place.run("a", ["sync", "export", "--for", "laptop", "-o", "files/\(4 - number).unknot"])
    }
    #expect(try place.run("b", ["sync", "import", "files"]).status == 0)
    #expect(try place.digest("a") == place.digest("b"))
  }

  @Test func stepsInsertedAtOnePlaceAreBothThereInOneOrder() throws {
    let place = try Workplace()
    try place.run("a", ["routine", "new", "R", "--step", "ql:45s", "--step", "tfl:45s"])
    try place.carry("a", "b")
    let first = try #require(try place.objects("a", ["list", "steps"])[0]["id"] as? String)
    try place.run("a", ["routine", "add", "R", "glute-max:30s", "--after", first])
    try place.run("b", ["routine", "add", "R", "glute-min:30s", "--after", first])
    #expect(try place.carry("a", "b") == 0)
    #expect(try place.carry("b", "a") == 0)
    func order(_ device: String) throws -> [String] {
      try place.objects(device, ["list", "steps"]).compactMap { $0["target"] as? String }
    }
    #expect(try order("a") == order("b"))
    #expect(try Set(order("a")) == ["ql", "glute-max", "glute-min", "tfl"])
    // Between two with equal keys there is still room for a third.
    let second = try #require(try place.objects("a", ["list", "steps"])[1]["id"] as? String)
    #expect(try place.run("a", ["routine", "add", "R", "glute-med:30s", "--after", second]).status == 0)
    #expect(try order("a").count == 5)
  }
}
