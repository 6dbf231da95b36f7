import LogModel
import PatternMatching
import SeriesModel
import TestSupport
import Testing

@testable import Extraction

@Suite struct ExtractorTests {
    static let submission = PatternSettings(
        name: "submission",
        match: #"Submission success: prediction=(?<prediction>\S+) balance=(?<balance>\S+) (?<denom>\w+)"#,
        event: EventSettings(name: "submission", outcome: "success"),
        metrics: [
            metric(
                .gauge, "bot_prediction", .set, .capture("prediction"),
                validation: ValidationSettings(warnOutside: -5...5, rejectOutside: -50...50)),
            metric(.gauge, "bot_wallet_balance", .set, .capture("balance"), labels: [("denom", .capture("denom"))]),
        ])

    @Test func aLineBecomesUpdatesOfItsMetrics() throws {
        let extractor = try Extractor(patterns: [Self.submission], sources: [])
        #expect(
            extract(extractor, "noise\n2025 - INFO - Submission success: prediction=0.5 balance=12.5 allo\r\n") == [
                "bot_prediction set 0.5 @1",
                #"bot_wallet_balance{denom="allo"} set 12.5 @1"#,
                #"outrider_pattern_matches_total{pattern="submission"} add 1.0 @1"#,
                #"outrider_events_total{event="submission",outcome="success"} add 1.0 @1"#,
            ])
    }

    @Test func aHistogramObservesWhatItsReadingMakesOfAValue() throws {
        let extractor = try Extractor(
            patterns: [
                PatternSettings(
                    name: "took", match: #"took (?<took>\S+)"#,
                    metrics: [
                        metric(
                            .histogram, "took_seconds", .observe, .capture("took"),
                            validation: ValidationSettings(rejectOutside: 0...60),
                            reading: NumberReading(unit: .seconds), buckets: [0.1, 1])
                    ])
            ], sources: [])
        #expect(extractor.instruments.first { $0.schema.name == "took_seconds" }?.schema.buckets == [0.1, 1])
        #expect(extractor.instruments.first { $0.schema.name == "took_seconds" }?.schema.unit == "seconds")
        #expect(
            extractMetrics(extractor, "took 12ms\ntook 1m30s\ntook 2\ntook long\n") == [
                "took_seconds observe 0.012 @0", "took_seconds observe 2.0 @2",
            ])
        #expect(extractor.recentRejections(of: "took_seconds").map(\.reason) == [.outOfRange, .notANumber])
        #expect(extractor.recentRejections(of: "took_seconds").first?.number == 90)
    }

    @Test func patternsThatShareAMetricMustAgreeOnBucketsAndUnit() {
        func pattern(_ name: String, _ buckets: [Double], _ unit: ValueUnit?) -> PatternSettings {
            PatternSettings(
                name: name, match: "(?<v>x)",
                metrics: [
                    metric(
                        .histogram, "took", .observe, .capture("v"), reading: NumberReading(unit: unit),
                        buckets: buckets)
                ])
        }
        let first = pattern("a", [1, 2], .seconds)
        #expect(Extractor.mistakes(in: [first, pattern("b", [1, 2], .seconds)], sources: []).isEmpty)
        #expect(Extractor.mistakes(in: [first, pattern("b", [1], .seconds)], sources: []).map(\.kind) == [.conflict])
        #expect(Extractor.mistakes(in: [first, pattern("b", [1, 2], nil)], sources: []).map(\.kind) == [.conflict])
    }

    struct Validated: Sendable, CustomTestStringConvertible {
        var text: String
        var isAccepted: Bool
        var isWarned = false
        var reason: RejectionReason?
        var testDescription: String { text }
    }

    @Test(arguments: [
        Validated(text: "0.5", isAccepted: true), Validated(text: "5", isAccepted: true),
        Validated(text: "-5", isAccepted: true), Validated(text: "5.000001", isAccepted: true, isWarned: true),
        Validated(text: "-50", isAccepted: true, isWarned: true),
        Validated(text: "50", isAccepted: true, isWarned: true),
        Validated(text: "50.1", isAccepted: false, reason: .outOfRange),
        Validated(text: "-1e300", isAccepted: false, reason: .outOfRange),
        Validated(text: "nan", isAccepted: false, reason: .nan),
        Validated(text: "NaN", isAccepted: false, reason: .nan),
        Validated(text: "inf", isAccepted: false, reason: .infinite),
        Validated(text: "-Infinity", isAccepted: false, reason: .infinite),
        Validated(text: "1e999", isAccepted: false, reason: .infinite),
        Validated(text: "none", isAccepted: false, reason: .notANumber),
        Validated(text: "1.2.3", isAccepted: false, reason: .notANumber),
    ])
    func predictionsAreValidated(_ test: Validated) throws {
        let extractor = try Extractor(patterns: [Self.submission], sources: [])
        let updates = extract(extractor, "Submission success: prediction=\(test.text) balance=1 allo\n")
        #expect(updates.contains { $0.hasPrefix("bot_prediction ") } == test.isAccepted)
        #expect(
            updates.contains(#"outrider_values_warned_total{metric="bot_prediction"} add 1.0 @0"#) == test.isWarned)
        let rejected = updates.filter { $0.hasPrefix("outrider_values_rejected_total") }
        let expected = test.reason.map {
            [#"outrider_values_rejected_total{metric="bot_prediction",reason="\#($0.label)"} add 1.0 @0"#]
        }
        #expect(rejected == expected ?? [])
        #expect(updates.contains { $0.hasPrefix("bot_wallet_balance") }, "the other metric of the line is not affected")
    }

    @Test func countersAreNeverDecreased() throws {
        let extractor = try Extractor(
            patterns: [
                PatternSettings(name: "p", match: "n=(?<n>\\S+)", metrics: [metric(.counter, "c", .add, .capture("n"))])
            ], sources: [])
        #expect(extractMetrics(extractor, "n=2.5\nn=-1\nn=0\n") == ["c add 2.5 @0", "c add 0.0 @2"])
        #expect(extractor.recentRejections(of: "c").map(\.reason) == [.negative])
    }

    @Test func aGroupThatTookNoPartIsAMissingValueAndAnEmptyLabel() throws {
        let extractor = try Extractor(
            patterns: [
                PatternSettings(
                    name: "p", match: "x(?<v>\\d+)?(?<l>[a-z]+)?;",
                    metrics: [metric(.gauge, "g", .set, .capture("v"), labels: [("l", .capture("l"))])])
            ], sources: [])
        #expect(
            extract(extractor, "x1;\nxab;\n") == [
                #"g{l=""} set 1.0 @0"#, #"outrider_values_rejected_total{metric="g",reason="missing"} add 1.0 @1"#,
                #"outrider_pattern_matches_total{pattern="p"} add 2.0 @1"#,
            ])
    }

    @Test func rejectionsAreRememberedByPositionAndNumber() throws {
        let extractor = try Extractor(patterns: [Self.submission], sources: [])
        let now = WallTime(nanoseconds: 77)
        _ = extract(
            extractor, "noise\nSubmission success: prediction=51 balance=x allo\n", offset: 1000, now: now)
        #expect(
            extractor.recentRejections(of: "bot_prediction") == [
                rejection("bot_prediction", 1006, .outOfRange, 51, now)
            ])
        #expect(
            extractor.recentRejections(of: "bot_wallet_balance") == [
                rejection("bot_wallet_balance", 1006, .notANumber, nil, now)
            ])
        #expect(extractor.recentRejections.map(\.metric).sorted() == ["bot_prediction", "bot_wallet_balance"])
        #expect(extractor.recentRejections(of: "unheard_of").isEmpty)
    }

    @Test func onlyTheLastSixteenRejectionsAreKept() throws {
        let extractor = try Extractor(patterns: [Self.submission], sources: [])
        for number in 100..<140 {
            _ = extract(extractor, "Submission success: prediction=\(number) balance=1 allo\n")
        }
        #expect(extractor.recentRejections(of: "bot_prediction").map(\.number) == (124..<140).map { Double($0) })
    }

    private func rejection(
        _ metric: String, _ offset: UInt64, _ reason: RejectionReason, _ number: Double?, _ now: WallTime
    ) -> Rejection {
        Rejection(
            metric: metric, pattern: "submission", position: Position(stream: StreamID(4), offset: offset),
            reason: reason, number: number, time: now,
            line: Array("Submission success: prediction=51 balance=x allo".utf8))
    }

    @Test func everyOperationOfAGaugeIsPassedOn() throws {
        let operations: [MatchBuffer.Operation] = [.set, .add, .subtract, .minimum, .maximum]
        let extractor = try Extractor(
            patterns: [
                PatternSettings(
                    name: "p", match: "v=(?<v>\\S+)",
                    metrics: operations.map { metric(.gauge, "g_\($0)", $0, .capture("v")) } + [
                        metric(.gauge, "up", .add), metric(.gauge, "down", .subtract),
                        metric(.gauge, "fixed", .set, .constant("-2.5")),
                        metric(.histogram, "h", .observe, .capture("v")),
                        metric(.counter, "twos", .add, .constant("2")),
                    ])
            ], sources: [])
        #expect(
            extractMetrics(extractor, "v=-3") == [
                "g_set set -3.0 @0", "g_add add -3.0 @0", "g_subtract subtract -3.0 @0", "g_minimum minimum -3.0 @0",
                "g_maximum maximum -3.0 @0", "up add 1.0 @0", "down subtract 1.0 @0", "fixed set -2.5 @0",
                "h observe -3.0 @0", "twos add 2.0 @0",
            ])
    }

    @Test func updatesAreInTheOrderOfLinesAndThenOfPatterns() throws {
        let extractor = try Extractor(
            patterns: [
                PatternSettings(name: "b", match: "v=(?<v>\\d+)", metrics: [metric(.gauge, "g", .set, .capture("v"))]),
                PatternSettings(name: "a", match: "w=(?<w>\\d+)", metrics: [metric(.gauge, "g", .set, .capture("w"))]),
            ], sources: [])
        #expect(
            extractMetrics(extractor, "w=1 v=2\nv=3\nw=4\n") == [
                "g set 2.0 @0", "g set 1.0 @0", "g set 3.0 @1", "g set 4.0 @2",
            ])
    }

    @Test func countersWithoutCapturesAreSummedUpPerBatch() throws {
        let extractor = try Extractor(
            patterns: [
                PatternSettings(
                    name: "p", match: "a",
                    metrics: [metric(.counter, "c", .add, labels: [("k", .constant("v")), ("empty", .constant(""))])])
            ], sources: [])
        #expect(extractMetrics(extractor, "a\nb\naa\nb\n") == [#"c{k="v",empty=""} add 2.0 @2"#])
    }

    @Test func aBufferIsReusedAndKeepsItsConstants() throws {
        let extractor = try Extractor(patterns: [Self.submission], sources: [])
        var buffer = extractor.makeBuffer()
        let text = Array("Submission success: prediction=1 balance=2 x\n".utf8)
        extract(extractor, text, into: &buffer)
        let first = describe(buffer, of: extractor, bytes: text)
        buffer.removeAll()
        #expect(buffer.count == 0)
        extract(extractor, text, into: &buffer)
        #expect(describe(buffer, of: extractor, bytes: text) == first)
        extract(extractor, text, into: &buffer)
        #expect(buffer.count == 2 * first.count, "a buffer may collect several calls")
    }

    @Test func labelsMayHoldAnyBytes() throws {
        let extractor = try Extractor(
            patterns: [
                PatternSettings(
                    name: "p", match: "<(?<l>[^>]*)>",
                    metrics: [metric(.counter, "c", .add, labels: [("l", .capture("l"))])])
            ], sources: [])
        var buffer = extractor.makeBuffer()
        let text: [UInt8] = [0x3C, 0xFF, 0x00, 0x22, 0x3E, 0x0D, 0x0A]
        extract(extractor, text, into: &buffer)
        #expect(buffer.labels[0] == MatchBuffer.LabelRange(start: 1, length: 3))
    }

    @Test(
        arguments: [
            (String(repeating: "a", count: 1024), 1024), (String(repeating: "a", count: 1025), 1024),
            (String(repeating: "a", count: 1023) + "é", 1023), (String(repeating: "a", count: 1021) + "😀", 1021),
            (String(repeating: "a", count: 1020) + "😀b", 1024), (String(repeating: "é", count: 4000), 1024),
        ] as [(String, UInt32)])
    func longLabelsAreCutBetweenCharacters(label: String, length: UInt32) throws {
        let extractor = try Extractor(
            patterns: [
                PatternSettings(
                    name: "p", match: "^(?<l>.*)$",
                    metrics: [metric(.counter, "c", .add, labels: [("l", .capture("l")), ("k", .constant(label))])])
            ], sources: [], labelLength: 1024)
        var buffer = extractor.makeBuffer()
        extract(extractor, Array((label + "\n").utf8), into: &buffer)
        #expect(buffer.labels[0].length == length)
        #expect(buffer.labels[1].length == length)
    }

    @Test func labelsThatAreCutAreCountedByMetricOncePerBatch() throws {
        let extractor = try Extractor(
            patterns: [
                PatternSettings(
                    name: "p", match: "^(?<l>\\w*) (?<k>\\w*)$",
                    metrics: [
                        metric(.counter, "c", .add, labels: [("l", .capture("l")), ("k", .capture("k"))]),
                        metric(.counter, "d", .add, labels: [("l", .capture("l"))], known: [["abcdefghi"]]),
                    ])
            ], sources: [], labelLength: 8)
        let cut = { (text: String) in
            extract(extractor, text).filter { $0.hasPrefix("outrider_labels_cut_total") }
        }
        #expect(cut("12345678 x\n") == [])
        #expect(
            cut("123456789 123456789\nx 123456789\n") == [
                #"outrider_labels_cut_total{metric="c"} add 3.0 @0"#,
                #"outrider_labels_cut_total{metric="d"} add 1.0 @0"#,
            ])
        #expect(cut("x x\n") == [], "nothing is left over from the batch before")
        // A value that is known beforehand is that of the lines, cut alike; explaining counts nothing.
        let known = extractor.declaredSeries.filter { extractor.instruments[Int($0.instrument)].schema.name == "d" }
        #expect(known.map(\.labelValues) == [[Array("abcdefgh".utf8)]])
        _ = extractor.explain(Array("123456789 x".utf8))
        #expect(cut("x x\n") == [])
    }

    @Test func patternsApplyToTheirSources() throws {
        func counting(_ name: String, _ sources: [String]) -> PatternSettings {
            PatternSettings(
                name: name, sources: sources.map { SourceName($0) }, match: "x",
                metrics: [metric(.counter, name, .add)])
        }
        let extractor = try Extractor(
            patterns: [counting("all", []), counting("app_only", ["app"]), counting("both", ["web", "app"])],
            sources: [SourceName("app"), SourceName("web"), SourceName("db")])
        #expect(
            extractMetrics(extractor, "x", source: 0) == ["all add 1.0 @0", "app_only add 1.0 @0", "both add 1.0 @0"])
        #expect(extractMetrics(extractor, "x", source: 1) == ["all add 1.0 @0", "both add 1.0 @0"])
        #expect(extractMetrics(extractor, "x", source: 2) == ["all add 1.0 @0"])
        #expect(extractMetrics(extractor, "x", source: 9) == ["all add 1.0 @0"])
    }

    @Test func linesGivenUpAreCountedAndTheOthersGoOn() throws {
        let extractor = try Extractor(
            patterns: [
                PatternSettings(name: "bad", match: "(a+)+$", metrics: [metric(.counter, "c", .add)]),
                PatternSettings(name: "deep", match: "^(?:(a)|b)*b$", metrics: [metric(.counter, "d", .add)]),
            ], sources: [], limits: MatchLimits(steps: 100_000, jitStackInBytes: 32 << 10))
        let line = String(repeating: "a", count: 20_000) + "b"
        #expect(
            extract(extractor, "a\n\(line)\n") == [
                #"outrider_pattern_matches_total{pattern="bad"} add 1.0 @0"#, "c add 1.0 @0",
                #"outrider_pattern_errors_total{pattern="bad",reason="match_limit"} add 1.0 @1"#,
                #"outrider_pattern_matches_total{pattern="deep"} add 1.0 @1"#, "d add 1.0 @1",
                #"outrider_pattern_errors_total{pattern="deep",reason="jit_stack"} add 1.0 @1"#,
            ])
        #expect(extract(extractor, "c\n").isEmpty)
    }

    @Test(arguments: [Pattern.JITPolicy.whenPossible, .never])
    func theInterpreterGivesTheSameUpdates(jit: Pattern.JITPolicy) throws {
        let extractor = try Extractor(patterns: [Self.submission], sources: [], jit: jit)
        #expect(
            extractMetrics(extractor, "Submission success: prediction=0.5 balance=12.5 allo\n") == [
                "bot_prediction set 0.5 @0", #"bot_wallet_balance{denom="allo"} set 12.5 @0"#,
            ])
        #expect(extractor.metrics.patterns.map(\.isJITCompiled) == [jit == .whenPossible])
        let family = try #require(extractor.metrics.families.first)
        #expect(family.name == "outrider_pattern_jit")
        #expect(family.samples.map(\.value) == [jit == .whenPossible ? 1 : 0])
        #expect(family.samples.map { $0.labels.map(\.value) } == [["submission"]])
    }

    @Test func countersWithKnownLabelsAreDeclared() throws {
        let pattern = PatternSettings(
            name: "p", match: "(?<v>\\d+)", event: EventSettings(name: "e", outcome: "ok"),
            metrics: [
                metric(.counter, "plain", .add), metric(.counter, "fixed", .add, labels: [("k", .constant("v"))]),
                metric(.counter, "open", .add, labels: [("k", .capture("v"))]), metric(.gauge, "g", .add),
                metric(
                    .counter, "summed", .add, .capture("v"),
                    validation: ValidationSettings(warnOutside: 0...1, rejectOutside: 0...2)),
            ])
        let extractor = try Extractor(patterns: [pattern], sources: [])
        let declared = extractor.declaredSeries.map { series in
            let schema = extractor.instruments[Int(series.instrument)].schema
            #expect(schema.kind == .counter)
            #expect(schema.labelNames.count == series.labelValues.count)
            return ([schema.name] + series.labelValues.map { String(decoding: $0, as: UTF8.self) }).joined(
                separator: " ")
        }
        #expect(
            declared.sorted() == [
                "fixed v", "outrider_events_total e ok", "outrider_labels_cut_total open",
                "outrider_pattern_errors_total p jit_stack",
                "outrider_pattern_errors_total p match_limit", "outrider_pattern_errors_total p other",
                "outrider_pattern_matches_total p", "outrider_values_rejected_total summed infinite",
                "outrider_values_rejected_total summed missing", "outrider_values_rejected_total summed nan",
                "outrider_values_rejected_total summed negative", "outrider_values_rejected_total summed not_a_number",
                "outrider_values_rejected_total summed out_of_range", "outrider_values_warned_total summed", "plain",
                "summed",
            ])
    }

    @Test func everyCombinationOfKnownLabelValuesIsDeclaredOnce() throws {
        let labels: [(String, ValueSource)] = [
            ("method", .capture("method")), ("kind", .constant("web")), ("code", .capture("code")),
        ]
        let extractor = try Extractor(
            patterns: [
                PatternSettings(
                    name: "a", match: #"(?<method>\w+) (?<code>\d+)"#,
                    metrics: [
                        metric(
                            .counter, "n_total", .add, labels: labels, known: [["GET", "PUT"], ["web"], ["1", "2"]]),
                        metric(
                            .histogram, "took", .observe, .constant("1"), labels: labels,
                            known: [["GET"], ["web"], ["1"]], buckets: [1]),
                    ]),
                // The same metric with its labels in another order, and one combination that is known already.
                PatternSettings(
                    name: "b", match: #"(?<method>\w+)=(?<code>\d+)"#,
                    metrics: [
                        metric(
                            .counter, "n_total", .add, labels: labels.reversed(),
                            known: [["2", "3"], ["web"], ["PUT"]])
                    ]),
            ], sources: [])
        let declared = extractor.declaredSeries.compactMap { series -> String? in
            let name = extractor.instruments[Int(series.instrument)].schema.name
            let values = series.labelValues.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            return name.hasPrefix("outrider_") ? nil : "\(name) \(values)"
        }
        #expect(
            declared == [
                "n_total GET web 1", "n_total GET web 2", "n_total PUT web 1", "n_total PUT web 2", "took GET web 1",
                "n_total PUT web 3",
            ])
    }

    @Test func patternsShareAMetricWhateverTheOrderOfItsLabels() throws {
        let extractor = try Extractor(
            patterns: [
                PatternSettings(
                    name: "p", match: "^(?<x>a)(?<y>b)",
                    metrics: [metric(.counter, "c", .add, labels: [("x", .capture("x")), ("y", .capture("y"))])]),
                PatternSettings(
                    name: "q", match: "^(?<y>c)(?<x>d)",
                    metrics: [metric(.counter, "c", .add, labels: [("y", .capture("y")), ("x", .capture("x"))])]),
            ], sources: [])
        #expect(
            extractMetrics(extractor, "ab\ncd\n") == [#"c{x="a",y="b"} add 1.0 @0"#, #"c{x="d",y="c"} add 1.0 @1"#])
        #expect(extractor.instruments.filter { $0.schema.name == "c" }.count == 1)
    }

    @Test func hundredsOfPatternsAreTriedOnEveryLine() throws {
        let extractor = try Extractor(
            patterns: (0..<200).map {
                PatternSettings(
                    name: "p\($0)", match: "k\($0)=(?<v>\\d+)", metrics: [metric(.gauge, "g\($0)", .set, .capture("v"))]
                )
            }, sources: [])
        let line = (0..<200).map { "k\($0)=\($0 * 3)" }.joined(separator: " ")
        #expect(extractMetrics(extractor, line) == (0..<200).map { "g\($0) set \(Double($0 * 3)) @0" })
    }

    /// After a crash the same lines are read again in other batches.
    @Test func valuesDoNotDependOnWhereBatchesEnd() throws {
        var random = SeededRandom(seed: 11)
        let counting = PatternSettings(
            name: "counting", match: "(?<p>prediction)=",
            metrics: [
                metric(.counter, "lines", .add), metric(.counter, "found", .add, labels: [("l", .capture("p"))]),
                metric(.gauge, "level", .add), metric(.gauge, "level", .maximum, .constant("3")),
            ])
        let lines = (0..<200).map { number in
            let value = ["0.1", "\(number)", "nan", "7"].randomElement(using: &random) ?? ""
            return number % 3 == 0 ? "noise\n" : "Submission success: prediction=\(value) balance=\(number) allo\n"
        }
        let whole = try values(of: [lines.joined()], patterns: [Self.submission, counting])
        #expect(whole["lines"] == 133)
        #expect(whole[#"outrider_pattern_matches_total{pattern="submission"}"#] == 133)
        for _ in 0..<20 {
            var batches: [String] = [""]
            for line in lines {
                batches[batches.count - 1] += line
                if Int.random(in: 0..<8, using: &random) == 0 { batches.append("") }
            }
            #expect(try values(of: batches, patterns: [Self.submission, counting]) == whole)
        }
    }

    /// What a registry would hold after these batches, by series.
    private func values(of batches: [String], patterns: [PatternSettings]) throws -> [String: Double] {
        let extractor = try Extractor(patterns: patterns, sources: [])
        var values: [String: Double] = [:]
        for batch in batches {
            for update in extract(extractor, batch) {
                let parts = update.split(separator: " ")
                let (series, operation, value) = (String(parts[0]), parts[1], try #require(Double(parts[2])))
                switch operation {
                case "add": values[series, default: 0] += value
                case "set": values[series] = value
                case "maximum": values[series] = max(values[series] ?? value, value)
                default: Issue.record("an operation that no pattern asks for")
                }
            }
        }
        return values
    }
}
