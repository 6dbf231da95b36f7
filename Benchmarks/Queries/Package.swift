// swift-tools-version: 6.2
import PackageDescription

// What `make bench` starts to measure the store of samples and the engine of queries without the agent around them. A package of
// its own, so that nobody who builds the product builds it; the product's sources are reached through the link `Product`.

/// As in the product.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

func product(_ folder: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Product/\(folder)/\(name)", swiftSettings: settings)
}

let package = Package(
    name: "queries",
    targets: [
        product("Vocabulary", "LogModel"),
        product("Vocabulary", "QueryModel"),
        .systemLibrary(name: "CPCRE2", path: "Product/Text/CPCRE2", pkgConfig: "libpcre2-8"),
        .target(name: "CLiteralScan", path: "Product/Text/CLiteralScan"),
        .target(name: "CFloatMath", path: "Product/Text/CFloatMath"),
        product("Text", "CivilTime", ["LogModel"]),
        product("Text", "PatternMatching", ["CLiteralScan", "CPCRE2", "LogModel"]),
        product("Metrics", "SeriesStore", ["QueryModel"]),
        product("Query", "PromQL", ["CFloatMath", "CivilTime", "PatternMatching", "QueryModel"]),
        .executableTarget(
            name: "queries", dependencies: ["PromQL", "QueryModel", "SeriesStore"], path: "Sources",
            swiftSettings: settings),
    ]
)
