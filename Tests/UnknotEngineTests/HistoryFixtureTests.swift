import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Histories that once went wrong, and the cases of copied and restored journals (`Tests/Fixtures/histories/README.md`).
@Suite struct HistoryFixtureTests {
  static let folder = Repository.root.appending(path: "Tests/Fixtures/histories")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".txt") }.sorted()
  }()

  @Test func thereAreHistories() { #expect(Self.names.count >= 5) }

  @Test(arguments: names)
  func endsWell(name: String) throws {
    let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    var player = try HistoryPlayer()
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      try player.play(line.split(separator: " ").map(String.init))
    }
    try player.end()
  }
}

private struct HistoryPlayer {
  /// A record's name in this journal may change with a fork: it is known by the hash of its first change.
  private var records: [String: ChangeHash] = [:]
  private var devices: [(name: String, device: TestDevice)] = []
  private var expected: [(record: String, field: String, value: String)] = []
  private var expectedForks: Int?
  private var restarts = 0
  private var notes: [String: [DeviceID: [UInt8]]] = [:]
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func device(_ name: String) throws -> TestDevice {
    try #require(devices.first { $0.name == name }, "no device \(name)").device
  }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  private func dot(_ record: String, on device: TestDevice) throws -> Dot {
    let hash = try #require(records[record], "no record \(record)")
    return try device.store.read { session in
      try #require(
        try session.clock.entries.flatMap { actor, seq in (1...seq).map { Dot(actor, $0) } }
          .first { try session.hash(of: $0) == hash }, "\(device.name) does not hold \(record)")
    }
  }

  private func value(_ text: String, on device: TestDevice) throws -> Value {
    text.hasPrefix("@") ? .reference(try dot(String(text.dropFirst()), on: device)) : .text(text)
  }

  mutating func play(_ words: [String]) throws {
    switch words[0] {
    case "device": try add(words[1], notes: TestNotes())
    case "create":
      let device = try device(words[1])
      let parent = words.count == 5 ? try dot(words[4], on: device) : nil
      let made = try device.create(parent == nil ? "visit" : "part", parent: parent, ["size": .integer(1)])
      records[words[2]] = try device.store.read { try $0.hash(of: made) }
    case "edit":
      let device = try device(words[1])
      try device.edit(try dot(words[2], on: device), [words[3]: try value(words[4], on: device)])
    case "delete":
      let device = try device(words[1])
      try device.delete(try dot(words[2], on: device))
    case "copy": try add(words[2], copyOf: try device(words[1]), notes: TestNotes())
    case "clone":
      let original = try device(words[1])
      try add(words[2], copyOf: original, notes: TestNotes(original.notesOfMachine))
    case "backup":
      try copyJournal(words[1], to: words[2])
      notes[words[2]] = try device(words[1]).notesOfMachine
    case "restore": try restore(words[1], from: words[2], withNote: words.count == 4)
    case "replace": try restore(words[1], from: words[2], withNote: false)
    case "undo": _ = try device(words[1]).store.undo()
    case "forks": expectedForks = Int(words[1])
    case "delta":
      _ = try device(words[1]).synchronizer.export(
        to: .file(path(words[2])), for: Receiver(device: words[3]), full: false)
    case "export":
      _ = try device(words[1]).synchronizer.export(
        to: .file(path(words[2])), for: .everyone, full: true)
    case "import":
      _ = try device(words[1]).synchronizer.importFiles([.path(path(words[2]))])
    case "compact":
      let result = try device(words[1]).store.compact(before: .max, dryRun: false)
      #expect(result.changes > 0, "nothing was forgotten")
    case "exchange": try exchange()
    case "shows": expected.append((words[1], words[2], words[3]))
    default: Issue.record("no such step: \(words[0])")
    }
  }

  private func copyJournal(_ name: String, to copy: String) throws {
    try FileManager.default.copyItem(atPath: path("\(name).sqlite"), toPath: path("\(copy).sqlite"))
  }

  /// A file takes the place of the device's journal, which is opened anew.
  private mutating func restore(_ name: String, from copy: String, withNote: Bool) throws {
    let index = try #require(devices.firstIndex { $0.name == name })
    let note = withNote ? notes[copy] : devices[index].device.notesOfMachine
    try FileManager.default.removeItem(atPath: path("\(name).sqlite"))
    try copyJournal(copy, to: name)
    restarts += 1
    devices[index].device = try TestDevice(
      name, seed: 1000 + UInt64(restarts), path: path("\(name).sqlite"), notes: TestNotes(note ?? [:]))
  }

  private mutating func add(_ name: String, copyOf original: TestDevice? = nil, notes: TestNotes) throws {
    if let original {
      try FileManager.default.copyItem(
        atPath: path("\(original.name).sqlite"), toPath: path("\(name).sqlite"))
    }
    devices.append(
      (
        name,
        try TestDevice(
          name, seed: UInt64(devices.count) + 1, path: path("\(name).sqlite"), notes: notes)
      ))
  }

  private func exchange() throws {
    for _ in 0..<2 {
      for (_, sender) in devices {
        for (_, receiver) in devices where receiver.name != sender.name {
          try sender.send(to: receiver, in: folder, full: true)
        }
      }
    }
  }

  func end() throws {
    try exchange()
    let first = try #require(devices.first).device
    for (name, device) in devices {
      #expect(try device.clock == first.clock, "\(name) holds something else than \(first.name)")
      #expect(try device.digest == first.digest, "\(name) shows something else than \(first.name)")
      let forks = try device.store.read { try $0.branches() }
      #expect(expectedForks == nil || forks.count == expectedForks, "\(name) knows of \(forks)")
      for (record, field, text) in expected {
        let values = try device.values(of: try dot(record, on: device), field)
        let wanted = try value(text, on: device)
        #expect(values.contains(wanted), "\(name): \(record) \(field) is \(values)")
      }
    }
  }
}
