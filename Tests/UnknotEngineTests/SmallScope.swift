import Foundation
import SeededRandom
import UnknotCausality
import UnknotStorage

struct ScopeFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A clock that is set by the write, and an actor that is the device's letter: a device that is begun anew writes as
/// the same actor, and comes to the same changes.
final class ScopeEnvironment: ReplicaEnvironment, @unchecked Sendable {
  private let lock = NSLock()
  private var time: Int64 = 0
  private let byte: UInt8

  init(device: Int) { byte = UInt8(device + 1) }
  func set(_ now: Int64) { lock.withLock { time = now } }
  func now() -> Int64 { lock.withLock { time } }
  func randomBytes(_ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }

  static func actor(of device: Int) -> ActorID {
    ActorID(ScopeEnvironment(device: device).randomBytes(ActorID.byteCount))!
  }
}

/// All histories with one creator, up to a size, and every order in which they can be delivered, as one tree: a node
/// is a history and an order of it, and what follows it is every write that anybody could make who holds some of it.
/// What is delivered is taken back on the way up, so that each node costs one delivery.
final class SmallScope {
  let creator: Int
  let size: Int
  /// Whether a history that has one write less than `size` is gone on from.
  let isInSlice: ([Int]) -> Bool
  private(set) var writes: [ScopeWrite] = []
  private var made: [Position: [Int]] = [:]
  /// What the model says of a history.
  private var states: [[Int]: ScopeState] = [:]

  /// By size, from 1: histories, and deliveries, each of one change, that were checked at their ends.
  private(set) var histories: [Int]
  private(set) var deliveries: [Int]
  /// Deliveries of several changes at once.
  private(set) var batches = 0
  /// Only these are delivered.
  private var only: Set<Int>?
  /// For each history once, its writes in ascending order.
  var eachHistory: ([Int]) throws -> Void = { _ in }

  /// A device that is about to write, and what it holds.
  private struct Position: Hashable {
    let device: Int
    let held: [Int]
  }

  init(creator: Int, size: Int, isInSlice: @escaping ([Int]) -> Bool = { _ in true }) {
    self.creator = creator
    self.size = size
    self.isInSlice = isInSlice
    histories = Array(repeating: 0, count: size + 1)
    deliveries = histories
  }

  func run() throws {
    // One is where single changes are delivered, the other is empty again and again.
    let one = try Self.store(device: 3).0
    let other = try Self.store(device: 4).0
    try one.importing(keeps: false) { receiver in
      try other.importing(keeps: false) { empty in
        let first = try made(by: creator, holding: [])
        for number in first { try deliver(number, after: [], to: receiver, empty) }
      }
    }
  }

  /// Every order of one history alone.
  func run(_ text: ScopeText) throws {
    var numbers: [Int] = []
    for item in text.items {
      let past = item.past.map { numbers[$0] }.sorted()
      guard
        let number = try made(by: item.device, holding: past).first(where: { writes[$0].kind == item.kind })
      else { throw ScopeFailure("nobody could write \(item.kind.rawValue) in \(text.text)") }
      numbers.append(number)
    }
    only = Set(numbers)
    try run()
  }

  // MARK: Deliveries

  private func deliver(_ number: Int, after held: [Int], to receiver: Importer, _ empty: Importer) throws {
    let order = held + [number]
    do {
      try writes[number].delivery.trying(receiver) {
        try check(receiver.reader, holds: order, "in the order")
        deliveries[order.count] += 1
        if zip(held, order.dropFirst()).allSatisfy({ $0 < $1 }) {
          histories[order.count] += 1
          try deliverAtOnce(order, from: receiver.reader, to: empty)
          try eachHistory(order)
        }
        guard order.count < size, order.count < size - 1 || isInSlice(order) else { return }
        for next in try continuations(of: order) { try deliver(next, after: order, to: receiver, empty) }
      }
    } catch let failure as ScopeFailure where !failure.description.contains(Self.variable) {
      throw self.failure(failure.description, order, "in the order")
    }
  }

