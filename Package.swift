// swift-tools-version: 6.2
import PackageDescription

/// One set of compiler settings for every target: see the loop at the end.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
// The programs' alone: an app that embeds the engine asks for no traits, and does not even fetch them.
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["Programs"]))

let server = ["NIOCore", "NIOPosix", "NIOHTTP1"].map {
  Target.Dependency.product(name: $0, package: "swift-nio", condition: .when(traits: ["Programs"]))
}

let package = Package(
  name: "unknot",
  platforms: [.macOS(.v13), .iOS(.v16)],
  products: [
    .executable(name: "unknot", targets: ["unknot"]),
    .library(name: "UnknotEngine", targets: ["UnknotEngine"]),
    .library(name: "UnknotKit", targets: ["UnknotKit"]),
    .library(name: "UnknotReport", targets: ["UnknotReport"]),
    .library(name: "unknot-c", type: .static, targets: ["UnknotC"]),
  ],
  traits: [
    .trait(name: "Programs", description: "The command line, the simulator, the fuzzer and the benchmark."),
    .default(enabledTraits: ["Programs"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .target(name: "UnknotCausality"),
    .target(name: "CPlatform"),
    .target(name: "UnknotPlatform", dependencies: ["CPlatform"]),
    .target(
      name: "UnknotStorage", dependencies: ["UnknotCausality", "UnknotPlatform", grdb, sqlite, crypto],
      resources: [.embedInCode("SQL")]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "UnknotChangeset", dependencies: ["UnknotCausality", "CZlib", crypto, protobuf]),
    // Knows bytes and keys: neither what is in a file nor where it lies.
    .target(name: "UnknotSealing", dependencies: [crypto, cryptoExtras]),
    .target(
      name: "UnknotEngine",
      dependencies: [
        "UnknotCausality", "UnknotPlatform", "UnknotStorage", "UnknotChangeset", "UnknotSealing",
      ]),
    // What another package could not do, Kit cannot either: it has the engine's public face alone.
    .target(name: "UnknotJSON", dependencies: ["UnknotCausality"]),
    // One header, and the engine behind it: `Scripts/library` makes libunknot of them.
    .target(name: "CUnknot"),
    .target(
      name: "UnknotC", dependencies: ["CUnknot", "UnknotEngine", "UnknotJSON"], packageAccess: false),
    .target(
      name: "UnknotKit", dependencies: ["UnknotEngine", "UnknotPlatform", "UnknotJSON", "CZlib", crypto],
      packageAccess: false),
    .target(name: "UnknotReport", dependencies: ["UnknotKit"]),
    // The second front end: pages for this machine's browser. Like the first one, it has Kit's public face alone.
    .target(
      name: "UnknotApp", dependencies: ["UnknotKit", "UnknotReport"] + server,
      resources: [.embedInCode("Assets")], packageAccess: false),
    .target(
      name: "UnknotCLI",
      dependencies: ["UnknotApp", "UnknotKit", "UnknotPlatform", "UnknotReport", arguments]),
    .executableTarget(name: "unknot", dependencies: ["UnknotCLI"]),
    .executableTarget(name: "UnknotAt", dependencies: ["UnknotCLI", "UnknotKit"]),
    .target(name: "SeededRandom"),
    .executableTarget(
      name: "UnknotSimulator",
      dependencies: [
        "SeededRandom", "UnknotKit", "UnknotEngine", "UnknotStorage", "UnknotCausality", crypto, arguments,
      ]),
    .executableTarget(
      name: "UnknotFuzz",
      dependencies: [
        "SeededRandom", "UnknotKit", "UnknotStorage", "UnknotChangeset", "UnknotCausality", "CZlib", crypto,
        arguments,
      ]),
    .target(
      name: "CBenchReference", dependencies: [sqlite],
      cSettings: [.define("SQLITE_ENABLE_SESSION"), .define("SQLITE_ENABLE_PREUPDATE_HOOK")],
      linkerSettings: [.linkedLibrary("sqlite3")]),
    .executableTarget(
      name: "UnknotBench",
      dependencies: [
        "CBenchReference", "UnknotKit", "UnknotEngine", "UnknotStorage", "UnknotCausality", arguments,
      ]),

    .target(name: "TestSupport", dependencies: ["UnknotEngine", "SeededRandom"], path: "Tests/Support"),
    .testTarget(
      name: "UnknotCausalityTests", dependencies: ["UnknotCausality", "SeededRandom", "TestSupport"]),
    .testTarget(
      name: "UnknotStorageTests", dependencies: ["UnknotStorage", "UnknotCausality", "TestSupport", grdb]),
    .testTarget(
      name: "UnknotChangesetTests",
      dependencies: ["UnknotChangeset", "UnknotCausality", "SeededRandom", "TestSupport", protobuf]),
    .testTarget(
      name: "UnknotSealingTests", dependencies: ["UnknotSealing", "SeededRandom", "TestSupport", crypto]),
    .testTarget(
      name: "UnknotEngineTests",
      dependencies: [
        "UnknotEngine", "UnknotStorage", "UnknotChangeset", "UnknotSealing", "UnknotCausality",
        "UnknotPlatform", "SeededRandom", "TestSupport", grdb, crypto, protobuf,
      ]),
    .testTarget(
      name: "UnknotKitTests",
      dependencies: [
        "UnknotKit", "UnknotEngine", "UnknotStorage", "UnknotCausality", "SeededRandom", "TestSupport",
      ]),
    .testTarget(name: "UnknotReportTests", dependencies: ["UnknotReport", "UnknotKit", "TestSupport"]),
    .testTarget(
      name: "UnknotAppTests",
      dependencies: ["UnknotApp", "UnknotKit", "UnknotReport", "SeededRandom", "TestSupport"]),
    .testTarget(
      name: "UnknotCLITests",
      dependencies: ["UnknotKit", "UnknotEngine", "UnknotStorage", "UnknotCausality", "TestSupport"]),
  ]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = strict
}
