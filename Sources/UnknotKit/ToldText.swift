/// A value in a message about it: a message is read, and a file can bring a megabyte.
public struct ToldText: Sendable {
  /// Cut where it is long.
  public let text: String
  /// Whether nothing was cut off: at most 200 Unicode scalars are told.
  public let isWhole: Bool

  /// So many values are told of a field, and of the others how many there are.
  static let most = 10
  private static let longest = 200

  init(_ text: String) {
    // By scalars: one character can be a megabyte of marks.
    let shown = text.unicodeScalars.prefix(Self.longest)
    isWhole = shown.endIndex == text.unicodeScalars.endIndex
    self.text = isWhole ? text : "\(String(shown))…"
  }
}
