// The names are the header's.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CUnknot
import UnknotEngine
import UnknotJSON

// The functions of the header: what each promises is said there. Texts go over the border as copies: who gets one frees
// it. An `unknot_replica` is a `Handle` that is kept alive until it is closed.

/// Opens a replica as a JSON object says. Returns one of the header's numbers: `UNKNOT_OK`, or what went wrong.
@c @implementation
public func unknot_open(
  _ options: UnsafePointer<CChar>?, _ replica: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  error?.pointee = nil
  replica?.pointee = nil
  do {
    guard let replica else { throw BadRequest("there is no place for the replica") }
    let handle = try Handle(Request(options))
    replica.pointee = OpaquePointer(Unmanaged.passRetained(handle).toOpaque())
    return Int32(UNKNOT_OK)
  } catch let reason {
    let failure = Failure(reason)
    error?.pointee = copy(failure.json)
    return failure.status
  }
}

/// Ends all followings, waits until none of them is told anything, and lets go of the replica. NULL does nothing.
@c @implementation
public func unknot_close(_ replica: OpaquePointer?) {
  guard let replica else { return }
  let handle = Unmanaged<Handle>.fromOpaque(UnsafeRawPointer(replica)).takeRetainedValue()
  handle.followings.removeAll()
}

/// Answers one request in JSON, on the thread that calls. Returns one of the header's numbers; `result` has the
/// answer, or why there is none.
@c @implementation
public func unknot_call(
  _ replica: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ progress: unknot_progress?,
  _ context: UnsafeMutableRawPointer?, _ result: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  result?.pointee = nil
  do {
    guard let handle = handle(replica) else { throw BadRequest("there is no replica") }
    let report: ProgressReport? = progress.map { progress in
      { if progress(context, $0.done, $0.total) != 0 { throw StorageError.interrupted } }
    }
    let answer = try handle.answer(Request(request), report)
    result?.pointee = copy(answer)
    return Int32(UNKNOT_OK)
  } catch {
    let failure = Failure(error)
    result?.pointee = copy(failure.json)
    return failure.status
  }
}

/// Tells of every change from now on. Returns the number of the following; 0 without a replica or a function.
@c @implementation
public func unknot_follow(
  _ replica: OpaquePointer?, _ changed: unknot_changed?, _ context: UnsafeMutableRawPointer?
) -> UInt64 {
  guard let handle = handle(replica), let changed else { return 0 }
  let caller = Caller(changed: changed, context: context)
  return handle.followings.add(handle.replica) { caller.tell($0) }
}

/// Ends one following, and returns only when its function is not called any more.
@c @implementation
public func unknot_unfollow(_ replica: OpaquePointer?, _ following: UInt64) {
  handle(replica)?.followings.remove(following)
}

/// Frees a text that one of these functions gave. NULL does nothing.
@c @implementation
public func unknot_free(_ text: UnsafeMutablePointer<CChar>?) { text?.deallocate() }

/// Whom to tell, and with what. Which threads may use the context is the caller's to see to: the header says that it is
/// used by one at a time.
private struct Caller: @unchecked Sendable {
  let changed: unknot_changed
  let context: UnsafeMutableRawPointer?

  func tell(_ change: JSONValue) {
    let text = copy(change)
    defer { text.deallocate() }
    changed(context, text)
  }
}

private func handle(_ replica: OpaquePointer?) -> Handle? {
  replica.map { Unmanaged<Handle>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
}

/// With a NUL at its end: JSON has none inside.
private func copy(_ json: JSONValue) -> UnsafeMutablePointer<CChar> {
  let bytes = Array(json.compact.utf8)
  let text = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
  for (place, byte) in bytes.enumerated() { text[place] = CChar(bitPattern: byte) }
  text[bytes.count] = 0
  return text
}

extension Handle {
  func answer(_ request: Request, _ progress: ProgressReport?) throws -> JSONValue {
    switch try request.text("do") {
    case "record": try record(request)
    case "list": try list(request)
    case "children": try children(request)
    case "history": try history(request)
    case "write": try write(request)
    case "undo": try undo(request)
    case "redo": try redo()
    case "conflicts": try conflicts(request)
    case "resolve": try resolve(request)
    case "export": try export(request, progress)
    case "import": try importFiles(request, progress)
    case "query": try query(request, progress)
    case "state": try state()
    case let other: throw BadRequest("there is nothing called \(other) to do")
    }
  }
}