  /// All in one delivery, and, where there are few, in two, cut at every place where they can be cut.
  private func deliverAtOnce(_ order: [Int], from sender: StoreReader, to empty: Importer) throws {
    guard order.count > 1, order.count <= 3 || Self.share(order) % 4 == 0 else { return }
    try ScopeDelivery(sender, after: []).trying(empty) {
      try check(empty.reader, holds: order, "at once")
      batches += 1
    }
    guard order.count <= 3 else { return }
    for part in closedParts(of: order) where part.count < order.count {
      let base = entries(of: part)
      let rest = try ScopeDelivery(sender, after: base)
      try deliverAll(part, to: empty) {
        try rest.trying(empty) {
          try check(empty.reader, holds: order, "at once after \(part)")
          batches += 1
        }
      }
    }
  }

  /// A number that has nothing to do with what is in a history, for taking some of many.
  static func share(_ history: [Int]) -> UInt64 {
    var seed: UInt64 = 0
    return history.sorted().reduce(0) { sum, number in
      seed ^= sum &+ UInt64(number)
      var generator = SeededGenerator(seed: seed)
      // As the state of one generator would go on: which histories are taken stays what it was.
      seed &+= 0x9E37_79B9_7F4A_7C15
      return generator.next()
    }
  }

  private func deliverAll(_ numbers: [Int], to importer: Importer, _ body: () throws -> Void) throws {
    guard let first = numbers.first else { return try body() }
    try writes[first].delivery.trying(importer) {
      try deliverAll(Array(numbers.dropFirst()), to: importer, body)
    }
  }

  /// What the clock of one who holds exactly these says.
  private func entries(of history: [Int]) -> [ClockEntry] {
    var last: [ActorID: ClockEntry] = [:]
    for number in history {
      for entry in writes[number].delivery.tip where last[entry.dot.actor]?.dot.seq ?? 0 < entry.dot.seq {
        last[entry.dot.actor] = entry
      }
    }
    return last.values.sorted { $0.dot < $1.dot }
  }

  /// Whoever holds these is where the model says: so all who have equal clocks are, and have equal digests.
  func check(_ session: StoreReader, holds history: [Int], _ how: String) throws {
    let expected = expected(of: history)
    let state = try ScopeState(session, records: expected.records.map(\.id))
    guard state != expected else { return }
    throw failure("the model says\n\(expected)\nand the engine\n\(state)", history, how)
  }

  private static let variable = "UNKNOT_SCOPE_HISTORY"

  private func failure(_ reason: String, _ order: [Int], _ how: String) -> ScopeFailure {
    let sorted = order.sorted()
    let places = order.compactMap { sorted.firstIndex(of: $0).map { String($0 + 1) } }.joined(separator: " ")
    return ScopeFailure(
      "\(Self.variable)=\"\(ScopeText(order, of: writes).text)\" \(how) \(places): \(reason)")
  }

  private func expected(of history: [Int]) -> ScopeState {
    let sorted = history.sorted()
    if let state = states[sorted] { return state }
    let (model, clock) = model(of: sorted)
    let state = ScopeState(model, at: clock)
    // There are too many of the largest to keep them.
    if sorted.count <= 4 { states[sorted] = state }
    return state
  }

  func model(of history: [Int]) -> (Model, VectorClock) {
    var model = Model()
    var clock = VectorClock()
    for number in history.sorted() {
      let write = writes[number]
      let isPart = write.kind == .add
      model.add(write.write, table: isPart ? "part" : "visit", parent: isPart ? write.visit : nil)
      clock[write.write.dot.actor] = max(clock[write.write.dot.actor], write.write.dot.seq)
    }
    return (model, clock)
  }

  // MARK: Writes

  /// Every write by anybody who holds a part of the history, and all that he himself wrote of it.
  private func continuations(of history: [Int]) throws -> [Int] {
    let hasPart = history.contains { writes[$0].isAboutPart }
    var numbers: [Int] = []
    for part in closedParts(of: history) where !part.isEmpty {
      for device in 0..<3
      where !history.contains(where: { writes[$0].device == device && !part.contains($0) }) {
        numbers += try made(by: device, holding: part).filter { !hasPart || !writes[$0].isAboutPart }
      }
    }
    return only.map { only in numbers.filter(only.contains) } ?? numbers
  }

