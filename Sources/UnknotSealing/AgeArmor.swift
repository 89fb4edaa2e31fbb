/// A file as text, for what carries no bytes: Base64 in lines of 64, between two lines that say so.
enum AgeArmor {
  static let start = Array("-----BEGIN AGE ENCRYPTED FILE-----".utf8)
  private static let end = Array("-----END AGE ENCRYPTED FILE-----".utf8)
  private static let lineCharacters = 64

  static func isWhiteSpace(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }

  /// - Parameter text: begins with the first of these two lines.
  /// - Returns: gives the bytes, one line's at a time.
  static func opening(_ text: Input) -> (Int) throws -> [UInt8] {
    var isOpen = false
    var isAtEnd = false
    var isLastLine = false
    var pending: [UInt8] = []
    func line() throws -> [UInt8] {
      // The last line of a file may lack its end.
      guard var line = try text.line() ?? (try text.isAtEnd() ? nil : text.take(end.count + 1)) else {
        throw AgeError.incomplete
      }
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      return line
    }
    func read() throws -> [UInt8] {
      if !isOpen {
        isOpen = true
        guard try line() == start else { throw AgeError.malformedArmor("its first line has more in it") }
      }
      guard !isAtEnd else { return [] }
      let line = try line()
      if line == end {
        isAtEnd = true
        while true {
          let rest = try text.take(1024)
          guard rest.allSatisfy(isWhiteSpace) else {
            throw AgeError.malformedArmor("something comes after its end")
          }
          if rest.isEmpty { return [] }
        }
      }
      guard !isLastLine, !line.isEmpty, line.count <= lineCharacters, let bytes = Base64.decodePadded(line)
      else { throw AgeError.malformedArmor("a line is not Base64, or has another length") }
      isLastLine = bytes.count < lineCharacters / 4 * 3
      return bytes
    }
    return { count in
      if pending.isEmpty { pending = try read() }
      let taken = Array(pending.prefix(count))
      pending.removeFirst(taken.count)
      return taken
    }
  }
}
