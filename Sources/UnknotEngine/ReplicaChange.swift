public import UnknotCausality
public import UnknotStorage

/// What is another than before, in a replica that somebody follows (`Replica.changes`).
public struct ReplicaChange: Sendable {
  /// Who made a change known here.
  public enum Origin: Hashable, Sendable {
    /// This replica: a write, an undo, a redo.
    case thisReplica
    /// This replica, from files of other devices.
    case imported
    /// Another program with the same file, or another replica of this one; also what that imported.
    case otherProgram
  }

  /// More than one where changes came faster than they were asked for.
  public let origins: Set<Origin>
  /// The kinds of the records that may look otherwise than before, or that are shown or hidden now.
  public let kinds: Set<String>
  /// Those records, with those that they belong to; nil where they are more than 1,000, or are called otherwise now
  /// because a copied file was found to have been written to: then read anew what you show.
  public let records: Set<Dot>?
  /// Whether a device became known, has another name, or is waited for no more, or again.
  public let isOfDevices: Bool
  /// What the replica holds now.
  public let clock: VectorClock

  /// Whether a list of records of this kind may look otherwise.
  public func touches(_ kind: RecordKind) -> Bool { kinds.contains { bytewiseEqual($0, kind.name) } }

  /// Whether this record may look otherwise.
  public func touches(_ record: Dot) -> Bool { records?.contains(record) ?? true }

  /// So many records are named, and no more.
  public static let mostRecords = 1000
}

/// The changes of a replica, from the moment on at which this was asked for: `Replica.changes`.
///
/// None is missed. Whoever asks more slowly than changes come gets what came meanwhile as one.
public struct ReplicaChanges: AsyncSequence, Sendable {
  /// What has changed since the element before.
  public typealias Element = ReplicaChange
  /// It throws nothing: what cannot be read now is told with the next change.
  public typealias Failure = Never

  let replica: Replica
  let observer: Observer

  /// For one task: of two iterators, each gets only a part of the changes. Another task asks `Replica.changes` anew.
  public func makeAsyncIterator() -> Iterator {
    Iterator(replica: replica, observer: observer, signals: observer.signals.makeAsyncIterator())
  }

  /// Gives the changes one after the other, for as long as its task is not cancelled.
  public struct Iterator: AsyncIteratorProtocol {
    let replica: Replica
    let observer: Observer
    var signals: AsyncStream<Void>.Iterator

    /// Waits for the next change; nil once the task is cancelled.
    public mutating func next() async -> ReplicaChange? { await next(isolation: #isolation) }

    /// Waits for the next change on the given actor; nil once the task is cancelled. Reading it blocks no thread of
    /// the caller: the replica does that on its own queue.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> ReplicaChange? {
      while await signals.next(isolation: actor) != nil {
        // What cannot be read just now is asked for again with the next signal.
        let change = try? await replica.perform { [observer] in try observer.change(in: $0.store) }
        if let change = change ?? nil { return change }
      }
      return nil
    }
  }
}

extension Replica {
  /// Tells of every change from now on: own writes, imports, and what other programs write into the same file.
  ///
  /// Ask for this first, then read what you show, then follow the changes and read anew what they touch.
  ///
  ///     let changes = replica.changes
  ///     await show()
  ///     for await change in changes where change.touches(item) { await show() }
  public var changes: ReplicaChanges { ReplicaChanges(replica: self, observer: observers.add()) }
}
