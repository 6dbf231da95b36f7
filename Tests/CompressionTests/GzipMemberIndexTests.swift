import Compression
import Testing

/// A file of members, and the places where they begin.
private struct Members {
    var bytes: [UInt8] = []
    var content: [UInt8] = []
    var places: [GzipMemberIndex.Place] = []

    init(_ contents: [[UInt8]]) throws { for content in contents { try append(content, as: try member(content)) } }

    mutating func append(_ content: [UInt8], as member: [UInt8]) throws {
        places.append(
            GzipMemberIndex.Place(compressedOffset: UInt64(bytes.count), offset: UInt64(self.content.count)))
        bytes += member
        self.content += content
    }

    /// The last place at or before an offset.
    func place(of offset: Int) -> GzipMemberIndex.Place {
        places.last { $0.offset <= UInt64(offset) } ?? .start
    }
}

extension GzipMemberIndex {
    fileprivate mutating func place(of offset: Int, in file: CountedFile) throws -> Place {
        try place(of: UInt64(offset)) { file.read($0, $1) }
    }
}

@Suite struct GzipMemberIndexTests {
    @Test(arguments: [1, 7, .max])
    func everyByteIsFoundInItsMember(chunk: Int) throws {
        let members = try Members([500, 1, 0, 0, 300, 2].map { madeUp($0, seed: 4) })
        let file = CountedFile(members.bytes, chunk: chunk)
        var kept = GzipMemberIndex()
        for offset in members.content.indices {
            var fresh = GzipMemberIndex()
            let place = try fresh.place(of: offset, in: file)
            #expect(place == members.place(of: offset))
            #expect(try kept.place(of: offset, in: file) == place)
            #expect(try file.content(from: place, offset: UInt64(offset), count: 1) == [members.content[offset]])
        }
    }

    @Test func behindTheContentIsTheEnd() throws {
        let members = try Members([[1, 2, 3], [4, 5]])
        let file = CountedFile(members.bytes)
        var index = GzipMemberIndex()
        let end = GzipMemberIndex.Place(compressedOffset: UInt64(members.bytes.count), offset: 5)
        #expect(try index.place(of: 5, in: file) == end)
        #expect(try index.place(of: 1_000_000, in: file) == end)
        #expect(try file.content(from: end, offset: 5, count: 10) == [])
    }

    @Test func nothingIsReadThatIsNotNeeded() throws {
        let members = try Members((0..<50).map { madeUp(20_000, seed: $0, compressible: false) })
        let file = CountedFile(members.bytes)
        var index = GzipMemberIndex()
        #expect(file.bytesRead == 0)
        #expect(try index.place(of: 0, in: file) == .start)
        #expect(file.bytesRead == 24)
        #expect(try index.place(of: 999_999, in: file) == members.places[49])
        #expect(file.bytesRead == 2 * 24 + 49 * 28)
        // From a member that is known only its own header is read.
        #expect(try index.place(of: 30_000, in: file) == members.places[1])
        #expect(file.bytesRead == 3 * 24 + 49 * 28)
    }

    @Test func beforeAMemberOfAnotherProgramTheIndexEnds() throws {
        var members = try Members([madeUp(400, seed: 1), madeUp(500, seed: 2)])
        let foreign = madeUp(600, seed: 3)
        try members.append(foreign, as: try GzipWriter.gzip(foreign))
        let ours = madeUp(700, seed: 4)
        try members.append(ours, as: try member(ours))
        let file = CountedFile(members.bytes)
        var index = GzipMemberIndex()
        for offset in [1600, 2199, 900, 899] {
            let place = try index.place(of: offset, in: file)
            #expect(place == members.places[offset < 900 ? 1 : 2])
            #expect(try file.content(from: place, offset: UInt64(offset), count: 1) == [members.content[offset]])
        }
    }

    @Test func aFileOfAnotherProgramIsReadFromItsStart() throws {
        let file = CountedFile(try GzipWriter.gzip(madeUp(5000, seed: 1)))
        var index = GzipMemberIndex()
        #expect(try index.place(of: 4000, in: file) == .start)
    }

    @Test(arguments: [16, 17, 20, 22])
    func aLengthThatIsDamagedLeadsNowhere(position: Int) throws {
        let members = try Members((0..<4).map { madeUp(400, seed: $0) })
        let file = CountedFile(members.bytes)
        file.bytes[Int(members.places[1].compressedOffset) + position] ^= 1
        var index = GzipMemberIndex()
        #expect(try index.place(of: 1599, in: file) == members.places[1])
    }

    @Test func aTrailerThatDisagreesWithItsHeaderLeadsNowhere() throws {
        let members = try Members((0..<4).map { madeUp(400, seed: $0) })
        let file = CountedFile(members.bytes)
        file.bytes[Int(members.places[2].compressedOffset) - 4] ^= 1
        var index = GzipMemberIndex()
        #expect(try index.place(of: 1599, in: file) == members.places[1])
    }

    @Test func aFileThatGrowsIsFollowed() throws {
        let members = try Members((0..<3).map { madeUp(400, seed: $0) })
        let file = CountedFile([])
        var index = GzipMemberIndex()
        for length in members.bytes.indices {
            file.bytes = Array(members.bytes.prefix(length))
            let whole = members.places.dropFirst().last { $0.compressedOffset <= UInt64(length) }
            #expect(try index.place(of: 1199, in: file) == whole ?? .start)
        }
    }

    @Test func placesAreBoundedAndEveryMemberIsStillFound() throws {
        let content: [UInt8] = [1, 2]
        let one = try member(content)
        let count = 5 * GzipMemberIndex.capacity
        let file = CountedFile((0..<count).flatMap { _ in one })
        var index = GzipMemberIndex()
        for offset in [2 * count - 1, 0, 1, 12_345, 2 * count - 3, 16_000] {
            let place = try index.place(of: offset, in: file)
            #expect(place.offset == UInt64(offset / 2 * 2))
            #expect(place.compressedOffset == UInt64(offset / 2 * one.count))
            #expect(index.placeCount <= GzipMemberIndex.capacity)
            #expect(index.placeCount > GzipMemberIndex.capacity / 4)
        }
    }

    @Test func anErrorOfTheSourcePassesThrough() throws {
        struct Failure: Error {}
        var index = GzipMemberIndex()
        #expect(throws: Failure.self) { try index.place(of: 0) { _, _ in throw Failure() } }
    }
}
