import LogModel

/// The layout of `consumers.state`, all numbers varints except where said:
///
///     offset · anchor length · anchor hash (8 bytes, lowest first) · flags (1 byte; bit 0: inside a cut line)
///     number of open ranges · per range: lower offset, length
///     consumed · lines · lines cut · open-ended losses
///     number of skip reasons · per reason: code (1 byte), bytes
///     number of loss reasons · per reason: code (1 byte), bytes
extension ConsumerState {
    func packed() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64)
        bytes.appendVarint(offset)
        bytes.appendVarint(UInt64(anchor.length))
        bytes.appendFixed(anchor.hash.rawValue)
        bytes.append(carry.isInsideCutLine ? 1 : 0)
        bytes.appendVarint(UInt64(carry.openRanges.count))
        for range in carry.openRanges {
            bytes.appendVarint(range.lowerBound)
            bytes.appendVarint(range.upperBound - range.lowerBound)
        }
        bytes.appendVarint(account.consumed)
        bytes.appendVarint(account.lines)
        bytes.appendVarint(account.linesCut)
        bytes.appendVarint(account.openEndedLosses)
        bytes.appendReasons(account.skipped.map { ($0.ledgerCode, $1) })
        bytes.appendReasons(account.lost.map { ($0.ledgerCode, $1) })
        return bytes
    }

    init(consumer: ConsumerName, stream: StreamID, packed: [UInt8]) throws(MalformedBytes) {
        var reader = PackedReader(packed)
        self.init(consumer: consumer, stream: stream, offset: try reader.varint())
        guard let length = UInt16(exactly: try reader.varint()) else { throw MalformedBytes() }
        anchor = Anchor(length: length, hash: ContentHash(rawValue: try reader.fixed()))
        carry.isInsideCutLine = try reader.byte() & 1 == 1
        for _ in 0..<(try reader.count()) {
            let lower = try reader.varint()
            let (upper, overflow) = lower.addingReportingOverflow(try reader.varint())
            guard !overflow else { throw MalformedBytes() }
            carry.openRanges.append(lower..<upper)
        }
        account.consumed = try reader.varint()
        account.lines = try reader.varint()
        account.linesCut = try reader.varint()
        account.openEndedLosses = try reader.varint()
        account.skipped = try reader.reasons(of: SkipReason.allCases.map { ($0.ledgerCode, $0) })
        account.lost = try reader.reasons(of: LossReason.allCases.map { ($0.ledgerCode, $0) })
        guard reader.isAtEnd else { throw MalformedBytes() }
    }
}

extension SkipReason {
    /// The reason's number in the ledger; must never change.
    fileprivate var ledgerCode: UInt8 {
        switch self {
        case .startAt: 1
        case .lineTooLong: 2
        case .hole: 3
        case .reset: 4
        case .byteOrderMark: 5
        }
    }
}

extension LossReason {
    /// The reason's number in the ledger; must never change.
    fileprivate var ledgerCode: UInt8 {
        switch self {
        case .truncated: 1
        case .deleted: 2
        case .regressed: 3
        case .unreadable: 4
        }
    }
}

extension [UInt8] {
    fileprivate mutating func appendReasons(_ reasons: [(code: UInt8, bytes: UInt64)]) {
        appendVarint(UInt64(reasons.count))
        for reason in reasons.sorted(by: { $0.code < $1.code }) {
            append(reason.code)
            appendVarint(reason.bytes)
        }
    }
}

extension PackedReader {
    fileprivate mutating func reasons<Reason: Hashable>(
        of known: [(code: UInt8, reason: Reason)]
    ) throws(MalformedBytes) -> [Reason: UInt64] {
        var result: [Reason: UInt64] = [:]
        for _ in 0..<(try count()) {
            let code = try byte()
            guard let entry = known.first(where: { $0.code == code }) else { throw MalformedBytes() }
            result[entry.reason] = try varint()
        }
        return result
    }
}
