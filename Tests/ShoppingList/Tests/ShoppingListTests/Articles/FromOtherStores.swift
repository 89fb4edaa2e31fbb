import Foundation
import ShoppingList
import Testing
import UnknotEngine

/// What `FromSQLiteData.md` shows.
@Suite struct FromSQLiteData {
  /// As an app had it in a table.
  private struct Row {
    let id: UUID
    let title: String
    let isCompleted: Bool
  }

  private enum Reminder {
    static let oldID = Field<String>("old_id"), title = Field<String>("title")
    static let isCompleted = Field<Bool>("is_completed")
    static let kind = RecordKind(name: "reminder", fields: [oldID, title, isCompleted])
  }

  @Test func rowsBecomeRecords() async throws {
    let replica = try await Replica(
      at: nil, kinds: [Reminder.kind], deviceName: "phone", environment: SystemEnvironment())
    let rows = [
      Row(id: UUID(), title: "milk", isCompleted: true), Row(id: UUID(), title: "bread", isCompleted: false),
    ]

    let known = try await replica.query("SELECT old_id FROM reminder") { found in
      var ids: Set<String> = []
      try found.each { if case .text(let id) = $0[0] { ids.insert(id) } }
      return ids
    }
    try await replica.write("from the old database") { writer in
      for row in rows where !known.contains(row.id.uuidString) {
        try writer.create(
          Reminder.kind,
          [
            Reminder.oldID.set(row.id.uuidString), Reminder.title.set(row.title),
            Reminder.isCompleted.set(row.isCompleted),
          ])
      }
    }
    #expect(try await replica.read { try $0.page(Reminder.kind).records.count } == 2)
  }
}

/// What `FromCareKit.md` shows.
@Suite struct FromCareKit {
  private enum CareTask {
    static let id = Field<String>("carekit_id"), title = Field<String>("title")
    static let kind = RecordKind(name: "care_task", fields: [id, title])
  }
  private enum Outcome {
    static let at = Field<Timestamp>("at"), value = Field<Int>("value"), note = Field<String>("note")
    static let kind = RecordKind(
      name: "outcome", fields: [at, value, note], timeField: "at", parentName: "care_task")
  }

  @Test func outcomesBelongToTasks() async throws {
    let replica = try await Replica(
      at: nil, kinds: [CareTask.kind, Outcome.kind], deviceName: "phone", environment: SystemEnvironment())
    let when = Timestamp(milliseconds: 1_790_000_000_000, offsetMinutes: 60)

    let task = try await replica.write("from CareKit") { writer in
      let task = try writer.create(
        CareTask.kind, [CareTask.id.set("stretch"), CareTask.title.set("Stretch")])
      try writer.create(Outcome.kind, in: task, [Outcome.at.set(when), Outcome.value.set(4)])
      return task
    }
    let outcomes = try await replica.read { try $0.children(of: task, Outcome.kind) }
    #expect(outcomes.map { $0[Outcome.value] } == [4])
  }
}
