/// Why a file sealed by age cannot be opened. The words are for people who look for the reason; what to do about it depends
/// on what the file was.
package enum AgeError: Error, Hashable, Sendable {
  /// It does not begin as such a file does.
  case notAge
  /// The armor, text around the file's bytes, breaks the format's rules.
  case malformedArmor(String)
  /// The header breaks the format's rules.
  case malformedHeader(String)
  /// Nothing in the header is for a key that was given.
  case noKeyMatches
  /// It is sealed with a passphrase, and none was given.
  case passphraseNeeded
  /// The header was altered: its code is not that of the file key.
  case headerNotAuthentic
  /// A part of what was sealed was altered, moved or cut off: its number, counted from 0.
  case payloadNotAuthentic(chunk: UInt64)
  /// It ends before it is complete.
  case incomplete
  /// It is sealed for what this program does not open, by the name that the format has for it.
  case unsupported(String)
}
