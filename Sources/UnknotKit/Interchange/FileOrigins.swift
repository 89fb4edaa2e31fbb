import Crypto
import UnknotEngine

/// Names the rows of a table that has no ids by what they say: neither their order nor new rows between them change
/// anything. Rows that are equal in all of it are counted. Rows of which nothing is taken have none.
///
/// The table is gone through twice. What all taken rows of one name and time are called tells whether a row that is not
/// known is another one, or a corrected one (`ImportedOrigin.rivals`).
struct FileOrigins {
  /// How often each content is in the file, by group.
  private var counts: [String: [String: Int]] = [:]
  private var given: [String: Int] = [:]

  /// - Parameters:
  ///   - group: the program, the name and the time: "tng/Walk/2026-05-01T08:00:00Z".
  ///   - content: all that tells rows of one group apart.
  mutating func count(_ group: String, _ content: [String]) {
    counts[group, default: [:]][Self.hash(content), default: 0] += 1
  }

  /// That of the next such row, once all were counted.
  mutating func next(_ group: String, _ content: [String]) -> ImportedOrigin {
    let own = "\(group)/\(Self.hash(content))"
    given[own, default: 0] += 1
    return ImportedOrigin(text: Self.numbered(own, given[own] ?? 1), group: group) { [counts] in
      (counts[group] ?? [:]).flatMap { hash, count in
        (1...count).map { Self.numbered("\(group)/\(hash)", $0) }
      }
    }
  }

  private static func numbered(_ origin: String, _ number: Int) -> String {
    number == 1 ? origin : "\(origin)/\(number)"
  }

  private static func hash(_ content: [String]) -> String {
    var writer = ByteWriter()
    for part in content { writer.text(part) }
    return hexadecimal(SHA256.hash(data: writer.bytes).prefix(16))
  }
}

/// What a record is called where it comes from.
struct ImportedOrigin {
  var text: String
  /// What all rows of its name and time have in common, where rows are named by what they say.
  var group: String?
  /// The origins of all rows of the group that are taken from the file, its own among them. They can be many, and are asked
  /// for once.
  let rivals: () -> [String]

  init(text: String, group: String? = nil, rivals: @escaping () -> [String] = { [] }) {
    (self.text, self.group, self.rivals) = (text, group, rivals)
  }

  /// That of a part of the record.
  func part(_ name: String) -> ImportedOrigin {
    ImportedOrigin(text: "\(text)/\(name)", group: group.map { "\($0)/\(name)" }) { [rivals] in
      rivals().map { "\($0)/\(name)" }
    }
  }

  /// The group of an origin that `FileOrigins` gave, or of a part of it; nil of any other.
  static func group(of origin: String) -> String? {
    guard origin.hasPrefix("tng/") || origin.hasPrefix("table/") else { return nil }
    var parts = origin.split(separator: "/", omittingEmptySubsequences: false)[...]
    let part = parts.last == "bout" ? parts.popLast() : nil
    if let last = parts.last, last.isDigits, last.utf8.count < 32 { parts.removeLast() }
    guard let hash = parts.popLast(), hash.utf8.count == 32 else { return nil }
    return (parts + (part.map { [$0] } ?? [])).joined(separator: "/")
  }
}
