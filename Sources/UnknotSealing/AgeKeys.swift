import Crypto
import CryptoExtras
import Foundation

/// Whom a file is sealed for: whoever has the identity that belongs to it can open it.
package struct AgeRecipient: Hashable, Sendable {
  /// 32 bytes: a public key of X25519.
  package let bytes: [UInt8]

  /// - Returns: nil where it is no key, or one with which everybody agrees on the same.
  package init?(_ bytes: [UInt8]) {
    guard AgeWrapping.canAgree(with: bytes) else { return nil }
    self.bytes = bytes
  }

  fileprivate init(of key: Curve25519.KeyAgreement.PublicKey) { bytes = Array(key.rawRepresentation) }

  /// - Parameter text: `age1…`
  package init?(_ text: String) {
    guard let bytes = Bech32.decode(text, name: "age") else { return nil }
    self.init(bytes)
  }

  /// `age1…`
  package var text: String { Bech32.encode("age", bytes) }
}

/// What opens files: a secret key of X25519.
package struct AgeIdentity: Hashable, Sendable {
  /// 32 bytes.
  package let secret: [UInt8]

  package init?(_ secret: [UInt8]) {
    guard secret.count == 32 else { return nil }
    self.secret = secret
  }

  /// - Parameter text: `AGE-SECRET-KEY-1…`, whatever the case, without spaces.
  package init?(_ text: String) {
    guard let secret = Bech32.decode(text, name: "age-secret-key-") else { return nil }
    self.init(secret)
  }

  /// `AGE-SECRET-KEY-1…`: 74 characters.
  package var text: String { Bech32.encode("age-secret-key-", secret).uppercased() }

  package var recipient: AgeRecipient {
    AgeRecipient(of: privateKey.publicKey)
  }

  var privateKey: Curve25519.KeyAgreement.PrivateKey {
    guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: secret) else {
      preconditionFailure("32 bytes are a key")
    }
    return key
  }
}

/// What a file is opened with.
package enum AgeKey: Sendable {
  case identity(AgeIdentity)
  /// - largestWorkFactor: a file that asks for more work, as a power of two, is refused; at most 20. Memory grows with it:
  ///   1 KiB times that power.
  case passphrase(String, largestWorkFactor: Int = 20)
}

/// What a file is sealed for.
package enum AgeTarget: Sendable {
  case recipient(AgeRecipient)
  /// - workFactor: as a power of two; what guessing costs. 17 takes about half a second.
  case passphrase(String, workFactor: Int = 17)
}

/// How a file key is wrapped: the stanzas of the header.
enum AgeWrapping {
  static let fileKeyBytes = 16
  private static let sealedBytes = fileKeyBytes + 16
  private static let x25519 = "X25519"
  private static let scrypt = "scrypt"
  private static let hybrid = "mlkem768x25519"

  static func wrap(
    _ fileKey: [UInt8], for target: AgeTarget, _ randomBytes: (Int) -> [UInt8]
  ) -> AgeStanza {
    switch target {
    case .recipient(let recipient):
      guard let ephemeral = AgeIdentity(randomBytes(32)),
        let key = agreedKey(
          ephemeral, recipient.bytes, salt: ephemeral.recipient.bytes + recipient.bytes)
      else { preconditionFailure("a recipient that nothing can be sealed for") }
      return AgeStanza(
        type: x25519, arguments: [String(decoding: Base64.encode(ephemeral.recipient.bytes), as: UTF8.self)],
        body: ChunkCipher.seal(fileKey, key, nonce: [UInt8](repeating: 0, count: 12)))
    case .passphrase(let passphrase, let workFactor):
      let salt = randomBytes(16)
      let key = passphraseKey(passphrase, salt, workFactor)
      return AgeStanza(
        type: scrypt, arguments: [String(decoding: Base64.encode(salt), as: UTF8.self), "\(workFactor)"],
        body: ChunkCipher.seal(fileKey, key, nonce: [UInt8](repeating: 0, count: 12)))
    }
  }

