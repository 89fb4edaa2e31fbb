/// "1 record", "2 records".
package func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

package func counted(_ number: UInt64, _ noun: String) -> String { counted(Int(clamping: number), noun) }
