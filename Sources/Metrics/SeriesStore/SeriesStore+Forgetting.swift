import QueryModel

extension SeriesStore {
    /// Lets go of what is too old at `now`, and of the oldest chunks while memory is short; series without samples end.
    public func expire(now: Int64) {
        let limit = now - limits.retention
        // First, because closed chunks go in the order in which they were closed.
        for number in series.indices where series[number].open.count > 0 && series[number].open.end < limit {
            forgetOpen(number)
        }
        closeOld(now: now)
        while firstInOrder < closingOrder.count {
            let number = closingOrder[firstInOrder]
            guard let chunk = series[number].closed.first, chunk.end < limit || memory > limits.memory else { break }
            if chunk.end >= limit { chunksEvicted += 1 }
            series[number].closed.removeFirst()
            letGo(chunk)
            journal.note(removedChunkAt: chunk.start, of: series[number].serial)
            firstInOrder += 1
            if !series[number].hasSamples { remove(number) }
        }
        if firstInOrder > 1024, firstInOrder > closingOrder.count / 2 {
            closingOrder.removeFirst(firstInOrder)
            firstInOrder = 0
        }
        if memory > limits.memory { evictOpenChunks() }
    }

    /// Chunks of series that are sampled seldom: while they are open, the rows since then have to stay.
    private func closeOld(now: Int64) {
        let limit = now - limits.chunkSpan
        for number in series.indices where series[number].open.count > 0 && series[number].open.start <= limit {
            close(number)
        }
    }

    /// When nothing else is left: those that began first.
    private func evictOpenChunks() {
        let numbers = series.indices.filter { series[$0].open.count > 0 }
        for number in numbers.sorted(by: { series[$0].open.start < series[$1].open.start }) {
            if memory <= limits.memory { return }
            chunksEvicted += 1
            forgetOpen(number)
        }
    }

    private func forgetOpen(_ number: Int) {
        let open = series[number].open
        memory -= open.allocated + Self.bytesPerOpenChunk
        sampleCount -= open.count
        series[number].open = SampleChunk()
        if !series[number].hasSamples { remove(number) }
    }

    func remove(_ number: Int) {
        guard !series[number].isFree else { return }
        index.remove(number, series[number].labels)
        references[series[number].labels] = nil
        journal.note(removed: series[number].serial)
        if !series[number].hasEnded { liveCount -= 1 }
        series[number] = Series(labels: .empty, serial: 0, isFree: true)
        memory -= Self.bytesPerSeries
        free.append(number)
    }

    /// Forgets every sample younger than `timestamp`: what was written while the clock was ahead of time.
    ///
    /// What was noted for the disk so far is not enough any more: all of it has to be written anew.
    /// - Returns: how many samples went.
    public func forget(after timestamp: Int64) -> Int {
        let before = sampleCount
        for number in series.indices where series[number].end.map({ $0 > timestamp }) ?? false {
            if series[number].open.count > 0 { close(number) }
            let chunks = series[number].closed
            series[number].closed = []
            for chunk in chunks { letGo(chunk) }
            for chunk in chunks { keep(chunk, upTo: timestamp, of: number) }
            if !series[number].hasSamples { remove(number) }
        }
        orderClosedChunks()
        countLiveSeries()
        return before - sampleCount
    }

    private func keep(_ chunk: ClosedChunk, upTo limit: Int64, of number: Int) {
        guard chunk.start <= limit else { return }
        var (timestamps, values): ([Int64], [Double]) = ([], [])
        chunk.decode(into: &timestamps, &values)
        for (timestamp, value) in zip(timestamps, values) where timestamp <= limit {
            // Times that do not ascend would come from a damaged file.
            if timestamp > series[number].end ?? .min { add(value, timestamp, to: number) }
        }
        if series[number].open.count > 0 { close(number) }
    }

    /// Finds out anew in which order closed chunks go.
    func orderClosedChunks() {
        let chunks = series.indices.flatMap { number in series[number].closed.map { (end: $0.end, number: number) } }
        closingOrder = chunks.sorted { ($0.end, $0.number) < ($1.end, $1.number) }.map(\.number)
        firstInOrder = 0
    }

    /// Counts them anew after last samples were written over or went.
    func countLiveSeries() { liveCount = series.count { !$0.isFree && !$0.hasEnded } }
}
