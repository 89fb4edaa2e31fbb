import Foundation
import UnknotKit

/// What a browser asks for, once the gate has let it in.
struct Request: Sendable {
  enum Method: Sendable { case get, post }

  let method: Method
  /// The parts of the path, decoded: `/record/x1-2/edit` is `["record", "x1-2", "edit"]`.
  let path: [String]
  private let query: [(name: String, value: String)]
  private let fields: [(name: String, value: String)]
  let files: [Upload]

  init(
    method: Method, path: [String], query: [(name: String, value: String)] = [],
    fields: [(name: String, value: String)] = [], files: [Upload] = []
  ) {
    (self.method, self.path, self.query, self.fields, self.files) = (method, path, query, fields, files)
  }

  /// A field of the form, or else of the address; nil: it is not there, or empty.
  subscript(name: String) -> String? {
    let found = (fields + query).first { $0.name == name }?.value
    return found.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// All values of a field that can be chosen more than once.
  func all(_ name: String) -> [String] { fields.filter { $0.name == name && !$0.value.isEmpty }.map(\.value) }

  /// Where the journal stood when the form was shown; nil: that is not known.
  var form: Form? {
    self["form"].flatMap { try? JSONDecoder().decode(Form.self, from: Data($0.utf8)) }
  }

  /// All fields of the form, in their order.
  var allFields: [(name: String, value: String)] { fields }
}

/// A file that was sent with a form.
struct Upload: Sendable {
  let name: String
  let bytes: Data
}

/// What goes back.
struct Response: Sendable {
  enum Body: Sendable {
    case page(Page)
    case bytes(Data, type: String, name: String?)
    case events(page: String)
    case none
  }

  var status = 200
  var body: Body
  /// Where to go on, of an answer to a form.
  var location: String?
  /// What the person should know of what was done.
  var notices: [Notice] = []
  /// The operation that was done, to be taken back at once by whoever has mistyped.
  var operation: String?

  static func page(_ page: Page, status: Int = 200) -> Response {
    Response(status: status, body: .page(page))
  }
  static func go(_ place: String, _ notices: [Notice] = []) -> Response {
    Response(status: 303, body: .none, location: place, notices: notices)
  }
  /// Something was written, and the page that this leads to says so.
  static func wrote(_ place: String, _ verb: String, _ written: Written, _ desk: Desk) -> Response {
    var response = go(place, Said.written(verb, written, desk))
    response.operation = written.records.isEmpty ? nil : written.operation
    return response
  }
  static func file(_ bytes: Data, type: String, name: String) -> Response {
    Response(body: .bytes(bytes, type: type, name: name))
  }
  static func asset(_ bytes: Data, type: String) -> Response {
    Response(body: .bytes(bytes, type: type, name: nil))
  }
}
