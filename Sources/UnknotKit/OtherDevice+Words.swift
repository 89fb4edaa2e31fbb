extension OtherDevice {
  /// How far the others are behind, in one line: `devices: tablet lacks 212 changes, last heard of 34 days ago; 1 has everything`.
  ///
  /// - Parameter devices: at least one, those that lack something first.
  public static func line(_ devices: [OtherDevice]) -> String {
    let behind = devices.filter { $0.lacks > 0 }
    var parts = behind.prefix(3).map { "\($0.name) lacks \(counted($0.lacks, "change")), \($0.silence)" }
    let more = behind.count - parts.count
    if more > 0 { parts.append("\(more) more \(more == 1 ? "lacks" : "lack") something") }
    let rest = devices.filter { $0.lacks == 0 }
    if rest.count == 1 {
      parts.append("\(rest[0].name) has everything, \(rest[0].silence)")
    } else if !rest.isEmpty {
      parts.append(
        behind.isEmpty ? "all \(rest.count) others have everything" : "\(rest.count) have everything")
    }
    return "devices: " + parts.joined(separator: "; ")
  }

  private var silence: String {
    switch silentDays {
    case nil: "never heard of"
    case 0: "heard of today"
    case 1: "last heard of yesterday"
    case let days?: "last heard of \(days) days ago"
    }
  }
}
