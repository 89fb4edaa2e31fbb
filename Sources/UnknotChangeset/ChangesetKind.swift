/// What a file is for. A reader takes in what it says whatever it is for.
public enum ChangesetKind: UInt32, Hashable, Sendable {
  /// What others may lack.
  case changes = 0
  /// Everything: it starts after nothing.
  case snapshot = 1
  /// No changes: who holds what, and how devices are called.
  case note = 2
  /// No changes: what files are sealed with.
  case keys = 3
}

/// By what a device is known: what it signs with and what is sealed for it, both public, and a certificate of the two.
public struct DeviceKeys: Hashable, Sendable {
  /// 32 bytes: the public key of Ed25519 by which it signs.
  public var signer: [UInt8]
  /// 32 bytes: the public key of X25519 that others seal for.
  public var recipient: [UInt8]
  /// The key epoch that the certificate is of: at least 1.
  public var epoch: UInt64
  /// 64 bytes: a signature by the root key of that epoch.
  public var certificate: [UInt8]

  /// Nothing is checked here: a writer checks the header as a whole.
  public init(signer: [UInt8], recipient: [UInt8], epoch: UInt64, certificate: [UInt8]) {
    (self.signer, self.recipient, self.epoch, self.certificate) = (signer, recipient, epoch, certificate)
  }
}

/// What files of an epoch are sealed with.
public struct EpochSecret: Hashable, Sendable {
  /// From 1.
  public let epoch: UInt64
  /// 32 bytes: an age identity.
  public let identity: [UInt8]

  /// Nothing is checked here: a writer checks the header as a whole.
  public init(epoch: UInt64, identity: [UInt8]) { (self.epoch, self.identity) = (epoch, identity) }
}

/// Who says that a file is as it was written.
public struct ChangesetSeal: Hashable, Sendable {
  /// 32 bytes: the public key of Ed25519.
  public let signer: [UInt8]
  /// 64 bytes.
  public let signature: [UInt8]

  /// - Parameter signature: over what `ChangesetSeal.message` makes of the bytes before the seal.
  public init(signer: [UInt8], signature: [UInt8]) { (self.signer, self.signature) = (signer, signature) }

  /// What is signed: nothing else that a device signs begins so.
  ///
  /// - Parameter digest: the SHA-256 of every byte before the seal.
  static func message(_ digest: [UInt8]) -> [UInt8] { Array("unknot/2/changeset".utf8) + digest }
}
