import Foundation
import SeededRandom
import SwiftProtobuf
import Testing
import UnknotCausality

@testable import UnknotChangeset

/// What is read off a file without a message being made of it is what the message would say, and as strict: its bytes
/// are the ones that come out when it is written again.
@Suite struct StrictReadingTests {
  /// The message, if these bytes are the one way to write it.
  private func written<Part: Message>(_ bytes: [UInt8], as: Part.Type) -> Part? {
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    guard let message = try? Part(serializedBytes: bytes, options: options),
      let again: [UInt8] = try? message.serializedBytes(), again == bytes
    else { return nil }
    return message
  }

  private func harmed(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...generator.pick(2) where !bytes.isEmpty {
      let at = generator.pick(bytes.count)
      switch generator.pick(6) {
      case 0: bytes[at] ^= 1 << UInt8(generator.pick(8))
      case 1: bytes[at] = generator.element(of: [0, 0x80, 0xff, 0x0a, 0x12, 0x1a, 0x32]) ?? 0
      case 2: bytes.insert(UInt8(generator.pick(256)), at: at)
      case 3: bytes.removeSubrange(at..<min(bytes.count, at + 1 + generator.pick(4)))
      case 4: bytes += bytes[at..<min(bytes.count, at + 1 + generator.pick(8))]
      default: bytes.remove(at: at)
      }
    }
    return bytes
  }

