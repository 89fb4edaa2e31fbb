/// Seals what is written to it (age-encryption.org/v1), for one who has the key and for nobody else.
///
/// Memory: one chunk of 64 KiB.
package struct AgeWriter {
  private let output: ([UInt8]) throws -> Void
  private var payload: AgePayload
  private var pending: [UInt8] = []

  /// Writes the header.
  ///
  /// - Parameters:
  ///   - targets: at least one; a passphrase is alone.
  ///   - randomBytes: as many as it is asked for, which nobody can predict.
  ///   - output: is given the file's bytes in their order.
  package init(
    for targets: [AgeTarget], randomBytes: (Int) -> [UInt8], output: @escaping ([UInt8]) throws -> Void
  ) throws {
    let fileKey = randomBytes(AgeWrapping.fileKeyBytes)
    let nonce = randomBytes(AgePayload.nonceBytes)
    self.output = output
    payload = AgePayload(fileKey: fileKey, nonce: nonce)
    precondition(!targets.isEmpty, "a file for nobody")
    let stanzas = targets.map { AgeWrapping.wrap(fileKey, for: $0, randomBytes) }
    try output(AgeHeader.bytes(stanzas, fileKey: fileKey) + nonce)
  }

  package mutating func write(_ bytes: [UInt8]) throws {
    pending += bytes
    // A full chunk waits: it may be the last one.
    while pending.count > AgePayload.chunkBytes {
      try output(payload.seal(pending.prefix(AgePayload.chunkBytes), isLast: false))
      pending.removeFirst(AgePayload.chunkBytes)
    }
  }

  /// To be called once, at the end: without it nobody can open the file.
  package mutating func finish() throws {
    try output(payload.seal(pending, isLast: true))
    pending = []
  }
}
