// swift-tools-version: 6.2
import PackageDescription

// An app on the engine, from outside of its package: what another app may use is what this one uses.
let engine = Target.Dependency.product(name: "UnknotEngine", package: "unknot")

let package = Package(
  name: "ShoppingList",
  platforms: [.macOS(.v15), .iOS(.v18)],
  dependencies: [.package(name: "unknot", path: "../..", traits: [])],
  targets: [
    .executableTarget(name: "Example", dependencies: [engine]),
    .target(name: "ShoppingList", dependencies: [engine]),
    .testTarget(name: "ShoppingListTests", dependencies: ["ShoppingList", engine]),
  ],
  swiftLanguageModes: [.v6]
)
