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

  /// What pieces of deflated bytes become, until there are none.
  ///
  /// Memory is taken as bytes come out, whatever a size declares; one byte more than `most` is an error.
  static func inflate(most: Int, _ next: () throws -> ArraySlice<UInt8>?) throws -> [UInt8] {
    var stream = z_stream()
    guard unknot_inflate_init(&stream) == Z_OK else {
      throw ChangesetError.damaged("a block cannot be read")
    }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var isAtEnd = false
    while let bytes = try next() {
      guard !isAtEnd else { throw ChangesetError.damaged("a block is not compressed as it should be") }
      try bytes.withUnsafeBufferPointer { input in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        var isFull = true
        while !isAtEnd, stream.avail_in > 0 || isFull {
          let (status, count) = piece.withUnsafeMutableBufferPointer { output -> (Int32, Int) in
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            let status = CZlib.inflate(&stream, Z_NO_FLUSH)
            return (status, output.count - Int(stream.avail_out))
          }
          // With nothing left to take and nothing to give, it waits for the next piece.
          if status == Z_BUF_ERROR, count == 0, stream.avail_in == 0 { break }
          guard status == Z_OK || status == Z_STREAM_END, result.count + count <= most else {
            throw ChangesetError.damaged("a block is not compressed as it should be")
          }
          result.append(contentsOf: piece[..<count])
          isFull = count == piece.count
          isAtEnd = status == Z_STREAM_END
        }
      }
      guard stream.avail_in == 0 else {
        throw ChangesetError.damaged("a block is not compressed as it should be")
      }
    }
    guard isAtEnd else { throw ChangesetError.damaged("a block is not compressed as it should be") }
    return result
  }
}
