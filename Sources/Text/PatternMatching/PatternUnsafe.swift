import CPCRE2

/// A compiled expression: PCRE2, on bytes, JIT-compiled where the process may.
///
/// Subjects are bytes, not text: `.` is one byte unless the expression begins with `(*UTF)`, and then bytes that are no
/// UTF-8 simply never match. `^` and `$` are the ends of the line. Compiling takes some 50 µs; matching is
/// `PatternSetMatcher`'s.
///
/// SAFETY: `code` is owned by this object from `init` to `deinit` and never changed after `init` returned, which PCRE2
/// allows to be used by any number of threads (pcre2api, MULTITHREADING). Everything else is immutable.
public final class Pattern: @unchecked Sendable {
    /// Whether to translate expressions to machine code.
    public enum JITPolicy: Sendable {
        /// Fall back to the interpreter where the system forbids memory that is writable and executable.
        case whenPossible
        case never
    }

    /// The expression as it was given.
    public let expression: String
    /// The number of capture groups, group 0 not counted.
    public let captureCount: Int
    /// The names of groups with their numbers, by number.
    public let captureNames: [(name: String, number: Int)]
    /// False when matching is left to the interpreter, which is several times slower.
    public let isJITCompiled: Bool
    /// No subject with fewer bytes can match.
    public let minimumLength: Int

    /// What every line that matches contains.
    let requiredLiterals: RequiredLiterals
    let code: OpaquePointer

    /// Compiles `expression`.
    ///
    /// - Throws: A `PatternError` that says where the mistake is. Callouts, `\C` and groups that share a name are mistakes.
    public init(_ expression: String, jit: JITPolicy = .whenPossible) throws(PatternError) {
        let code = try compile(expression)
        self.expression = expression
        self.code = code
        requiredLiterals = RequiredLiterals(of: expression)
        if jit == .whenPossible {
            // A failure shows in the size of the machine code; (*NO_JIT) makes it zero without one.
            _ = pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE)
        }
        isJITCompiled = information(code, UInt32(PCRE2_INFO_JITSIZE), initial: 0 as Int) > 0
        captureCount = Int(information(code, UInt32(PCRE2_INFO_CAPTURECOUNT), initial: 0 as UInt32))
        captureNames = groupNames(code)
        minimumLength = Int(information(code, UInt32(PCRE2_INFO_MINLENGTH), initial: 0 as UInt32))
    }

    deinit { pcre2_code_free_8(code) }

    /// The group that `name` stands for: a group's name, or its number in decimal; nil when there is none.
    public func captureNumber(named name: String) -> Int? {
        if let named = captureNames.first(where: { $0.name == name }) { return named.number }
        guard let number = Int(name), number >= 0, number <= captureCount else { return nil }
        return number
    }

    /// The expression with a callout before each of its items; the caller owns it.
    func codeWithCallouts() -> OpaquePointer? {
        let compiled = information(code, UInt32(PCRE2_INFO_ALLOPTIONS), initial: 0 as UInt32)
        let options = commonOptions | compiled & PCRE2_MATCH_INVALID_UTF
        // The way to the end must really be gone: what cannot match is not noticed before.
        return try? compile(expression, options: options | PCRE2_AUTO_CALLOUT | PCRE2_NO_START_OPTIMIZE)
    }
}

// MARK: - Compiling

/// `$` is the end of the line, and not also the place before a line end in it.
private let commonOptions = PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C

/// Compiles and inspects; the caller owns the code that is returned.
private func compile(_ expression: String) throws(PatternError) -> OpaquePointer {
    var code = try compile(expression, options: commonOptions)
    if information(code, UInt32(PCRE2_INFO_ALLOPTIONS), initial: 0 as UInt32) & PCRE2_UTF != 0 {
        // Logs hold bytes that are no UTF-8. Without this option matching them is an error, and in machine code undefined.
        pcre2_code_free_8(code)
        code = try compile(expression, options: commonOptions | PCRE2_MATCH_INVALID_UTF)
    }
    if let mistake = forbiddenFeature(code) {
        pcre2_code_free_8(code)
        throw mistake
    }
    return code
}

private func compile(_ expression: String, options: UInt32) throws(PatternError) -> OpaquePointer {
    var number: Int32 = 0
    var offset = 0
    let utf8 = Array(expression.utf8)
    guard let context = pcre2_compile_context_create_8(nil) else { fatalError("out of memory") }
    defer { pcre2_compile_context_free_8(context) }
    pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
    let code = utf8.withUnsafeBufferPointer { bytes in
        // An empty array has no address of its own, and PCRE2 wants one.
        guard let base = bytes.baseAddress else {
            var none: UInt8 = 0
            return pcre2_compile_8(&none, 0, options, &number, &offset, context)
        }
        return pcre2_compile_8(base, bytes.count, options, &number, &offset, context)
    }
    if let code { return code }
    let isDuplicateName = number == PCRE2_ERROR_DUPLICATE_SUBPATTERN_NAME
    throw PatternError(
        kind: isDuplicateName ? .duplicateName : .invalid,
        reason: isDuplicateName ? "two groups have the same name" : errorText(number),
        offset: min(offset, utf8.count), hint: hint(number))
}

