import LogModel
import MetricRegistry
import SeriesModel
import Testing

@Suite struct ExemplarTests {
    private func fixture(_ definitions: MetricDefinition..., keeps: Bool = true) throws -> RegistryFixture {
        let fixture = try RegistryFixture(definitions)
        fixture.registry.keepsExemplars = keeps
        return fixture
    }

    private func extras(_ path: String = "/var/log/app.log") -> PageExtras {
        PageExtras(locate: { FilePlace(path: path, offset: $0.offset + 1000 * UInt64($0.stream.rawValue)) })
    }

    @Test func aCounterNamesTheLineThatItCountedLast() throws {
        let fixture = try fixture(.counter("seen_total", "kind"))
        for (offset, kind) in [(5, "a"), (17, "b"), (29, "a")] {
            fixture.add(0, .add, 2, [Array(kind.utf8)])
            fixture.apply(of: 3, at: UInt64(offset))
            fixture.now = WallTime(nanoseconds: fixture.now.nanoseconds + 500_000_000)
        }
        let page = text(fixture.snapshot, as: .openMetrics, extras: extras())
        #expect(page.contains(##"seen_total{kind="a"} 4 # {file="/var/log/app.log",offset="3029"} 2 1001"## + "\n"))
        #expect(page.contains(##"seen_total{kind="b"} 2 # {file="/var/log/app.log",offset="3017"} 2 1000.5"## + "\n"))
        #expect(!text(fixture.snapshot, as: .openMetrics).contains("# {"), "none without the files")
        #expect(!text(fixture.snapshot, extras: extras()).contains("# {"), "none in the text format")
    }

    @Test func eachBucketNamesItsOwnLine() throws {
        let fixture = try fixture(.histogram("took", [1, 10]))
        for (offset, value) in [(1, 0.5), (2, 5.0), (3, 50.0), (4, 0.75)] {
            fixture.add(0, .observe, value, [])
            fixture.add(0, .observe, value, [])
            fixture.apply(of: 1, at: UInt64(offset))
        }
        let samples = text(fixture.snapshot, as: .openMetrics, extras: extras("/l")).split(separator: "\n").filter {
            $0.hasPrefix("took_")
        }
        #expect(
            samples == [
                ##"took_bucket{le="1.0"} 4 # {file="/l",offset="1004"} 0.75 1000"##,
                ##"took_bucket{le="10.0"} 6 # {file="/l",offset="1002"} 5 1000"##,
                ##"took_bucket{le="+Inf"} 8 # {file="/l",offset="1003"} 50 1000"##, "took_sum 112.5", "took_count 8",
            ])
    }

    @Test func whatIsNoCounterHasNone() throws {
        let fixture = try fixture(.gauge("level"), .counter("odd"))
        fixture.add(0, .set, 2, [])
        fixture.add(1, .add, 2, [])
        fixture.apply(of: 1, at: 5)
        #expect(!text(fixture.snapshot, as: .openMetrics, extras: extras()).contains("# {"))
    }

    @Test func aSnapshotKeepsItsOwn() throws {
        let fixture = try fixture(.counter("seen_total"))
        fixture.add(0, .add, 1, [])
        fixture.apply(of: 1, at: 5)
        let before = fixture.snapshot
        fixture.add(0, .add, 1, [])
        fixture.apply(of: 1, at: 9)
        #expect(text(before, as: .openMetrics, extras: extras()).contains(#"offset="1005""#))
        #expect(text(fixture.snapshot, as: .openMetrics, extras: extras()).contains(#"offset="1009""#))
    }

    @Test func noneIsKeptThatIsNotAskedForAndNoneThatHasNoLine() throws {
        let silent = try fixture(.counter("seen_total"), keeps: false)
        silent.add(0, .add, 1, [])
        silent.apply(of: 1, at: 5)
        #expect(!text(silent.snapshot, as: .openMetrics, extras: extras()).contains("# {"))
        let own = try fixture(.counter("seen_total"))
        own.update(0, .add, 1)
        #expect(!text(own.snapshot, as: .openMetrics, extras: extras()).contains("# {"))
        own.add(0, .add, 1, [])
        own.apply(of: 1, at: 5)
        own.registry.keepsExemplars = false
        #expect(!text(own.snapshot, as: .openMetrics, extras: extras()).contains("# {"))
    }

    /// The cells of a series that went are given to another one, which has counted no line yet.
    @Test func aSeriesThatGoesTakesItsLineAlong() throws {
        let definition = MetricDefinition(
            schema: MetricSchema(name: "seen_total", kind: .counter, labelNames: ["kind"]), help: "",
            expiresAfter: .seconds(10))
        let fixture = try fixture(definition)
        fixture.add(0, .add, 1, [Array("old".utf8)])
        fixture.apply(of: 1, at: 5)
        fixture.registry.noteUpdates(now: MonotonicTime(nanoseconds: 0))
        fixture.registry.expire(now: MonotonicTime(nanoseconds: 60_000_000_000))
        fixture.commit()
        fixture.update(0, .add, 1, "new")
        let page = text(fixture.snapshot, as: .openMetrics, extras: extras())
        #expect(page.contains(#"seen_total{kind="new"} 1"# + "\n"))
    }

    @Test(arguments: [0, 1, 40, 99, 100, 101, 102, 103, 104, 105, 106, 400])
    func labelsHaveNoMoreThan128Characters(length: Int) throws {
        let fixture = try fixture(.counter("seen_total"))
        fixture.add(0, .add, 1, [])
        fixture.apply(of: 1, at: 17)
        let characters = Array("/äbc€\"\\\n🙂")
        let path = String((0..<length).map { characters[$0 % characters.count] })
        let page = text(fixture.snapshot, as: .openMetrics, extras: extras(path))
        let match = try #require(try /# \{file="((?:[^"\\]|\\.)*)",offset="(\d+)"\}/.firstMatch(in: page))
        let file = match.1.replacing("\\n", with: "\n").replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
        let count = "file".count + "offset".count + file.unicodeScalars.count + match.2.count
        #expect(count <= 128)
        #expect(path.hasSuffix(file.hasPrefix("…") ? file.dropFirst() : file[...]))
        #expect(count == 128 || file == path)
    }

    @Test func theTimeSinceWhichItCountsIsShownWhenItIsAskedFor() throws {
        let fixture = try fixture(
            .counter("seen_total", "kind"), .histogram("took", [1]), .gauge("level"), .counter("odd"),
            .counter("taken_total"), .gauge("taken_created"))
        fixture.now = WallTime(nanoseconds: 1_500_500_000_000)
        fixture.update(0, .add, 1, "a")
        fixture.update(2, .set, 1)
        fixture.update(5, .set, 1)
        let created = PageExtras(showsCreated: true)
        let page = text(fixture.snapshot, as: .openMetrics, extras: created)
        #expect(page.contains("seen_total{kind=\"a\"} 1\nseen_created{kind=\"a\"} 1500.5\n"))
        #expect(page.contains("took_count 0\ntook_created 1000\n"))
        let names = page.split(separator: "\n").filter { $0.contains("_created") && !$0.hasPrefix("#") }
        #expect(names.count == 3, "\(names)")
        #expect(!text(fixture.snapshot, extras: created).contains("seen_created"))
    }
}
