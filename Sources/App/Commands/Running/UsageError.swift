import LogModel

/// A command line, or a configuration, with which nothing can be begun: the program ends with status 2.
struct UsageError: DescribedError {
    var code: String { "usage" }
    let message: String
    let hint: String?
    var healing: Healing { .byOperator }

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}

/// Several mistakes that are only seen when the parts of a configuration are put together, in two lines each.
struct UnusableConfiguration: DescribedError {
    var code: String { "configuration_unusable" }
    let mistakes: [any DescribedError]
    /// Each mistake, for whoever has one line for all of them.
    var message: String { mistakes.map(\.message).joined(separator: "; ") }
    var hint: String? { mistakes.count == 1 ? mistakes[0].hint : nil }
    var healing: Healing { .byOperator }
}
