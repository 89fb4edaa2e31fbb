import Crypto
import UnknotCausality
import UnknotStorage

/// `merge.md` by brute force. Every change keeps the whole set of changes that its writer had seen; names, registers
/// and the digest are computed from a set of changes and nothing else. Of the engine it takes what was written, the
/// hashes, and how values look as bytes.
struct Model {
  struct Change {
    let hash: ChangeHash
    /// The change before it in its family; nil where the family begins.
    let previous: Int?
    let root: ActorID
    /// The change that created the record; its own number for a create.
    let record: Int
    let parent: Int?
    let table: String
    let action: Shape.Action
    let recordedAt: Int64
    let fields: [FieldName: ModelValue]
    let context: ChangeSet
  }

  /// A value whose references name changes and not dots.
  enum ModelValue: Hashable {
    case plain(Value)
    case reference(Int)
  }

  private(set) var changes: [Change] = []
  private(set) var numbers: [ChangeHash: Int] = [:]

  /// The change's number. One that another device wrote with the same content after the same history is the same.
  mutating func add(_ change: Change) -> Int {
    if let number = numbers[change.hash] { return number }
    numbers[change.hash] = changes.count
    changes.append(change)
    return changes.count - 1
  }

  /// What the changes of a set are called by whoever holds just these: at a branch, the change with the smallest
  /// hash keeps the actor and counts on; every other begins an actor that is called by its hash, counting from 1.
  func names(of held: ChangeSet) -> [Int: Dot] {
    var next: [Int?: [Int]] = [:]
    var roots: [ActorID: [Int]] = [:]
    for number in held.numbers {
      if let previous = changes[number].previous {
        next[previous, default: []].append(number)
      } else {
        roots[changes[number].root, default: []].append(number)
      }
    }
    var names: [Int: Dot] = [:]
    var waiting: [(siblings: [Int], actor: ActorID, seq: UInt64)] = roots.map { ($0.value, $0.key, 1) }
    while let (siblings, actor, seq) = waiting.popLast() {
      let sorted = siblings.sorted {
        changes[$0].hash.bytes.lexicographicallyPrecedes(changes[$1].hash.bytes)
      }
      for (place, number) in sorted.enumerated() {
        let branch = ActorID(changes[number].hash.bytes.prefix(ActorID.byteCount))
        let name = place == 0 ? Dot(actor, seq) : Dot(branch ?? actor, 1)
        names[number] = name
        waiting.append((next[number] ?? [], name.actor, name.seq + 1))
      }
    }
    return names
  }

  /// The journal that consists of just these changes.
  func state(of held: ChangeSet) -> ModelState { ModelState(self, held) }
}

/// What a device shows that holds a set of changes.
struct ModelState {
  let model: Model
  let names: [Int: Dot]
  private let held: [Int]
  /// Writes of each record, and its children.
  private var writes: [Int: [Int]] = [:]
  private var children: [Int: [Int]] = [:]
  let records: [Int]

  init(_ model: Model, _ set: ChangeSet) {
    self.model = model
    names = model.names(of: set)
    held = set.numbers
    for number in held {
      let change = model.changes[number]
      writes[change.record, default: []].append(number)
      if change.action == .create, let parent = change.parent { children[parent, default: []].append(number) }
    }
    let names = names
    records = held.filter { model.changes[$0].action == .create }
      .sorted { (names[$0] ?? .none) < (names[$1] ?? .none) }
  }

  var clock: VectorClock {
    var clock = VectorClock()
    for dot in names.values where dot.seq > clock[dot.actor] { clock[dot.actor] = dot.seq }
    return clock
  }

  func name(_ number: Int) -> Dot { names[number] ?? .none }

  private func value(_ value: Model.ModelValue) -> Value {
    switch value {
    case .plain(let value): value
    case .reference(let number): .reference(name(number))
    }
  }

  private func surviving(_ candidates: [Int]) -> [Int] {
    candidates.filter { number in !candidates.contains { model.changes[$0].context.contains(number) } }
  }

