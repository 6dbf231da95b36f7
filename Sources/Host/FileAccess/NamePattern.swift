/// The pattern of one name between two slashes.
struct NamePattern: Hashable, Sendable {
    /// What matches a part of a name.
    enum Element: Hashable, Sendable {
        case character(Unicode.Scalar)
        case anyCharacter
        case anyRun
        case oneOf([ClosedRange<UInt32>], isNegated: Bool)
    }

    private(set) var elements: [Element] = []

    /// The only name it matches; nil when it has a wildcard.
    var literal: String? {
        var text = String.UnicodeScalarView()
        for element in elements {
            guard case .character(let scalar) = element else { return nil }
            text.append(scalar)
        }
        return String(text)
    }

    mutating func append(_ element: Element) {
        // Two stars in a row say no more than one, and would only cost steps.
        if element == .anyRun, elements.last == .anyRun { return }
        elements.append(element)
    }

    /// Whether it matches the whole name. A leading dot is matched only by a dot in the pattern.
    func matches(_ name: String) -> Bool {
        let name = Array(name.unicodeScalars)
        if name.first == ".", elements.first != .character(".") { return false }
        return matches(name)
    }

    /// Keeps one place to go back to, the last star: an earlier one can never do better. At most name × pattern steps.
    private func matches(_ name: [Unicode.Scalar]) -> Bool {
        var (at, index) = (0, 0)
        var star: (at: Int, index: Int)?
        while at < name.count {
            if index < elements.count, elements[index] == .anyRun {
                star = (at, index)
                index += 1
            } else if index < elements.count, elements[index].matches(name[at]) {
                at += 1
                index += 1
            } else if let last = star {
                star = (last.at + 1, last.index)
                (at, index) = (last.at + 1, last.index + 1)
            } else {
                return false
            }
        }
        return elements[index...].allSatisfy { $0 == .anyRun }
    }
}

extension NamePattern.Element {
    fileprivate func matches(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .character(let wanted): wanted == scalar
        case .anyCharacter, .anyRun: true
        case .oneOf(let ranges, let isNegated): ranges.contains { $0.contains(scalar.value) } != isNegated
        }
    }
}
