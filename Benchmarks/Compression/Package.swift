// swift-tools-version: 6.2
import PackageDescription

// What `make bench` starts to measure the compression of closed logs without the agent around it. A package of its own, so that
// nobody who builds the product builds it; the product's sources are reached through the link `Product`.

/// As in the product.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func product(_ folder: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Product/\(folder)/\(name)", swiftSettings: settings)
}

let package = Package(
    name: "compression",
    targets: [
        product("Vocabulary", "LogModel"),
        .systemLibrary(name: "CZlib", path: "Product/Text/CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CDeflate", path: "Product/Text/CDeflate", pkgConfig: "libdeflate"),
        product("Text", "Compression", ["CDeflate", "CZlib", "LogModel"]),
        .target(name: "CLinux", path: "Product/Host/CLinux"),
        .target(name: "CCrypto", path: "Product/Host/CCrypto"),
        product("Host", "FileAccess", ["CLinux", "LogModel"]),
        product("Host", "Cryptography", ["CCrypto", "LogModel"]),
        product("Host", "ParallelCompression", ["Compression", "Cryptography", "FileAccess", "LogModel"]),
        .executableTarget(
            name: "compress-log", dependencies: ["Compression", "FileAccess", "ParallelCompression"], path: "Sources",
            swiftSettings: settings),
    ]
)
