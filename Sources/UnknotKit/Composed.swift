import Foundation

extension String {
  /// In normal form C: what is typed on one system as one character and on another as two is one text.
  var composed: String { utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping }
}
