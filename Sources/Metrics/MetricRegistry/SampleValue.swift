/// How a value is written, in both text formats: the shortest decimal that reads back as the same number.
enum SampleValue {
    static func append(_ value: Double, to output: inout [UInt8]) {
        if value.isNaN {
            output.append(contentsOf: "NaN".utf8)
        } else if value.isInfinite {
            output.append(contentsOf: (value > 0 ? "+Inf" : "-Inf").utf8)
        } else if abs(value) < 0x1p53, value == value.rounded(.towardZero) {
            appendInteger(value, to: &output)
        } else {
            output.append(contentsOf: value.description.utf8)
        }
    }

    private static func appendInteger(_ value: Double, to output: inout [UInt8]) {
        if value.sign == .minus { output.append(0x2D) }
        var rest = UInt64(value.magnitude)
        let start = output.count
        repeat {
            output.append(0x30 + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        output[start...].reverse()
    }
}
