import UnknotCausality

/// The fields of a message in which all are bytes, as slices of what was read: columns are most of a file, and are
/// neither copied nor written once more to see that they are what a writer writes.
struct BytesFields {
  private var fields: [ArraySlice<UInt8>]
  /// Those of the last field, where it may come up more than once.
  private(set) var repeated: [ArraySlice<UInt8>] = []

  /// - Parameters:
  ///   - count: the number of the last field.
  ///   - most: how often that one may come up; nil: it is one like the others.
  ///   - least: how many bytes each of those has at least.
  init(_ bytes: ArraySlice<UInt8>, count: Int, most: Int? = nil, least: Int = 1) throws {
    fields = Array(repeating: [], count: count + 1)
    var reader = ByteReader(bytes)
    var last = 0
    while !reader.isAtEnd {
      guard let key = Int(exactly: try reader.unsigned()), key & 7 == 2, key >> 3 <= count,
        key >> 3 > last || key >> 3 == count && most != nil && last == count
      else { throw ChangesetError.unwritten }
      last = key >> 3
      let content = try reader.raw(try reader.unsigned())
      guard let most, last == count else {
        guard !content.isEmpty else { throw ChangesetError.unwritten }
        fields[last] = content
        continue
      }
      guard repeated.count < most else {
        throw ChangesetError.damaged("a part of it has more entries than the format allows")
      }
      guard content.count >= least else { throw ChangesetError.damaged("a part of it has an empty entry") }
      repeated.append(content)
    }
  }

  /// Empty where it does not come up.
  subscript(number: Int) -> ArraySlice<UInt8> { fields[number] }
}

extension ChangesetError {
  /// The fields of a message are in order and in their shortest form, and there is nothing else. So nothing that was
  /// read can be lost when it is passed on, and no two files say the same.
  static let unwritten = ChangesetError.damaged("a part of it is not what a writer writes")
}
