import SeededRandom
import UnknotCausality
import UnknotKit
import UnknotStorage

// The product's own kinds of records: whatever is declared takes part, with values of every kind that a field can have.
extension Simulation {
  /// A few kinds, with what they belong to.
  static func chosenTypes(_ generator: inout SeededGenerator) -> [RecordType] {
    var types: [RecordType] = []
    for _ in 0..<3 {
      let type = RecordType.all[generator.pick(RecordType.all.count)]
      if let parent = type.parentName, let above = RecordType.all.first(where: { $0.name == parent }) {
        types.append(above)
      }
      types.append(type)
    }
    return types.enumerated().filter { index, type in !types[..<index].contains(type) }.map(\.element)
  }

  func domainType(of record: Int) -> RecordType? {
    domain.first { $0.name == model.changes[record].table }
  }

  /// - Returns: false where the kind that was chosen needs a parent, and none is there.
  func createInDomain(on device: SimulatedDevice) throws -> Bool {
    let type = domain[generator.pick(domain.count)]
    let records = device.held.numbers.filter { model.changes[$0].action == .create }
    let names = model.names(of: device.held)
    var parent: Dot?
    if let above = type.parentName {
      let candidates = records.filter { model.changes[$0].table == above }
      guard let chosen = generator.element(of: candidates) else { return false }
      parent = names[chosen]
    }
    let values = domainValues(type) { generator.element(of: records).flatMap { names[$0] } }
      .filter { $0.value != .null }
    try write(on: device) { _ = try $0.create(type.name, parent: parent, values) }
    return true
  }

  /// Values of some of the fields.
  func domainValues(_ type: RecordType, _ anyRecord: () -> Dot?) -> [FieldName: Value] {
    var values: [FieldName: Value] = [:]
    let fields = type.fields.filter { !$0.isParent }
    for _ in 0...generator.pick(3) {
      let field = fields[generator.pick(fields.count)]
      let small = Int64(generator.pick(3))
      let isRemoved = generator.once(in: 4)
      switch field.kind {
      case .time: values[FieldName(field.name)] = isRemoved ? .null : anyTime()
      case .order: values[FieldName(field.name)] = .text("a\(small)")
      case .text, .name, .word, .decimal:
        values[FieldName(field.name)] = isRemoved ? .null : .text("w\(small)")
      case .reference: values[FieldName(field.name)] = anyRecord().map { .reference($0) } ?? .null
      case .set: values[FieldName(field.name, key: "k\(small)")] = isRemoved ? .removed : .present
      case .map:
        values[FieldName(field.name, key: "k\(small)")] =
          isRemoved ? .removed : .text("v\(generator.pick(2))")
      case .day, .localDay, .clock, .duration, .rating, .score, .number, .flag:
        values[FieldName(field.name)] = isRemoved ? .null : .integer(small)
      }
    }
    return values
  }
}
