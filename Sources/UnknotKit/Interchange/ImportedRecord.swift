import UnknotEngine

/// A record as a file of another journal or program has it.
struct ImportedRecord {
  enum Text {
    case text(String)
    case words([String])
    case entries([(key: String, text: String)])
  }

  /// Where it stands: "pain.csv line 3".
  let place: String
  let type: RecordType
  /// What it is called where it comes from.
  var origin: ImportedOrigin
  /// What references in the same file call it, where that is something else.
  var id: String?
  /// The name that it has in another program's file.
  var name: String?
  /// When it was first recorded.
  var recordedAt: String?
  /// All that it says; an empty text says that there is nothing.
  var fields: [(name: String, value: Text)]
}

/// What a name in another program's file becomes.
public struct ImportedName: Hashable, Sendable {
  /// As the other program's file has it.
  public let name: String
  /// "pain low-back/left"
  public let meaning: String
  /// The map does not say it.
  public let isGuessed: Bool
}

/// Records that a name's first rows became, or would become.
public struct ImportSample: Sendable {
  /// As the other program's file has it.
  public let name: String
  /// Three at most, in the order of the file.
  public let records: [JournalRecord]

  var json: JSONValue {
    .object([
      ("name", .string(name)),
      (
        "records",
        .array(
          records.map { record in
            .object(
              [("type", .string(record.type))]
                + record.fields.filter { !$0.value.isEmpty }.map { ($0.name, $0.value.json) }
                + record.children.map { ($0.type, $0.json) })
          })
      ),
    ])
  }
}

/// What could not be read.
public struct ImportProblem: Hashable, Sendable {
  /// "pain.csv line 3", "record 12".
  public let place: String
  /// What is wrong, and what to do about it where that is known.
  public let reason: Advice

  var json: JSONValue { .object([("place", .string(place)), ("reason", .string(reason.description))]) }
}

/// What an import of records did, or would do.
public struct RecordImportResult: Sendable {
  /// By kind, in the order of its first.
  public internal(set) var added: [(type: String, count: Int)] = []
  /// Records that are here already, as the file has them.
  public internal(set) var known = 0
  /// Records that are here otherwise, and were left so, in whole or in part.
  public internal(set) var differs = 0
  /// Records of which a field was written.
  public internal(set) var updated = 0
  /// The first thousand.
  public internal(set) var differences: [ImportDifference] = []
  /// All of them, also those after the first thousand.
  public internal(set) var differenceCount = 0
  /// Records that were here and were removed: they stay so.
  public internal(set) var removed = 0
  /// Of them, those that were brought back since that was asked for.
  public internal(set) var restored = 0
  /// The first thousand.
  public internal(set) var problems: [ImportProblem] = []
  /// All of them, also those after the first thousand.
  public internal(set) var problemCount = 0
  /// Records of a journal of which two fields contradict each other; they were taken in as they are. The first
  /// thousand.
  public internal(set) var contradictions: [ImportProblem] = []
  /// How the file was read, where that was found out: "columns are separated by tabs".
  public internal(set) var form: String?
  /// What each name of another program became.
  public internal(set) var names: [ImportedName] = []
  /// The first three of each name that were added, or would be.
  public internal(set) var samples: [ImportSample] = []
  /// Lines of the map that fit no name of the file: "the map's line 3 (Walk) fits no name here".
  public internal(set) var unusedMapLines: [String] = []
  /// What another program's files have and this program has no place for, with how much of it: told, and never an
  /// obstacle.
  public internal(set) var notTaken: [String] = []
  /// Nothing was written, since what some names become was guessed, and nobody has seen it yet.
  public internal(set) var isPreview = false
  /// False: nothing was written, since it is a preview or something could not be read.
  public internal(set) var isTaken = true

  /// "Evening walk: factor walk"
  public var mapping: [String] { names.map { "\($0.name): \($0.meaning)" } }
  /// The names of which it was guessed what they become.
  public var guessed: [String] { names.filter(\.isGuessed).map(\.name) }

  /// Records of all kinds that were added, or would be.
  public var addedCount: Int { added.reduce(0) { $0 + $1.count } }

  /// An object with all of this, as the import command gives it; of `names` it has `mapping` and `guessed`.
  public var json: JSONValue {
    .object([
      ("added", .object(added.map { ($0.type, .integer(Int64($0.count))) })),
      ("known", .integer(Int64(known))), ("differs", .integer(Int64(differs))),
      ("updated", .integer(Int64(updated))), ("removed", .integer(Int64(removed))),
      ("restored", .integer(Int64(restored))), ("taken", .bool(isTaken)),
      ("preview", .bool(isPreview)),
      ("problems", .array(problems.map(\.json))), ("problem_count", .integer(Int64(problemCount))),
      ("differences", .array(differences.map(\.json))),
      ("contradictions", .array(contradictions.map(\.json))),
      ("difference_count", .integer(Int64(differenceCount))),
      ("form", form.map { .string($0) } ?? .null), ("mapping", .array(mapping.map { .string($0) })),
      ("guessed", .array(guessed.map { .string($0) })), ("samples", .array(samples.map(\.json))),
      ("map_unused", .array(unusedMapLines.map { .string($0) })),
      ("not_taken", .array(notTaken.map { .string($0) })),
    ])
  }

  mutating func add(_ type: RecordType) {
    if let index = added.firstIndex(where: { $0.type == type.name }) {
      added[index].count += 1
    } else {
      added.append((type.name, 1))
    }
  }

  mutating func add(_ difference: ImportDifference) {
    differenceCount += 1
    if differences.count < 1000 { differences.append(difference) }
  }

  mutating func contradicts(_ place: String, _ error: KitError) {
    guard contradictions.count < 1000 else { return }
    contradictions.append(ImportProblem(place: place, reason: Advice(error.message)))
  }

  mutating func refuse(_ place: String, _ error: KitError) {
    problemCount += 1
    guard problems.count < 1000 else { return }
    problems.append(
      ImportProblem(
        place: place, reason: error.hint.map { "\(error.message); \($0)" } ?? Advice(error.message)))
  }
}

/// Where records come from. Gives them one after the other, or what is wrong with one.
protocol ImportSource {
  /// It is of a journal of this program, and says what that held.
  var isOfJournal: Bool { get }
  var mapping: ImportMapping { get }
  /// - Returns: what was not taken and is no fault of a line.
  func each(_ body: (_ place: String, Result<ImportedRecord, KitError>) throws -> Void) throws -> [String]
}

extension ImportSource {
  var isOfJournal: Bool { false }
}