  /// Those parts of a history that hold, with a write, everything that its writer had seen.
  private func closedParts(of history: [Int]) -> [[Int]] {
    let sorted = history.sorted()
    return (0..<1 << sorted.count).map { mask in
      sorted.indices.filter { mask >> $0 & 1 == 1 }.map { sorted[$0] }
    }.filter { part in part.allSatisfy { writes[$0].past.allSatisfy(part.contains) } }
  }

  /// What a device can write that holds this: made by a journal that has come there by its own writes and by taking
  /// in those of others. Writes that would change nothing are tried, too, and must not be written.
  private func made(by device: Int, holding held: [Int]) throws -> [Int] {
    let position = Position(device: device, held: held)
    if let numbers = made[position] { return numbers }
    let (store, environment) = try Self.store(device: device)
    try play(held, on: store, environment, device)
    let (model, clock) = model(of: held)
    let visit = held.first.map { writes[$0].visit }
    let part = held.lazy.compactMap { self.writes[$0].part }.first
    let actor = ScopeEnvironment.actor(of: device)
    let dot = Dot(actor, clock[actor] + 1)
    var numbers: [Int] = []
    for kind in ScopeKind.allCases where kind != .add || part == nil {
      let delivery = try attempt(kind, dot, on: store, environment, visit: visit, part: part)
      let isWritten = kind.isWritten(model, at: clock, dot, visit: visit, part: part)
      guard (delivery != nil) == isWritten else {
        throw failure(
          "\(kind.rawValue) is written: \(isWritten) by the model", held, "on device \(device) after")
      }
      guard let delivery else { continue }
      let record = kind.action == .create ? dot : (kind.isOfPart ? part : visit) ?? dot
      numbers.append(writes.count)
      writes.append(
        ScopeWrite(
          device: device, past: held, kind: kind,
          write: Model.Write(
            dot: dot, context: clock, record: record, action: kind.action, recordedAt: kind.recordedAt,
            fields: kind.fields(dot)),
          delivery: delivery, visit: visit ?? dot, part: kind == .add ? dot : part))
    }
    made[position] = numbers
    return numbers
  }

  /// Brings a new journal to where it holds these, and checks that it is there.
  private func play(_ held: [Int], on store: Store, _ environment: ScopeEnvironment, _ device: Int) throws {
    var there: Set<Int> = []
    func takeIn(_ numbers: [Int]) throws {
      let missing = numbers.filter { !there.contains($0) }
      guard !missing.isEmpty else { return }
      try store.importing { importer in
        for number in missing { try writes[number].delivery.take(into: importer) }
      }
      there.formUnion(missing)
    }
    for number in held where writes[number].device == device {
      let write = writes[number]
      try takeIn(write.past)
      environment.set(write.kind.recordedAt)
      _ = try store.write("write") {
        try write.kind.perform(
          $0, write.write.dot, visit: write.past.isEmpty ? nil : write.visit, part: write.part)
      }
      there.insert(number)
    }
    try takeIn(held)
    guard !held.isEmpty else { return }
    try store.read { try check($0, holds: held, "on device \(device), which wrote its own part:") }
  }

  /// - Returns: nil where nothing was written. The journal is left as it was.
  private func attempt(
    _ kind: ScopeKind, _ dot: Dot, on store: Store, _ environment: ScopeEnvironment, visit: Dot?, part: Dot?
  ) throws -> ScopeDelivery? {
    struct TakenBack: Error { let delivery: ScopeDelivery? }
    environment.set(kind.recordedAt)
    do {
      try store.write("write") { writer in
        let before = try writer.reader.entries()
        let isWritten = try kind.perform(writer, dot, visit: visit, part: part)
        throw TakenBack(delivery: isWritten ? try ScopeDelivery(writer.reader, after: before) : nil)
      }
    } catch let takenBack as TakenBack {
      return takenBack.delivery
    }
    return nil
  }

  static func store(device: Int) throws -> (Store, ScopeEnvironment) {
    let environment = ScopeEnvironment(device: device)
    let store = try Store(
      path: nil, tables: testTables, deviceName: "device \(device)", environment: environment, notes: nil)
    return (store, environment)
  }
}
