import ExpositionText
import FuzzDriver
import QueryModel

/// Pages of metrics: whatever comes, the reader ends, names places that there are, and gives series that have a name.
@main enum FuzzExposition {
    static func main() {
        fuzz { bytes in
            let text = Array(bytes)
            for dialect in [ExpositionDialect.prometheus, .openMetrics] { read(text, dialect) }
        }
    }

    private static func read(_ text: [UInt8], _ dialect: ExpositionDialect) {
        var reader = ExpositionReader(text, dialect: dialect)
        let lineCount = text.count { $0 == UInt8(ascii: "\n") }
        var entries = 0
        do throws(ExpositionError) {
            while let entry = try reader.next() {
                entries += 1
                check(entries <= lineCount, "no more entries than lines")
                guard case .sample(let sample) = entry else { continue }
                check(reader.series.indices.contains(sample.series), "the series \(sample.series) is known")
                let labels = reader.series[sample.series]
                check(!labels.metricName.isEmpty, "a series has a name")
                for label in labels.labels {
                    check(label.name.isValidUTF8 && label.value.isValidUTF8, "labels are UTF-8")
                }
            }
        } catch {
            check((1...lineCount + 1).contains(error.line), "\(error) is on the page")
            check((1...text.count + 1).contains(error.column), "\(error) is in a line")
        }
        check(Set(reader.series).count == reader.series.count, "no series is there twice")
    }
}
