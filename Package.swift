// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// For modules whose objects belong to one thread: their accesses are checked in debug builds, which all tests are, and the
/// checks of a release build are a twelfth of the time of ten patterns.
let hot = settings + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

/// The toolchain's own linker, which folds functions with the same code, and no table of symbols for others to link with: a
/// tenth less memory (docs/decisions/resident-memory.md).
let slim = LinkerSetting.unsafeFlags(
    ["-use-ld=lld", "-Xlinker", "--icf=safe", "-Xlinker", "--no-export-dynamic"], .when(configuration: .release))

/// A library leaf: `folder` groups leaves along the data path, the name is the module's.
func leaf(
    _ folder: String, _ name: String, _ dependencies: [Target.Dependency] = [], isHot: Bool = false
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(folder)/\(name)",
        swiftSettings: isHot ? hot : settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude, swiftSettings: settings)
}

func system(_ folder: String, _ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/\(folder)/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "outrider",
    products: [.executable(name: "outrider", targets: ["outrider"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Vocabulary
        leaf("Vocabulary", "LogModel"),
        leaf("Vocabulary", "SeriesModel", ["LogModel"]),
        leaf("Vocabulary", "QueryModel"),

        // Text
        system("Text", "CPCRE2", pkgConfig: "libpcre2-8", apt: "libpcre2-dev"),
        system("Text", "CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        system("Text", "CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        system("Text", "CDeflate", pkgConfig: "libdeflate", apt: "libdeflate-dev"),
        .target(name: "CLiteralScan", path: "Sources/Text/CLiteralScan"),
        .target(name: "CFloatMath", path: "Sources/Text/CFloatMath"),
        leaf("Text", "PatternMatching", ["CLiteralScan", "CPCRE2", "LogModel"], isHot: true),
        leaf("Text", "YAMLNodes", ["CYAML"]),
        leaf("Text", "JSONText"),
        leaf("Text", "CivilTime", ["LogModel"]),
        leaf("Text", "Scheduling", ["CivilTime", "LogModel"]),
        leaf("Text", "LineFormats", isHot: true),
        leaf("Text", "ExpositionText", ["QueryModel"], isHot: true),
        leaf("Text", "Compression", ["CDeflate", "CZlib", "LogModel"]),

        // Decode
        leaf("Decode", "LogPipeline", ["LineFormats", "LogModel", "PatternMatching"], isHot: true),

        // Extract, Metrics
        leaf(
            "Extract", "Extraction", ["CivilTime", "LineFormats", "LogModel", "SeriesModel", "PatternMatching"],
            isHot: true),
        leaf("Metrics", "MetricRegistry", ["LogModel", "SeriesModel"], isHot: true),
        leaf("Metrics", "SeriesStore", ["QueryModel"], isHot: true),
        leaf(
            "Metrics", "HistorySampling", ["LogModel", "MetricRegistry", "QueryModel", "SeriesModel", "SeriesStore"],
            isHot: true),

        // Query
        leaf("Query", "PromQL", ["CFloatMath", "CivilTime", "PatternMatching", "QueryModel"], isHot: true),
        leaf("Query", "QueryScripts", ["PatternMatching", "PromQL", "QueryModel"]),

        // Host
        .target(name: "CLinux", path: "Sources/Host/CLinux"),
        system("Host", "CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        leaf("Host", "FileAccess", ["CLinux", "LogModel"]),
        .target(name: "CCrypto", path: "Sources/Host/CCrypto"),
        leaf("Host", "Cryptography", ["CCrypto", "LogModel"]),
        leaf("Host", "ParallelCompression", ["Compression", "Cryptography", "FileAccess", "LogModel"]),
        leaf("Host", "Ledger", ["CLinux", "CSQLite", "FileAccess", "LogModel", "SeriesModel", "SeriesStore"]),

        // Collect
        leaf("Collect", "FileTail", ["FileAccess", "Compression", "LogModel"]),
        leaf("Collect", "Consumption", ["FileTail", "FileAccess", "LogModel", "LogPipeline"]),

        // Serve
        leaf("Serve", "HTTPInterface", ["Compression", "LogModel", "SeriesModel"] + nio + [logging]),
        leaf(
            "Serve", "QueryInterface",
            ["CivilTime", "Compression", "FileAccess", "LogModel", "PromQL", "QueryModel"]),

        // Upkeep
        leaf(
            "Upkeep", "LogRotation",
            ["CivilTime", "Compression", "Cryptography", "FileAccess", "LogModel", "ParallelCompression"]),

        // App
        leaf(
            "App", "Configuration",
            [
                "CivilTime", "YAMLNodes", "FileAccess", "LineFormats", "LogModel", "LogPipeline", "SeriesModel",
                "FileTail",
                "Consumption",
                "Extraction", "HistorySampling", "Ledger", "HTTPInterface",
            ]),
        leaf(
            "App", "Agent",
            [
                "Compression", "Configuration", "Consumption", "ExpositionText", "Extraction", "FileAccess", "FileTail",
                "HistorySampling", "HTTPInterface", "JSONText", "Ledger", "LineFormats", "LogModel", "LogPipeline",
                "MetricRegistry", "QueryInterface", "QueryModel", "SeriesModel", "SeriesStore",
                logging, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        leaf(
            "App", "Commands",
            [
                "Agent", "CivilTime", "Compression", "Configuration", "ExpositionText", "Extraction", "FileAccess",
                "FileTail", "HTTPInterface", "JSONText", "Ledger", "LogModel", "MetricRegistry", "PatternMatching",
                "PromQL",
                "QueryInterface", "QueryModel", "QueryScripts", "SeriesModel", "SeriesStore", "YAMLNodes",
                argumentParser, logging,
            ]),
        .executableTarget(
            name: "outrider", dependencies: ["Commands"], path: "Sources/App/outrider", swiftSettings: settings,
            linkerSettings: [slim]),

        // Tests
        .target(name: "CFaultyVFS", dependencies: ["CSQLite"], path: "Tests/CFaultyVFS"),
        .target(
            name: "TestSupport", dependencies: ["CFaultyVFS", "FileAccess", "Ledger", "LogModel"],
            path: "Tests/TestSupport", swiftSettings: settings),
        tests("LogModelTests", ["LogModel"]),
        tests("FileTailTests", ["Compression", "FileTail", "FileAccess", "LogModel"]),
        tests(
            "ConsumptionTests",
            ["Consumption", "FileTail", "FileAccess", "LineFormats", "LogModel", "LogPipeline", "TestSupport"]),
        tests(
            "LedgerTests",
            ["CSQLite", "FileAccess", "Ledger", "LogModel", "QueryModel", "SeriesModel", "SeriesStore", "TestSupport"]),
        tests("FileAccessTests", ["CLinux", "FileAccess", "LogModel", "TestSupport"]),
        tests(
            "ModelTests",
            [
                "Consumption", "FileTail", "FileAccess", "Compression", "Ledger", "LogModel", "SeriesModel",
                "TestSupport",
            ]),
        tests("CompressionTests", ["Compression", "LogModel", "TestSupport"]),
        tests("CryptographyTests", ["Cryptography"]),
        tests(
            "LogRotationTests",
            [
                "CivilTime", "Compression", "FileAccess", "LogModel", "LogRotation", "ParallelCompression",
                "TestSupport",
            ]),
        tests(
            "ParallelCompressionTests",
            ["Compression", "Cryptography", "FileAccess", "ParallelCompression", "TestSupport"]),
        tests("PatternMatchingTests", ["CLiteralScan", "LogModel", "PatternMatching", "TestSupport"]),
        tests("LineFormatsTests", ["LineFormats", "TestSupport"], exclude: ["References"]),
        tests("LogPipelineTests", ["LineFormats", "LogModel", "LogPipeline", "TestSupport"]),
        tests(
            "ExtractionTests",
            [
                "CivilTime", "Extraction", "LineFormats", "LogModel", "PatternMatching", "SeriesModel", "TestSupport",
            ]),
        tests("SeriesStoreTests", ["QueryModel", "SeriesStore", "TestSupport"]),
        tests(
            "HistorySamplingTests",
            [
                "HistorySampling", "LogModel", "MetricRegistry", "QueryModel", "SeriesModel", "SeriesStore",
                "TestSupport",
            ]),
        tests("JSONTextTests", ["JSONText"]),
        tests("CivilTimeTests", ["CivilTime", "LogModel", "TestSupport"]),
        tests("SchedulingTests", ["CivilTime", "LogModel", "Scheduling", "TestSupport"]),
        tests("YAMLNodesTests", ["YAMLNodes"]),
        tests("ExpositionTextTests", ["ExpositionText", "QueryModel"]),
        tests(
            "QueryInterfaceTests", ["Compression", "JSONText", "PromQL", "QueryInterface", "QueryModel"]),
        tests("PromQLTests", ["PromQL", "QueryModel", "QueryScripts", "TestSupport"], exclude: ["Scripts"]),
        tests(
            "AgentTests",
            [
                "Agent", "Compression", "Configuration", "Consumption", "Extraction", "FileAccess", "FileTail",
                "HistorySampling", "HTTPInterface", "JSONText", "Ledger", "LineFormats", "LogModel", "LogPipeline",
                "MetricRegistry", "QueryInterface", "QueryModel", "SeriesModel", "SeriesStore", "TestSupport",
                logging,
            ]),
        tests(
            "CommandsTests",
            [
                "Agent", "Commands", "Compression", "Configuration", "Extraction", "FileAccess", "HTTPInterface",
                "JSONText", "Ledger",
                "PromQL", "QueryModel", "SeriesStore",
                "FileTail", "LineFormats", "LogModel", "LogPipeline", "QueryScripts", "SeriesModel", "TestSupport",
                "YAMLNodes", argumentParser, logging,
            ]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["PromQL", "QueryModel", "SeriesStore", "TestSupport"],
            path: "Tests/EndToEndTests", exclude: ["Writers"], swiftSettings: settings),
        tests("MetricRegistryTests", ["MetricRegistry", "LogModel", "SeriesModel", "TestSupport"]),
        tests(
            "ConfigurationTests",
            [
                "CivilTime", "Configuration", "Consumption", "Extraction", "FileAccess", "FileTail", "HistorySampling",
                "HTTPInterface",
                "Ledger", "LineFormats", "LogModel", "LogPipeline", "SeriesModel", "YAMLNodes",
            ], exclude: ["Fixtures"]),
        tests("HTTPInterfaceTests", ["HTTPInterface", "Compression", "LogModel", "SeriesModel"] + nio + [logging]),
    ]
)