  func fieldNames(of record: Int) -> [FieldName] {
    Set((writes[record] ?? []).flatMap { model.changes[$0].fields.keys }).sorted()
  }

  func register(_ record: Int, _ field: FieldName) -> ModelRegister {
    let candidates = (writes[record] ?? []).filter { model.changes[$0].fields[field] != nil }
    return ModelRegister(
      surviving(candidates).map { number in
        let change = model.changes[number]
        return RegisterEntry(
          dot: name(number), recordedAt: change.recordedAt, value: change.fields[field].map(value) ?? .null)
      }, somethingWins: field.isMapKey)
  }

  /// Creates and edits of the record and of all below it write true; its own deletes write false.
  func presence(_ record: Int) -> ModelRegister {
    var candidates = writes[record] ?? []
    var below = children[record] ?? []
    while let child = below.popLast() {
      candidates += (writes[child] ?? []).filter { model.changes[$0].action != .delete }
      below += children[child] ?? []
    }
    return ModelRegister(
      surviving(candidates).map { number in
        let change = model.changes[number]
        return RegisterEntry(
          dot: name(number), recordedAt: change.recordedAt,
          value: change.action == .delete ? .removed : .present)
      }, somethingWins: true)
  }

  func isVisible(_ record: Int) -> Bool {
    presence(record).visible == .present && (model.changes[record].parent.map(isVisible) ?? true)
  }

  var conflicts: [String] {
    records.flatMap { record -> [String] in
      let fields = fieldNames(of: record).filter { register(record, $0).isInConflict }
      return (fields + (presence(record).isInConflict ? [.presence] : [])).sorted()
        .map { "\(name(record)) \($0)" }
    }
  }

  func visible(in table: String) -> [Dot] {
    records.filter { model.changes[$0].table == table && isVisible($0) }.map(name)
  }

  /// In order: by the visible order keys as bytes where the table has them, ties and others by id.
  func children(of record: Int, in table: RecordKind) -> [Dot] {
    func key(_ child: Int) -> [UInt8] {
      guard let field = table.orderField,
        case .text(let key) = register(child, FieldName(field)).visible
      else { return [] }
      return Array(key.utf8)
    }
    return (children[record] ?? []).filter { model.changes[$0].table == table.name }
      .map { (key: key($0), id: name($0)) }
      .sorted { $0.key == $1.key ? $0.id < $1.id : $0.key.lexicographicallyPrecedes($1.key) }.map(\.id)
  }

  var digest: [UInt8] {
    var writer = ByteWriter()
    func put(_ dot: Dot) {
      writer.raw(dot.actor.bytes)
      writer.unsigned(dot.seq)
    }
    for record in records {
      let creation = model.changes[record]
      put(name(record))
      writer.text(creation.table)
      writer.byte(creation.parent == nil ? 0 : 1)
      if let parent = creation.parent { put(name(parent)) }
      let presence = presence(record).entries.sorted { $0.dot < $1.dot }
      writer.unsigned(UInt64(presence.count))
      for entry in presence {
        put(entry.dot)
        writer.byte(entry.value == .present ? 1 : 0)
      }
      let fields = fieldNames(of: record)
      writer.unsigned(UInt64(fields.count))
      for field in fields {
        writer.text(field.field)
        writer.byte(field.key == nil ? 0 : 1)
        if let key = field.key { writer.text(key) }
        let entries = register(record, field).entries.sorted { $0.dot < $1.dot }
        writer.unsigned(UInt64(entries.count))
        for entry in entries {
          put(entry.dot)
          Body.write(entry.value, to: &writer)
        }
      }
    }
    return Array(SHA256.hash(data: writer.bytes))
  }
}

extension Dot {
  /// For a change that is not held; never equal to a name that is.
  fileprivate static var none: Dot {
    guard let actor = ActorID([UInt8](repeating: 0, count: ActorID.byteCount)) else {
      preconditionFailure("sixteen bytes are an actor")
    }
    return Dot(actor, 0)
  }
}
