import UnknotCausality

/// Reads changes off a block's columns, one after the other.
struct ColumnReader {
  private let actors: ActorTable
  private let shapes: [Shape]
  /// The columns of all shapes, a shape's one after the other from its place on.
  private var values: [ValueReader] = []
  private var places: [UInt32: Range<Int>] = [:]
  private var last: (number: UInt32, place: Range<Int>)?
  private var body = ByteWriter()
  private let shapeNumbers: [UInt32]
  private var row = 0
  private var recordedAts: ByteReader
  private var recordedAt: Int64 = 0
  private var subjectActors: ByteReader
  private var subjectSeqs: ByteReader
  private var subjectSeq: Int64 = 0
  private var begins: ByteReader
  private var beginsLeft: UInt64
  private var isBeginning = false

  init(_ bytes: [UInt8], _ actors: ActorTable, _ shapes: [Shape], count: Int) throws {
    // A column has a tag, 3 bytes with what is around it.
    let columns = try BytesFields(bytes[...], count: 6, most: count * Shape.maximumFields, least: 3)
    self.actors = actors
    self.shapes = shapes
    var numbers = ByteReader(columns[1])
    var shapeNumbers: [UInt32] = []
    while !numbers.isAtEnd {
      let number = try numbers.unsigned()
      guard number < UInt64(shapes.count), shapeNumbers.count < count else {
        throw ChangesetError.damaged("a change has no shape")
      }
      shapeNumbers.append(UInt32(number))
    }
    guard shapeNumbers.count == count else {
      throw ChangesetError.damaged("its columns do not fit each other")
    }
    self.shapeNumbers = shapeNumbers
    begins = ByteReader(columns[2])
    recordedAts = ByteReader(columns[3])
    subjectActors = ByteReader(columns[4])
    subjectSeqs = ByteReader(columns[5])
    beginsLeft = count > 0 ? try begins.unsigned() : 0
    var next = 0
    for number in Set(shapeNumbers).sorted() {
      let width = shapes[Int(number)].fields.count
      guard columns.repeated.count - next >= width else {
        throw ChangesetError.damaged("a column is missing")
      }
      places[number] = next..<next + width
      next += width
    }
    guard next == columns.repeated.count else { throw ChangesetError.damaged("it has a column too many") }
    values = try columns.repeated.map { try ValueReader($0) }
  }

  mutating func next(_ dot: Dot) throws -> Change {
    defer { row += 1 }
    let number = shapeNumbers[row]
    let shape = shapes[Int(number)]
    if beginsLeft == 0 {
      beginsLeft = try begins.unsigned()
      isBeginning.toggle()
      // Only the first run, which was read before, may be of nothing.
      guard beginsLeft > 0 else {
        throw ChangesetError.damaged("its columns do not fit each other")
      }
    }
    beginsLeft -= 1
    // Differences are taken modulo 2^64, so that any two times have one: the sum is exact for every time.
    recordedAt &+= try recordedAts.signed()
    var subject: Dot?
    let place = try subjectActors.unsigned()
    if place > 0 {
      let (seq, overflow) = subjectSeq.addingReportingOverflow(try subjectSeqs.signed())
      guard !overflow, seq >= 1, seq <= Int64(Dot.maximumSeq) else {
        throw ChangesetError.damaged("a change names a record out of range")
      }
      subjectSeq = seq
      subject = Dot(try actors.actor(at: place - 1), UInt64(seq))
    }
    guard subject != nil || shape.action == .create else {
      throw ChangesetError.damaged("a change names no record")
    }
    if last?.number != number { last = places[number].map { (number, $0) } }
    body.clear()
    for index in last?.place ?? 0..<0 {
      try values[index].next(to: &body, actors)
      guard body.bytes.count <= Body.maximumBytes else {
        throw ChangesetError.damaged("a change is too large")
      }
    }
    return Change(
      dot: dot, shape: shape, subject: subject, recordedAt: recordedAt, beginsOperation: isBeginning,
      body: body.bytes)
  }

  func expectEnd() throws {
    guard values.allSatisfy(\.isAtEnd), recordedAts.isAtEnd, subjectActors.isAtEnd,
      subjectSeqs.isAtEnd, begins.isAtEnd, beginsLeft == 0
    else { throw ChangesetError.damaged("it has more values than changes") }
  }
}
