extension StringProtocol {
  /// One digit or more, and nothing else: `Int` reads a sign too.
  var isDigits: Bool { !isEmpty && utf8.allSatisfy { (48...57).contains($0) } }

  /// As `firstIndex(of:)`, of an ASCII character: where its byte is not, it is not, and bytes are looked through faster.
  func place(of mark: Unicode.Scalar) -> Index? {
    utf8.contains(UInt8(ascii: mark)) ? firstIndex(of: Character(mark)) : nil
  }

  /// Numbers with one mark between each two, and how many digits each has; nil where it is anything else, or one of them
  /// is longer than any of a date or a time.
  func numbers(separatedBy mark: Unicode.Scalar) -> [(value: Int, digits: Int)]? {
    var numbers: [(value: Int, digits: Int)] = []
    var (value, digits) = (0, 0)
    for byte in utf8 {
      if (48...57).contains(byte), digits < 9 {
        (value, digits) = (value * 10 + Int(byte - 48), digits + 1)
      } else {
        guard UInt32(byte) == mark.value, digits > 0 else { return nil }
        numbers.append((value, digits))
        (value, digits) = (0, 0)
      }
    }
    guard digits > 0 else { return nil }
    numbers.append((value, digits))
    return numbers
  }
}
