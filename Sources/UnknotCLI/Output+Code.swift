import UnknotKit

extension Output {
  /// A text as a QR code, two modules in the height of a letter. Dark on light where there are colours; else for a terminal
  /// that is light on dark, as most are.
  func code(_ text: String) {
    guard let code = QRCode(text) else { return }
    let margin = 4
    for row in stride(from: -margin, to: code.size + margin, by: 2) {
      var letters = ""
      for column in -margin..<code.size + margin {
        // Outside, and below an odd last row, everything is light.
        let letter =
          switch (code.isDark(row, column), code.isDark(row + 1, column)) {
          case (false, false): "█"
          case (false, true): "▀"
          case (true, false): "▄"
          case (true, true): " "
          }
        letters += letter
      }
      line(isColored ? "\u{1b}[97;40m\(letters)\u{1b}[0m" : letters)
    }
  }
}
