import Crypto

/// A file key, wrapped for somebody.
struct AgeStanza: Hashable {
  let type: String
  let arguments: [String]
  let body: [UInt8]
}

/// What a file begins with: for whom it is sealed, and a code that proves it.
struct AgeHeader {
  static let version = Array("age-encryption.org/v1\n".utf8)
  /// Longer ones are refused.
  static let maximumBytes = 1 << 16

  let stanzas: [AgeStanza]
  /// Everything up to the code.
  let signed: [UInt8]
  let code: [UInt8]

  // MARK: Writing

  static func bytes(_ stanzas: [AgeStanza], fileKey: [UInt8]) -> [UInt8] {
    var bytes = version
    for stanza in stanzas {
      bytes += Array("-> \(([stanza.type] + stanza.arguments).joined(separator: " "))\n".utf8)
      var body = Base64.encode(stanza.body)[...]
      // The last line is shorter than the others, and so is there where nothing is left for it.
      while body.count >= lineCharacters {
        bytes += body.prefix(lineCharacters) + [newline]
        body = body.dropFirst(lineCharacters)
      }
      bytes += body + [newline]
    }
    bytes += Array("---".utf8)
    return bytes + [space] + Base64.encode(Self.code(of: bytes, fileKey)) + [newline]
  }

  // MARK: Reading

  private static let lineCharacters = 64
  private static let newline = UInt8(ascii: "\n")
  private static let space = UInt8(ascii: " ")
  private static let codeBytes = 32

  /// - Parameter line: the next line without its end; nil where there is none any more.
  init(reading line: () throws -> [UInt8]?) throws {
    var signed: [UInt8] = []
    func next() throws -> [UInt8] {
      guard let line = try line() else { throw AgeError.incomplete }
      guard signed.count + line.count < Self.maximumBytes else {
        throw AgeError.malformedHeader("it is longer than \(Self.maximumBytes) bytes")
      }
      return line
    }
    guard try next() + [Self.newline] == Self.version else { throw AgeError.notAge }
    signed = Self.version
    var stanzas: [AgeStanza] = []
    while true {
      let line = try next()
      if line.starts(with: "---".utf8) {
        guard !stanzas.isEmpty else { throw AgeError.malformedHeader("it is for nobody") }
        signed += Array("---".utf8)
        guard line.count > 4, line[3] == Self.space, let code = Base64.decode(line[4...]),
          code.count == Self.codeBytes
        else { throw AgeError.malformedHeader("its code is not as it should be") }
        (self.stanzas, self.signed, self.code) = (stanzas, signed, code)
        return
      }
      guard line.starts(with: "-> ".utf8) else { throw AgeError.malformedHeader("a line that is no stanza") }
      let words = line.dropFirst(3).split(separator: Self.space, omittingEmptySubsequences: false)
      guard words.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (33...126).contains($0) } }) else {
        throw AgeError.malformedHeader("a stanza of other characters")
      }
      signed += line + [Self.newline]
      var body: [UInt8] = []
      while true {
        let line = try next()
        guard line.count <= Self.lineCharacters, let bytes = Base64.decode(line) else {
          throw AgeError.malformedHeader("a stanza whose body is not Base64")
        }
        signed += line + [Self.newline]
        body += bytes
        if line.count < Self.lineCharacters { break }
      }
      let texts = words.map { String(decoding: $0, as: UTF8.self) }
      stanzas.append(AgeStanza(type: texts[0], arguments: Array(texts.dropFirst()), body: body))
    }
  }

  func isAuthentic(_ fileKey: [UInt8]) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: Self.codeKey(fileKey))
  }

  private static func code(of signed: [UInt8], _ fileKey: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: signed, using: codeKey(fileKey)))
  }

  private static func codeKey(_ fileKey: [UInt8]) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: fileKey), info: Array("header".utf8), outputByteCount: 32)
  }
}
