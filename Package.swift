// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let logRecorder: Target.Dependency = .product(name: "InMemoryLogging", package: "swift-log")
let flyingFox: Target.Dependency = .product(name: "FlyingFox", package: "FlyingFox")

/// The targets of the library, lowest first: each imports only those above it in this list.
let engine: [Target] = [
    .target(name: "Core", swiftSettings: settings),
    .target(name: "Configuration", dependencies: ["Core", yams], swiftSettings: settings),
    .target(name: "CFiles"),
    .target(
        name: "Workspace", dependencies: ["Core", "Configuration", "CFiles", crypto, grdb, logging, yams],
        swiftSettings: settings),
    .target(
        name: "ResponseCache", dependencies: ["Core", "Configuration", crypto, grdb, sqlite], swiftSettings: settings),
    .target(
        name: "Metering", dependencies: ["Core", "Configuration", grdb],
        resources: [.embedInCode("Prices/prices.tsv")],
        swiftSettings: settings),
    .target(name: "CCurl"),
    .target(name: "Providers", dependencies: ["Core", "Configuration", "CCurl", crypto], swiftSettings: settings),
    .target(
        name: "Generation",
        dependencies: ["Core", "Configuration", "ResponseCache", "Metering", "Providers", logging],
        swiftSettings: settings),
    .target(
        name: "Studio",
        dependencies: [
            "Core", "Configuration", "Workspace", "ResponseCache", "Metering", "Providers", "Generation", yams, crypto,
            logging,
        ],
        resources: [.embedInCode("Prompts"), .embedInCode("Loops"), .embedInCode("Book/Player")],
        swiftSettings: settings),
]

/// The same stores over Redis, which only the program links.
let redis: [Target] = [
    .target(name: "CHiredis", linkerSettings: [.linkedLibrary("hiredis", .when(traits: ["Redis"]))]),
    .target(
        name: "RedisStores",
        dependencies: [
            "Core", "Configuration", "Workspace", "ResponseCache", "Metering", crypto,
            .target(name: "CHiredis", condition: .when(traits: ["Redis"])),
        ],
        swiftSettings: settings),
]

let cockpit: [Target] = [
    .target(
        name: "CNcurses",
        linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(
        name: "Themes", path: "themes",
        resources: ["foundry", "parchment", "high-contrast", "colorblind", "mono"].map { .embedInCode("\($0).yml") },
        swiftSettings: settings),
    .target(name: "Terminal", dependencies: ["Core", "CNcurses", "Themes", yams], swiftSettings: settings),
    .target(
        name: "Dashboard",
        dependencies: ["Core", "Configuration", "Workspace", "Metering", "ResponseCache", "Terminal", "Studio"],
        swiftSettings: settings),
    .executableTarget(
        name: "questfoundry",
        dependencies: [
            "Core", "Configuration", "Workspace", "ResponseCache", "Metering", "Studio", "Terminal", "Dashboard",
            "RedisStores", arguments,
        ],
        swiftSettings: settings),
]

let benchmarks: Target = .executableTarget(
    name: "Benchmarks",
    dependencies: [
        "Core", "Configuration", "Workspace", "ResponseCache", "Metering", "Providers", "Generation", "Studio",
        "RedisStores", "TestKit", crypto, grdb,
    ],
    swiftSettings: settings)

let tests: [Target] = [
    .target(name: "CTestKit", path: "Tests/CTestKit"),
    .target(
        name: "TestKit",
        dependencies: ["Core", "Configuration", "Workspace", "Providers", "CTestKit", crypto, flyingFox, grdb],
        path: "Tests/TestKit",
        swiftSettings: settings),
    // What takes part in suites, which a program that is no test cannot link.
    .target(
        name: "SuiteKit", dependencies: ["Core", "Workspace", "TestKit"], path: "Tests/SuiteKit",
        swiftSettings: settings),
    .testTarget(name: "CoreTests", dependencies: ["Core", "TestKit"], swiftSettings: settings),
    .testTarget(name: "ConfigurationTests", dependencies: ["Configuration", "TestKit"], swiftSettings: settings),
    .testTarget(
        name: "WorkspaceTests", dependencies: ["Workspace", "SuiteKit", "TestKit", grdb, logging],
        swiftSettings: settings),
    .testTarget(
        name: "ResponseCacheTests", dependencies: ["ResponseCache", "RedisStores", "Configuration", "TestKit", grdb],
        swiftSettings: settings),
    .testTarget(
        name: "MeteringTests", dependencies: ["Metering", "RedisStores", "TestKit", grdb], swiftSettings: settings),
    .testTarget(
        name: "RedisStoresTests",
        dependencies: [
            "RedisStores", "ResponseCache", "Metering", "Workspace", "Configuration", "Core", "SuiteKit", "TestKit",
        ],
        swiftSettings: settings),
    .testTarget(
        name: "ProvidersTests", dependencies: ["Providers", "SuiteKit", "TestKit", flyingFox], swiftSettings: settings),
    .testTarget(
        name: "GenerationTests", dependencies: ["Generation", "RedisStores", "TestKit", grdb, logging, logRecorder],
        swiftSettings: settings),
    .testTarget(
        name: "StudioTests", dependencies: ["Studio", "Providers", "SuiteKit", "TestKit", flyingFox, logging],
        swiftSettings: settings),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal", "TestKit"], swiftSettings: settings),
    .testTarget(
        name: "DashboardTests", dependencies: ["Dashboard", "TestKit"], exclude: ["Frames"], swiftSettings: settings),
    .testTarget(
        name: "EndToEndTests",
        dependencies: ["questfoundry", "Studio", "Workspace", "SuiteKit", "TestKit", "Core", flyingFox, grdb],
        swiftSettings: settings),
]

let package = Package(
    name: "questfoundry",
    products: [
        .library(name: "QuestFoundry", targets: engine.map(\.name).filter { !["CCurl", "CFiles"].contains($0) }),
        .executable(name: "questfoundry", targets: ["questfoundry"]),
    ],
    traits: [
        .trait(name: "Redis", description: "Caches, limits and budgets shared by machines; needs hiredis"),
        .default(enabledTraits: ["Redis"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: engine + redis + cockpit + [benchmarks] + tests
)
