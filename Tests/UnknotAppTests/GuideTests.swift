import Foundation
import TestSupport
import Testing
import UnknotKit

@testable import UnknotApp

/// A session in the app: its buttons, its file, and other front ends.
@Suite struct GuideTests {
  private let folder: TemporaryFolder
  private let journal: Journal
  private let guide: Guide

  init() throws {
    folder = try TemporaryFolder()
    let state = "\(folder.path)/state"
    journal = try Journal(
      path: "\(folder.path)/a.sqlite", deviceName: "phone", environment: TestEnvironment(seed: 1),
      zone: TimeZone(secondsFromGMT: 0) ?? .current, stateFolder: state)
    guide = Guide(journal, stateFolder: state)
  }

  private func post(_ what: String, _ fields: [(String, String)] = []) async throws -> Response {
    try await guide.answer(
      Request(method: .post, path: ["session", what], fields: fields.map { (name: $0.0, value: $0.1) }))
  }

  /// What is shown, and the key of its buttons.
  private func shown() async throws -> (text: String, key: String) {
    guard case .page(let page) = try await guide.answer(Request(method: .get, path: ["session"])).body
    else { return ("", "") }
    let text = page.html.text
    let key = text.firstMatch(of: /name="key" value="([^"]*)"/).map { String($0.1) }
    return (text, key ?? "")
  }

  @Test func aButtonIsOfItsStep() async throws {
    _ = try await post("begin", [("routine", "quick"), ("side", "left")])
    let first = try await shown()
    #expect(first.key == "ratingBefore 0")
    // A double tap on an 8: the second is no answer to how tender the spot is.
    for _ in 0..<2 { _ = try await post("do", [("key", first.key), ("score", "8")]) }
    let second = try await shown()
    #expect(second.key == "getReady 0" && second.text.contains("how tender"))
    for _ in 0..<3 { _ = try await post("do", [("key", second.key), ("event", "next")]) }
    #expect(try await shown().key == "pressing 0")
    #expect(try await journal.perform { try $0.list("pain").compactMap { $0[.score].integer } } == [8])
    #expect(try await journal.perform { try $0.list("bouts").isEmpty })
  }

  /// After a sign, or with pain that is severe, nothing counts by itself.
  @Test func noBallMeansNoBall() async throws {
    _ = try await journal.perform { journal in
      try journal.ratePain(9)
    }
    await #expect(throws: KitError.self) {
      try await post("begin", [("routine", "quick"), ("side", "left")])
    }
    #expect(try await journal.perform { try $0.list("sessions").isEmpty })
    _ = try await post("begin", [("routine", "quick"), ("side", "left"), ("despite", "yes")])
    _ = try await post("do", [("key", try await shown().key), ("score", "9")])
    let stage = try await shown()
    #expect(
      stage.key == "getReady 0" && stage.text.contains("Paused") && stage.text.contains("href=\"/check\""))
  }

  @Test func twoBeginningsAreOneSession() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { _ = try await self.post("begin", [("routine", "quick"), ("side", "left")]) }
      }
      try await group.waitForAll()
    }
    #expect(try await journal.perform { try $0.list("sessions").count } == 1)
    #expect(try await shown().key == "ratingBefore 0")
  }

  /// From the first question to the last, with a press that was skipped and a sign that ended it.
  @Test func aSessionToItsEnd() async throws {
    _ = try await post("begin", [("routine", "quick"), ("side", "left")])
    for fields in [
      ("score", "5"), ("score", "4"), ("skip", "no-time"), ("event", "next"), ("stop", "electric"),
      ("event", "end"),
    ] {
      _ = try await post("do", [("key", try await shown().key), fields])
    }
    #expect(try await shown().key.hasPrefix("ratingAfter"))
    let over = try await post("do", [("score", "3")])
    #expect(over.location?.hasPrefix("/record/") == true)
    let session = try await journal.perform { try $0.list("sessions")[0] }
    #expect(session.children.map { $0[.outcome].text } == ["skipped", "stopped"])
    #expect(session.children.map { $0[.stopSign].text } == [nil, "electric"])
    #expect(try await journal.perform { try $0.list("pain").compactMap { $0[.score].integer } } == [3, 5])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/state").allSatisfy {
        !$0.hasPrefix("running")
      })
  }

  /// What is no event changes nothing, and where nothing runs there is nothing to do.
  @Test func whatIsNoEvent() async throws {
    _ = try await post("begin", [("routine", "quick"), ("side", "left")])
    for fields in [("event", "x"), ("stop", "x"), ("score", "x"), ("x", "y")] {
      await #expect(throws: KitError.self) { try await post("do", [fields]) }
    }
    _ = try await post("do", [("score", "11")])
    #expect(try await shown().key == "ratingBefore 0")
    _ = try await post("do", [("event", "finish")])
    #expect(try await post("do", [("event", "next")]).location == "/session")
  }

  /// An emergency comes before everything that was begun.
  @Test func nobodyIsGuidedInAnEmergency() async throws {
    _ = try await post("begin", [("routine", "quick"), ("side", "left")])
    #expect(try await shown().key == "ratingBefore 0")
    _ = try await journal.perform { try $0.recordCheck(["bladder"]) }
    let text = try await shown()
    #expect(
      text.key.isEmpty && text.text.contains("emergency") && !text.text.contains("/session/begin")
        && !text.text.contains("What to press"))
    #expect(try await post("do", [("score", "5")]).location == "/session")
    #expect(try await journal.perform { try $0.list("pain").isEmpty })
    // One that waits is not begun again; the page says what there is.
    #expect(try await post("begin", [("routine", "quick")]).location == "/session")
    #expect(try await journal.perform { try $0.list("sessions").count } == 1)
    _ = try await journal.perform { try $0.recordCheck([]) }
    #expect(try await shown().key == "ratingBefore 0")
  }

  /// What has come to speak against one that was left is read first; then it goes on, or is ended.
  @Test(arguments: ["tingle", "9", "bladder"]) func whatWasLeftWaits(sign: String) async throws {
    let journal = self.journal
    let id = try await journal.perform { try $0.beginGuided(GuidedRequest()).session.session }
    _ = try await journal.perform { journal in
      switch sign {
      case "9": _ = try journal.ratePain(9)
      case "tingle": _ = try journal.tag(journal.ratePain(4).records[0].id, ["+tingle"])
      default: _ = try journal.recordCheck(["bladder"])
      }
    }
    let choice = try await shown()
    #expect(choice.key.isEmpty && choice.text.contains("/session/end"))
    #expect(choice.text.contains("/session/resume") == (sign != "bladder"))
    #expect(choice.text.contains("name=\"despite\"") == (sign == "9"))
    #expect(!choice.text.contains("/session/begin"))
    // A page of before cannot begin a second one.
    _ = try? await post("begin", [("routine", "quick"), ("despite", "yes")])
    #expect(try await journal.perform { try $0.list("sessions").count } == 1)
    if sign == "9" {
      await #expect(throws: KitError.self) { try await post("resume") }
      #expect(try await shown().key.isEmpty)
    }
    if sign != "bladder" {
      _ = try await post("resume", [("despite", "yes")])
      #expect(try await shown().key == "ratingBefore 0")
    }
    #expect(try await post("end").location == "/record/\(id)")
    #expect(try await journal.perform { try $0.show(id)[.status].text } == "abandoned")
    #expect(try await journal.perform { try $0.runningSession() == nil })
    await #expect(throws: KitError.self) { try await post("end") }
  }

  /// Another front end that has it open keeps it; closed there, it goes on here.
  @Test func oneFrontEndAtATime() async throws {
    let beginning = try await journal.perform { try $0.beginGuided(GuidedRequest()) }
    let state = "\(folder.path)/state"
    do {
      let file = try GuidedFile(session: beginning.session.session, folder: state)
      file.save(beginning.session)
      await #expect(throws: KitError.self) { try await shown() }
      withExtendedLifetime(file) {}
    }
    #expect(try await shown().key == "ratingBefore 0")
  }
}
