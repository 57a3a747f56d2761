// swift-tools-version: 6.1
import PackageDescription

/// Every target is compiled in Swift 6 mode with the upcoming rules on, so that an `any`, a missing
/// import or a leaked one is an error today.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    // A release may look into the small functions of other targets: reading rows and writing JSON cross them all the time.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
    plugins: [Target.PluginUsage] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict,
        plugins: plugins)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.init(stringLiteral: name)] + dependencies,
        swiftSettings: strict)
}

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioFoundation: Target.Dependency = .product(name: "NIOFoundationCompat", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let http1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let webSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1: Target.Dependency = .product(
    name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(
    name: "HummingbirdTesting", package: "hummingbird")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(
    name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")

let package = Package(
    name: "qinke",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "qinke", targets: ["Server"]),
        .executable(name: "qinke-bench", targets: ["Bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Pure: the trade and its language. Foundation at most.
        room("Desk"),
        room("Language"),

        // The engine port and its drivers.
        room("SQL", [deque]),
        room("SQLOnSQLite", ["SQL", grdb, sqlite, deque]),
        .systemLibrary(name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        room("SQLOnPostgres", ["SQL", "CPQ", deque]),

        // What is kept, what lives, what is spoken.
        room("Storage", ["Desk", "Language", "SQL", crypto, cryptoExtras]),
        // What clients saw beside what the store holds.
        room("Reconciliation", ["Desk", "Storage"]),
        // What guards the data: digests, backups, moves between engines, upgrades.
        room("Keeping", ["Desk", "SQL", "SQLOnSQLite", "Storage", crypto, logging, lifecycle]),
        room(
            "Realtime",
            [
                "Desk", "Language", "Storage", "Tables", nio, nioPosix, logging, metrics, lifecycle,
                deque,
            ]),
        room(
            "Sockets",
            [
                nio, nioPosix, http1, httpTypes, nioHTTPTypes, nioHTTPTypesHTTP1, hummingbirdCore,
                crypto,
                deque,
            ]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // Tables as files: encodings, zip and workbooks.
        room("Tables", ["Desk", "CZlib"]),
        // The outside: tracking services of carriers.
        room("Connectors", ["Desk", "SQL", "Storage", crypto, logging, lifecycle]),
        .systemLibrary(name: "CGD", pkgConfig: "gdlib", providers: [.apt(["libgd-dev"])]),
        // Decoding pictures, only ever run in the image worker's own process.
        room("Images", ["Desk", "CGD"]),
        room(
            "Web",
            [
                "Desk", "Language", "SQL", "Storage", "Realtime", "Sockets", "Connectors", "Tables",
                "CZlib",
                hummingbird,
                hummingbirdCore, httpTypes, nio, nioPosix, nioFoundation, crypto, logging, metrics,
            ],
            exclude: ["Design", "Workspace", "Widget", "Protocol"],
            plugins: ["Embedding"]),

        // The front end's files inside the program, so that it is one file.
        .executableTarget(name: "EmbedAssets", swiftSettings: strict),
        .plugin(name: "Embedding", capability: .buildTool(), dependencies: ["EmbedAssets"]),

        // The command, the only place that picks a driver.
        .executableTarget(
            name: "Server",
            dependencies: [
                "Desk", "Language", "SQL", "SQLOnSQLite", "SQLOnPostgres", "Storage", "Keeping",
                "Realtime", "Sockets", "Connectors", "Web", "Images", "Reconciliation", "Tables",
                hummingbird, hummingbirdCore, arguments, yams, logging, metrics, lifecycle,
                unixSignals, httpTypes, nio, nioPosix, http1, webSocket, crypto, deque,
            ],
            swiftSettings: strict,
            plugins: ["Embedding"]),

        // The measuring tools; `make bench` runs them.
        .executableTarget(
            name: "Bench",
            dependencies: [
                "Desk", "Sockets", "SQL", "SQLOnSQLite", "SQLOnPostgres", "Storage", hummingbird,
                hummingbirdCore,
                httpTypes, nio, nioPosix, http1, arguments, logging, deque,
            ],
            path: "Bench",
            swiftSettings: strict),

        room(
            "TestSupport",
            [
                "Desk", "Language", "SQL", "SQLOnSQLite", "SQLOnPostgres", "Storage", "Realtime",
                "Sockets", "Web", "CGD",
                hummingbird, hummingbirdTesting, nio, nioPosix, http1, webSocket, logging,
            ]),
        tests(of: "SQL", ["SQLOnSQLite"]),
        tests(of: "SQLOnPostgres", ["SQL", "TestSupport"]),
        tests(of: "Realtime", ["Desk", "SQL", "Storage", "Tables", "TestSupport", logging]),
        tests(
            of: "Keeping",
            [
                "Desk", "SQL", "SQLOnSQLite", "SQLOnPostgres", "Storage", "TestSupport", logging,
            ]),
        tests(of: "Connectors", ["Desk"]),
        tests(of: "Desk", ["TestSupport"]),
        tests(of: "Language"),
        tests(of: "Bench", [nio]),
        tests(
            of: "Sockets",
            [
                hummingbird, hummingbirdCore, httpTypes, nio, nioPosix, nioEmbedded, logging,
                lifecycle,
            ]),
        tests(
            of: "Storage",
            ["Language", "TestSupport", "SQLOnSQLite", "Desk", "SQL", crypto]),
        tests(of: "Reconciliation", ["Desk", "SQL", "Storage", "TestSupport"]),
        tests(of: "Images", ["Desk", "TestSupport"]),
        tests(of: "Tables", ["Desk", "TestSupport"]),
        tests(
            of: "Web",
            [
                "TestSupport", "Desk", "SQL", "Storage", "Realtime", "Images", "Tables",
                hummingbird,
                hummingbirdTesting, nio, logging, metrics,
            ]),
        // Whole stories with the real binary.
        .testTarget(
            name: "JourneyTests",
            dependencies: [.target(name: "Server"), "SQLOnPostgres", "TestSupport"],
            swiftSettings: strict),
    ]
)
