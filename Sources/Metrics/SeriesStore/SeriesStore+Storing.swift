import QueryModel

extension SeriesStore {
    /// What changed since this was last asked for.
    public func takeChanges() -> StoreChanges {
        var changes = journal.take()
        changes.firstRow = series.reduce(journal.rowNumber) { $1.open.count > 0 ? min($0, $1.openRow) : $0 }
        return changes
    }

    /// Notes a look at the page; it is kept with the samples.
    public var mark: TickMark? {
        get { lastMark }
        set {
            lastMark = newValue
            if let newValue { journal.note(newValue) }
        }
    }

    /// All that there is, for a disk that has to be written anew. Open chunks are closed for it, and what changed before need
    /// not be written any more.
    public func takeContents() -> StoreContents {
        for number in series.indices where series[number].open.count > 0 { close(number) }
        _ = journal.take()
        var contents = StoreContents()
        contents.mark = lastMark
        for series in series where !series.isFree {
            contents.series.append(
                StoreChanges.Series(serial: series.serial, origin: series.origin, labels: series.labels.encoded))
            contents.chunks += series.closed.map { $0.stored(series.serial) }
        }
        return contents
    }

    /// Takes what a disk held. The store must be empty, and is so again after an error.
    public func restore(_ contents: StoreContents) throws(MalformedHistory) {
        precondition(series.isEmpty, "BUG: a store that is in use is restored")
        do {
            try take(contents)
        } catch {
            removeAll()
            throw error
        }
    }

    private func removeAll() {
        (series, index, references, free) = ([], LabelIndex(), [:], [])
        (closingOrder, firstInOrder, journal, lastMark) = ([], 0, StoreJournal(isKept: journal.isKept), nil)
        (page, memory, sampleCount, liveCount) = (nil, 0, 0, 0)
    }

    private func take(_ contents: StoreContents) throws(MalformedHistory) {
        var numbers: [Int64: Int] = [:]
        for stored in contents.series {
            guard stored.serial > 0, let labels = LabelSet(encodedAs: stored.labels), references[labels] == nil,
                numbers[stored.serial] == nil
            else { throw MalformedHistory("a series cannot be understood") }
            let new = Series(labels: labels, serial: stored.serial, origin: stored.origin)
            numbers[stored.serial] = insert(new).number
            nextSerial = max(nextSerial, stored.serial + 1)
        }
        // In the order in which they will go.
        for stored in contents.chunks.sorted(by: { $0.end < $1.end }) {
            guard let number = numbers[stored.serial] else { throw MalformedHistory("a chunk belongs to no series") }
            try restore(stored, of: number)
        }
        for row in contents.rows {
            try restore(row, numbers)
            journal.rowNumber = max(journal.rowNumber, row.number + 1)
        }
        for number in series.indices {
            if series[number].hasSamples { restoreLastValue(of: number) } else { remove(number) }
        }
        orderClosedChunks()
        countLiveSeries()
        lastMark = contents.mark
    }

    private func restore(_ stored: StoreChanges.Chunk, of number: Int) throws(MalformedHistory) {
        guard let chunk = StoredChunk(stored), chunk.start > series[number].closed.last?.end ?? .min else {
            throw MalformedHistory("a chunk cannot be understood")
        }
        keepClosed(chunk, of: number)
        sampleCount += chunk.count
    }

    /// Samples that closed chunks have as well are passed over; and so are those whose chunk begins in a row that is gone,
    /// because then it was closed, and may have been forgotten since.
    private func restore(_ row: StoreChanges.Row, _ numbers: [Int64: Int]) throws(MalformedHistory) {
        var reader = TickRowReader(row.bytes)
        while let entry = try reader.nextEntry() {
            nextSerial = max(nextSerial, entry.serial + 1)
            guard let number = numbers[entry.serial] else { continue }
            if entry.isFirst {
                if series[number].open.count > 0 { close(number) }
                series[number].last = entry.difference
            } else {
                series[number].last ^= entry.difference
            }
            let isKnown = entry.isFirst || series[number].open.count > 0
            guard isKnown, row.timestamp > series[number].end ?? .min else { continue }
            if series[number].open.count == 0 { series[number].openRow = row.number }
            add(Double(bitPattern: series[number].last), row.timestamp, to: number)
        }
    }

    private func restoreLastValue(of number: Int) {
        guard series[number].open.count == 0, let chunk = series[number].closed.last else { return }
        var (timestamps, values): ([Int64], [Double]) = ([], [])
        chunk.decode(into: &timestamps, &values)
        series[number].last = values.last?.bitPattern ?? 0
    }
}

extension LabelSet {
    /// The set that is encoded by these bytes; nil when there is none.
    init?(encodedAs bytes: [UInt8]) {
        var labels: [Label] = []
        var position = 0
        func text() -> ByteString? {
            guard position < bytes.count else { return nil }
            var count = Int(bytes[position])
            position += 1
            if count == 255 {
                guard position + 3 <= bytes.count else { return nil }
                count = Int(bytes[position]) | Int(bytes[position + 1]) << 8 | Int(bytes[position + 2]) << 16
                position += 3
            }
            guard position + count <= bytes.count else { return nil }
            defer { position += count }
            return ByteString(bytes[position..<position + count])
        }
        while position < bytes.count {
            guard let name = text(), let value = text() else { return nil }
            labels.append(Label(name: name, value: value))
        }
        self.init(labels)
        guard encoded == bytes else { return nil }
    }
}
