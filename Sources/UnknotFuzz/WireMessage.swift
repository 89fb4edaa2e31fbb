import CZlib
import UnknotCausality

/// A protobuf message as it lies in a file, so that any of it can be changed.
struct WireMessage {
  enum Value {
    case number(UInt64)
    case bytes([UInt8])
  }

  var fields: [(number: UInt64, value: Value)] = []

  /// nil where a message has what this format has no use for.
  init?(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    do {
      while !reader.isAtEnd {
        let key = try reader.unsigned()
        switch key & 7 {
        case 0: fields.append((key >> 3, .number(try reader.unsigned())))
        case 2: fields.append((key >> 3, .bytes(Array(try reader.raw(try reader.unsigned())))))
        default: return nil
        }
      }
    } catch {
      return nil
    }
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    for (number, value) in fields {
      switch value {
      case .number(let number_):
        writer.unsigned(number << 3)
        writer.unsigned(number_)
      case .bytes(let bytes):
        writer.unsigned(number << 3 | 2)
        writer.unsigned(UInt64(bytes.count))
        writer.raw(bytes)
      }
    }
    return writer.bytes
  }
}

/// Raw deflate, as blocks have it.
enum Deflated {
  static func packed(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    guard unknot_deflate_init(&stream, 1) == Z_OK else { preconditionFailure("zlib has no memory") }
    defer { deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count))))
    run(&stream, bytes, &output) { deflate(&$0, Z_FINISH) }
    return Array(output.prefix(Int(stream.total_out)))
  }

  static func unpacked(_ bytes: [UInt8], size: Int) -> [UInt8] {
    var stream = z_stream()
    guard unknot_inflate_init(&stream) == Z_OK else { preconditionFailure("zlib has no memory") }
    defer { inflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: size)
    run(&stream, bytes, &output) { inflate(&$0, Z_FINISH) }
    return Array(output.prefix(Int(stream.total_out)))
  }

  private static func run(
    _ stream: inout z_stream, _ bytes: [UInt8], _ output: inout [UInt8], _ body: (inout z_stream) -> Int32
  ) {
    var bytes = bytes
    bytes.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        _ = body(&stream)
      }
    }
  }
}
