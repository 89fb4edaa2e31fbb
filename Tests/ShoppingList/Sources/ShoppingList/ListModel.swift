public import Observation
public import UnknotEngine

/// A list as a screen shows it. It follows whatever changes the list: the person's taps, imports, other programs.
///
/// In SwiftUI: `.task { await model.follow() }`.
@MainActor
@Observable
public final class ListModel {
  /// A row of the screen.
  public struct Row: Identifiable, Equatable, Sendable {
    /// The item's id.
    public let id: Dot
    /// What is to be bought; empty where the item has no name.
    public let name: String
    /// Whether it is bought already.
    public let isDone: Bool
    /// The item's labels, in the order of their bytes.
    public let labels: [String]
    /// How many are wanted, by all people together.
    public let total: Int
  }

  /// In the person's order.
  public private(set) var rows: [Row] = []
  /// What devices disagree on, for the person to decide.
  public private(set) var conflicts: [Conflict] = []
  /// Why the list could not be read or written the last time; nil: it could.
  public private(set) var failure: String?
  private let replica: Replica
  private let list: Dot

  /// - Parameter list: the id of the list that is shown.
  public init(_ replica: Replica, list: Dot) {
    self.replica = replica
    self.list = list
  }

  /// Shows the list, and shows it anew whenever it is another; ends when its task is cancelled.
  public func follow() async {
    let changes = replica.changes
    await show()
    for await change in changes where change.touches(Item.kind) || change.touches(List.kind) { await show() }
  }

  /// Adds an item at the end of the list.
  public func add(_ name: String) async {
    let list = list
    await doing {
      _ = try await $0.write("add \(name)") { try $0.create(Item.kind, in: list, [Item.name.set(name)]) }
    }
  }

  /// Ticks an item off, or takes the tick back where the row has one.
  public func toggle(_ row: Row) async {
    await doing { _ = try await $0.write("tick") { try $0.edit(row.id, [Item.isDone.set(!row.isDone)]) } }
  }

  /// Decides a conflict for one of its values.
  public func decide(_ conflict: Conflict, for candidate: Conflict.Candidate) async {
    await doing { try await $0.resolve(conflict, choosing: candidate.id) }
  }

  /// Takes back the newest operation of this device that is in force, whatever it was.
  public func undo() async { await doing { _ = try await $0.undo() } }

  private func doing(_ body: (Replica) async throws -> Void) async {
    do {
      try await body(replica)
      failure = nil
    } catch {
      failure = "\(error)"
    }
  }

  private func show() async {
    let list = list
    await doing { replica in
      let read = try await replica.read { reader in
        let rows = try reader.children(of: list, Item.kind).map { item in
          Row(
            id: item.id, name: item[Item.name] ?? "", isDone: item[Item.isDone] ?? false,
            labels: item[Item.labels], total: item[Item.amounts].reduce(0) { $0 + $1.content })
        }
        return (rows, try reader.conflictKeys().compactMap { try reader.conflict($0) })
      }
      (rows, conflicts) = read
    }
  }
}