/// What PCRE2 accepts and we do not.
private func forbiddenFeature(_ code: OpaquePointer) -> PatternError? {
    var calloutOffset = 0
    let callouts = withUnsafeMutablePointer(to: &calloutOffset) { pointer in
        pcre2_callout_enumerate_8(
            code,
            { block, offset in
                guard let block, let offset else { return 1 }
                offset.assumingMemoryBound(to: Int.self).pointee = Int(block.pointee.pattern_position)
                return 1
            }, pointer)
    }
    if callouts != 0 {
        return PatternError(
            kind: .callout, reason: "callouts are not supported", offset: calloutOffset, hint: "Remove (?C…).")
    }
    let names = groupNames(code)
    for (index, entry) in names.enumerated() where names[..<index].contains(where: { $0.name == entry.name }) {
        return PatternError(
            kind: .duplicateName, reason: "two groups are named \(entry.name)", offset: 0,
            hint: "Give each group its own name, or use (?|…|…) with the groups in the same places.")
    }
    return nil
}

private func information<Value: BitwiseCopyable>(_ code: OpaquePointer, _ what: UInt32, initial: Value) -> Value {
    var value = initial
    pcre2_pattern_info_8(code, what, &value)
    return value
}

/// The names of groups, by number. An entry of PCRE2's table is the number in two bytes, big-endian, and the name with a NUL.
private func groupNames(_ code: OpaquePointer) -> [(name: String, number: Int)] {
    let count = Int(information(code, UInt32(PCRE2_INFO_NAMECOUNT), initial: 0 as UInt32))
    let entrySize = Int(information(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), initial: 0 as UInt32))
    guard let table = information(code, UInt32(PCRE2_INFO_NAMETABLE), initial: nil as UnsafePointer<UInt8>?) else {
        return []
    }
    var names: [(name: String, number: Int)] = []
    for index in 0..<count {
        let entry = UnsafeBufferPointer(start: table + index * entrySize, count: entrySize)
        let name = String(decoding: entry.dropFirst(2).prefix { $0 != 0 }, as: UTF8.self)
        let number = Int(entry[0]) << 8 | Int(entry[1])
        // Inside (?|…|…) the same name may stand for the same group several times.
        if !names.contains(where: { $0.name == name && $0.number == number }) { names.append((name, number)) }
    }
    return names.sorted { $0.number < $1.number }
}

// MARK: - Messages

/// PCRE2's words for one of its error numbers.
private func errorText(_ number: Int32) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
        let length = pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)
        guard length >= 0 else { return "PCRE2 error \(number)" }
        return String(decoding: buffer.prefix(Int(length)), as: UTF8.self)
    }
}

/// What to do about the mistakes that people make most.
private func hint(_ number: Int32) -> String? {
    switch number {
    case PCRE2_ERROR_END_BACKSLASH: "Write \\\\ to match a backslash."
    case PCRE2_ERROR_MISSING_SQUARE_BRACKET: "Close the character class with ], or write \\[ to match a bracket."
    case PCRE2_ERROR_QUANTIFIER_INVALID: "Write a backslash before * + ? to match the character itself."
    case PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS: "Close the group with ), or write \\( to match a parenthesis."
    case PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS: "Write \\) to match a parenthesis, or open the group with (."
    case PCRE2_ERROR_UNRECOGNIZED_AFTER_QUERY_P, PCRE2_ERROR_INVALID_AFTER_PARENS_QUERY,
        PCRE2_ERROR_MISSING_NAME_TERMINATOR:
        "Write a named group as (?<name>…), or \\( and \\? to match the characters."
    case PCRE2_ERROR_INVALID_SUBPATTERN_NAME, PCRE2_ERROR_SUBPATTERN_NAME_EXPECTED:
        "A group's name consists of letters, digits and underscores and does not begin with a digit."
    case PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH, PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED:
        "Give each alternative of the look-behind a fixed length, or use \\K instead of it."
    case PCRE2_ERROR_BACKSLASH_C_CALLER_DISABLED: "Write . instead: it matches one byte."
    case PCRE2_ERROR_DUPLICATE_SUBPATTERN_NAME:
        "Give each group its own name, or use (?|…|…) with the groups in the same places."
    default: nil
    }
}
