import SeededRandom
import UnknotCausality
import UnknotKit

/// What a mutant is made in: the journal that it is meant for, and records that look as people write them.
struct Scene {
  /// What the receiver holds: its last changes, and its records by their tables.
  struct Held {
    var journalIDs: [[UInt8]] = []
    var entries: [ClockEntry] = []
    var records: [String: [Dot]] = [:]
  }

  /// Noon of 2026-05-15: what the program that reads takes for now.
  static let now: Int64 = 1_778_839_200_000

  var generator: SeededGenerator
  let held: Held
  /// Records that were made in this scene, by their tables.
  var made: [String: [Dot]] = [:]
  let stranger: ActorID

  init(_ generator: SeededGenerator, _ held: Held) {
    self.generator = generator
    self.held = held
    stranger = self.generator.actor()
  }

  /// A moment of the last weeks.
  mutating func recently() -> Int64 { Self.now - Int64(generator.pick(40 * 24 * 60)) * 60_000 }

  /// A record of that table, if there is one.
  mutating func record(of table: String?) -> Dot? {
    let tables = table.map { [$0] } ?? Set(made.keys).union(held.records.keys).sorted()
    let here = tables.flatMap { made[$0] ?? [] }
    let all = here.isEmpty || generator.once(in: 3) ? tables.flatMap { held.records[$0] ?? [] } : here
    return all.isEmpty ? here.last : generator.element(all)
  }

  /// A value as a person's program writes it.
  mutating func plausible(_ field: FieldDescription, at time: Int64) -> [FieldName: Value] {
    let name = FieldName(field.name)
    let day = LocalDay(number: Int(time / 86_400_000) + generator.pick(3) - 1)
    switch field.kind {
    case .time: return [name: .time(milliseconds: time, offsetMinutes: 120)]
    case .day: return [name: .integer(Int64(day.number))]
    case .localDay: return [name: .integer(time / 86_400_000)]
    case .clock: return [name: .integer(240)]
    case .duration: return [name: .integer(Int64(15 * (1 + generator.pick(8))))]
    case .rating, .score: return [name: .integer(Int64(generator.pick(11)))]
    case .number(let range):
      let width = min(range.upperBound - range.lowerBound, 1000)
      return [name: .integer(range.lowerBound + Int64(generator.pick(Int(width) + 1)))]
    case .decimal: return [name: .text("2.5")]
    case .text, .name: return [name: .text("as usual")]
    case .word(let list): return [name: .text(generator.element(list.words))]
    case .flag: return [name: .integer(Int64(generator.pick(2)))]
    case .reference(let type): return record(of: type).map { [name: .reference($0)] } ?? [:]
    case .order: return [name: .text("a\(generator.pick(10))")]
    case .set(let list):
      return [FieldName(field.name, key: list.map { generator.element($0.words) } ?? "usual"): .present]
    case .map(let rule):
      switch rule {
      case .slots: return [FieldName(field.name, key: "am"): .text("daily")]
      case .exceptions: return [FieldName(field.name, key: "\(day)/am"): .text("excused:travel")]
      case .pauses: return [FieldName(field.name, key: "\(day)"): .text("open")]
      case .contraindications: return [FieldName(field.name, key: "fracture/low-back/left"): .text("\(day)")]
      case .blocks: return [FieldName(field.name, key: "\(day)"): .text("wall")]
      }
    }
  }

  /// All that a record of the type needs, and some of what it may have.
  mutating func plausible(_ type: RecordType, at time: Int64) -> [FieldName: Value] {
    var values: [FieldName: Value] = [:]
    for field in type.fields where !field.isParent && !field.isSetOnce && field.name != "merged" {
      if field.isRequired || field.kind == .localDay || field.kind == .order || generator.once(in: 3) {
        values.merge(plausible(field, at: time)) { $1 }
      }
    }
    return values
  }

  /// Makes a record of the type, and what it has to belong to.
  @discardableResult
  mutating func make(
    _ type: RecordType, by author: inout Author, recordedAt: Int64? = nil,
    _ change: (inout Scene, inout [FieldName: Value]) -> Void = { _, _ in }
  ) -> Dot {
    let time = recently()
    var values = plausible(type, at: time)
    change(&self, &values)
    var parent: Dot?
    if let field = type.parent, field.isRequired || generator.once(in: 2), let above = type.parentName {
      parent = record(of: above)
      if parent == nil, let above = RecordType.all.first(where: { $0.name == above }) {
        parent = make(above, by: &author)
      }
    }
    let record = author.write(
      .create, type.name, subject: parent, values, recordedAt: recordedAt ?? time)
    made[type.name, default: []].append(record)
    return record
  }
}

extension SeededGenerator {
  mutating func actor() -> ActorID {
    guard let actor = ActorID(bytes(ActorID.byteCount)) else {
      preconditionFailure("sixteen bytes are an actor")
    }
    return actor
  }
}