  /// - Returns: the file key, and which of the keys has opened it.
  static func unwrap(
    _ stanzas: [AgeStanza], with keys: [AgeKey]
  ) throws(AgeError) -> (fileKey: [UInt8], key: Int) {
    // A passphrase that others share would let each of them pose as who sealed it.
    if stanzas.contains(where: { $0.type == scrypt }), stanzas.count > 1 {
      throw .malformedHeader("a passphrase is not alone")
    }
    for stanza in stanzas {
      for (number, key) in keys.enumerated() {
        if let fileKey = try unwrap(stanza, with: key) { return (fileKey, number) }
      }
    }
    if stanzas.contains(where: { $0.type == hybrid }) { throw .unsupported(hybrid) }
    let hasPassphrase = keys.contains { if case .passphrase = $0 { true } else { false } }
    if stanzas[0].type == scrypt, !hasPassphrase { throw .passphraseNeeded }
    throw .noKeyMatches
  }

  private static func unwrap(_ stanza: AgeStanza, with key: AgeKey) throws(AgeError) -> [UInt8]? {
    switch (stanza.type, key) {
    case (x25519, .identity(let identity)):
      guard stanza.arguments.count == 1, let share = Base64.decode(stanza.arguments[0].utf8),
        share.count == 32,
        stanza.body.count == sealedBytes
      else { throw .malformedHeader("a stanza of X25519 is not as it should be") }
      guard let key = agreedKey(identity, share, salt: share + identity.recipient.bytes) else {
        throw .malformedHeader("a share of X25519 that agrees with everybody")
      }
      return ChunkCipher.open(stanza.body, key, nonce: [UInt8](repeating: 0, count: 12))
    case (scrypt, .passphrase(let passphrase, let largest)):
      guard stanza.arguments.count == 2, let salt = Base64.decode(stanza.arguments[0].utf8), salt.count == 16,
        stanza.body.count == sealedBytes, let workFactor = workFactor(stanza.arguments[1])
      else { throw .malformedHeader("a stanza of scrypt is not as it should be") }
      guard workFactor <= min(largest, 20) else {
        throw .malformedHeader("it asks for more work than is sensible")
      }
      return ChunkCipher.open(
        stanza.body, passphraseKey(passphrase, salt, workFactor), nonce: [UInt8](repeating: 0, count: 12))
    default: return nil
    }
  }

  /// Decimal, without anything before it.
  private static func workFactor(_ text: String) -> Int? {
    guard text.utf8.count <= 2, let first = text.utf8.first, first != UInt8(ascii: "0"),
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int(text)
  }

  static func canAgree(with recipient: [UInt8]) -> Bool {
    guard let anybody = AgeIdentity([UInt8](repeating: 1, count: 32)) else { return false }
    return agreedKey(anybody, recipient, salt: []) != nil
  }

  /// - Returns: nil where whatever is agreed on is zero.
  private static func agreedKey(
    _ identity: AgeIdentity, _ share: [UInt8], salt: [UInt8]
  ) -> SymmetricKey? {
    guard let other = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: share),
      let secret = try? identity.privateKey.sharedSecretFromKeyAgreement(with: other),
      !secret.withUnsafeBytes({ $0.allSatisfy { $0 == 0 } })
    else { return nil }
    return secret.hkdfDerivedSymmetricKey(
      using: SHA256.self, salt: salt,
      sharedInfo: Array("age-encryption.org/v1/X25519".utf8), outputByteCount: 32)
  }

  private static func passphraseKey(_ passphrase: String, _ salt: [UInt8], _ workFactor: Int) -> SymmetricKey
  {
    precondition((1...20).contains(workFactor), "more work than there is memory for")
    guard
      let key = try? KDF.Scrypt.deriveKey(
        from: Array(passphrase.utf8), salt: Array("age-encryption.org/v1/scrypt".utf8) + salt,
        outputByteCount: 32, rounds: 1 << workFactor, blockSize: 8, parallelism: 1)
    else { preconditionFailure("scrypt with these parameters") }
    return key
  }
}
