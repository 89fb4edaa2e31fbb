import NIOCore
import NIOHTTP1
import NIOPosix

/// Listens on this machine's own address alone, and holds a `Conversation` with each connection.
struct Server {
  private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  let port: UInt16
  private let listener: NIOAsyncChannel<any Channel, Never>
  private let office: Office

  /// Whoever opens more than so many waits: the journal's own files can still be opened.
  private static let mostConnections = 500
  /// Of a request's head. A browser's has less than 8 KiB.
  private static let mostBytesOfHead = 1 << 16

  /// - Throws: `IOError` where the port is taken.
  init(port: UInt16, _ office: Office) async throws {
    self.office = office
    listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // Nothing is read before somebody listens to it.
      .childChannelOption(.autoRead, value: false)
      .bind(host: "127.0.0.1", port: Int(port)) { channel in
        channel.eventLoop.makeCompletedFuture {
          var limits = NIOHTTPDecoderLimitConfiguration()
          (limits.maxHeaderFieldSize, limits.maxHeaderListSize) = (Self.mostBytesOfHead, Self.mostBytesOfHead)
          limits.maxHeaderFieldCount = 100
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline(
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
          try pipeline.addHandler(Patience())
          return channel
        }
      }
    self.port = UInt16(clamping: listener.channel.localAddress?.port ?? 0)
  }

  /// Until the task is cancelled.
  func run() async throws {
    try await listener.executeThenClose { connections in
      await withTaskGroup(of: Void.self) { group in
        var open = 0
        do {
          for try await channel in connections {
            if open == Self.mostConnections {
              await group.next()
              open -= 1
            }
            open += 1
            // What goes wrong with one connection ends that one.
            group.addTask { try? await hold(channel) }
          }
        } catch {}
        group.cancelAll()
      }
    }
  }

  private func hold(_ channel: any Channel) async throws {
    let connection = try await channel.eventLoop.submit {
      try Connection(wrappingChannelSynchronously: channel)
    }.get()
    try await connection.executeThenClose { requests, responses in
      try await channel.setOption(.autoRead, value: true).get()
      try await Conversation(office: office, channel: channel, responses: responses).hold(requests)
    }
  }
}

/// Ends a connection that lets the server wait: for a request, or for the rest of one.
private final class Patience: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart

  /// In seconds. Whoever says nothing takes a place that others may need, and a browser of this machine is back at once.
  private static let forRequest: Int64 = 10
  private static let forBody: Int64 = 120

  private var end: Scheduled<Void>?
  /// A request can be answered before it has been sent to its end.
  private var isAnswered = false

  private func wait(_ seconds: Int64, _ context: ChannelHandlerContext) {
    end?.cancel()
    end = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(seconds)) {
      context.close(promise: nil)
    }
  }

  func channelActive(context: ChannelHandlerContext) {
    wait(Self.forRequest, context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    end?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      isAnswered = false
      wait(Self.forBody, context)
    case .body: break
    case .end: if !isAnswered { end?.cancel() }
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
    isAnswered = true
    let sent = promise ?? context.eventLoop.makePromise()
    // A large file may take its time.
    sent.futureResult.assumeIsolated().whenSuccess { self.wait(Self.forRequest, context) }
    context.write(data, promise: sent)
  }
}
