/// A change by its place in one journal's file: the line on which it lies, and its depth in its family. Given once and
/// never changed; other journals have keys of their own. What the change is called everywhere says `NameTree`.
///
/// Depth counts all changes of the family that lead to a change, itself included. Depth 0 is where a family begins,
/// before its first change.
public struct ChangeKey: Hashable, Sendable {
  /// As the file has it: the line in the upper bits, the depth in the lower 40.
  public let rawValue: Int64

  public static let depthBits: Int64 = 40
  public static let maximumDepth: Int64 = (1 << depthBits) - 1
  public static let maximumLine: Int64 = (1 << 22) - 1

  @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }

  @inlinable public init(line: Int64, depth: Int64) { rawValue = line << Self.depthBits | depth }

  @inlinable public var line: Int64 { rawValue >> Self.depthBits }
  @inlinable public var depth: Int64 { rawValue & Self.maximumDepth }
}

/// In order of lines, and on one line of depth. It says nothing of causality between lines.
extension ChangeKey: Strideable {
  @inlinable public static func < (left: ChangeKey, right: ChangeKey) -> Bool {
    left.rawValue < right.rawValue
  }
  @inlinable public func distance(to other: ChangeKey) -> Int { Int(other.rawValue - rawValue) }
  /// On the same line.
  @inlinable public func advanced(by count: Int) -> ChangeKey {
    ChangeKey(rawValue: rawValue + Int64(count))
  }
  @inlinable public static func + (key: ChangeKey, count: Int64) -> ChangeKey {
    ChangeKey(rawValue: key.rawValue + count)
  }
  @inlinable public static func - (key: ChangeKey, count: Int64) -> ChangeKey {
    ChangeKey(rawValue: key.rawValue - count)
  }
}
