import Dispatch
import UnknotEngine
import UnknotJSON

/// Whoever follows a replica's changes.
final class Followings: Sendable {
  private struct Following {
    let task: Task<Void, Never>
    let ended: DispatchSemaphore
  }

  private struct State {
    var next: UInt64 = 0
    var all: [UInt64: Following] = [:]
  }

  private let queue = DispatchQueue(label: "unknot.followings")
  /// Used on the queue alone.
  private nonisolated(unsafe) var state = State()

  /// - Parameter changed: called with one change at a time.
  func add(_ replica: Replica, _ changed: @escaping @Sendable (JSONValue) -> Void) -> UInt64 {
    let changes = replica.changes
    let ended = DispatchSemaphore(value: 0)
    // On threads that may wait: what a caller does is its own affair, and Swift has one thread for each core.
    let callers = DispatchQueue(label: "unknot.following")
    let task = Task.detached {
      for await change in changes {
        await withCheckedContinuation { told in
          callers.async {
            changed(change.json)
            told.resume()
          }
        }
      }
      ended.signal()
    }
    return queue.sync {
      state.next += 1
      state.all[state.next] = Following(task: task, ended: ended)
      return state.next
    }
  }

  /// Waits until `changed` is not called any more.
  func remove(_ number: UInt64) {
    guard let following = queue.sync(execute: { state.all.removeValue(forKey: number) }) else { return }
    following.task.cancel()
    following.ended.wait()
  }

  func removeAll() {
    for number in queue.sync(execute: { Array(state.all.keys) }) { remove(number) }
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
