import Foundation
import SeededRandom

extension FolderSimulation {
  func damage(_ device: SimulatedFolderDevice) throws {
    guard let name = generator.element(of: try FolderCarrier.names(in: device.folder)) else { return }
    let url = URL(filePath: "\(device.folder)/\(name)")
    var bytes = [UInt8](try Data(contentsOf: url))
    guard !bytes.isEmpty else { return }
    // Of a sealed file that is damaged, nobody knows whose it is.
    if isSealed, generator.once(in: 2) {
      bytes[generator.pick(bytes.count)] ^= 1 << UInt8(generator.pick(8))
    } else {
      bytes.removeLast(1 + generator.pick(bytes.count))
    }
    // A copy: what a carrier keeps is whole.
    try Data(bytes).write(to: URL(filePath: "\(device.folder)/damaged-\(generator.pick(5))-\(name)"))
  }

  /// What is not there yet of another folder, as on a stick.
  func hand(_ folder: String, to device: SimulatedFolderDevice) throws {
    for name in try FolderCarrier.names(in: folder) {
      let target = "\(device.folder)/\(name)"
      guard !FileManager.default.fileExists(atPath: target) else { continue }
      try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: target)
    }
  }
}
