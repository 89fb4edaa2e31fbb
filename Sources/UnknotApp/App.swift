import NIOCore
import NIOPosix
public import UnknotKit

/// The journal as pages for the browser of this machine: the second front end, with Kit's public face alone.
///
/// It listens on 127.0.0.1 alone and lets in only the browser that was given its address (`Gate`). Everything it shows is made
/// here; no page asks anybody else for anything.
public final class App: Sendable {
  /// What it is given.
  public struct Settings: Sendable {
    /// 0: any that is free.
    public var port: UInt16
    /// Ends it when nobody has asked for anything for so many seconds; nil: it goes on.
    public var idleSeconds: Int?
    /// Where this machine keeps a session that runs.
    public var stateFolder: String
    /// For uploads and exports, which go again at once.
    public var temporaryFolder: String
    /// As many random bytes as are asked for.
    public var randomBytes: @Sendable (Int) -> [UInt8]

    /// - Parameters:
    ///   - port: 0: any that is free.
    ///   - stateFolder: where this machine keeps a session that runs.
    ///   - temporaryFolder: for uploads and exports, which go again at once.
    ///   - randomBytes: as many as are asked for, from a source that nobody can foretell.
    public init(
      port: UInt16, idleSeconds: Int? = nil, stateFolder: String, temporaryFolder: String,
      randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
      (self.port, self.idleSeconds, self.stateFolder) = (port, idleSeconds, stateFolder)
      (self.temporaryFolder, self.randomBytes) = (temporaryFolder, randomBytes)
    }
  }

  private let settings: Settings
  private let office: Office

  /// - Parameter journal: opened with the settings' state folder.
  public init(_ journal: Journal, _ settings: Settings) {
    self.settings = settings
    office = Office(journal, settings)
  }

  /// Serves until the task is cancelled, or nobody has asked for anything for long enough.
  ///
  /// - Parameter ready: called once with the address to be opened: it works once.
  /// - Throws: `KitError` of the kind `failed` where the port is taken.
  public func run(ready: @escaping @Sendable (_ address: String) -> Void) async throws {
    office.files.removeAbandoned(now: office.journal.now)
    defer { office.files.removeAll() }
    let server: Server
    do {
      server = try await Server(port: settings.port, office)
    } catch let error as IOError {
      throw KitError(
        .failed, "no page can be served on port \(settings.port)", cause: error.localizedDescription,
        hint: "take another port, or 0 for any that is free")
    }
    let (token, cookie) = (hexadecimal(settings.randomBytes(32)), hexadecimal(settings.randomBytes(32)))
    await office.open(Gate(port: server.port, token: token, cookie: cookie))
    ready("http://127.0.0.1:\(server.port)/?token=\(token)")
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      group.addTask { [office, settings] in try await office.serve(idleSeconds: settings.idleSeconds) }
      defer { group.cancelAll() }
      // The first that ends, ends it.
      do { try await group.next() } catch is CancellationError {}
    }
  }
}
