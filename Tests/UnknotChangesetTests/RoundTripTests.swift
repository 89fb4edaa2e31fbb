import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotChangeset

@Suite struct RoundTripTests {
  private let actor = ActorID([UInt8](repeating: 7, count: 16))!
  private let hash = ChangeHash([UInt8](repeating: 9, count: 32))!

  private func header(_ count: UInt64) -> ChangesetHeader {
    let tip = count == 0 ? [] : [ClockEntry(Dot(actor, count), hash)]
    let device = DeviceState(
      id: [UInt8](repeating: 1, count: 16), name: "phone", nameRevision: 2, actors: [actor], clock: tip)
    return ChangesetHeader(
      journalIDs: [[UInt8](repeating: 3, count: 16)], writer: device.id, base: [], tip: tip,
      devices: [device],
      changeCount: count, extraActors: [])
  }

  /// Changes of many shapes and every kind of value, the same for the same number.
  private func change(_ number: UInt64) -> Change {
    let choices: [Value] = [
      .null, .integer(Int64(number) * -77), .text("n\(number) é"),
      .bytes([UInt8](repeating: 0, count: Int(number % 5))),
      .time(milliseconds: Int64(number) * 1000, offsetMinutes: Int32(number % 100) - 50),
      .reference(Dot(actor, number)),
    ]
    let fields = (0..<Int(number % 4)).map { FieldName("f\($0)", key: number % 3 == 0 ? "k\($0)" : nil) }
    let isEdit = number > 1 && number % 5 == 0
    return Change(
      dot: Dot(actor, number),
      shape: Shape(isEdit ? .edit : .create, table: "t\(number % 2)", fields: fields),
      subject: isEdit ? Dot(actor, number - 1) : nil, recordedAt: Int64(number % 7) * 1_000_000,
      beginsOperation: number % 3 == 1,
      body: Body.encode(fields.indices.map { choices[(Int(number) + $0) % choices.count] }))
  }

  private func write(_ changes: [Change]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var writer = try ChangesetWriter(header(UInt64(changes.count))) { bytes += $0 }
    try writer.append(ChangeRun(context: nil, changes: changes), follows: nil)
    try writer.finish()
    return bytes
  }

  private func source(_ bytes: [UInt8], by step: Int = 1 << 16) -> (Int) -> [UInt8] {
    var position = 0
    return { atMost in
      let piece = Array(bytes[position..<min(bytes.count, position + min(step, atMost))])
      position += piece.count
      return piece
    }
  }

  @Test(arguments: [0, 1, 2, 63, 4095, 4096, 4097, 9000])
  func whatWasWrittenIsRead(count: UInt64) throws {
    let changes = count == 0 ? [] : (1...count).map(change)
    let bytes = try write(changes)
    for step in count < 100 ? [1, 7, 1 << 16] : [1 << 16] {
      let reader = try ChangesetReader(source: source(bytes, by: step))
      #expect(reader.header == header(count))
      var read: [Change] = []
      while try reader.next(skipping: VectorClock(), { read += $0.run.changes }) {}
      #expect(read == changes)
      let verified = try ChangesetReader(source: source(bytes, by: step))
      try verified.verify()
      #expect(verified.header == reader.header && verified.bytesRead == UInt64(bytes.count))
    }
  }

  @Test(arguments: [0, 1, 4096, 4100, 9000])
  func whatIsHeldIsPassedOver(known: UInt64) throws {
    let changes = (1...9000).map { change(UInt64($0)) }
    let reader = try ChangesetReader(source: source(try write(changes)))
    var read: [Change] = []
    while try reader.next(skipping: VectorClock([actor: known]), { read += $0.run.changes }) {}
    #expect(read == Array(changes[Int(known)...]))
  }

  /// A run of long values comes in pieces: the first one alone says what it follows, and none is much longer than it
  /// has to be.
  @Test func longValuesComeInPieces() throws {
    let root = ActorID([UInt8](repeating: 5, count: 16))!
    let sizes = [10, 300_000, 100_000, 200_000, 10, 10, 900_000, 900_000, 10, 250_000, 10_000, 10]
    let changes = sizes.enumerated().map { number, size in
      Change(
        dot: Dot(actor, UInt64(number) + 1), shape: Shape(.create, table: "t", fields: [FieldName("f")]),
        subject: nil, recordedAt: 0, beginsOperation: true,
        body: Body.encode([.text(String(repeating: "x", count: size))]))
    }
    var header = header(UInt64(changes.count))
    header = ChangesetHeader(
      journalIDs: header.journalIDs, writer: header.devices[0].id, base: [ClockEntry(Dot(root, 1), hash)],
      tip: header.tip + [ClockEntry(Dot(root, 1), hash)], devices: header.devices,
      changeCount: UInt64(changes.count), extraActors: [])
    var bytes: [UInt8] = []
    var writer = try ChangesetWriter(header) { bytes += $0 }
    let context = ContextDelta(at: Dot(actor, 1), entries: [Dot(root, 1)])
    try writer.append(ChangeRun(context: context, changes: changes), follows: nil)
    try writer.finish()
    for known in [0, 3, 7] {
      let reader = try ChangesetReader(source: source(bytes))
      var pieces: [ChangeRun] = []
      while try reader.next(skipping: VectorClock([actor: UInt64(known)]), { pieces.append($0.run) }) {}
      #expect(pieces.flatMap(\.changes) == Array(changes[known...]))
      #expect(pieces.count > 1 && pieces.allSatisfy { !$0.changes.isEmpty })
      for piece in pieces {
        #expect(piece.changes.dropLast().reduce(0) { $0 + $1.body.count } <= 1 << 18)
        #expect((piece.context == nil) == (piece.changes[0].dot != Dot(actor, 1)))
      }
    }
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/protoc"), "protoc is installed"))
  func anyProtobufToolReadsIt() throws {
    let schema = Repository.root.appending(path: "Schema")
    let file = NSTemporaryDirectory() + UUID().uuidString
    try Data(try write((1...20).map { change(UInt64($0)) })).write(to: URL(filePath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", "protoc --decode unknot.Changeset -I \"$1\" changeset.proto < \"$2\"", "sh", schema.path, file,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(text.contains("magic: \"unknot\"") && text.contains("name: \"phone\""))
  }
}
