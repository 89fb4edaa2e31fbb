/// PADMÉ (Nikitin and others, 2019): sizes that say little of what is in a file, and make it at most 12 % larger.
package enum Padme {
  /// Whatever is smaller looks alike.
  package static let leastBytes: UInt64 = 4096

  /// - Parameter bytes: below 2⁶².
  /// - Returns: the size that it is padded to.
  package static func size(of bytes: UInt64) -> UInt64 {
    guard bytes > leastBytes else { return leastBytes }
    // Of the size in floating point: as many bits behind the first one as its exponent has.
    let exponent = 63 - bytes.leadingZeroBitCount
    let bits = Int.bitWidth - exponent.leadingZeroBitCount
    let mask: UInt64 = 1 << UInt64(exponent - bits) - 1
    return (bytes + mask) & ~mask
  }
}
