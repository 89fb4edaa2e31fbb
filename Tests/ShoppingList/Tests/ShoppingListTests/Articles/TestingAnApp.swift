import ShoppingList
import Synchronization
import Testing
import UnknotEngine

/// A clock that stands still until it is set, and bytes that count up.
final class FixedEnvironment: ReplicaEnvironment {
  private let state: Mutex<(now: Int64, byte: UInt8)>

  init(seed: UInt8) { state = Mutex((1_790_000_000_000, seed)) }

  func now() -> Int64 { state.withLock { $0.now } }

  func set(_ milliseconds: Int64) { state.withLock { $0.now = milliseconds } }

  func randomBytes(_ count: Int) -> [UInt8] {
    state.withLock { state in
      (0..<count).map { _ in
        state.byte &+= 1
        return state.byte
      }
    }
  }
}

/// What `TestingAnApp.md` shows.
@Suite struct TestingAnApp {
  @Test func twoDevicesInOneTest() async throws {
    let folder = try Folder()
    let (clock, other) = (FixedEnvironment(seed: 1), FixedEnvironment(seed: 101))
    let phone = try await Replica(at: nil, kinds: kinds, deviceName: "phone", environment: clock)
    let laptop = try await Replica(at: nil, kinds: kinds, deviceName: "laptop", environment: other)
    let list = try await phone.write("list") { try $0.create(List.kind, [List.name.set("Saturday")]) }
    _ = try await phone.export(to: .file("\(folder.path)/1.unknot"))
    _ = try await laptop.importFiles([.path("\(folder.path)/1.unknot")])

    // The laptop's clock is a day slow. That decides nothing.
    other.set(clock.now() - 86_400_000)
    try await laptop.write("rename") { try $0.edit(list, [List.name.set("Sunday")]) }
    _ = try await laptop.export(to: .file("\(folder.path)/2.unknot"))
    _ = try await phone.importFiles([.path("\(folder.path)/2.unknot")])
    #expect(try await phone.read { try $0.record(list)?[List.name] } == "Sunday")
    #expect(try await phone.read { try $0.digest() } == laptop.read { try $0.digest() })
  }
}
