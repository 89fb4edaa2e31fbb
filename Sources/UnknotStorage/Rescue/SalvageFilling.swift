import GRDB
import UnknotCausality

/// Fills the tables of a salvaged log, so that they can be read as a journal's are: what they need of each other is there,
/// be it empty.
struct SalvageFilling {
  private let statements: Statements
  private let environment: any ReplicaEnvironment

  init(_ database: Database, _ environment: any ReplicaEnvironment) {
    self.environment = environment
    statements = Statements(database)
  }

  func take(_ rows: FoundRows) throws {
    try rows.tellAll { table, values in
      let columns = table.columns.joined(separator: ", ")
      let places = table.columns.map { _ in "?" }.joined(separator: ", ")
      let statement = try statements[
        "INSERT OR IGNORE INTO \(table.rawValue) (\(columns)) VALUES (\(places))"]
      for (index, value) in values.enumerated() {
        let place = Int32(index + 1)
        switch value {
        case .null, .real: statement.bind(Int64?.none, at: place)
        case .integer(let number): statement.bind(number, at: place)
        case .bytes(let bytes): statement.bind(bytes, at: place)
        case .text(let bytes): statement.bind(String(validating: bytes, as: UTF8.self), at: place)
        }
      }
      do {
        try statement.run()
      } catch StorageError.damaged {
        // A value of another type than the column's: a strict table takes none.
      }
    }
  }

  func complete() throws {
    try nameShapes()
    try completeDevices()
    try keepEndsOfForgotten()
    try claimDepths()
    try SalvagedLines.fit(statements)
  }

  func journalIDs() throws -> [[UInt8]] {
    var ids: [[UInt8]] = []
    try statements["SELECT id FROM journal ORDER BY number"].eachRow { ids.append($0.bytes(0)) }
    return ids
  }

  /// Whether anything was found that only a journal has.
  func isOfJournal() throws -> Bool {
    try statements[
      "SELECT 1 WHERE EXISTS (SELECT 1 FROM change) OR EXISTS (SELECT 1 FROM line) OR EXISTS (SELECT 1 FROM device)"
    ].first { _ in true } ?? false
  }

  func device() throws -> DeviceID? {
    try statements["SELECT id FROM device WHERE number = 1"].first { DeviceID($0.bytes(0)) } ?? nil
  }

  /// How many changes are of lines that are not there.
  func nameless() throws -> Int64 {
    try statements["SELECT count(*) FROM change WHERE line NOT IN (SELECT number FROM line)"].first {
      $0.integer(0)
    } ?? 0
  }

  /// Numbers of fields and kinds are this file's own: new ones will do.
  private func nameShapes() throws {
    var shapes: [Shape] = []
    try statements["SELECT definition FROM shape"].eachRow {
      shapes.append(try Shape(canonicalBytes: $0.bytes(0)))
    }
    for shape in shapes {
      try statements["INSERT OR IGNORE INTO record_kind (name) VALUES (?)"].bind(shape.table, at: 1).run()
      for field in shape.fields where field != .presence {
        try statements[
          "INSERT INTO field (name, key) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM field WHERE name = ?1 AND key IS ?2)"
        ].bind(field.field, at: 1).bind(field.key, at: 2).run()
      }
    }
  }

  private func completeDevices() throws {
    try statements[
      """
      INSERT OR IGNORE INTO device (number, id, name, name_revision, epoch, retired, retired_revision)
      VALUES (1, ?, 'unknown device', 0, 0, 0, 0)
      """
    ].bind(environment.randomBytes(DeviceID.byteCount), at: 1).run()
    try statements[
      """
      INSERT INTO device (number, id, name, name_revision, epoch, retired, retired_revision)
      SELECT ?1, ?2, 'unknown device', 0, 0, 0, 0
      WHERE EXISTS (SELECT 1 FROM line WHERE device NOT IN (SELECT number FROM device))
      """
    ].bind(FoundTable.unknownDevice, at: 1).bind(environment.randomBytes(DeviceID.byteCount), at: 2).run()
    try statements["UPDATE line SET device = ? WHERE device NOT IN (SELECT number FROM device)"]
      .bind(FoundTable.unknownDevice, at: 1).run()
    try statements[
      """
      UPDATE device SET name_revision = min(max(name_revision, 0), ?1), epoch = min(max(epoch, 0), ?1),
      retired_revision = min(max(retired_revision, 0), ?1)
      """
    ].bind(JournalLimits.revision, at: 1).run()
  }

  /// Behind forgotten changes the chain goes on from a checkpoint, which their own hashes have as well.
  private func keepEndsOfForgotten() throws {
    var ends: [(ChangeKey, [UInt8])] = []
    try statements["SELECT last, hashes FROM forgotten"].eachRow {
      ends.append(($0.key(0), $0.bytes(1).suffix(ChangeHash.byteCount)))
    }
    for (key, hash) in ends {
      try statements["INSERT OR IGNORE INTO checkpoint (key, hash) VALUES (?, ?)"].bind(key, at: 1)
        .bind(Array(hash), at: 2).run()
    }
  }

