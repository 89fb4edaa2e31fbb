import Crypto
import SwiftProtobuf
public import UnknotCausality

/// A run as it came, with the hash that it says it follows.
public struct SentRun: Sendable {
  /// Its changes, or the hashes of forgotten ones; without those at its front that the reader was to skip.
  public let run: ChangeRun
  /// The hash of the change before the run's first, where the file or this piece of a run says it.
  public let follows: ChangeHash?
}

/// Reads a changeset as a stream: no more than one block is in memory. Whatever the bytes are, it throws at worst.
public final class ChangesetReader {
  /// What every file begins with, of whatever format.
  public static let start = Format.start
  /// The file's format, from 1 to the highest that this program reads.
  public let formatVersion: UInt64
  /// What the file says before its changes. It keeps the format's rules, but can have been altered until `verify`, or
  /// `next` after the last block, has checked the checksum.
  public let header: ChangesetHeader
  /// Who says that the file is as it was written, after `verify` or the last block: the signature is that of what was
  /// read. Nil where nobody does.
  public private(set) var seal: ChangesetSeal?
  private var input: HashingInput
  private let actors: ActorTable
  private var shapes: [Shape] = []
  /// Where the runs read so far end, and where the last ones have to.
  private var clock: VectorClock
  private let tip: VectorClock
  private let branches: Set<ActorID>
  private var shapeNames: Set<Shape> = []
  private var changesRead: UInt64 = 0
  private var isAtEnd = false

  /// Reads the magic bytes, the version and the header.
  /// - Parameter source: gives the next bytes, at most so many; none at the end.
  public init(source: @escaping (_ atMost: Int) throws -> [UInt8]) throws {
    input = HashingInput(source: source)
    guard try input.begins(with: Format.start) else { throw ChangesetError.notAChangeset }
    guard try input.varint() == Format.Field.version else {
      throw ChangesetError.damaged("it has no version")
    }
    formatVersion = try input.varint()
    guard formatVersion <= Format.version else {
      throw ChangesetError.newerFormat(version: formatVersion, supported: Format.version)
    }
    guard formatVersion > 0 else { throw ChangesetError.damaged("its version is 0") }
    guard try input.varint() == Format.Field.header else { throw ChangesetError.damaged("it has no header") }
    let message = try Unknot_Header.strict(try input.take(try input.varint()), within: .header)
    (header, actors) = try ChangesetHeader.read(message, version: formatVersion)
    clock = VectorClock(checked: header.base)
    tip = VectorClock(checked: header.tip)
    branches = Set(header.branches.map(\.actor))
  }

  /// How many bytes were read so far: after `verify` or the last block, the size of the file.
  public var bytesRead: UInt64 { input.count }

  /// Reads the next block; false after the last one, once the checksum agrees. Changes that `known` covers are left
  /// out; where it covers all of a block, the block's columns are not even decoded.
  ///
  /// - Parameter body: takes the block's runs, one of long values in pieces: what follows the first
  ///   piece has no context and says not what it follows.
  public func next(skipping known: VectorClock, _ body: (SentRun) throws -> Void) throws -> Bool {
    guard !isAtEnd else { return false }
    guard try beginsBlock() else {
      guard clock == tip else { throw ChangesetError.damaged("it ends before its tip") }
      isAtEnd = true
      return false
    }
    var fields = try BlockFields(&input)
    for part in try fields.shapes(&input) {
      let shape = try BlockDecoder.shape(part)
      guard shapeNames.insert(shape).inserted else {
        throw ChangesetError.damaged("the shape of changes comes up twice")
      }
      shapes.append(shape)
    }
    var isOfReceiver = false
    do {
      let decoder = try BlockDecoder(
        try fields.runs(&input), actors: actors, tip: tip, branches: branches, &clock)
      changesRead += UInt64(decoder.changeCount)
      // Each shape comes up with a change that has it: they take no more memory than a file of changes is worth.
      guard UInt64(shapes.count) <= changesRead else {
        throw ChangesetError.damaged("it has more shapes than changes")
      }
      let columns = try fields.columns(isWanted: !decoder.isKnown(known), &input)
      try decoder.decode(columns, shapes, skipping: known) {
        isOfReceiver = true
        try body($0)
        isOfReceiver = false
      }
    } catch let error as MalformedBytes where !isOfReceiver {
      throw ChangesetError.damaged("a block is malformed: \(error)")
    }
    return true
  }

  /// Reads the rest of the file: its structure and its checksum. The header can then be relied on to be what was written.
  /// No blocks are given after it.
  public func verify() throws {
    while try beginsBlock() { try BlockFields(&input).skip(&input) }
    isAtEnd = true
  }

  /// Whether a block comes; false when the file's end came instead, and agreed.
  private func beginsBlock() throws -> Bool {
    var sum = input.checksum
    var field = try input.varint()
    if field == Format.Field.block { return true }
    if formatVersion > Format.firstVersion {
      if field == Format.Field.padding {
        try readPadding()
        (sum, field) = (input.checksum, try input.varint())
      }
      if field == Format.Field.seal {
        try readSeal(of: sum)
        (sum, field) = (input.checksum, try input.varint())
      }
    }
    guard field == Format.Field.checksum else {
      throw ChangesetError.damaged("it has a part that this format does not know")
    }
    guard try input.varint() == 32, try input.take(32) == sum else {
      throw ChangesetError.damaged("its checksum does not agree: it was changed or cut on its way")
    }
    guard try input.varint(orEnd: true) == nil else {
      throw ChangesetError.damaged("something follows its end")
    }
    return false
  }

  private func readPadding() throws {
    var left = try input.varint()
    guard (1...Format.maximumPartBytes).contains(left) else { throw ChangesetError.unwritten }
    while let piece = try input.piece(of: &left) {
      guard piece.allSatisfy({ $0 == 0 }) else { throw ChangesetError.unwritten }
    }
  }

  private func readSeal(of digest: [UInt8]) throws {
    let message = try Unknot_Seal.strict(try input.take(try input.varint()), within: .seal)
    let (signer, signature) = (Array(message.signer), Array(message.signature))
    guard signer.count == Format.keyBytes, signature.count == Format.signatureBytes,
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: signer),
      key.isValidSignature(signature, for: ChangesetSeal.message(digest))
    else { throw ChangesetError.damaged("what signs it does not agree: it was changed on its way") }
    seal = ChangesetSeal(signer: signer, signature: signature)
  }
}
