/// Whom an export is for: a file holds what its receiver may lack, as far as that is known.
public enum Receiver: Hashable, Sendable {
  /// Every device that is known and waited for.
  case everyone
  /// The device of that name: of two that bear it, both.
  case device(String)
}

/// Where an export is written to.
public enum ExportTarget: Hashable, Sendable {
  /// A file that must not be there yet.
  case file(String)
  /// A file of a new random name in this folder.
  case folder(String)
}

extension Receiver {
  /// The device of that name; nil: everyone.
  public init(device: String?) { self = device.map { .device($0) } ?? .everyone }
}