  private static let mostMissing: Int64 = 1 << 24

  /// A line goes as far as there are changes of it: what it says of itself may be gone, or may be of an old page.
  private func claimDepths() throws {
    var lines: [(number: Int64, depth: Int64, hash: [UInt8])] = []
    try statements["SELECT number, depth, hash FROM line"].eachRow {
      lines.append(($0.integer(0), $0.integer(1), $0.bytes(2)))
    }
    for line in lines {
      var deepest: Int64 = 0
      for (table, column) in [("change", "key"), ("checkpoint", "key"), ("forgotten", "last")] {
        let last = try statements["SELECT max(\(column)) FROM \(table) WHERE \(column) BETWEEN ? AND ?"]
          .bind(ChangeKey(line: line.number, depth: 1), at: 1)
          .bind(ChangeKey(line: line.number, depth: ChangeKey.maximumDepth), at: 2)
          .first { $0.isNull(0) ? 0 : $0.key(0).depth }
        deepest = max(deepest, last ?? 0)
      }
      // What is missing at the end is known by it. So many more than there are is a number that was hit.
      if line.depth > deepest, line.depth <= deepest + Self.mostMissing { deepest = line.depth }
      if line.depth > 0, line.depth < deepest {
        try statements["INSERT OR IGNORE INTO checkpoint (key, hash) VALUES (?, ?)"]
          .bind(ChangeKey(line: line.number, depth: line.depth), at: 1).bind(line.hash, at: 2).run()
      }
      guard deepest != line.depth else { continue }
      // What the line has as its last one's hash may be that of one before.
      try statements[
        """
        UPDATE line SET depth = ?1, context = x'',
        hash = coalesce((SELECT hash FROM checkpoint WHERE key = (?2 << 40) | ?1), hash) WHERE number = ?2
        """
      ].bind(deepest, at: 1).bind(line.number, at: 2).run()
    }
  }
}

/// Lines have the numbers from 1 on, and what they go on from comes before them. One that is not there, or cannot go on
/// from where it says, is there without changes.
enum SalvagedLines {
  static func fit(_ statements: Statements) throws {
    try statements["DELETE FROM line WHERE number > ?"].bind(Int64(JournalLimits.actors), at: 1).run()
    struct Row {
      let actor: [UInt8]?
      let parent: Int64?
      let hashes: ([UInt8], [UInt8])
      let depth: Int64
    }
    var rows: [Int64: Row] = [:]
    try statements["SELECT number, actor, parent, first_hash, beside_hash, depth FROM line"].eachRow {
      rows[$0.integer(0)] = Row(
        actor: $0.isNull(1) ? nil : $0.bytes(1), parent: $0.optionalInteger(2),
        hashes: ($0.bytes(3), $0.bytes(4)), depth: $0.integer(5))
    }
    var tree = NameTree()
    for number in 1..<(rows.keys.max() ?? 0) + 1 {
      if let row = rows[number] {
        if let parent = row.parent.map({ ChangeKey(rawValue: $0) }) {
          if parent.line >= 1, parent.line < number, row.depth > parent.depth,
            tree.addBranch(after: parent, hash: row.hashes.0, beside: row.hashes.1, last: row.depth) != nil
          {
            continue
          }
        } else if let actor = row.actor.flatMap({ ActorID($0) }), tree.addRoot(actor, last: row.depth) != nil
        {
          continue
        }
      }
      let name = Array(Hashing.sha256(Array("nothing of line \(number)".utf8)).prefix(ActorID.byteCount))
      guard let actor = ActorID(name), tree.addRoot(actor) != nil else {
        throw StorageError.damaged("the lines of the journal do not fit together")
      }
      try statements[
        """
        INSERT OR REPLACE INTO line (number, actor, device, depth, hash, context) VALUES (?, ?, 1, 0, zeroblob(32), x'')
        """
      ].bind(number, at: 1).bind(name, at: 2).run()
    }
    for table in ["change", "context", "checkpoint"] {
      try statements[
        """
        DELETE FROM \(table) WHERE NOT EXISTS
        (SELECT 1 FROM line WHERE line.number = \(table).key >> 40 AND \(table).key & 1099511627775 <= line.depth
        AND \(table).key & 1099511627775 > coalesce(parent & 1099511627775, 0))
        """
      ].run()
    }
    try statements[
      """
      DELETE FROM forgotten WHERE last < first OR NOT EXISTS
      (SELECT 1 FROM line WHERE line.number = first >> 40 AND last >> 40 = line.number
      AND last & 1099511627775 <= line.depth AND first & 1099511627775 > coalesce(parent & 1099511627775, 0))
      """
    ].run()
  }
}
