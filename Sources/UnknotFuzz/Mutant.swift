import SeededRandom
import UnknotCausality
import UnknotChangeset
import UnknotKit

/// A file that means harm: made by its seed alone, in front of one of the journals that it may meet.
struct Mutant {
  let seed: UInt64
  let kind: String
  /// Of the journal that the file is for; nil: an empty one.
  let base: String?
  let bytes: [UInt8]

  static let rawKinds = ["raw flipped", "raw cut", "raw grown"]
  static let structureKinds = StructureMutation.kinds.map { "structure \($0)" }
  static let meaningKinds = MeaningMutation.allCases.map { "meaning \($0.rawValue)" }

  init(seed: UInt64, held: Scene.Held) throws {
    self.seed = seed
    var generator = SeededGenerator(seed: seed)
    let isForHeld = !generator.once(in: 3)
    base = isForHeld ? "demo" : nil
    let held = isForHeld ? held : Scene.Held(journalIDs: [generator.bytes(16)])
    let draw = generator.pick(20)
    let kind: String
    if draw < 2 {
      kind = generator.element(Self.rawKinds)
    } else if draw < 5 {
      kind = generator.element(Self.structureKinds)
    } else {
      kind = generator.element(Self.meaningKinds)
    }
    self.kind = kind
    if let meaning = MeaningMutation.allCases.first(where: { "meaning \($0.rawValue)" == kind }) {
      var scene = Scene(generator, held)
      bytes = try scene.file(meaning).bytes()
      return
    }
    var scene = Scene(generator, held)
    let good = try scene.goodFile().bytes()
    generator = scene.generator
    switch kind {
    case "raw cut": bytes = Array(good.prefix(generator.pick(good.count)))
    case "raw grown": bytes = good + generator.bytes(1 + generator.pick(64))
    case "raw flipped":
      var mutation = StructureMutation(generator: generator)
      bytes = mutation.flipped(good)
    default:
      var mutation = StructureMutation(generator: generator)
      bytes = mutation.changed(good, String(kind.dropFirst("structure ".count)))
    }
  }

  /// How far the reader gets with it: "refused", "parsed" (its header and its checksum), "decoded" (its columns too).
  var stage: String {
    func source() -> (Int) -> [UInt8] {
      var rest = bytes[...]
      return { most in
        defer { rest = rest.dropFirst(most) }
        return Array(rest.prefix(most))
      }
    }
    do {
      _ = try ChangesetReader.verify(source: source())
    } catch {
      return "refused"
    }
    do {
      let reader = try ChangesetReader(source: source())
      while try reader.next(skipping: VectorClock(), { _ in }) {}
    } catch {
      return "parsed"
    }
    return "decoded"
  }

  /// How much its blocks say that they hold once they are no longer deflated.
  var contentSize: Int {
    guard let message = WireMessage(bytes) else { return bytes.count }
    return message.fields.reduce(bytes.count) { sum, field in
      guard field.number == 4, case .bytes(let bytes) = field.value, let block = WireMessage(bytes),
        case .number(let size)? = block.fields.first(where: { $0.number == 4 })?.value
      else { return sum }
      return sum + Int(min(size, 8 << 20))
    }
  }
}
