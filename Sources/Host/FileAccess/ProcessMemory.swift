import CLinux

/// What this process keeps in memory.
public enum ProcessMemory {
    /// Gives back what only starting needed: the pages of code that were touched once, and heap that is free again.
    ///
    /// Code comes back by itself, from the page cache, as it is called. Costs well below a millisecond; for once, when the
    /// process has settled.
    public static func releaseWhatStartingNeeded() {
        outrider_release_read_only_pages()
        outrider_trim_heap()
    }
}
