/// By what a device is known, where files are sealed: public keys, and their certificate. That it is one is for those to say
/// who have the secrets.
package struct CertifiedKeys: Hashable, Sendable {
  /// 32 bytes.
  package let signer: [UInt8]
  /// 32 bytes.
  package let recipient: [UInt8]
  /// Of the certificate, from 1.
  package let epoch: Int64
  /// 64 bytes.
  package let certificate: [UInt8]

  package init(signer: [UInt8], recipient: [UInt8], epoch: Int64, certificate: [UInt8]) {
    (self.signer, self.recipient, self.epoch, self.certificate) = (signer, recipient, epoch, certificate)
  }
}

/// What is known of a device's keys.
package struct DeviceTrust: Sendable {
  package let keys: CertifiedKeys?
  /// It was declared lost, and this key epoch was begun without it; 0: it was not.
  package let lostEpoch: Int64
}

extension StoreReader {
  /// The key epoch with whose secret files are sealed at least; 0: they are not sealed.
  package var sealingEpoch: Int64 {
    get throws { try statements["SELECT epoch FROM sealing"].first { $0.integer(0) } ?? 0 }
  }

  /// By the bytes of their ids.
  package func deviceTrust() throws -> [[UInt8]: DeviceTrust] {
    var trust: [[UInt8]: DeviceTrust] = [:]
    try statements["SELECT id, signer, recipient, key_epoch, certificate, lost_epoch FROM device"].eachRow {
      row in
      trust[row.bytes(0)] = DeviceTrust(
        keys: row.isNull(1)
          ? nil
          : CertifiedKeys(
            signer: row.bytes(1), recipient: row.bytes(2), epoch: row.integer(3), certificate: row.bytes(4)),
        lostEpoch: row.integer(5))
    }
    return trust
  }
}

extension Door {
  func seal(fromEpoch epoch: Int64, beginsAnew: Bool) throws {
    try statements[
      """
      INSERT INTO sealing (number, epoch) VALUES (1, ?)
      ON CONFLICT DO UPDATE SET epoch = iif(?2, excluded.epoch, max(epoch, excluded.epoch))
      """
    ].bind(epoch, at: 1).bind(beginsAnew ? 1 : 0, at: 2).run()
  }

  /// Certificates of later epochs replace those of earlier ones; of one epoch, what the device itself says.
  func note(_ keys: CertifiedKeys, of device: DeviceID, isOwnWord: Bool) throws {
    try statements[
      """
      UPDATE device SET signer = ?1, recipient = ?2, key_epoch = ?3, certificate = ?4
      WHERE id = ?5 AND (key_epoch IS NULL OR key_epoch < ?3 OR ?6 AND key_epoch = ?3 AND certificate <> ?4)
      """
    ].bind(keys.signer, at: 1).bind(keys.recipient, at: 2).bind(keys.epoch, at: 3)
      .bind(keys.certificate, at: 4).bind(device.bytes, at: 5).bind(isOwnWord ? 1 : 0, at: 6).run()
  }

  func noteLost(_ device: DeviceID, epoch: Int64) throws {
    try statements["UPDATE device SET lost_epoch = max(lost_epoch, ?) WHERE id = ?"].bind(epoch, at: 1)
      .bind(device.bytes, at: 2).run()
  }
}

extension Store {
  /// What keys of this device are called by.
  ///
  /// - Returns: nil where there is no journal yet.
  package func ownDevice() throws -> DeviceID? {
    try read { try $0.device(1).flatMap { DeviceID($0.id) } }
  }

  /// From now on this journal's files are sealed, with the secret of this epoch at least.
  ///
  /// - Parameters:
  ///   - beginsAnew: also where it was sealed with that of a later one before.
  ///   - keep: keeps the keys of this device. A journal that says that it is sealed, and whose keys were not kept, would write
  ///     nothing any more: it comes first.
  package func noteSealing(epoch: Int64, beginsAnew: Bool, _ keep: (DeviceID) throws -> Void) throws {
    try transaction { door in
      try door.introduce(deviceName: deviceName)
      guard let own = try door.reader.device(1).flatMap({ DeviceID($0.id) }) else {
        throw StorageError.damaged("the journal does not know its own device")
      }
      try keep(own)
      try door.seal(fromEpoch: epoch, beginsAnew: beginsAnew)
    }
  }

  package func noteLost(_ device: DeviceID, epoch: Int64) throws {
    try transaction { try $0.noteLost(device, epoch: epoch) }
  }
}
