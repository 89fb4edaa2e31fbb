/// Opens a file that was sealed by age, chunk by chunk. What it gives is authentic as far as it goes, and complete once it
/// has given nil: nothing may be done with any of it before.
///
/// Memory: a few chunks of 64 KiB, whatever the file says.
package struct AgeReader {
  /// Which of the keys opens it.
  package let key: Int
  private var input: Input
  private var payload: AgePayload
  private var isLastOpened = false

  /// Whether these bytes begin such a file, armored or not.
  package static func isStart(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: AgeHeader.version) || bytes.starts(with: AgeArmor.start)
  }

  /// What one begins with that is not armored.
  package static let start = AgeHeader.version

  /// How many bytes `isStart` needs.
  package static let startBytes = AgeArmor.start.count

  /// Reads the header, and finds the file's key.
  ///
  /// - Parameter input: gives the next bytes of the file, at most as many as it is asked for and at least one; none at
  ///   its end.
  /// - Throws: `AgeError`, or what the input throws.
  package init(_ input: @escaping (Int) throws -> [UInt8], keys: [AgeKey]) throws {
    self.input = Input(input)
    if try self.input.startsArmor() { self.input = Input(AgeArmor.opening(self.input)) }
    let header = try AgeHeader { [reading = self.input] in try reading.line() }
    let (fileKey, key) = try AgeWrapping.unwrap(header.stanzas, with: keys)
    self.key = key
    guard header.isAuthentic(fileKey) else { throw AgeError.headerNotAuthentic }
    let nonce = try self.input.take(AgePayload.nonceBytes)
    guard nonce.count == AgePayload.nonceBytes else { throw AgeError.incomplete }
    payload = AgePayload(fileKey: fileKey, nonce: nonce)
  }

  /// - Returns: the next bytes of what was sealed; nil once all of it was given and found to be complete.
  /// - Throws: `AgeError`, or what the input throws.
  package mutating func next() throws -> [UInt8]? {
    let number = payload.number
    guard !isLastOpened else {
      guard try input.isAtEnd() else { throw AgeError.payloadNotAuthentic(chunk: number) }
      return nil
    }
    let sealed = AgePayload.chunkBytes + ChunkCipher.tagBytes
    let chunk = try input.take(sealed)
    if chunk.count == sealed, let opened = payload.open(chunk, isLast: false) { return opened }
    guard let opened = payload.open(chunk, isLast: true) else {
      // What ends here can have been cut off.
      throw try input.isAtEnd() ? AgeError.incomplete : AgeError.payloadNotAuthentic(chunk: number)
    }
    isLastOpened = true
    guard !opened.isEmpty || number == 0 else { throw AgeError.payloadNotAuthentic(chunk: number) }
    return opened.isEmpty ? try next() : opened
  }
}

/// Bytes that come in pieces, to be taken as they are needed.
final class Input {
  private let read: (Int) throws -> [UInt8]
  private var pending: [UInt8] = []
  private var place = 0

  init(_ read: @escaping (Int) throws -> [UInt8]) { self.read = read }

  /// Makes sure that so many are at hand, as far as there are so many.
  private func fill(_ count: Int) throws {
    guard pending.count - place < count else { return }
    pending.removeFirst(place)
    place = 0
    while pending.count < count {
      let more = try read(count - pending.count)
      if more.isEmpty { return }
      pending += more
    }
  }

  func isAtEnd() throws -> Bool {
    try fill(1)
    return pending.count == place
  }

  /// Fewer only at the end.
  func take(_ count: Int) throws -> [UInt8] {
    try fill(count)
    let taken = Array(pending[place..<min(place + count, pending.count)])
    place += taken.count
    return taken
  }

  /// Without its end; nil where there is no whole line any more. None is longer than a header may be.
  func line() throws -> [UInt8]? {
    var count = 128
    while true {
      try fill(count)
      if let end = pending[place...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { place = end + 1 }
        return Array(pending[place..<end])
      }
      guard pending.count - place >= count, count <= AgeHeader.maximumBytes else { return nil }
      count *= 2
    }
  }

  /// Whether armor comes, after nothing but white space. Nothing is taken but that.
  func startsArmor() throws -> Bool {
    try fill(1024 + AgeArmor.start.count)
    let text = pending[place...].prefix(1024 + AgeArmor.start.count).drop(while: AgeArmor.isWhiteSpace)
    guard text.starts(with: AgeArmor.start) else { return false }
    place = text.startIndex
    return true
  }
}
