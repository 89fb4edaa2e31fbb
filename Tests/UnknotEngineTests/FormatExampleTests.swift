import Crypto
import Foundation
import Synchronization
import TestSupport
import Testing
import UnknotEngine

/// What `Schema/changeset.md` takes apart byte by byte is a file that the engine reads, and would write.
@Suite struct FormatExampleTests {
  private static let name = Field<String>("name")
  private static let item = RecordKind(name: "item", fields: [name])

  /// A clock that stands still, and bytes that count up.
  private final class CountingEnvironment: ReplicaEnvironment {
    private let byte: Mutex<UInt8>

    init(after byte: UInt8) { self.byte = Mutex(byte) }

    func now() -> Int64 { 1_790_000_000_000 }

    func randomBytes(_ count: Int) -> [UInt8] {
      byte.withLock { byte in
        (0..<count).map { _ in
          byte &+= 1
          return byte
        }
      }
    }
  }

  /// The page's blocks of bytes, in their order: a file, its columns, a shape, what the chain hash is computed of.
  private func blocks() throws -> [[UInt8]] {
    let page = Repository.root.appending(path: "Schema/changeset.md")
    return try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```hex\n").dropFirst().map {
      $0.components(separatedBy: "\n```")[0].split(separator: "\n")
        .flatMap { $0.split(separator: ";", omittingEmptySubsequences: false)[0].split(separator: " ") }
        .compactMap { UInt8($0, radix: 16) }
    }
  }

  private func replica(_ seed: UInt8, _ name: String) async throws -> Replica {
    try await Replica(
      at: nil, kinds: [Self.item], deviceName: name, environment: CountingEnvironment(after: seed))
  }

  @Test func theFileIsRead() async throws {
    let (folder, bytes) = (try TemporaryFolder(), try blocks()[0])
    let file = "\(folder.path)/1.unknot"
    try Data(bytes).write(to: URL(filePath: file))
    let laptop = try await replica(100, "laptop")
    #expect(try await laptop.importFiles([.path(file)]).changesApplied == 1)
    let records = try await laptop.read { try $0.page(Self.item).records }
    #expect(records.map { $0[Self.name] } == ["milk"])
  }

  /// But for the deflate, whose bytes are another library's to choose: what stands before it.
  @Test func theEngineWouldWriteIt() async throws {
    let (folder, bytes) = (try TemporaryFolder(), try blocks()[0])
    let phone = try await replica(0, "phone")
    try await phone.write("add") { try $0.create(Self.item, [Self.name.set("milk")]) }
    _ = try await phone.export(to: .file("\(folder.path)/1.unknot"))
    let written = try Data(contentsOf: URL(filePath: "\(folder.path)/1.unknot"))
    let isSame = zip(written, bytes).prefix(168).allSatisfy(==)
    #expect(bytes.count == 243 && written.count > 200 && isSame)
  }

  @Test func theHashesAreRight() throws {
    let blocks = try blocks()
    #expect(blocks.count == 4)
    let (file, columns, shape, hashed) = (blocks[0], blocks[1], blocks[2], blocks[3])
    let tip = Array(file[73..<105])
    #expect(digest(hashed) == tip)
    #expect(Array(hashed[32..<64]) == digest(shape))
    #expect(columns.count == 35)
    #expect(digest(Array(file.dropLast(34))) == Array(file.suffix(32)))
  }

  private func digest(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
