import Testing
import UnknotCausality

/// The text of an id, as apps keep it.
@Suite struct DotTextTests {
  @Test(arguments: [1, 7, Dot.maximumSeq]) func whatIsWrittenIsReadAgain(seq: UInt64) throws {
    for first in [UInt8(0), 1, 0x7f, 0x80, 0xff] {
      let bytes = (0..<16).map { first &+ UInt8($0) &* 37 }
      let dot = Dot(try #require(ActorID(bytes)), seq)
      #expect(Dot(dot.description) == dot)
      #expect(ActorID(dot.actor.description) == dot.actor)
    }
  }

  @Test func nothingElseIsRead() throws {
    let actor = try #require(ActorID([UInt8](repeating: 0xa5, count: 16))).description
    #expect(Dot("\(actor)-1") != nil)
    let digits = "0123456789abcdefghjkmnpqrstvwxyz"
    // The last of 26 digits has two bits to spare, which are 0: of 32 digits, eight end an actor.
    #expect(digits.count { ActorID(actor.dropLast() + String($0)) != nil } == 8)
    for text in [
      "", "-", "\(actor)", "\(actor)-", "\(actor)-0", "\(actor)-01", "\(actor)-+1", "\(actor)--1",
      "\(actor)-1 ",
      " \(actor)-1", "\(actor)-\(Dot.maximumSeq + 1)", "\(actor)-99999999999999999999999",
      "\(actor.uppercased())-1",
      "\(actor.dropLast())-1", "\(actor)0-1", "\(actor.dropLast())i-1", "\(actor)-١", "\(actor)\u{2010}1",
      String(repeating: "0", count: 1 << 20) + "-1",
    ] {
      #expect(Dot(text) == nil, "\(text.prefix(60))")
    }
  }
}
