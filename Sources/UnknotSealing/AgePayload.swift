import Crypto

/// What is sealed, in chunks: each is sealed with its number and whether it is the last, so that none can be altered,
/// moved, left out or put at the end of another file.
struct AgePayload {
  static let chunkBytes = 1 << 16
  static let nonceBytes = 16

  private let key: SymmetricKey
  private(set) var number: UInt64 = 0

  /// - Parameter nonce: 16 bytes; what the payload begins with.
  init(fileKey: [UInt8], nonce: [UInt8]) {
    key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: fileKey), salt: nonce, info: Array("payload".utf8),
      outputByteCount: 32)
  }

  mutating func seal(_ chunk: some Collection<UInt8>, isLast: Bool) -> [UInt8] {
    defer { number += 1 }
    return ChunkCipher.seal(chunk, key, nonce: nonce(isLast))
  }

  /// - Returns: nil where it is not the chunk that comes here.
  mutating func open(_ chunk: some Collection<UInt8>, isLast: Bool) -> [UInt8]? {
    guard let opened = ChunkCipher.open(chunk, key, nonce: nonce(isLast)) else { return nil }
    number += 1
    return opened
  }

  private func nonce(_ isLast: Bool) -> [UInt8] {
    [0, 0, 0] + withUnsafeBytes(of: number.bigEndian) { Array($0) } + [isLast ? 1 : 0]
  }
}