  @Test func columnsAreReadAsTheMessageSays() throws {
    var generator = SeededGenerator(seed: 71)
    var counts = (read: 0, refused: 0)
    for round in 0..<20_000 {
      var columns = Unknot_Columns()
      func some() -> Data { Data(generator.bytes(generator.once(in: 3) ? 0 : generator.pick(20))) }
      columns.shape = some()
      columns.begins = some()
      columns.recordedAt = some()
      columns.subjectActor = some()
      columns.subjectSeq = some()
      for _ in 0..<generator.pick(4) {
        columns.values.append(.with { $0.tag = Data(generator.bytes(1 + generator.pick(20))) })
      }
      let good: [UInt8] = try columns.serializedBytes()
      let bytes = generator.once(in: 4) ? good : harmed(good, &generator)
      let fields = try? BytesFields(bytes[...], count: 6, most: 4, least: 0)
      // Whether what stands in a column is one is looked at when that is read.
      let inner =
        fields?.repeated.allSatisfy { written(Array($0), as: Unknot_ValueColumn.self) != nil } ?? false
      let message = written(bytes, as: Unknot_Columns.self).flatMap { $0.values.count <= 4 ? $0 : nil }
      #expect(inner == (message != nil), "round \(round): \(bytes)")
      guard let fields, let message, inner else {
        counts.refused += 1
        continue
      }
      counts.read += 1
      #expect(Array(fields[1]) == Array(message.shape) && Array(fields[2]) == Array(message.begins))
      #expect(
        Array(fields[3]) == Array(message.recordedAt) && Array(fields[4]) == Array(message.subjectActor))
      #expect(Array(fields[5]) == Array(message.subjectSeq))
      #expect(try fields.repeated.map { Array($0) } == message.values.map { try $0.serializedBytes() })
    }
    #expect(counts.read > 4000 && counts.refused > 4000)
  }

  @Test func aColumnIsReadAsTheMessageSays() throws {
    var generator = SeededGenerator(seed: 72)
    var counts = (read: 0, refused: 0)
    for round in 0..<20_000 {
      var column = Unknot_ValueColumn()
      func some() -> Data { Data(generator.bytes(generator.once(in: 2) ? 0 : generator.pick(9))) }
      column.tag = some()
      column.integer = some()
      column.length = some()
      column.content = some()
      column.choice = some()
      column.time = some()
      column.offset = some()
      column.referenceActor = some()
      column.referenceSeq = some()
      column.referenceHash = some()
      let good: [UInt8] = try column.serializedBytes()
      let bytes = generator.once(in: 4) ? good : harmed(good, &generator)
      let fields = try? BytesFields(bytes[...], count: 10)
      let message = written(bytes, as: Unknot_ValueColumn.self)
      #expect((fields == nil) == (message == nil), "round \(round): \(bytes)")
      guard let fields, let message else {
        counts.refused += 1
        continue
      }
      counts.read += 1
      let contents = [
        message.tag, message.integer, message.length, message.content, message.choice, message.time,
        message.offset, message.referenceActor, message.referenceSeq, message.referenceHash,
      ]
      #expect((1...10).map { Array(fields[$0]) } == contents.map { Array($0) })
    }
    #expect(counts.read > 4000 && counts.refused > 4000)
  }

  @Test func aBlockIsReadAsTheMessageSays() throws {
    var generator = SeededGenerator(seed: 73)
    var counts = (read: 0, refused: 0)
    for round in 0..<20_000 {
      var block = Unknot_Block()
      for _ in 0..<generator.pick(3) {
        block.shape.append(
          .with {
            $0.action = UInt32(generator.pick(3))
            $0.table = generator.element(of: ["", "visit"]) ?? ""
            if generator.once(in: 2) { $0.field = [.with { $0.name = "note" }] }
          })
      }
      for _ in 0..<generator.pick(3) {
        block.run.append(
          .with {
            $0.first = UInt64(generator.pick(400))
            $0.count = UInt32(generator.pick(3))
            $0.follows = Data(generator.bytes(generator.pick(3)))
            $0.movesContext = generator.once(in: 2)
            $0.contextSeq = (0..<generator.pick(3)).map { UInt64($0) }
          })
      }
      block.columns = Data(generator.bytes(generator.pick(20)))
      block.columnsSize = UInt32(generator.pick(300))
      let good: [UInt8] = try block.serializedBytes()
      let bytes = generator.once(in: 4) ? good : harmed(good, &generator)
      var length = ByteWriter()
      length.unsigned(UInt64(bytes.count))
      // More of the file follows a block, and is not to be taken for a part of it.
      let file = length.bytes + bytes + generator.bytes(12)
      var rest = file[...]
      let step = 1 + generator.pick(40)
      var input = HashingInput { most in
        defer { rest = rest.dropFirst(min(most, step)) }
        return Array(rest.prefix(min(most, step)))
      }
      let message = written(bytes, as: Unknot_Block.self)
      do {
        var fields = try BlockFields(&input)
        let (shapes, runs) = (try fields.shapes(&input), try fields.runs(&input))
        _ = try fields.columns(isWanted: false, &input)
        #expect(input.count == UInt64(length.bytes.count + bytes.count), "round \(round)")
        #expect(shapes == message?.shape && runs == message?.run, "round \(round): \(bytes)")
        counts.read += 1
      } catch {
        #expect(message == nil, "round \(round): \(bytes): \(error)")
        counts.refused += 1
      }
    }
    #expect(counts.read > 4000 && counts.refused > 4000)
  }

  /// A byte of a context is eight in memory: no more of them are read than a journal can have.
  @Test func partsHaveTheirLimits() throws {
    func read(_ block: Unknot_Block) throws {
      let bytes: [UInt8] = try block.serializedBytes()
      var length = ByteWriter()
      length.unsigned(UInt64(bytes.count))
      var rest = (length.bytes + bytes)[...]
      var input = HashingInput { most in
        defer { rest = rest.dropFirst(most) }
        return Array(rest.prefix(most))
      }
      var fields = try BlockFields(&input)
      _ = try fields.shapes(&input)
      _ = try fields.runs(&input)
    }
    func run(_ count: Int) -> Unknot_Run { .with { $0.contextSeq = [UInt64](repeating: 1, count: count) } }
    let most = 1 << 19
    try read(.with { $0.run = [run(most / 2), run(most / 2)] })
    #expect(throws: ChangesetError.self) { try read(.with { $0.run = [run(most / 2), run(most / 2 + 1)] }) }
    #expect(throws: ChangesetError.self) { try read(.with { $0.run = [run(most + 1)] }) }
    let hashes = Data(repeating: 7, count: 4096 * 32)
    try read(.with { $0.run = [.with { $0.forgotten = hashes }] })
    #expect(throws: ChangesetError.self) {
      try read(.with { $0.run = [.with { $0.forgotten = Data(repeating: 7, count: 1 << 20) }] })
    }
    // The longest that a change can have.
    func shape(_ count: Int) -> Unknot_Shape {
      .with {
        $0.table = String(repeating: "t", count: 64)
        $0.field = (0..<count).map { _ in
          .with {
            $0.name = String(repeating: "n", count: 64)
            $0.key = String(repeating: "k", count: 256)
          }
        }
      }
    }
    try read(.with { $0.shape = [shape(256)] })
    #expect(throws: ChangesetError.self) { try read(.with { $0.shape = [shape(400)] }) }
  }

  /// Counted before anything is made of them.
  @Test func headersHaveTheirLimits() throws {
    func check(_ header: Unknot_Header) throws {
      let bytes: [UInt8] = try header.serializedBytes()
      try MessageBounds.header.check(bytes[...])
    }
    let id = Data(repeating: 1, count: 16)
    let entry = Unknot_ClockEntry.with {
      $0.seq = 1
      $0.hash = Data(repeating: 1, count: 32)
    }
    let branch = Unknot_Branch.with { $0.depth = 1 }
    func actors(_ count: Int) -> [Unknot_Header] {
      [
        .with { $0.actor = [Data](repeating: id, count: count) },
        .with { $0.base = [Unknot_ClockEntry](repeating: entry, count: count) },
        .with { $0.tip = [Unknot_ClockEntry](repeating: entry, count: count) },
        .with { $0.branch = [Unknot_Branch](repeating: branch, count: count) },
      ]
    }
    func others(_ count: Int) -> Unknot_Header {
      .with { $0.entry = [Unknot_ClockEntry](repeating: entry, count: count) }
    }
    for header in actors(16_384) + [others(65_536)] { try check(header) }
    for header in actors(16_385) + [others(65_537)] {
      #expect(throws: ChangesetError.self) { try check(header) }
    }
    func device(_ count: Int) -> Unknot_Device { .with { $0.clock = [UInt32](repeating: 0, count: count) } }
    try check(.with { $0.device = [device(2 << 20), device((2 << 20) - 100)] })
    #expect(throws: ChangesetError.self) {
      try check(.with { $0.device = [device(2 << 20), device(2 << 20)] })
    }
  }

  // MARK: Columns as they arrive

  private func inflated(_ bytes: [UInt8], most: Int, by step: Int) throws -> [UInt8] {
    var rest = bytes[...]
    return try Deflate.inflate(most: most) {
      guard !rest.isEmpty else { return nil }
      defer { rest = rest.dropFirst(step) }
      return rest.prefix(step)
    }
  }

  @Test(arguments: [0, 1, 100, 65_535, 65_536, 65_537, 131_072, 300_000])
  func whatArrivesInPiecesIsTheSame(count: Int) throws {
    var generator = SeededGenerator(seed: 74)
    // Half of it repeats itself.
    let bytes = generator.bytes(count / 2) + [UInt8](repeating: 7, count: count - count / 2)
    let deflated = try Deflate.deflate(bytes)
    for step in [1, 2, 7, 4096, deflated.count] where step * 200_000 > deflated.count {
      #expect(try inflated(deflated, most: count, by: step) == bytes)
      #expect(throws: ChangesetError.self) { try inflated(deflated + [0], most: count, by: step) }
      #expect(throws: ChangesetError.self) { try inflated(deflated.dropLast(), most: count, by: step) }
      if count > 0 {
        #expect(throws: ChangesetError.self) { try inflated(deflated, most: count - 1, by: step) }
      }
    }
  }

  private func inflated(_ bytes: ArraySlice<UInt8>, most: Int, by step: Int) throws -> [UInt8] {
    try inflated(Array(bytes), most: most, by: step)
  }
}
