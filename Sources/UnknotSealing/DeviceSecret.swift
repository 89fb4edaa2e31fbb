import Crypto

/// What a device alone has: a key that it signs with, and one that others seal for.
package struct DeviceSecret: Hashable, Sendable {
  /// 32 bytes.
  package let signing: [UInt8]
  package let identity: AgeIdentity

  package init?(signing: [UInt8], identity: AgeIdentity) {
    guard signing.count == 32 else { return nil }
    (self.signing, self.identity) = (signing, identity)
  }

  /// - Parameter randomBytes: as many as it is asked for, which nobody can predict.
  package init(randomBytes: (Int) -> [UInt8]) {
    guard let identity = AgeIdentity(randomBytes(32)),
      let secret = DeviceSecret(signing: randomBytes(32), identity: identity)
    else { preconditionFailure("randomness gave too few bytes") }
    self = secret
  }

  /// 32 bytes: the public key by which others know what it signed.
  package var signer: [UInt8] { Array(key.publicKey.rawRepresentation) }

  package func sign(_ message: [UInt8]) -> [UInt8] {
    guard let signature = try? key.signature(for: message) else { preconditionFailure("a key that signs") }
    return Array(signature)
  }

  private var key: Curve25519.Signing.PrivateKey {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: signing) else {
      preconditionFailure("32 bytes are a key")
    }
    return key
  }
}

/// The secret of an epoch of a journal: whoever has it can open what was sealed in that epoch, and sign in as a device.
package struct JournalSecret: Hashable, Sendable {
  /// From 1.
  package let epoch: UInt64
  package let identity: AgeIdentity

  package init(epoch: UInt64, identity: AgeIdentity) { (self.epoch, self.identity) = (epoch, identity) }

  /// - Returns: 64 bytes, which say that a device was let in by somebody who had this secret.
  package func certificate(device: [UInt8], signer: [UInt8], recipient: [UInt8]) -> [UInt8] {
    guard let signature = try? root.signature(for: message(device, signer, recipient)) else {
      preconditionFailure("a key that signs")
    }
    return Array(signature)
  }

  package func isCertificate(
    _ certificate: [UInt8], ofDevice device: [UInt8], signer: [UInt8], recipient: [UInt8]
  ) -> Bool {
    root.publicKey.isValidSignature(certificate, for: message(device, signer, recipient))
  }

  private func message(_ device: [UInt8], _ signer: [UInt8], _ recipient: [UInt8]) -> [UInt8] {
    Array("unknot/2/device".utf8) + withUnsafeBytes(of: epoch.bigEndian) { Array($0) } + device + signer
      + recipient
  }

  private var root: Curve25519.Signing.PrivateKey {
    let seed = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: identity.secret), info: Array("unknot/2/root".utf8),
      outputByteCount: 32)
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed.withUnsafeBytes { Array($0) })
    else { preconditionFailure("32 bytes are a key") }
    return key
  }
}
