import UnknotCLI

@main
enum Main {
  static func main() { Program.main() }
}
