import ShoppingList
import Testing
import UnknotEngine

/// Devices that write and exchange files at random, beside a model that knows nothing of how the engine works.
final class History {
  struct Device {
    let name: String
    let replica: Replica
    /// The writes that it has.
    var held: Set<Int> = []
    /// A form that a person has left open, and what they had seen.
    var open: (form: Form, seen: Set<Int>)?
    /// The writes that it made itself.
    var own: Set<Int> = []
  }

  let folder: Folder
  private(set) var devices: [Device] = []
  private(set) var model = Model()
  private var random: Seeded
  /// Files that were exported, what they bring along, and what whoever takes them must have.
  private var files: [(path: String, holds: Set<Int>)] = []
  private(set) var refused = 0

  init(seed: UInt64) async throws {
    folder = try Folder()
    random = Seeded(state: seed)
    for (number, name) in ["phone", "laptop", "tablet"].enumerated() {
      let inMemory = Bool.random(using: &random)
      devices.append(
        Device(
          name: name,
          replica: try await folder.replica(name, seed: seed &* 31 &+ UInt64(number), inMemory: inMemory)))
    }
    // One of them begins, and the others take the journal over.
    try await begin(on: 0)
    let file = try await export(0)
    for other in 1..<devices.count { try await take(file, on: other) }
  }

  func steps(_ count: Int) async throws {
    for _ in 0..<count {
      let device = Int.random(in: 0..<devices.count, using: &random)
      switch Int.random(in: 0..<20, using: &random) {
      case 0: try await begin(on: device)
      case 1...4: try await add(on: device)
      case 5...9: try await edit(on: device)
      case 10, 11: try await move(on: device)
      case 12: try await remove(on: device)
      case 13: try await restore(on: device)
      case 14: try await decide(on: device)
      case 15:
        devices[device].open = (try await devices[device].replica.read { try $0.form }, devices[device].held)
      case 16: _ = try await export(device)
      default:
        guard let file = files.indices.randomElement(using: &random) else { continue }
        try await take(file, on: device)
      }
      try await compare(device)
    }
  }

  /// All exchange everything: then nobody differs.
  func meet() async throws {
    for _ in 0..<2 {
      for sender in devices.indices {
        let file = try await export(sender, full: true)
        for receiver in devices.indices where receiver != sender { try await take(file, on: receiver) }
      }
    }
    for device in devices.indices { try await compare(device) }
    var digests: Set<[UInt8]> = []
    for device in devices { digests.insert(try await device.replica.read { try $0.digest() }) }
    #expect(digests.count == 1)
  }

  // MARK: Steps

