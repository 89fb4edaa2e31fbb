/// Something to know about what was written, that does not forbid it.
public struct Notice: Hashable, Sendable {
  /// How much it matters.
  public enum Level: Hashable, Sendable {
    /// Something may be wrong.
    case warning
    /// Something that may be worth doing.
    case hint
  }
  /// Whether it warns of something, or suggests something.
  public let level: Level
  /// What to know, in English.
  public let text: Advice

  /// One of a front end's own.
  public init(level: Level, text: Advice) { (self.level, self.text) = (level, text) }
}

/// Notices as they come up, each once.
final class NoticeList {
  private(set) var all: [Notice] = []
  /// Nobody will read them.
  let isSilent: Bool

  init(isSilent: Bool = false) { self.isSilent = isSilent }

  func add(_ level: Notice.Level, _ text: String) { add(level, Advice(text)) }

  func add(_ level: Notice.Level, _ text: Advice) {
    guard !isSilent else { return }
    let notice = Notice(level: level, text: text)
    if !all.contains(notice) { all.append(notice) }
  }
}
