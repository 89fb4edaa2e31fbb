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
  /// The most that one of its changes writes.
  let largestChange: Int

  static let rawKinds = ["raw flipped", "raw cut", "raw grown"]
  static let structureKinds = StructureMutation.kinds.map { "structure \($0)" }
  static let meaningKinds = MeaningMutation.allCases.filter { $0 != .manyTexts }.map {
    "meaning \($0.rawValue)"
  }

  init(seed: UInt64, held: Scene.Held) throws {
    self.seed = seed
    var generator = SeededGenerator(seed: seed)
    let isForHeld = !generator.once(in: 3)
    base = isForHeld ? "demo" : nil
    let held = isForHeld ? held : Scene.Held(journalIDs: [generator.bytes(16)])
    let draw = generator.pick(20)
    // Drawn apart, as every kind that comes later: the seeds of earlier reports stay what they were.
    var later = SeededGenerator(seed: seed &+ 1 << 33)
    let kind: String
    if later.once(in: 20) {
      kind = "meaning \(MeaningMutation.manyTexts.rawValue)"
    } else if draw < 2 {
      kind = generator.element(Self.rawKinds)
    } else if draw < 5 {
      kind = generator.element(Self.structureKinds)
    } else {
      kind = generator.element(Self.meaningKinds)
    }
    self.kind = kind
    if let meaning = MeaningMutation.allCases.first(where: { "meaning \($0.rawValue)" == kind }) {
      var scene = Scene(generator, held)
      let file = scene.file(meaning)
      bytes = try file.bytes()
      largestChange = file.largestChange
      return
    }
    var scene = Scene(generator, held)
    let goodFile = scene.goodFile()
    let good = try goodFile.bytes()
    largestChange = goodFile.largestChange
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
      try ChangesetReader(source: source()).verify()
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
}
