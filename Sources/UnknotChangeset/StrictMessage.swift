import SwiftProtobuf
import UnknotCausality

extension Message {
  /// Reads a message whose bytes are the ones that a writer would write: fields in order, numbers in their shortest
  /// form and in range, nothing unknown. So nothing that was read can be lost when it is passed on, and no two files
  /// say the same.
  static func strict(_ bytes: [UInt8], within bounds: MessageBounds) throws -> Self {
    try bounds.check(bytes[...])
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    do {
      let message = try Self(serializedBytes: bytes, options: options)
      let again: [UInt8] = try message.serializedBytes()
      if again == bytes { return message }
    } catch {}
    throw ChangesetError.unwritten
  }
}

/// What is checked on a message's bytes before values are made of them. Two bytes that say "an empty message" take a
/// hundred in memory: without this, one hostile part would grow to gigabytes.
struct MessageBounds: Sendable {
  /// By field: how often it may come up.
  var most: [UInt64: Int] = [:]
  /// By field: how many bytes it has at least, where it is a message.
  var least: [UInt64: Int] = [:]
  /// By field: how many bytes it has at most, all that come up together.
  var together: [UInt64: Int] = [:]

  func check(_ bytes: ArraySlice<UInt8>) throws {
    do {
      var (counts, sums): ([UInt64: Int], [UInt64: Int]) = ([:], [:])
      var reader = ByteReader(bytes)
      while !reader.isAtEnd {
        let key = try reader.unsigned()
        let field = key >> 3
        switch key & 7 {
        case 0: _ = try reader.unsigned()
        case 2:
          let content = try reader.raw(try reader.unsigned())
          if let most = most[field] {
            counts[field, default: 0] += 1
            guard counts[field, default: 0] <= most else {
              throw ChangesetError.damaged("a part of it has more entries than the format allows")
            }
          }
          guard content.count >= least[field, default: 0] else {
            throw ChangesetError.damaged("a part of it has an empty entry")
          }
          if let most = together[field] {
            sums[field, default: 0] += content.count
            guard sums[field, default: 0] <= most else {
              throw ChangesetError.damaged("a part of it is too large")
            }
          }
        default: throw ChangesetError.unwritten
        }
      }
    } catch let error as MalformedBytes {
      throw ChangesetError.damaged("a part of it is malformed: \(error)")
    }
  }

  /// A seq (2 bytes) and a hash (34); the actor is left out where its place is 0.
  private static let clockEntryBytes = 36

  static let header = MessageBounds(
    most: [
      1: Format.maximumJournals, 3: Format.maximumActors, 4: Format.maximumActors, 5: Format.maximumActors,
      6: Format.maximumDevices, 8: Format.maximumActors, 9: Format.maximumOtherEntries,
      13: Format.maximumSecrets,
    ],
    least: [
      3: ActorID.byteCount, 4: clockEntryBytes, 5: clockEntryBytes, 8: 2, 9: clockEntryBytes,
    ],
    together: [6: Format.maximumDeviceBytes])

  static let shape = MessageBounds(most: [3: Shape.maximumFields])
  static let seal = MessageBounds()
  static let run = MessageBounds()
}
