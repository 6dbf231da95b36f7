import CLiteralScan
import Foundation
import TestSupport
import Testing

@testable import PatternMatching

/// The scans in C beside a search that looks everywhere.
@Suite struct LiteralScanTests {
    static let methods: [outrider_method] = [outrider_portable, outrider_ssse3, outrider_avx2, outrider_neon].filter {
        outrider_method_is_available($0) != 0
    }

    @Test func thisProcessorHasMoreThanThePortableWay() {
        #expect(Self.methods.count > 1)
    }

    @Test(arguments: [1, 3, 8, 30, 100, 1000])
    func findsEveryLiteralAtEveryPlace(literalCount: Int) {
        var random = SeededRandom(seed: UInt64(literalCount))
        for round in 0..<(literalCount > 100 ? 4 : 12) {
            let literals = randomLiterals(literalCount, lengths: [1...4, 4...12, 1...20, 11...40][round % 4], &random)
            let text = randomText(from: literals, count: literalCount > 100 ? 200 : 500, &random)
            let expected = text.withUnsafeBytes { everyPlace(of: literals, in: $0) }
            for engine in engines(for: literals) { check(literals, engine, text, expected) }
        }
    }

    /// The text ends where the next page cannot be read, and begins behind one that cannot be read either.
    @Test(arguments: [3, 40])
    func readsNothingOutsideOfTheText(literalCount: Int) {
        var random = SeededRandom(seed: 5)
        let literals = randomLiterals(literalCount, lengths: 1...14, &random)
        let engines = engines(for: literals)
        let page = GuardedPage()
        for count in 0...140 {
            let text = randomText(from: literals, count: count, &random)
            let expected = text.withUnsafeBytes { everyPlace(of: literals, in: $0) }
            for engine in engines {
                page.withCopy(of: text, atEnd: true) { check(literals, engine, $0, expected) }
                page.withCopy(of: text, atEnd: false) { check(literals, engine, $0, expected) }
            }
        }
    }

