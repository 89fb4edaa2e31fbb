import UnknotPlatform

/// Writing to an open file, pipe or terminal.
enum Descriptor {
  /// Writes all of it; gives 0, or the error's number.
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { write($0, to: descriptor) }
  }

  static func write(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Int32 {
    var sent = 0
    while sent < bytes.count {
      let rest = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[sent...]))
      let count = writeBytes(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return errno }
      sent += count
    }
    return 0
  }
}
