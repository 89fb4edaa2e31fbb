public import UnknotEngine

extension Journal {
  /// Whether this journal's files are sealed, and whether the key is on this device.
  public func keyState() throws(KitError) -> KeyState { try engineKeys { try $0.keyState() } }

  /// From now on files are sealed. To be called by the first device that shares a folder; where they are sealed already, nothing
  /// happens.
  public func beginSealing() throws(KitError) { try engineKeys { try $0.beginSealing() } }

  /// Whether the shared folder has sealed files that this device cannot open: it has not joined the others yet.
  ///
  /// - Parameter folder: one that may be shared; nil: the one that is.
  public func isFolderLocked(_ folder: String? = nil) throws(KitError) -> Bool {
    try engineKeys { try $0.isFolderLocked(folder) }
  }

  /// 74 characters: whoever has them and the files can read everything, with this program or with `age` alone.
  public func recoveryKey() throws(KitError) -> String { try engineKeys { try $0.recoveryKey() } }

  /// Whether a text, as a person has typed it, is the recovery key in force.
  public func isRecoveryKey(_ text: String) throws(KitError) -> Bool {
    try engineKeys { try $0.isRecoveryKey(text) }
  }

  /// Puts an invitation into the shared folder. It is for one device, and this device takes it away in its first round after
  /// its end.
  ///
  /// - Returns: its code, for the person at the new device, and its end: that of the next day of UTC, as a moment where the person
  ///   is.
  public func invite() throws(KitError) -> (code: String, end: Moment) {
    let day = LocalDay(of: Moment(milliseconds: nowMilliseconds, offsetMinutes: 0), start: 0)
    let end = Moment(milliseconds: day.adding(2).civil.milliseconds, in: zone)
    return (try engineKeys { try $0.invite() }, end)
  }

  /// Takes the key of the other devices from the shared folder.
  ///
  /// - Parameters:
  ///   - text: an invitation's code or the recovery key, as a person has typed it.
  ///   - folder: the shared folder, which is remembered once that has worked; nil: the one that is.
  ///   - unites: what was recorded here before, as of a journal of its own, becomes a part of that one.
  ///   - takesOlder: also where this journal was sealed with a newer key that nobody has any more: whoever has the older one reads
  ///     on.
  public func join(
    _ text: String, folder: String? = nil, unites: Bool = false, takesOlder: Bool = false
  ) throws(KitError) {
    try engineKeys { try $0.join(text, folder: folder, unites: unites, takesOlder: takesOlder) }
  }

  /// Begins another key. Other devices get it with their next round.
  ///
  /// - Returns: the names of those that get it. Another one, that nothing was heard of yet, has to join anew.
  public func rotateKey() throws(KitError) -> [String] { try engineKeys { try $0.rotateKey() } }

  /// Says that a device is not in its owner's hands any more: nobody waits for it, another key begins, and what it signs from now
  /// on counts for nothing. What it has copied, and older versions that a carrier keeps, stay readable to it.
  ///
  /// - Parameter name: the device's name or, of two of one name, what the ids of its records begin with.
  /// - Returns: the names of those that get the key.
  public func retireLost(_ name: String) throws(KitError) -> [String] {
    let device = try otherDevice(name)
    let holders = try engineKeys { try $0.rotateKey(losing: device) }
    _ = try setRetired(device, true)
    return holders
  }
}
