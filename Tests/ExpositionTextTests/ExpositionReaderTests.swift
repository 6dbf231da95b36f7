import ExpositionText
import QueryModel
import Testing

/// What a page says, in an order that is easy to compare.
private struct Page: Equatable {
    var samples: [String] = []
    var facts: [String] = []

    init(_ text: String, _ dialect: ExpositionDialect? = nil) throws {
        var reader = ExpositionReader(Array(text.utf8), dialect: dialect)
        while let entry = try reader.next() {
            switch entry {
            case .type(let name, let type): facts.append("type \(name) \(type)")
            case .help(let name, let text): facts.append("help \(name) \(text)")
            case .unit(let name, let unit): facts.append("unit \(name) \(unit)")
            case .sample(let sample):
                let labels = reader.series[sample.series].labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
                let exemplar = sample.exemplar.map { exemplar in
                    let labels = exemplar.labels.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
                    return " # \(labels) \(exemplar.value) \(exemplar.timestamp)"
                }
                samples.append("\(labels) \(sample.value) \(sample.timestamp.map { "\($0)" } ?? "-")\(exemplar ?? "")")
            }
        }
    }
}

struct ExpositionReaderTests {
    @Test func readsTheTextFormatWithItsFreedoms() throws {
        let page = try Page(
            """
            # a comment
            # HELP x Some \\\\ text\\nin two lines
            #  TYPE  x   counter

              x{ a = "b" , c="d\\"e\\\\f\\n", } 1.5e3  1763892000123
            x 2
            x\t{a="ü"}\t+Inf
            {__name__="y",a="b"} -0.25 -5
            {"z.z", "l l"="1"} NaN

            """)
        #expect(page.facts == ["help x Some \\ text\nin two lines", "type x counter"])
        #expect(
            page.samples == [
                "__name__=x,a=b,c=d\"e\\f\n 1500.0 1763892000123", "__name__=x 2.0 -", "__name__=x,a=ü inf -",
                "__name__=y,a=b -0.25 -5", "__name__=z.z,l l=1 nan(0x1) -",
            ])
    }

    @Test func readsOpenMetricsWithTimesInSecondsAndExemplars() throws {
        let page = try Page(
            """
            # TYPE x_seconds histogram
            # UNIT x_seconds seconds
            # HELP x_seconds How \\"long\\"
            x_seconds_bucket{le="0.1"} 8 1763892000.123 # {trace_id="a"} 0.054
            x_seconds_bucket{le="+Inf"} 17 1763892000.5 # {} 0.67 1763891999.25
            x_seconds_count 17
            # EOF

            """)
        #expect(page.facts == ["type x_seconds histogram", "unit x_seconds seconds", "help x_seconds How \"long\""])
        #expect(
            page.samples == [
                "__name__=x_seconds_bucket,le=0.1 8.0 1763892000123 # trace_id=a 0.054 1763892000123",
                "__name__=x_seconds_bucket,le=+Inf 17.0 1763892000500 #  0.67 1763891999250",
                "__name__=x_seconds_count 17.0 -",
            ])
    }

    @Test func knowsASeriesByItsLabelsInAnyOrder() throws {
        var reader = ExpositionReader(Array("x{a=\"1\",b=\"2\"} 1\nx{b=\"2\",a=\"1\"} 2\nx{b=\"2\",a=\"1\"} 3\n".utf8))
        var numbers: [Int] = []
        while let entry = try reader.next() { if case .sample(let sample) = entry { numbers.append(sample.series) } }
        #expect(numbers == [0, 0, 0])
        #expect(reader.series == [["__name__": "x", "a": "1", "b": "2"]])
    }

    @Test func findsEachOfManySeriesAgain() throws {
        let lines = (0..<1000).map { "x{number=\"\($0)\"} \($0)\n" }.joined()
        var reader = ExpositionReader(Array((lines + lines).utf8))
        var counts: [Int: Int] = [:]
        while let entry = try reader.next() {
            guard case .sample(let sample) = entry else { continue }
            counts[sample.series, default: 0] += 1
            #expect(reader.series[sample.series]["number"].string == "\(Int(sample.value))")
        }
        #expect(counts.count == 1000)
        #expect(counts.values.allSatisfy { $0 == 2 })
    }

    @Test(
        arguments: [
            ("x 1\nx{a=\"1\" 2\n", "2:9: expected `,` or `}`"),
            ("x 1\n  1x 2\n", "2:3: expected the name of a metric"),
            ("x\n", "1:2: expected a value"),
            ("x abc\n", "1:3: expected a value, got `abc`"),
            ("x 0x1p3\n", "1:3: expected a value, got `0x1p3`"),
            ("x 1 1.5\n", "1:5: expected a time in milliseconds, got `1.5`"),
            ("x 1 2 3\n", "1:7: expected the end of the line"),
            ("x{a=\"1\n", "1:5: the text does not end on its line"),
            ("x{a=1} 2\n", "1:5: expected a text in double quotes"),
            ("x{a=\"1\",a=\"2\"} 2\n", "1:2: the label `a` is there twice"),
            ("x{__name__=\"y\"} 2\n", "1:2: the series has two names"),
            ("{a=\"1\"} 2\n", "1:1: the series has no name"),
            ("# TYPE x counted\n", "1:10: `counted` is no type of metrics"),
            ("x 1", "1:4: the last line does not end; the page may be cut off"),
        ])
    func saysWhereTheTextFormatIsWrong(text: String, complaint: String) {
        let error = #expect(throws: ExpositionError.self) { try Page(text, .prometheus) }
        #expect(error?.description == complaint)
    }

    @Test(
        arguments: [
            ("x 1\n", "2:1: the page ends without `# EOF`"), ("\"\" 1\n# EOF\n", "1:1: a name is empty"),
            ("x  1\n# EOF\n", "1:3: expected one space only"),
            ("\n# EOF\n", "1:1: OpenMetrics has no empty lines"),
            ("# a comment\n# EOF\n", "1:3: expected HELP, TYPE, UNIT or EOF"),
            ("# UNIT x seconds\n# EOF\n", "1:10: the name does not end in the unit `_seconds`"),
            ("x 1 # {a=\"b\"} \n# EOF\n", "1:15: expected a value"),
            ("x 1 abc\n# EOF\n", "1:5: expected a time in seconds, got `abc`"),
            ("# EOF\nx 1\n", "2:1: there is text behind `# EOF`"),
        ])
    func saysWhereOpenMetricsIsWrong(text: String, complaint: String) {
        let error = #expect(throws: ExpositionError.self) { try Page(text, .openMetrics) }
        #expect(error?.description == complaint)
    }

    @Test func refusesTextThatIsNoUTF8() {
        var reader = ExpositionReader(Array("x{a=\"".utf8) + [0xFF] + Array("\"} 1\n".utf8))
        let error = #expect(throws: ExpositionError.self) { try reader.next() }
        #expect(error?.description == "1:5: the text is no UTF-8")
    }

    @Test func takesTheDialectFromTheEnd() {
        #expect(ExpositionDialect(detectedIn: Array("x 1\n# EOF\n".utf8)) == .openMetrics)
        // What has lost its end is not another dialect.
        #expect(ExpositionDialect(detectedIn: Array("# TYPE x counter\nx_total 1 1700000000\n".utf8)) == .openMetrics)
        #expect(ExpositionDialect(detectedIn: Array("# UNIT x_seconds seconds\nx_seconds 1\n".utf8)) == .openMetrics)
        #expect(ExpositionDialect(detectedIn: Array("# TYPE x_total counter\nx_total 1 1\n".utf8)) == .prometheus)
        #expect(ExpositionDialect(detectedIn: Array("# TYPE x counter\nx 1 1\n".utf8)) == .prometheus)
        #expect(ExpositionDialect(detectedIn: Array("x 1\n# EOF\n\n".utf8)) == .openMetrics)
        #expect(ExpositionDialect(detectedIn: Array("# EOF\nx 1\n".utf8)) == .prometheus)
        #expect(ExpositionDialect(detectedIn: []) == .prometheus)
    }

    @Test(
        arguments: [
            "0", "-0", "1", "123456789012345678", "0.1", "-12.5", "1e5", "1E-7", ".5", "5.", "1.7976931348623157e308",
            "4.9e-324", "0.30000000000000004", "9007199254740993", "1763892000.123",
        ])
    func readsValuesAsTheStandardLibraryDoes(text: String) throws {
        var reader = ExpositionReader(Array("x \(text)\n".utf8))
        guard case .sample(let sample) = try reader.next() else {
            Issue.record("no sample")
            return
        }
        let expected = Double(text == ".5" ? "0.5" : text == "5." ? "5" : text)
        #expect(sample.value.bitPattern == expected?.bitPattern)
    }
}
