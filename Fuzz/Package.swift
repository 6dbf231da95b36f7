// swift-tools-version: 6.2
import PackageDescription

// Fuzz targets, in a package of their own so that nobody who builds the product resolves them. `make fuzz` runs all.
//
// A new target is a file `Targets/NAME/NAME.swift` and a line at the end of this file; seeds may lie in `Seeds/NAME`. The product's
// sources are reached through the link `Product`, because all of them must be compiled with the fuzzer's counters.

/// Optimised, but with the assertions of debug builds, and with what finds accesses out of bounds.
let instrumented: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library", "-enable-testing", "-assert-config", "Debug"]),
]

func product(_ folder: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Product/\(folder)/\(name)", swiftSettings: instrumented)
}

func system(_ folder: String, _ name: String, pkgConfig: String) -> Target {
    .systemLibrary(name: name, path: "Product/\(folder)/\(name)", pkgConfig: pkgConfig)
}

/// An executable that takes libFuzzer's options. libFuzzer brings a main of its own, which the toolchain's linker leaves aside.
func fuzz(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["FuzzDriver"], path: "Targets/\(name)",
        swiftSettings: instrumented,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])])
}

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        // The product
        product("Vocabulary", "LogModel"),
        product("Vocabulary", "SeriesModel", ["LogModel"]),
        product("Vocabulary", "QueryModel"),
        system("Text", "CPCRE2", pkgConfig: "libpcre2-8"),
        system("Text", "CYAML", pkgConfig: "yaml-0.1"),
        .target(
            name: "CLiteralScan", path: "Product/Text/CLiteralScan",
            cSettings: [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]),
        product("Text", "PatternMatching", ["CLiteralScan", "CPCRE2", "LogModel"]),
        product("Text", "YAMLNodes", ["CYAML"]),
        product("Text", "JSONText"),
        product("Text", "ExpositionText", ["QueryModel"]),
        product("Text", "LineFormats"),
        product("Text", "CivilTime", ["LogModel"]),
        product("Text", "Scheduling", ["CivilTime", "LogModel"]),
        system("Text", "CZlib", pkgConfig: "zlib"),
        system("Text", "CDeflate", pkgConfig: "libdeflate"),
        product("Text", "Compression", ["CDeflate", "CZlib", "LogModel"]),
        product("Decode", "LogPipeline", ["LineFormats", "LogModel", "PatternMatching"]),
        product(
            "Extract", "Extraction", ["CivilTime", "LineFormats", "LogModel", "SeriesModel", "PatternMatching"]),
        product("Metrics", "MetricRegistry", ["LogModel", "SeriesModel"]),
        product("Metrics", "SeriesStore", ["QueryModel"]),
        .target(
            name: "CFloatMath", path: "Product/Text/CFloatMath",
            cSettings: [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]),
        product("Query", "PromQL", ["CFloatMath", "CivilTime", "PatternMatching", "QueryModel"]),
        product("Serve", "HTTPInterface", ["Compression", "LogModel", "SeriesModel"] + nio + [logging]),

        // The driver
        .systemLibrary(name: "CFuzzer", path: "CFuzzer"),
        .target(name: "FuzzDriver", dependencies: ["CFuzzer"], path: "Driver", swiftSettings: instrumented),

        // The targets
        fuzz("FuzzJSONFields", ["LineFormats", "JSONText"]),
        fuzz("FuzzExposition", ["ExpositionText", "QueryModel"]),
        fuzz("FuzzLogfmtFields", ["LineFormats"]),
        fuzz("FuzzContainers", ["LineFormats"]),
        fuzz("FuzzText", ["LogPipeline"]),
        fuzz("FuzzYAMLNodes", ["YAMLNodes"]),
        fuzz("FuzzRequiredLiterals", ["LogModel", "PatternMatching"]),
        fuzz("FuzzHistory", ["QueryModel", "SeriesStore"]),
        fuzz("FuzzGzipMembers", ["Compression"]),
        fuzz("FuzzNumbers", ["Extraction"]),
        fuzz("FuzzQueryText", ["PromQL"]),
        fuzz("FuzzQueries", ["PromQL", "QueryModel", "SeriesStore"]),
        fuzz("FuzzTimestamps", ["CivilTime", "LogModel"]),
        fuzz("FuzzZones", ["CivilTime", "LogModel"]),
        fuzz("FuzzSchedules", ["CivilTime", "LogModel", "Scheduling"]),
        fuzz("FuzzRecords", ["LineFormats", "LogModel", "LogPipeline"]),
        fuzz(
            "FuzzHTTP",
            ["HTTPInterface", "MetricRegistry", .product(name: "NIOEmbedded", package: "swift-nio"), logging] + nio),
    ]
)
