import Dispatch
import Synchronization
import UnknotEngine
import UnknotJSON

/// Whoever follows a replica's changes.
final class Followings: Sendable {
  private struct Following {
    let task: Task<Void, Never>
    let ended: DispatchSemaphore
  }

  private let state = Mutex((next: UInt64(0), all: [UInt64: Following]()))

  /// - Parameter changed: called with one change at a time.
  func add(_ replica: Replica, _ changed: @escaping @Sendable (JSONValue) -> Void) -> UInt64 {
    let changes = replica.changes
    let ended = DispatchSemaphore(value: 0)
    let task = Task.detached {
      for await change in changes { changed(change.json) }
      ended.signal()
    }
    return state.withLock { state in
      state.next += 1
      state.all[state.next] = Following(task: task, ended: ended)
      return state.next
    }
  }

  /// Waits until `changed` is not called any more.
  func remove(_ number: UInt64) {
    guard let following = state.withLock({ $0.all.removeValue(forKey: number) }) else { return }
    following.task.cancel()
    following.ended.wait()
  }

  func removeAll() {
    for number in state.withLock({ Array($0.all.keys) }) { remove(number) }
  }
}

extension ReplicaChange {
  var json: JSONValue {
    let names = origins.map { origin in
      switch origin {
      case .thisReplica: "this"
      case .imported: "imported"
      case .otherProgram: "other"
      }
    }
    return .object([
      ("origins", .array(names.sorted().map { .string($0) })),
      ("kinds", .array(kinds.sorted().map { .string($0) })),
      ("records", records.map { .array($0.sorted().map { .string($0.description) }) } ?? .null),
      ("devices", .bool(isOfDevices)),
    ])
  }
}
