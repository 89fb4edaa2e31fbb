import Crypto

/// ChaCha20-Poly1305, as every part of a file is sealed.
enum ChunkCipher {
  static let tagBytes = 16

  static func seal(_ bytes: some Collection<UInt8>, _ key: SymmetricKey, nonce: [UInt8]) -> [UInt8] {
    guard let nonce = try? ChaChaPoly.Nonce(data: nonce),
      let box = try? ChaChaPoly.seal(Array(bytes), using: key, nonce: nonce)
    else { preconditionFailure("a nonce of 12 bytes") }
    return Array(box.ciphertext) + Array(box.tag)
  }

  /// - Returns: nil where it was not sealed with this key, or was altered.
  static func open(_ bytes: some Collection<UInt8>, _ key: SymmetricKey, nonce: [UInt8]) -> [UInt8]? {
    let bytes = Array(bytes)
    guard bytes.count >= tagBytes, let nonce = try? ChaChaPoly.Nonce(data: nonce),
      let box = try? ChaChaPoly.SealedBox(
        nonce: nonce, ciphertext: bytes.dropLast(tagBytes), tag: bytes.suffix(tagBytes)),
      let opened = try? ChaChaPoly.open(box, using: key)
    else { return nil }
    return Array(opened)
  }
}
