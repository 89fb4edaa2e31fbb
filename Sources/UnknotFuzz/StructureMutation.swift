import Crypto
import SeededRandom
import UnknotCausality

/// Changes one part of a good file, and compresses and seals it again: only the decoder can tell.
struct StructureMutation {
  /// Which fields of a message of `changeset.proto` are messages again.
  private struct Part: Sendable {
    var inner: [UInt64: Part] = [:]
  }

  private static let leaf = Part()
  private static let header = Part(inner: [4: leaf, 5: leaf, 6: leaf, 8: leaf, 9: leaf])
  private static let shape = Part(inner: [3: leaf])
  private static let columns = Part(inner: [6: leaf])

  static let kinds = ["header", "shapes", "runs", "columns", "blocks"]

  var generator: SeededGenerator

  mutating func changed(_ file: [UInt8], _ kind: String) -> [UInt8] {
    guard var message = WireMessage(file) else { return file }
    message.fields.removeAll { $0.number == 15 }
    let blocks = message.fields.indices.filter { message.fields[$0].number == 4 }
    switch kind {
    case "header":
      change(&message, field: 3, Self.header)
    case "blocks":
      switch generator.pick(4) {
      case 0: message.fields.shuffle(using: &generator)
      case 1: message.fields.remove(at: generator.element(blocks))
      case 2: message.fields.append(message.fields[generator.element(blocks)])
      default: message.fields.append((UInt64(generator.pick(16)), anything()))
      }
    default:
      let at = generator.element(blocks)
      guard case .bytes(let bytes) = message.fields[at].value, var block = WireMessage(bytes) else { break }
      switch kind {
      case "shapes": change(&block, field: 1, Self.shape)
      case "runs": change(&block, field: 2, Self.leaf)
      default: changeColumns(&block)
      }
      message.fields[at].value = .bytes(block.bytes)
    }
    let bytes = message.bytes
    return bytes + [0x7a, 0x20] + Array(SHA256.hash(data: bytes))
  }

  private mutating func changeColumns(_ block: inout WireMessage) {
    guard let columns = block.fields.firstIndex(where: { $0.number == 3 }),
      case .bytes(let packed) = block.fields[columns].value,
      let size = block.fields.firstIndex(where: { $0.number == 4 }),
      case .number(let count) = block.fields[size].value,
      var message = WireMessage(Deflated.unpacked(packed, size: Int(count)))
    else { return }
    let changed = bytes(changing: &message, Self.columns)
    block.fields[columns].value = .bytes(Deflated.packed(changed))
    if !generator.once(in: 10) { block.fields[size].value = .number(UInt64(changed.count)) }
  }

  private mutating func change(_ message: inout WireMessage, field: UInt64, _ part: Part) {
    let places = message.fields.indices.filter { message.fields[$0].number == field }
    guard !places.isEmpty else { return }
    let at = generator.element(places)
    guard case .bytes(let bytes) = message.fields[at].value, var inner = WireMessage(bytes) else { return }
    message.fields[at].value = .bytes(self.bytes(changing: &inner, part))
  }

  /// Goes down into a part of it, or changes one field here, or bytes wherever they lie.
  private mutating func bytes(changing message: inout WireMessage, _ part: Part) -> [UInt8] {
    let parts = Set(message.fields.map(\.number)).intersection(part.inner.keys).sorted()
    if !parts.isEmpty, !generator.once(in: 3) {
      let field = generator.element(parts)
      change(&message, field: field, part.inner[field] ?? Self.leaf)
      return message.bytes
    }
    guard !message.fields.isEmpty, !generator.once(in: 4) else { return flipped(message.bytes) }
    let at = generator.pick(message.fields.count)
    switch generator.pick(7) {
    case 0: message.fields.remove(at: at)
    case 1: message.fields.append(message.fields[at])
    case 2: message.fields.swapAt(at, generator.pick(message.fields.count))
    case 3: message.fields.append((UInt64(1 + generator.pick(20)), anything()))
    default:
      switch message.fields[at].value {
      case .number: message.fields[at].value = .number(number())
      case .bytes(let bytes):
        message.fields[at].value = .bytes(generator.once(in: 4) ? [] : flipped(bytes))
      }
    }
    return message.bytes
  }

  private mutating func number() -> UInt64 {
    generator.once(in: 3) ? UInt64(generator.pick(20)) : UInt64(bitPattern: generator.integer())
  }

  private mutating func anything() -> WireMessage.Value {
    generator.once(in: 2) ? .number(number()) : .bytes(generator.bytes(generator.pick(40)))
  }

  /// A few bytes changed, cut off or put in.
  mutating func flipped(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...generator.pick(3) where !bytes.isEmpty {
      let at = generator.pick(bytes.count)
      switch generator.pick(6) {
      case 0: bytes[at] ^= 1 << UInt8(generator.pick(8))
      case 1: bytes[at] = UInt8(generator.pick(256))
      case 2: bytes[at] &+= 1
      case 3: bytes[at] = 0xff
      case 4: bytes.insert(UInt8(generator.pick(256)), at: at)
      default: bytes.remove(at: at)
      }
    }
    return bytes
  }
}
