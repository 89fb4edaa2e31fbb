import UnknotCausality

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
  let origin: String
  /// When it was first recorded.
  var recordedAt: String?
  var fields: [(name: String, value: Text)]
}

/// What could not be read.
public struct ImportProblem: Hashable, Sendable {
  /// "pain.csv line 3", "record 12".
  public let place: String
  public let reason: String
}

/// What an import of records did, or would do.
public struct ImportResult: Sendable {
  /// By kind, in the order of its first.
  public internal(set) var added: [(type: String, count: Int)] = []
  /// Records that are here already.
  public internal(set) var known = 0
  /// Records that were here and were removed: they stay so.
  public internal(set) var removed = 0
  /// Of them, those that were brought back since that was asked for.
  public internal(set) var restored = 0
  /// The first thousand.
  public internal(set) var problems: [ImportProblem] = []
  public internal(set) var problemCount = 0
  /// What each name of another program became: "Evening walk: factor walk".
  public internal(set) var mapping: [String] = []
  /// What another program's files have and this program has no place for, with how much of it: told, and never an
  /// obstacle.
  public internal(set) var notTaken: [String] = []
  /// False: nothing was written, since something could not be read.
  public internal(set) var isTaken = true

  public var addedCount: Int { added.reduce(0) { $0 + $1.count } }

  public var json: JSONValue {
    .object([
      ("added", .object(added.map { ($0.type, .integer(Int64($0.count))) })),
      ("known", .integer(Int64(known))), ("removed", .integer(Int64(removed))),
      ("restored", .integer(Int64(restored))), ("taken", .bool(isTaken)),
      (
        "problems",
        .array(
          problems.map { .object([("place", .string($0.place)), ("reason", .string($0.reason))]) })
      ), ("problem_count", .integer(Int64(problemCount))),
      ("mapping", .array(mapping.map { .string($0) })),
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

  mutating func refuse(_ place: String, _ error: KitError) {
    problemCount += 1
    guard problems.count < 1000 else { return }
    problems.append(
      ImportProblem(place: place, reason: error.hint.map { "\(error.message); \($0)" } ?? error.message))
  }
}

/// Where records come from. Gives them one after the other, or what is wrong with one.
protocol ImportSource {
  /// Each name of another program and what it becomes.
  var mapping: [String] { get }
  /// - Returns: what was not taken and is no fault of a line.
  func each(_ body: (_ place: String, Result<ImportedRecord, KitError>) throws -> Void) throws -> [String]
}