    @Test func alignmentMakesNoDifference() {
        var random = SeededRandom(seed: 6)
        let literals = randomLiterals(20, lengths: 1...14, &random)
        let text = randomText(from: literals, count: 300, &random)
        let engines = engines(for: literals)
        for shift in 0..<64 {
            text.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[shift...])
                let expected = everyPlace(of: literals, in: rest)
                for engine in engines { check(literals, engine, rest, expected) }
            }
        }
    }

    // MARK: - Engines

    struct Engine {
        var name: String
        var tables: LiteralTables
        var isSampled: Bool
    }

    /// All ways to look for the literals: buckets by each method, and each stride that they are long enough for.
    private func engines(for literals: [Literal]) -> [Engine] {
        var sample = TextSample([], lineCount: 0)
        var plan = PrefilterPlan(literals: literals)
        plan.buckets = WindowBuckets(Array(literals.indices), of: literals, sample: &sample)
        var engines = Self.methods.map {
            Engine(name: "buckets by \($0.rawValue)", tables: LiteralTables(plan, method: $0), isSampled: false)
        }
        plan.buckets = nil
        let shortest = literals.map(\.bytes.count).min() ?? 0
        for stride in WindowSamples.strides where shortest >= stride + 3 {
            plan.samples = WindowSamples(Array(literals.indices), of: literals, stride: stride, sample: &sample)
            engines.append(
                Engine(
                    name: "stride \(stride)", tables: LiteralTables(plan, method: outrider_portable), isSampled: true))
        }
        return engines
    }

    private func check(_ literals: [Literal], _ engine: Engine, _ text: [UInt8], _ expected: [Int: [Int]]) {
        text.withUnsafeBytes { check(literals, engine, $0, expected) }
    }

    /// Every literal is found once for each place at which it stands, with a window within it, and nothing else is.
    private func check(
        _ literals: [Literal], _ engine: Engine, _ text: UnsafeRawBufferPointer, _ expected: [Int: [Int]]
    ) {
        let (buckets, samples) = (LiteralHits(), LiteralHits())
        engine.tables.scan(text, buckets: buckets, samples: samples)
        let hits = Array(engine.isSampled ? samples.hits : buckets.hits)
        #expect(hits.map(\.offset) == hits.map(\.offset).sorted(), "\(engine.name)")
        var found: [Int: [Int]] = [:]
        for hit in hits { found[Int(hit.literal), default: []].append(Int(hit.offset)) }
        #expect(Set(found.keys) == Set(expected.keys), "\(engine.name), \(text.count) bytes")
        for (number, windows) in found {
            let starts = expected[number] ?? []
            #expect(windows.count == starts.count, "\(engine.name), literal \(number)")
            for (window, start) in zip(windows, starts) {
                #expect((start..<start + literals[number].bytes.count).contains(window), "\(engine.name)")
            }
        }
    }

    /// By literal: where it begins.
    private func everyPlace(of literals: [Literal], in text: UnsafeRawBufferPointer) -> [Int: [Int]] {
        var places: [Int: [Int]] = [:]
        for (number, literal) in literals.enumerated() where literal.bytes.count <= text.count {
            for start in 0...text.count - literal.bytes.count where stands(literal, in: text, at: start) {
                places[number, default: []].append(start)
            }
        }
        return places
    }

    private func stands(_ literal: Literal, in text: UnsafeRawBufferPointer, at start: Int) -> Bool {
        for (offset, byte) in literal.bytes.enumerated() {
            let other = text[start + offset]
            if (literal.isCaseless ? lowercased(other) : other) != byte { return false }
        }
        return true
    }

    // MARK: - Random text

    private func randomLiterals(
        _ count: Int, lengths: ClosedRange<Int>, _ random: inout SeededRandom
    ) -> [Literal] {
        let alphabets = [Array("abAB".utf8), Array("etaoin shrdlu-=:019ETA".utf8), Array(0...255)]
        var literals: [Literal] = []
        for _ in 0..<count {
            let alphabet = alphabets.randomElement(using: &random) ?? []
            let length = Int.random(in: lengths, using: &random)
            let bytes = (0..<length).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] }
            literals.append(Literal(bytes, isCaseless: Bool.random(using: &random)))
        }
        return literals
    }

    /// Pieces of the literals, in both cases, and noise.
    private func randomText(from literals: [Literal], count: Int, _ random: inout SeededRandom) -> [UInt8] {
        var text: [UInt8] = []
        while text.count < count {
            let literal = literals[Int.random(in: literals.indices, using: &random)].bytes
            switch Int.random(in: 0..<6, using: &random) {
            case 0...2: text += literal
            case 3: text += literal.map { isLetter($0) && Bool.random(using: &random) ? $0 ^ 0x20 : $0 }
            case 4: text += literal.dropLast(Int.random(in: 0...2, using: &random))
            default: text.append(UInt8.random(in: 0...255, using: &random))
            }
        }
        return Array(text.prefix(count))
    }
}

/// A page between two that may not be touched.
private final class GuardedPage {
    private let size = Int(sysconf(Int32(_SC_PAGESIZE)))
    private let base: UnsafeMutableRawPointer

    init() {
        guard
            let base = mmap(nil, 3 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED,
            mprotect(base + size, size, PROT_READ | PROT_WRITE) == 0
        else { fatalError("no memory") }
        self.base = base
    }

    deinit { munmap(base, 3 * size) }

    func withCopy(of bytes: [UInt8], atEnd: Bool, _ body: (UnsafeRawBufferPointer) -> Void) {
        let start = base + size + (atEnd ? size - bytes.count : 0)
        start.copyMemory(from: bytes, byteCount: bytes.count)
        body(UnsafeRawBufferPointer(start: start, count: bytes.count))
    }
}
