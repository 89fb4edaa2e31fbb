public import UnknotCausality

/// Where a replica stood when something was read that a person is going to change: a form, a screen, a draft.
///
/// Take it in the read that gives the form its values (`StoreReader.form`), keep it as long as the form is open, also
/// across starts of the program, and write with it (`asOf:`). What is imported meanwhile then stays concurrent to the
/// write: a value that the person never saw is not overwritten, but comes into conflict.
public struct Form: Hashable, Sendable {
  package let entries: [ClockEntry]

  package init(_ entries: [ClockEntry]) { self.entries = entries }
}

extension Form {
  /// As an app keeps it that has no `Codable`: a text for each history, with its last change's name and that one's hash.
  public var texts: [String] {
    entries.map { "\(hexadecimal($0.dot.actor.bytes))-\($0.dot.seq)-\($0.hash)" }
  }

  /// - Returns: nil for texts that `texts` never gives.
  public init?(texts: [String]) {
    var entries: [ClockEntry] = []
    for text in texts {
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 3, let actor = bytes(hexadecimal: parts[0]).flatMap({ ActorID($0) }),
        let seq = UInt64(parts[1]), (1...Dot.maximumSeq).contains(seq),
        let hash = bytes(hexadecimal: parts[2]).flatMap({ ChangeHash($0) })
      else { return nil }
      entries.append(ClockEntry(Dot(actor, seq), hash))
    }
    self.init(entries)
  }
}

/// As its texts.
extension Form: Codable {
  /// Writes the array of `texts`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(texts)
  }

  /// Reads the array of `texts`.
  ///
  /// - Throws: `DecodingError` for texts that `texts` never gives.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let form = Form(texts: try container.decode([String].self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is not a form")
    }
    self = form
  }
}

extension StoreReader {
  /// Where the replica stands in this read.
  public var form: Form { get throws { Form(try entries()) } }

  /// Whether this device made a change after a form was opened: what it has written since then is not to be overruled
  /// by who saw the form.
  ///
  /// - Throws: `StorageError.invalidWrite` for a form of another replica.
  public func isOwn(_ change: Dot, since form: Form) throws -> Bool {
    guard let key = lines.key(of: change), try key.line == ownLine else { return false }
    return try !lines.tree.closure(of: keys(of: form)).covers(key)
  }

  /// The last changes that it has seen. By hashes: names may have changed since it was opened.
  func keys(of form: Form) throws -> [ChangeKey] {
    try form.entries.map { entry in
      guard let root = lines.tree.root(of: entry.dot.actor),
        let actor = lines.tree.actor(entry.dot.actor), entry.dot.seq <= Dot.maximumSeq,
        let key = try find(root: root, depth: actor.depth + Int64(entry.dot.seq), hash: entry.hash.bytes)
      else { throw StorageError.invalidWrite("the form is not one of this journal") }
      return key
    }
  }
}