  private func note(
    _ dot: Dot, on device: Int, record: Int? = nil, _ values: [FieldName: Value], isPresent: Bool = true,
    parent: Int?,
    seen: Set<Int>? = nil
  ) async throws {
    let number = model.writes.count
    let id = record.map { model.writes[$0].dot } ?? dot
    let replica = devices[device].replica
    let (recordedAt, position) = try await replica.read { reader in
      var recordedAt: Int64?
      try reader.forEachChange(of: id) { if $0.change.dot == dot { recordedAt = $0.change.recordedAt } }
      let written = try reader.values(writtenBy: dot)
      return (try #require(recordedAt), written[FieldName("place")])
    }
    var values = values
    values[FieldName("place")] = position
    model.writes.append(
      ModelWrite(
        dot: dot, recordedAt: recordedAt, seen: seen ?? devices[device].held, record: record ?? number,
        values: values, isPresent: isPresent, parent: parent))
    devices[device].held.insert(number)
    devices[device].own.insert(number)
  }

  private func begin(on device: Int) async throws {
    let count = Int.random(in: 0...3, using: &random)
    let ids = try await devices[device].replica.write("begin") { writer in
      let list = try writer.create(List.kind, [List.name.set("list \(count)")])
      return try [list]
        + (0..<count).map { try writer.create(Item.kind, in: list, [Item.name.set("item \($0)")]) }
    }
    let list = model.writes.count
    try await note(ids[0], on: device, [FieldName("name"): .text("list \(count)")], parent: nil)
    for (number, id) in ids.dropFirst().enumerated() {
      try await note(id, on: device, [FieldName("name"): .text("item \(number)")], parent: list)
    }
  }

  private func record(_ device: Int, _ kind: (Model, Int) -> Bool) -> Int? {
    model.records(devices[device].held).filter { kind(model, $0) }.randomElement(using: &random)
  }

  private func item(_ device: Int) -> Int? { record(device) { $0.writes[$1].parent != nil } }

  private func place(_ device: Int, of list: Int, but moved: Int? = nil) -> ListPlace {
    let held = devices[device].held
    let others = model.records(held).filter {
      model.writes[$0].parent == list && $0 != moved && model.presence($0, held).visible == .present
    }
    return switch Int.random(in: 0..<4, using: &random) {
    case 0: .first
    case 1: .last
    default: others.randomElement(using: &random).map { .after(model.writes[$0].dot) } ?? .last
    }
  }

  private func add(on device: Int) async throws {
    guard let list = record(device, { $0.writes[$1].parent == nil }) else { return }
    let (place, parent) = (place(device, of: list), model.writes[list].dot)
    let name = "item \(Int.random(in: 0..<9, using: &random))"
    let assignments = [Item.name.set(name), Item.labels.insert("new")]
    let id = try await devices[device].replica.write("add") {
      try $0.create(Item.kind, in: parent, at: place, assignments)
    }
    try await note(
      id, on: device, Dictionary(uniqueKeysWithValues: assignments.map { ($0.field, $0.value) }), parent: list
    )
    try await expect(id, at: place, of: parent, on: device)
  }

  private func assignments() -> [Assignment] {
    let key = ["a", "b", "é", "e\u{301}"].randomElement(using: &random) ?? ""
    let all = [
      Item.name.set("item \(Int.random(in: 0..<5, using: &random))"), Item.name.set(nil),
      Item.isDone.set(Bool.random(using: &random)),
      Item.dueOn.set(CalendarDay(number: Int64.random(in: 0..<3, using: &random))),
      Item.labels.insert(key), Item.labels.remove(key),
      Item.amounts.set(Int.random(in: 1...3, using: &random), at: key), Item.amounts.set(nil, at: key),
    ]
    return Array(all.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
  }

  /// Sometimes from a form that was left open: what came meanwhile was not seen.
  private func edit(on device: Int) async throws {
    guard let item = item(device) else { return }
    let held = devices[device].held
    var (form, seen) = (Form?.none, held)
    if let open = devices[device].open, open.seen.contains(item), Bool.random(using: &random) {
      (form, seen) = (open.form, open.seen.union(devices[device].own))
    }
    let assignments = assignments()
    let id = model.writes[item].dot
    // The later of two for one field counts; what would change nothing is not written.
    var values = Dictionary(assignments.map { ($0.field, $0.value) }) { $1 }
    values = values.filter { field, value in
      let register = model.register(item, field, held)
      return register?.isInConflict == true || (register?.visible ?? .null) != value
    }
    let dot = try await devices[device].replica.write("edit", asOf: form) { writer in
      let isWritten = try writer.edit(id, assignments)
      #expect(try isWritten == (writer.operation != nil))
      return try writer.operation
    }
    #expect((dot != nil) == !values.isEmpty)
    guard let dot else { return }
    try await note(dot, on: device, record: item, values, parent: model.writes[item].parent, seen: seen)
  }

  private func move(on device: Int) async throws {
    guard let item = item(device), let list = model.writes[item].parent else { return }
    let (place, id, parent) = (
      place(device, of: list, but: item), model.writes[item].dot, model.writes[list].dot
    )
    let dot = try await devices[device].replica.write("move") { writer in
      _ = try writer.move(id, to: place)
      return try writer.operation
    }
    if let dot { try await note(dot, on: device, record: item, [:], parent: list) }
    if model.presence(item, devices[device].held).visible == .present {
      try await expect(id, at: place, of: parent, on: device)
    }
  }

  private func remove(on device: Int) async throws {
    guard let record = record(device, { _, _ in true }) else { return }
    let id = model.writes[record].dot
    let dot = try await devices[device].replica.write("remove") { writer in
      _ = try writer.delete(id)
      return try writer.operation
    }
    let before = model.presence(record, devices[device].held)
    #expect((dot != nil) == (before.isInConflict || before.visible == .present))
    guard let dot else { return }
    try await note(
      dot, on: device, record: record, [:], isPresent: false, parent: model.writes[record].parent)
  }

  private func restore(on device: Int) async throws {
    guard let record = record(device, { _, _ in true }) else { return }
    let id = model.writes[record].dot
    let dot = try await devices[device].replica.write("restore") { writer in
      _ = try writer.restore(id)
      return try writer.operation
    }
    let before = model.presence(record, devices[device].held)
    #expect((dot != nil) == (before.isInConflict || before.visible == .removed))
    guard let dot else { return }
    try await note(dot, on: device, record: record, [:], parent: model.writes[record].parent)
  }

  private func decide(on device: Int) async throws {
    let replica = devices[device].replica
    guard let conflict = try await replica.conflicts(limit: .max).randomElement(using: &random),
      let candidate = conflict.candidates.randomElement(using: &random),
      let record = model.writes.firstIndex(where: { $0.dot == conflict.record })
    else { return }
    try await replica.resolve(conflict, choosing: candidate.id)
    #expect(try await !replica.conflicts(limit: .max).contains { $0.id == conflict.id })
    let dot = try await replica.read { reader in
      var dots: [Dot] = []
      try reader.forEachChange(of: conflict.record) { dots.append($0.change.dot) }
      let own = try reader.ownActor
      return dots.filter { $0.actor == own }.max()
    }
    let isPresence = conflict.field == .presence
    try await note(
      try #require(dot), on: device, record: record, isPresence ? [:] : [conflict.field: candidate.value],
      isPresent: !isPresence || candidate.value == .present, parent: model.writes[record].parent)
  }

  // MARK: Files

  @discardableResult
  private func export(_ device: Int, full: Bool = false) async throws -> Int {
    let path = "\(folder.path)/\(files.count).unknot"
    let result = try await devices[device].replica.export(to: .file(path), full: full)
    files.append((path, devices[device].held))
    #expect(result.file == path || result.file == nil)
    if result.file == nil { files[files.count - 1].holds = [] }
    return files.count - 1
  }

  private func take(_ file: Int, on device: Int) async throws {
    guard !files[file].holds.isEmpty else { return }
    do {
      _ = try await devices[device].replica.importFiles([.path(files[file].path)])
      devices[device].held.formUnion(files[file].holds)
    } catch SyncError.changesMissing {
      refused += 1
    }
  }

  // MARK: Against the model

  private func expect(_ id: Dot, at place: ListPlace, of list: Dot, on device: Int) async throws {
    let ids = try await devices[device].replica.read { try $0.children(of: list, Item.kind).map(\.id) }
    let own = try #require(ids.firstIndex(of: id))
    switch place {
    case .first: #expect(own == 0)
    case .last: #expect(own == ids.count - 1)
    case .after(let other): #expect(ids.firstIndex(of: other) == own - 1)
    }
  }

  private func compare(_ device: Int) async throws {
    let (held, model) = (devices[device].held, model)
    let replica = devices[device].replica
    try await replica.read { reader in
      var conflicts: Set<ConflictKey> = []
      for number in model.records(held) {
        let write = model.writes[number]
        let record = try #require(try reader.record(write.dot))
        let presence = model.presence(number, held)
        #expect(record.isPresent == (presence.visible == .present))
        #expect(record.isVisible == model.isVisible(number, held))
        if presence.isInConflict { conflicts.insert(ConflictKey(record: write.dot, field: .presence)) }
        for field in model.fields(number, held) {
          let register = try #require(model.register(number, field, held))
          #expect(record.fields[field]?.visible ?? .null == register.visible, "\(field) of \(write.dot)")
          if register.isInConflict { conflicts.insert(ConflictKey(record: write.dot, field: field)) }
        }
        guard write.parent == nil else { continue }
        let children = model.records(held).filter {
          model.writes[$0].parent == number && model.presence($0, held).visible == .present
        }
        func key(_ record: Int) -> [UInt8] {
          if case .text(let key) = model.register(record, FieldName("place"), held)?.visible {
            Array(key.utf8)
          } else {
            []
          }
        }
        let inOrder = children.sorted { left, right in
          key(left) == key(right)
            ? model.writes[left].dot < model.writes[right].dot
            : key(left).lexicographicallyPrecedes(key(right))
        }
        #expect(
          try reader.children(of: write.dot, Item.kind).map(\.id) == inOrder.map { model.writes[$0].dot })
      }
      #expect(Set(try reader.conflictKeys()) == conflicts)
      // Pages of three: each visible record once.
      var (pages, cursor, count) = ([Dot](), RecordPlace?.none, 0)
      repeat {
        let page = try reader.page(Item.kind, RecordFilter(limit: 3, after: cursor))
        (cursor, count) = (page.next, count + 1)
        pages += page.records.map(\.id)
      } while cursor != nil && count < 1000
      let visible = model.records(held).filter { model.writes[$0].parent != nil && model.isVisible($0, held) }
      #expect(pages.count == visible.count && Set(pages) == Set(visible.map { model.writes[$0].dot }))
    }
  }
}
