/// What a device keeps its keys in: text that a person can read, and that age takes as it is (`age -d -i`).
package struct KeyFile: Hashable, Sendable {
  package var device: DeviceSecret
  /// Of every epoch that is known, ascending. Two devices can have begun one at the same time: it has two of them then.
  package private(set) var secrets: [JournalSecret]

  private static let head = "# unknot keys 1: whoever has them can read the diary"

  package init(device: DeviceSecret, secrets: [JournalSecret] = []) {
    self.device = device
    self.secrets = []
    for secret in secrets { add(secret) }
  }

  /// The secret that files are sealed with now; nil: nothing is sealed.
  package var current: JournalSecret? { secrets.last }

  package func secrets(of epoch: UInt64) -> [JournalSecret] { secrets.filter { $0.epoch == epoch } }

  /// What is known stays.
  package mutating func add(_ secret: JournalSecret) {
    guard !secrets.contains(secret) else { return }
    secrets.append(secret)
    // Of two of one epoch all devices take the same one.
    secrets.sort {
      $0.epoch != $1.epoch
        ? $0.epoch < $1.epoch : $0.identity.secret.lexicographicallyPrecedes($1.identity.secret)
    }
  }

  package var text: String {
    var lines = [
      Self.head, "# signing \(String(decoding: Base64.encode(device.signing), as: UTF8.self))", "# device",
      device.identity.text,
    ]
    for secret in secrets { lines += ["# epoch \(secret.epoch)", secret.identity.text] }
    return lines.map { $0 + "\n" }.joined()
  }

  /// - Returns: nil where it is not such a text, or not a whole one.
  package init?(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    func next(_ start: String) -> Substring? {
      guard let line = lines.popFirst(), line.hasPrefix(start) else { return nil }
      return line.dropFirst(start.count)
    }
    guard next(Self.head) == "", let signing = next("# signing ").flatMap({ Base64.decode($0.utf8) }),
      next("# device") == "", let identity = lines.popFirst().flatMap({ AgeIdentity(String($0)) }),
      let device = DeviceSecret(signing: signing, identity: identity)
    else { return nil }
    self.init(device: device)
    while lines.count > 1 {
      guard let epoch = next("# epoch ").flatMap({ UInt64($0) }), epoch >= max(1, secrets.last?.epoch ?? 0),
        let identity = lines.popFirst().flatMap({ AgeIdentity(String($0)) })
      else { return nil }
      add(JournalSecret(epoch: epoch, identity: identity))
    }
    guard lines.first == "" else { return nil }
  }
}
