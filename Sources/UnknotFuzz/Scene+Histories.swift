import SeededRandom
import UnknotCausality
import UnknotChangeset
import UnknotKit

// Files whose histories are unusual: copies of journals, forgotten changes, devices that did not hear of each other.
extension Scene {
  mutating func emptyFile() -> HostileFile {
    HostileFile(
      journalIDs: held.journalIDs, base: held.entries,
      writer: DeviceState(id: generator.bytes(16), name: "stranger", nameRevision: 0, actors: [], clock: []))
  }

  /// With some of everything, and nothing wrong.
  mutating func goodFile() -> HostileFile {
    var author = Author(generator.actor())
    if !held.entries.isEmpty { author.see(held.entries) }
    for _ in 0..<6 { make(generator.element(RecordType.all), by: &author) }
    var file = generator.once(in: 2) ? branched(author, emptyFile()) : conflicting(author, emptyFile())
    file.otherDevices = [
      DeviceState(
        id: generator.bytes(16), name: "old", nameRevision: 3, actors: [], clock: held.entries, epoch: 1,
        isRetired: true, retiredRevision: 1)
    ]
    return file
  }

  mutating func harmDevices(_ file: inout HostileFile) {
    func harmed(_ device: DeviceState) -> DeviceState {
      var device = device
      let revisions: [UInt64] = [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (1 << 53) - 1, 1 << 53]
      if generator.once(in: 2) {
        device.name = String(generator.text().unicodeScalars.prefix(60))
      }
      // One that is refused is enough; most are to be taken.
      if generator.once(in: 3) { device.nameRevision = generator.element(Array(revisions.prefix(3))) }
      if generator.once(in: 3) { device.epoch = generator.element(Array(revisions.prefix(3))) }
      if generator.once(in: 3) { device.retiredRevision = generator.element(Array(revisions.prefix(3))) }
      if generator.once(in: 400) { device.nameRevision = generator.element(revisions) }
      device.isRetired = generator.once(in: 3)
      return device
    }
    file.writer = harmed(file.writer)
    let count = generator.element([0, 1, 5, 200])
    file.otherDevices = (0..<count).map { _ in
      harmed(
        DeviceState(
          id: generator.bytes(16), name: "device", nameRevision: 0,
          actors: generator.once(in: 2) ? [generator.actor()] : [],
          clock: generator.once(in: 2) ? held.entries : []))
    }
    if generator.once(in: 4) { file.journalIDs += (0..<60).map { _ in generator.bytes(16) } }
  }

  private mutating func edits(of record: Dot, _ table: String, _ type: RecordType, by author: inout Author) {
    for _ in 0..<(1 + generator.pick(4)) {
      author.write(.edit, table, subject: record, plausible(type, at: recently()), recordedAt: recently())
    }
  }

  /// Several histories of one actor, some of them of one and the same change.
  mutating func branched(_ author: Author, _ file: HostileFile) -> HostileFile {
    var (author, file) = (author, file)
    let type = generator.element(RecordType.all)
    let record = make(type, by: &author)
    let depth = author.count
    guard let hash = author.entry?.hash.bytes else { return file }
    edits(of: record, type.name, type, by: &author)
    file.authors = [author]
    for _ in 0..<(1 + generator.pick(3)) {
      var branch = Author(generator.actor(), branchingFrom: hash)
      for _ in 0..<(1 + generator.pick(3)) {
        var values = plausible(type, at: recently())
        harm(&values, of: type, generator.element([.integers, .texts, .references, .missing]))
        branch.write(.edit, type.name, subject: record, values, recordedAt: recently())
      }
      file.authors.append(branch)
      file.branches.append(Branch(actor: branch.actor, root: author.actor, depth: depth))
    }
    file.strangers = [stranger]
    return file
  }

  /// One journal that was copied again and again, and each copy written to.
  ///
  /// - Parameters:
  ///   - isNested: each copy is one of the copy before, instead of the first journal.
  ///   - isOfOneRecord: all of them edit one record.
  mutating func forks(_ count: Int, length: Int, isNested: Bool, isOfOneRecord: Bool) -> HostileFile {
    func values(_ number: Int) -> [FieldName: Value] {
      [
        FieldName("at"): .time(milliseconds: Self.now - Int64(number) * 60_000, offsetMinutes: 120),
        FieldName("score"): .integer(Int64(number % 11)), FieldName("site"): .text("low-back"),
      ]
    }
    var author = Author(generator.actor())
    let record = author.write(.create, "pain", values(0), recordedAt: Self.now)
    var hash = author.hash
    for number in 1...2 { author.write(.create, "pain", values(number), recordedAt: Self.now) }
    var file = emptyFile()
    file.authors = [author]
    var depth: UInt64 = 1
    for number in 0..<count {
      var branch = Author(generator.actor(), branchingFrom: hash)
      file.branches.append(Branch(actor: branch.actor, root: author.actor, depth: depth))
      for change in 0..<length + (isNested ? 1 : 0) {
        if isOfOneRecord {
          branch.write(
            .edit, "pain", subject: record, [FieldName("score"): .integer(Int64(number % 11))],
            recordedAt: Self.now - Int64(number))
        } else {
          // No two copies write the same: that would be one change.
          branch.write(
            .create, "pain", values(number + change), recordedAt: Self.now - Int64(number * 8 + change))
        }
        if change == 0, isNested { hash = branch.hash }
      }
      if isNested { depth += 1 }
      file.authors.append(branch)
    }
    return file
  }

