import CZlib

/// Raw deflate (RFC 1951) of a block's columns.
enum Deflate {
  static func deflate(_ bytes: [UInt8]) throws -> [UInt8] {
    var stream = z_stream()
    guard unknot_deflate_init(&stream, 1) == Z_OK else {
      throw ChangesetError.damaged("a block cannot be compressed")
    }
    defer { deflateEnd(&stream) }
    let most = Int(deflateBound(&stream, uLong(bytes.count)))
    return try [UInt8](unsafeUninitializedCapacity: most) { output, count in
      try bytes.withUnsafeBufferPointer { input in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(most)
        guard CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END else {
          throw ChangesetError.damaged("a block cannot be compressed")
        }
        count = most - Int(stream.avail_out)
      }
    }
  }

  /// Memory is taken as bytes come out, never by what `size` declares; one byte more than that is an error.
  static func inflate(_ bytes: [UInt8], size: Int) throws -> [UInt8] {
    var stream = z_stream()
    guard unknot_inflate_init(&stream) == Z_OK else {
      throw ChangesetError.damaged("a block cannot be read")
    }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var isAtEnd = false
    try bytes.withUnsafeBufferPointer { input in
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = UInt32(input.count)
      while !isAtEnd {
        let (status, count) = piece.withUnsafeMutableBufferPointer { output -> (Int32, Int) in
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          let status = CZlib.inflate(&stream, Z_NO_FLUSH)
          return (status, output.count - Int(stream.avail_out))
        }
        guard status == Z_OK || status == Z_STREAM_END, count > 0 || status == Z_STREAM_END,
          result.count + count <= size
        else { throw ChangesetError.damaged("a block is not compressed as it should be") }
        result.append(contentsOf: piece[..<count])
        isAtEnd = status == Z_STREAM_END
      }
    }
    guard stream.avail_in == 0, result.count == size else {
      throw ChangesetError.damaged("a block is not compressed as it should be")
    }
    return result
  }
}
