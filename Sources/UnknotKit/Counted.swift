/// "1 record", "2 records".
public func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

/// The same for the counts of an import or export.
public func counted(_ number: UInt64, _ noun: String) -> String { counted(Int(clamping: number), noun) }

/// "a bout", "an episode".
func withArticle(_ noun: String) -> String {
  noun.first.map { "aeio".contains($0) } ?? false ? "an \(noun)" : "a \(noun)"
}
