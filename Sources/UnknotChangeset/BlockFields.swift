import SwiftProtobuf
import UnknotCausality

/// Reads a block's fields off a file one by one: a block of many forgotten changes or of long texts is never held as
/// it came, only what was read of it. Strict as `Message.strict`.
struct BlockFields {
  private enum Field {
    static let shape: UInt64 = 1 << 3 | 2
    static let run: UInt64 = 2 << 3 | 2
    static let columns: UInt64 = 3 << 3 | 2
    static let columnsSize: UInt64 = 4 << 3
  }

  /// The file's count of bytes at which the block ends.
  private let end: UInt64
  /// The field that was begun: its key was read.
  private var key: UInt64?

  /// - Parameter input: at the block's length. Its shapes are read next, then its runs, then its columns.
  init(_ input: inout HashingInput) throws {
    let length = try input.varint()
    guard length <= Format.maximumPartBytes else { throw ChangesetError.damaged("a part of it is too large") }
    end = input.count + length
  }

  private mutating func advance(_ input: inout HashingInput) throws {
    guard input.count <= end else { throw ChangesetError.unwritten }
    key = input.count == end ? nil : try input.varint()
  }

  private func length(_ input: inout HashingInput) throws -> UInt64 {
    let length = try input.varint()
    guard input.count <= end, length <= end - input.count else { throw ChangesetError.unwritten }
    return length
  }

  mutating func shapes(_ input: inout HashingInput) throws -> [Unknot_Shape] {
    try advance(&input)
    return try messages(Field.shape, most: Format.maximumShapeBytes, within: .shape, &input)
  }

  mutating func runs(_ input: inout HashingInput) throws -> [Unknot_Run] {
    // Of its numbers, a byte in the file is eight in memory.
    var entries = 0
    return try messages(Field.run, most: Format.maximumRunBytes, within: .run, &input) { run in
      entries += run.contextSeq.count
      guard entries <= Format.maximumContextEntries else {
        throw ChangesetError.damaged("a part of it has more entries than the format allows")
      }
    }
  }

  private mutating func messages<Part: Message>(
    _ field: UInt64, most: UInt64, within bounds: MessageBounds, _ input: inout HashingInput,
    _ check: (Part) throws -> Void = { _ in }
  ) throws -> [Part] {
    var messages: [Part] = []
    while key == field {
      guard messages.count < Format.changesPerBlock else {
        throw ChangesetError.damaged("a part of it has more entries than the format allows")
      }
      let length = try length(&input)
      guard length <= most else { throw ChangesetError.damaged("a part of it is too large") }
      let message = try Part.strict(try input.take(length), within: bounds)
      try check(message)
      messages.append(message)
      try advance(&input)
    }
    return messages
  }

  /// What the columns are once inflated, or nil where they are to be passed over. It is the last of a block.
  mutating func columns(isWanted: Bool, _ input: inout HashingInput) throws -> [UInt8]? {
    var columns: [UInt8] = []
    var isThere = false
    if key == Field.columns {
      var left = try length(&input)
      guard left > 0 else { throw ChangesetError.unwritten }
      isThere = true
      if isWanted {
        columns = try Deflate.inflate(most: Format.maximumBlockBytes) { try input.piece(of: &left) }
      } else {
        while try input.piece(of: &left) != nil {}
      }
      try advance(&input)
    }
    var size: UInt64 = 0
    if key == Field.columnsSize {
      size = try input.varint()
      guard size > 0, size <= UInt32.max else { throw ChangesetError.unwritten }
      try advance(&input)
    }
    guard key == nil else { throw ChangesetError.unwritten }
    guard isWanted else { return nil }
    guard isThere, UInt64(columns.count) == size else {
      throw ChangesetError.damaged("a block is not compressed as it should be")
    }
    return columns
  }

  /// Passes over all of it, instead of reading its fields.
  func skip(_ input: inout HashingInput) throws {
    var left = end - input.count
    while try input.piece(of: &left) != nil {}
  }
}
