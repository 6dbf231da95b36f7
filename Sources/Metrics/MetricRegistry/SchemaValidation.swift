import SeriesModel

extension MetricSchema {
    /// Checks what Prometheus demands of names and buckets.
    func validate() throws(RegistryError) {
        guard isName(name, allowingColon: true) else {
            throw .invalid(
                "\"\(name)\" is not a metric name.", hint: "Use letters, digits, _ and :, and no digit at the start.")
        }
        for (index, label) in labelNames.enumerated() {
            guard isName(label, allowingColon: false), !label.hasPrefix("__") else {
                throw .invalid(
                    "\"\(label)\" of metric \(name) is not a label name.",
                    hint: "Use letters, digits and _, with no digit and no __ at the start.")
            }
            guard !labelNames[..<index].contains(label) else {
                throw .invalid("The metric \(name) has two labels named \(label).", hint: "Remove one of them.")
            }
        }
        try validateBuckets()
    }

    private func validateBuckets() throws(RegistryError) {
        guard kind == .histogram else {
            guard buckets.isEmpty else {
                throw .invalid("The \(kind.rawValue) \(name) has buckets.", hint: "Only histograms have buckets.")
            }
            return
        }
        guard !labelNames.contains("le") else {
            throw .invalid(
                "The histogram \(name) has a label named le.", hint: "le is the label of the buckets; rename it.")
        }
        let isAscending = zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }
        guard isAscending, buckets.allSatisfy(\.isFinite), !buckets.isEmpty else {
            throw .invalid(
                "The buckets of the histogram \(name) are not ascending finite numbers.",
                hint: "List at least one upper bound, each greater than the one before; +Inf is added by itself.")
        }
    }
}

private func isName(_ text: String, allowingColon: Bool) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        case 0x3A: allowingColon
        default: false
        }
    }
}
