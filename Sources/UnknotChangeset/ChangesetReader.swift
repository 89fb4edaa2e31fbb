import Crypto
import SwiftProtobuf
public import UnknotCausality

/// A run as it came, with the hash that it says it follows.
public struct SentRun: Sendable {
  public let run: ChangeRun
  public let follows: ChangeHash?
}

/// Reads a changeset as a stream: no more than one block is in memory. Whatever the bytes are, it throws at worst.
public final class ChangesetReader {
  public let formatVersion: UInt64
  public let header: ChangesetHeader
  private var input: HashingInput
  private let actors: ActorTable
  private var shapes: [Shape] = []
  private var clock: VectorClock
  private var isAtEnd = false

  /// Reads the magic bytes, the version and the header.
  /// - Parameter source: gives the next bytes, at most so many; none at the end.
  public init(source: @escaping (_ atMost: Int) throws -> [UInt8]) throws {
    input = HashingInput(source: source)
    guard let field = try input.varint(orEnd: true), field == Format.Field.magic,
      try input.varint() == UInt64(Format.magic.count), try input.take(6) == Format.magic
    else { throw ChangesetError.notAChangeset }
    guard try input.varint() == Format.Field.version else {
      throw ChangesetError.damaged("it has no version")
    }
    formatVersion = try input.varint()
    guard formatVersion <= Format.version else {
      throw ChangesetError.newerFormat(version: formatVersion, supported: Format.version)
    }
    guard formatVersion > 0 else { throw ChangesetError.damaged("its version is 0") }
    guard try input.varint() == Format.Field.header else { throw ChangesetError.damaged("it has no header") }
    let message = try Self.parse(Unknot_Header.self, try input.take(try input.varint()))
    (header, actors) = try ChangesetHeader.read(message)
    clock = VectorClock(
      Dictionary(header.base.map { ($0.dot.actor, $0.dot.seq) }, uniquingKeysWith: max))
  }

  public var bytesRead: UInt64 { input.count }

  /// The next block's runs; nil after the last one, once the checksum agrees. Changes that `known` covers are left
  /// out; where it covers all of a block, the block's columns are not even decoded.
  public func next(skipping known: VectorClock) throws -> [SentRun]? {
    guard !isAtEnd else { return nil }
    guard let bytes = try nextPart() else {
      isAtEnd = true
      for entry in header.tip where clock[entry.dot.actor] != entry.dot.seq {
        throw ChangesetError.damaged("it ends before its tip")
      }
      guard clock.entries.count == header.tip.count else {
        throw ChangesetError.damaged("it goes beyond its tip")
      }
      return nil
    }
    let message = try Self.parse(Unknot_Block.self, bytes)
    let block = BlockDecoder(actors: actors)
    shapes += try message.shape.map(BlockDecoder.shape)
    return try block.runs(of: message, shapes, skipping: known, &clock)
  }

  /// Reads the whole file: its structure and its checksum. The header can then be relied on to be what was written.
  public static func verify(source: @escaping (_ atMost: Int) throws -> [UInt8]) throws -> ChangesetHeader {
    let reader = try ChangesetReader(source: source)
    while try reader.nextPart() != nil {}
    return reader.header
  }

  /// A block's bytes; nil when the checksum came instead, agreed, and was the last thing.
  private func nextPart() throws -> [UInt8]? {
    let sum = input.checksum
    switch try input.varint() {
    case Format.Field.block:
      return try input.take(try input.varint())
    case Format.Field.checksum:
      guard try input.varint() == 32, try input.take(32) == sum else {
        throw ChangesetError.damaged("its checksum does not agree: it was changed or cut on its way")
      }
      guard try input.varint(orEnd: true) == nil else {
        throw ChangesetError.damaged("something follows its end")
      }
      return nil
    default:
      throw ChangesetError.damaged("it has a part that this format does not know")
    }
  }

  private static func parse<M: Message>(_ type: M.Type, _ bytes: [UInt8]) throws -> M {
    do {
      return try M(serializedBytes: bytes)
    } catch {
      throw ChangesetError.damaged("a part of it is not what a writer writes")
    }
  }
}

/// Bytes from a source, each taken into the checksum when it is used.
struct HashingInput {
  private let source: (Int) throws -> [UInt8]
  private var buffer: ArraySlice<UInt8> = []
  private var hasher = SHA256()
  private(set) var count: UInt64 = 0

  init(source: @escaping (Int) throws -> [UInt8]) { self.source = source }

  /// SHA-256 over everything taken so far.
  var checksum: [UInt8] {
    let copy = hasher
    return Array(copy.finalize())
  }

  private mutating func fill() throws -> Bool {
    if buffer.isEmpty { buffer = try source(1 << 16)[...] }
    return !buffer.isEmpty
  }

  private mutating func byte() throws -> UInt8? {
    guard try fill(), let byte = buffer.popFirst() else { return nil }
    hasher.update(data: [byte])
    count += 1
    return byte
  }

  /// - Parameter orEnd: nil where the input ends before the number begins; an error otherwise.
  mutating func varint(orEnd: Bool) throws -> UInt64? {
    var number: UInt64 = 0
    for index in 0..<10 {
      guard let byte = try byte() else {
        if orEnd, index == 0 { return nil }
        throw ChangesetError.damaged("it ends too early: it is incomplete")
      }
      guard index < 9 || byte <= 1, byte != 0 || index == 0 else { break }
      number |= UInt64(byte & 0x7f) << (7 * UInt64(index))
      if byte & 0x80 == 0 { return number }
    }
    throw ChangesetError.damaged("a number in it is malformed")
  }

  mutating func varint() throws -> UInt64 {
    guard let number = try varint(orEnd: false) else { throw ChangesetError.damaged("it ends too early") }
    return number
  }

  /// Exactly so many bytes. Memory grows as they arrive, never by what a length claims.
  mutating func take(_ wanted: UInt64) throws -> [UInt8] {
    guard wanted <= Format.maximumPartBytes else { throw ChangesetError.damaged("a part of it is too large") }
    var bytes: [UInt8] = []
    while bytes.count < Int(wanted) {
      guard try fill() else { throw ChangesetError.damaged("it ends too early: it is incomplete") }
      let piece = buffer.prefix(Int(wanted) - bytes.count)
      bytes += piece
      buffer = buffer.dropFirst(piece.count)
    }
    hasher.update(data: bytes)
    count += wanted
    return bytes
  }
}