  /// Forgotten changes at the front, in the middle, at the end; records whose making is among them.
  mutating func forgetful(_ author: Author, _ file: HostileFile) -> HostileFile {
    var file = file
    // Forgotten changes at the front leave nothing that a context could hang on.
    var author = generator.once(in: 2) ? author : Author(author.actor)
    if author.runs.isEmpty { author.forget(hashes(1 + generator.pick(6))) }
    for _ in 0..<4 {
      let type = generator.element(RecordType.all)
      let before = author
      let record = make(type, by: &author) { scene, values in
        for field in type.fields {
          if case .reference = field.kind, let forgotten = scene.forgotten(before) {
            values[FieldName(field.name)] = .reference(forgotten)
          }
        }
      }
      if generator.once(in: 2) { author.forget(hashes(1 + generator.pick(6))) }
      edits(of: record, type.name, type, by: &author)
      // To a change of which nothing is known but that it was there.
      if generator.once(in: 6), let forgotten = forgotten(author) {
        author.write(
          .edit, type.name, subject: forgotten, plausible(type, at: recently()), recordedAt: recently())
      }
    }
    if generator.once(in: 3) { author.forget(hashes(1)) }
    file.authors = [author]
    return file
  }

  private mutating func hashes(_ count: Int) -> [[UInt8]] { (0..<count).map { _ in generator.bytes(32) } }

  private mutating func forgotten(_ author: Author) -> Dot? {
    author.count == 0 ? nil : Dot(author.actor, 1 + UInt64(generator.pick(Int(author.count))))
  }

  /// Devices that write the same fields, and remove and edit the same records, without having heard of each other.
  mutating func conflicting(_ author: Author, _ file: HostileFile) -> HostileFile {
    var (first, file) = (author, file)
    var records: [(record: Dot, type: RecordType)] = []
    for _ in 0..<(3 + generator.pick(12)) {
      let type = generator.element(RecordType.all)
      records.append((make(type, by: &first), type))
    }
    for type in RecordType.all {
      if let record = held.records[type.name]?.last { records.append((record, type)) }
    }
    guard let seen = first.entry else { return file }
    var authors = (0..<(1 + generator.pick(6))).map { _ in Author(generator.actor()) }
    for index in authors.indices { authors[index].see(held.entries + [seen]) }
    first.pause()
    authors.insert(first, at: 0)
    for (record, type) in records {
      for index in authors.indices {
        var values = plausible(type, at: recently())
        if generator.once(in: 2) { harm(&values, of: type, generator.element([.integers, .texts, .times])) }
        let isDelete = generator.once(in: 4)
        authors[index].write(
          isDelete ? .delete : .edit, type.name, subject: record, isDelete ? [:] : values,
          recordedAt: Self.now)
      }
    }
    file.authors = authors
    return file
  }

  /// A megabyte many times: in as many records, in edits of one record, or by devices that did not hear of each other,
  /// in one record or in as many that stand for one thing.
  mutating func lengthy(_ author: Author, _ file: HostileFile) -> HostileFile {
    var (author, file) = (author, file)
    let type = generator.element(RecordType.all)
    let texts = type.fields.filter { if case .text = $0.kind { true } else { false } }
    let field = FieldName(texts.isEmpty ? "novel" : generator.element(texts).name)
    let unit = generator.element(["a", "\u{1b}", "ab ", "a\n"])
    let count = 24
    func text(_ number: Int) -> [FieldName: Value] {
      // Beside it a record has what it needs.
      let rest = (1 << 20) - 4096
      return [field: .text("\(number)" + String(repeating: unit, count: rest / unit.utf8.count))]
    }
    let isApart = generator.once(in: 2)
    let isOneRecord = generator.once(in: 2)
    let record = make(type, by: &author)
    guard let seen = author.entry else { return file }
    var others = (0..<(isApart ? count : 0)).map { _ in Author(generator.actor()) }
    for index in others.indices { others[index].see(held.entries + [seen]) }
    let known = made
    for number in 0..<count {
      // Nobody names what another one made meanwhile.
      if isApart { made = known }
      var writer = isApart ? others[number] : author
      if isOneRecord {
        writer.write(.edit, type.name, subject: record, text(number), recordedAt: recently())
      } else {
        make(type, by: &writer) { $1.merge(text(number)) { $1 } }
      }
      if isApart { others[number] = writer } else { author = writer }
    }
    file.authors = [author] + others
    return file
  }
}
