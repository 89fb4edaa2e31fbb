import SeededRandom
import UnknotCausality
import UnknotChangeset
import UnknotKit

/// What is wrong with records that come in a file with nothing wrong with it.
enum MeaningMutation: String, CaseIterable {
  case integers, times, texts, words, keys, types, references, missing, orders, unknown, recorded
  case largeTexts = "large-texts"
  case manyTexts = "many-texts"
  case deleted, devices, branches, forgotten, conflicts, mixture
}

extension Scene {
  mutating func file(_ mutation: MeaningMutation) -> HostileFile {
    var file = emptyFile()
    var author = Author(generator.actor())
    if !held.entries.isEmpty { author.see(held.entries) }
    switch mutation {
    case .devices:
      harmDevices(&file)
      makeSome(by: &author, 3)
    case .branches: return branched(author, file)
    case .forgotten: return forgetful(author, file)
    case .conflicts: return conflicting(author, file)
    case .manyTexts: return lengthy(author, file)
    case .recorded:
      for _ in 0..<12 {
        let at = generator.hostileMilliseconds()
        make(generator.element(RecordType.all), by: &author, recordedAt: at)
      }
    case .deleted: deleteAndWriteOn(&author)
    case .unknown: unknown(&author)
    case .largeTexts:
      make(generator.element(RecordType.all), by: &author) { scene, values in
        let field = scene.generator.element(Array(values.keys).sorted())
        let unit = scene.generator.element(["a", "\u{1b}", "\u{301}", "ab ", "a\n", "👩‍👩‍👧‍👦"])
        values = [:]
        values[FieldName(field.field, key: field.key == nil ? nil : "k")] = .text(
          String(repeating: unit, count: ((1 << 20) - 64) / unit.utf8.count))
      }
    default:
      for _ in 0..<(4 + generator.pick(28)) {
        let type = generator.element(RecordType.all)
        make(type, by: &author) { scene, values in scene.harm(&values, of: type, mutation) }
      }
      harmHeld(&author, mutation)
    }
    file.authors = [author]
    file.strangers = [stranger]
    return file
  }

  /// Edits of what the receiver has already.
  private mutating func harmHeld(_ author: inout Author, _ mutation: MeaningMutation) {
    for type in RecordType.all {
      guard let record = held.records[type.name]?.last, generator.once(in: 2) else { continue }
      var values: [FieldName: Value] = [:]
      harm(&values, of: type, mutation)
      author.write(.edit, type.name, subject: record, values, recordedAt: recently())
    }
  }

  mutating func harm(_ values: inout [FieldName: Value], of type: RecordType, _ mutation: MeaningMutation) {
    for field in type.fields {
      let name = FieldName(field.name)
      let isOne = generator.once(in: 2)
      switch (mutation, field.kind) {
      case (.integers, .day), (.integers, .localDay), (.integers, .clock), (.integers, .duration),
        (.integers, .rating), (.integers, .score), (.integers, .number), (.integers, .flag):
        if isOne { values[name] = .integer(generator.integer()) }
      case (.times, .time): if isOne { values[name] = generator.time() }
      case (.times, .localDay): if isOne { values[name] = .integer(generator.integer()) }
      case (.texts, .text), (.texts, .name), (.texts, .decimal): values[name] = .text(generator.text())
      case (.words, .word): if isOne { values[name] = .text(generator.text()) }
      case (.keys, .set), (.keys, .map):
        for _ in 0..<generator.pick(4) {
          values[FieldName(field.name, key: key())] =
            generator.once(in: 3) ? anything() : .text(generator.text())
        }
      case (.references, .reference): values[name] = .reference(wrongReference())
      case (.references, .set) where field.name == "merged":
        values[FieldName(field.name, key: "\(wrongReference())")] = .present
      case (.missing, _): if isOne { values = values.filter { $0.key.field != field.name } }
      case (.orders, .order): values[name] = .text(generator.element(Boundaries.orderKeys))
      case (.types, _): if generator.once(in: 3) { values[name] = anything() }
      case (.mixture, _): if generator.once(in: 6) { values[name] = anything() }
      default: break
      }
    }
    if mutation == .mixture {
      harm(&values, of: type, generator.element([.integers, .times, .texts, .keys]))
    }
  }

  /// At most as long as a key may be, and without NUL.
  private mutating func key() -> String {
    let text = generator.text()
    return text.utf8.count <= FieldName.maximumKeyBytes ? text : "k"
  }

  /// Of no matter what type.
  private mutating func anything() -> Value {
    switch generator.pick(6) {
    case 0: .null
    case 1: .integer(generator.integer())
    case 2: .text(generator.text())
    case 3: generator.time()
    case 4: .reference(wrongReference())
    default: .bytes(generator.bytes(generator.pick(40)))
    }
  }

  private mutating func wrongReference() -> Dot {
    switch generator.pick(4) {
    case 0: Dot(stranger, 1 + UInt64(generator.pick(3)))
    case 1: Dot(stranger, Dot.maximumSeq)
    case 2: held.entries.first.map(\.dot) ?? Dot(stranger, 1)
    default: record(of: nil) ?? Dot(stranger, 1)
    }
  }

  private mutating func unknown(_ author: inout Author) {
    for _ in 0..<8 {
      let known = generator.element(RecordType.all)
      make(known, by: &author) { scene, values in
        for _ in 0..<3 { values[FieldName("novel_\(scene.generator.pick(9))")] = scene.anything() }
        values[FieldName("novel_map", key: scene.key())] = scene.anything()
        // A field is a map where it was none, and the other way round.
        let field = scene.generator.element(known.fields)
        values[FieldName(field.name, key: field.isCollection ? nil : scene.key())] = scene.anything()
      }
      let table = generator.element(["novel", "x", String(repeating: "t", count: 64), "sessions", "device"])
      let record = author.write(
        .create, table, subject: generator.once(in: 2) ? record(of: nil) : nil,
        [FieldName("at"): generator.time(), FieldName("f"): anything()], recordedAt: recently())
      // A record of a known kind under one that no kind has.
      author.write(
        .create, known.name, subject: record, plausible(known, at: recently()), recordedAt: recently())
    }
    // Records whose parent is of another kind than theirs.
    for _ in 0..<6 {
      let type = generator.element(RecordType.all)
      author.write(
        .create, type.name, subject: record(of: nil), plausible(type, at: recently()), recordedAt: recently())
    }
  }

  private mutating func deleteAndWriteOn(_ author: inout Author) {
    makeSome(by: &author, 20)
    for (table, records) in made.merging(held.records, uniquingKeysWith: +).sorted(by: { $0.key < $1.key }) {
      for record in records where generator.once(in: 3) {
        author.write(.delete, table, subject: record, recordedAt: recently())
        if generator.once(in: 4) { author.write(.edit, table, subject: record, recordedAt: recently()) }
      }
    }
    makeSome(by: &author, 6)
  }

  private mutating func makeSome(by author: inout Author, _ count: Int) {
    for _ in 0..<count { make(generator.element(RecordType.all), by: &author) }
  }
}
