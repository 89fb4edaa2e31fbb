import SeededRandom
import Testing

@testable import UnknotSealing

@Suite struct KeyTests {
  private static func randomBytes(_ seed: UInt64) -> (Int) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return { count in (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }
  }

  /// By the paper's rule in floating point: as many bits of the size are kept as its exponent has, and one more.
  @Test func sizes() {
    var last: UInt64 = 0
    for bytes in Array(0...20_000) + stride(from: 20_000, through: 1 << 28, by: 7919) {
      let size = Padme.size(of: UInt64(bytes))
      #expect(size >= UInt64(bytes) && size >= 4096 && size >= last)
      last = size
      guard bytes > 4096 else {
        #expect(size == 4096)
        continue
      }
      #expect(Double(size) <= Double(bytes) * 1.12)
      #expect(Padme.size(of: size) == size)
      var exponent = 0
      while bytes >> (exponent + 1) > 0 { exponent += 1 }
      var bits = 0
      while exponent >> bits > 0 { bits += 1 }
      #expect(size % (1 << UInt64(exponent - bits)) == 0)
      #expect(size - UInt64(bytes) < 1 << UInt64(exponent - bits))
    }
  }

  @Test func aCertificateIsOfWhatItSays() throws {
    let random = Self.randomBytes(1)
    let secret = JournalSecret(epoch: 1, identity: try #require(AgeIdentity(random(32))))
    let device = DeviceSecret(randomBytes: random)
    let id = random(16)
    let recipient = device.identity.recipient.bytes
    let certificate = secret.certificate(device: id, signer: device.signer, recipient: recipient)
    func isOne(_ secret: JournalSecret, _ id: [UInt8], _ signer: [UInt8], _ recipient: [UInt8]) -> Bool {
      secret.isCertificate(certificate, ofDevice: id, signer: signer, recipient: recipient)
    }
    #expect(isOne(secret, id, device.signer, recipient))
    #expect(!isOne(secret, random(16), device.signer, recipient))
    #expect(!isOne(secret, id, random(32), recipient))
    #expect(!isOne(secret, id, device.signer, random(32)))
    #expect(!isOne(JournalSecret(epoch: 2, identity: secret.identity), id, device.signer, recipient))
    let other = JournalSecret(epoch: 1, identity: try #require(AgeIdentity(random(32))))
    #expect(!isOne(other, id, device.signer, recipient))
  }

  @Test func aKeyFileIsReadAsItWasWritten() throws {
    let random = Self.randomBytes(2)
    var file = KeyFile(device: DeviceSecret(randomBytes: random))
    #expect(KeyFile(file.text) == file)
    #expect(file.current == nil)
    for epoch: UInt64 in [2, 1, 5] {
      file.add(JournalSecret(epoch: epoch, identity: try #require(AgeIdentity(random(32)))))
      #expect(KeyFile(file.text) == file)
    }
    #expect(file.current?.epoch == 5)
    #expect(file.secrets.map(\.epoch) == [1, 2, 5])
    let kept = file
    file.add(file.secrets[1])
    #expect(file == kept)
    // Two devices began an epoch at the same time: whoever knows both takes the same one.
    let others = try (0..<2).map { _ in
      JournalSecret(epoch: 6, identity: try #require(AgeIdentity(random(32))))
    }
    var (one, other) = (file, file)
    for secret in others { one.add(secret) }
    for secret in others.reversed() { other.add(secret) }
    #expect(one == other && one.secrets(of: 6).count == 2 && KeyFile(one.text) == one)
    // Cut off anywhere but where a shorter one would end, it is none.
    let text = Array(file.text.utf8)
    for end in 0..<text.count {
      guard let cut = KeyFile(String(decoding: text[..<end], as: UTF8.self)) else { continue }
      #expect(cut.secrets.count < 3)
    }
  }
}
