/// A change by its place in one journal's file: the line on which it lies, and its depth in its family. Given once and
/// never changed; other journals have keys of their own. What the change is called everywhere says `NameTree`.
///
/// Depth counts all changes of the family that lead to a change, itself included. Depth 0 is where a family begins,
/// before its first change.
public struct ChangeKey: Hashable, Sendable {
  /// As the file has it: the line in the upper bits, the depth in the lower 40.
  public let rawValue: Int64

  /// How many of the lower bits hold the depth.
  public static let depthBits: Int64 = 40
  /// The deepest change that a key can name: 2⁴⁰ − 1.
  public static let maximumDepth: Int64 = (1 << depthBits) - 1
  /// The highest number of a line that a key can hold: 2²² − 1. Lines are numbered from 1.
  public static let maximumLine: Int64 = (1 << 22) - 1

  /// The key that `rawValue` gave. Nothing is checked.
  @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }

  /// Nothing is checked: the line is at most `maximumLine`, and the depth is from 0 to `maximumDepth`.
  @inlinable public init(line: Int64, depth: Int64) { rawValue = line << Self.depthBits | depth }

  /// The number of the line.
  @inlinable public var line: Int64 { rawValue >> Self.depthBits }
  /// How many changes of the family lead to this one, itself included.
  @inlinable public var depth: Int64 { rawValue & Self.maximumDepth }
}

/// In order of lines, and on one line of depth. It says nothing of causality between lines.
extension ChangeKey: Strideable {
  /// By line, then by depth.
  @inlinable public static func < (left: ChangeKey, right: ChangeKey) -> Bool {
    left.rawValue < right.rawValue
  }
  /// How many changes the other one comes after this one, negative where it comes before. Both are on one line.
  @inlinable public func distance(to other: ChangeKey) -> Int { Int(other.rawValue - rawValue) }
  /// On the same line.
  @inlinable public func advanced(by count: Int) -> ChangeKey {
    ChangeKey(rawValue: rawValue + Int64(count))
  }
  /// The key so many places later on the same line. There need not be such a change.
  @inlinable public static func + (key: ChangeKey, count: Int64) -> ChangeKey {
    ChangeKey(rawValue: key.rawValue + count)
  }
  /// The key so many places earlier on the same line. There need not be such a change.
  @inlinable public static func - (key: ChangeKey, count: Int64) -> ChangeKey {
    ChangeKey(rawValue: key.rawValue - count)
  }
}
