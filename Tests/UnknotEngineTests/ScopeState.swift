import UnknotCausality
import UnknotStorage

/// All of a journal that must agree with the model.
struct ScopeState: Equatable {
  struct Record: Equatable {
    let id: Dot
    let table: String
    let parent: Dot?
    let presence: [RegisterEntry]
    let fields: [FieldName: StoredField]
    let isVisible: Bool
  }

  let clock: VectorClock
  var records: [Record] = []
  let conflicts: [String]
  var listed: [Dot] = []
  /// Says of what is not asked for by id that it is not there.
  let digest: [UInt8]
  /// Where tables say something else than the log.
  let faults: [TableFault]

  init(_ session: StoreReader, records ids: [Dot]) throws {
    clock = session.clock
    conflicts = try session.conflictKeys().map { "\($0.record) \($0.field)" }
    digest = try session.digest()
    faults = try session.tableFaults()
    for id in ids {
      guard let record = try session.record(id) else { continue }
      records.append(
        Record(
          id: id, table: record.kind, parent: record.parent, presence: record.presence.entries,
          fields: record.fields, isVisible: record.isVisible))
      // Where it is listed, at the time that it shows.
      guard case .time(let time, _) = record["at"] else { continue }
      listed += try session.records(in: "visit", RecordFilter(since: time, until: time + 1)).map(\.id)
      listed += try session.records(in: "part", RecordFilter()).map(\.id)
    }
  }

  init(_ model: Model, at clock: VectorClock) {
    self.clock = clock
    conflicts = model.conflicts(at: clock)
    digest = model.digest(at: clock)
    faults = []
    let held = model.held(by: clock)
    for record in held {
      let names = model.fieldNames(of: record.id, at: clock)
      records.append(
        Record(
          id: record.id, table: record.table, parent: record.parent,
          presence: model.presence(record.id, at: clock).entries,
          fields: Dictionary(
            uniqueKeysWithValues: names.compactMap { name in
              let register = model.register(record.id, name, at: clock)
              return register.stored.map { (name, $0) }
            }),
          isVisible: model.isVisible(record.id, at: clock)))
    }
    for table in ["visit", "part"] {
      let visible = records.filter { $0.isVisible && $0.table == table }
      listed += visible.map(\.id)
    }
  }
}
