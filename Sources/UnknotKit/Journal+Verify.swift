import UnknotEngine

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A place of the journal that is not as it should be.
public struct JournalFault: Hashable, Sendable {
  /// What of the journal it is about.
  public enum Part: String, Sendable {
    /// The file, as SQLite sees it.
    case file
    /// What was written.
    case log
    /// What the file knows for itself alone: the devices, and what was done here.
    case local
    /// What shows that to people and queries: it can be made anew.
    case table
    /// What follows from all that was written.
    case registers
  }

  /// What of the journal it is about.
  public let part: Part
  /// The table; nil where it is not about one.
  public let table: String?
  /// The full id of the record that it is about.
  public let record: String?
  /// The name of the device that wrote what is damaged.
  public let device: String?
  /// The full ids of the first and the last change that are in question; the same where it is one.
  public let changes: ClosedChanges?
  /// The damage is younger than this moment, at which the last change was recorded that is whole.
  public let since: Moment?
  /// What is wrong there, in words.
  public let reason: String

  /// From one change to another of the same device.
  public struct ClosedChanges: Hashable, Sendable {
    /// The full id of the first.
    public let first: String
    /// The full id of the last.
    public let last: String
  }

  /// An object with `part`, `table`, `record`, `device`, `first`, `last`, `since` and `reason`.
  public var json: JSONValue {
    func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    return .object([
      ("part", .string(part.rawValue)), ("table", text(table)), ("record", text(record)),
      ("device", text(device)), ("first", text(changes?.first)), ("last", text(changes?.last)),
      ("since", text(since?.rfc3339)), ("reason", .string(reason)),
    ])
  }

  init(_ fault: ReplicaFault, in zone: TimeZone) {
    var (table, record, device): (String?, String?, String?) = (nil, nil, nil)
    var changes: ClosedChanges?
    var since: Moment?
    switch fault {
    case .file(let words): (part, reason) = (.file, words)
    case .local(let words): (part, reason) = (.local, words)
    case .registers(let words): (part, reason) = (.registers, words)
    case .table(let fault):
      (part, reason) = (.table, fault.reason)
      (table, record) = (fault.table, fault.record?.description)
    case .log(let fault):
      (part, reason, device) = (.log, fault.reason, fault.device)
      if let first = fault.first, let last = fault.last {
        changes = ClosedChanges(first: first.description, last: last.description)
      }
      since = fault.since.map { Moment(milliseconds: $0, in: zone) }
    }
    (self.table, self.record, self.device, self.changes, self.since) = (table, record, device, changes, since)
  }
}

extension Journal {
  /// Looks through the file as SQLite does, computes the hash of every change from the first one on, and compares every
  /// derived table with the log. It changes nothing.
  ///
  /// - Parameter isDeep: all changes are merged anew as well, into an empty journal in memory, which takes as long as to import
  ///   everything.
  /// - Returns: some of what it found, the file's first; none where all is as it should be.
  public func verify(deep isDeep: Bool = false) throws(KitError) -> [JournalFault] {
    try faults(isDeep ? .deep : .usual).map { JournalFault($0, in: zone) }
  }

  /// Makes every derived table anew from the log: what another hand has written to them is gone.
  public func mendTables() throws(KitError) { try makeTablesAnew() }
}
