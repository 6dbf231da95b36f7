/// Where state is kept when nothing says otherwise.
public enum StateDirectory {
    /// `/var/lib/outrider` for root; else `$XDG_STATE_HOME/outrider` or `~/.local/state/outrider`.
    ///
    /// - Parameters:
    ///   - environment: looks variables up. A relative `XDG_STATE_HOME` counts as unset, as its specification demands.
    ///   - isRoot: whether the effective user is root.
    /// - Returns: an absolute path; nil when there is neither variable nor home.
    public static func standard(environment: (String) -> String?, isRoot: Bool) -> String? {
        if isRoot { return "/var/lib/outrider" }
        if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") {
            return PathText.simplified("\(state)/outrider")
        }
        guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
        return PathText.simplified("\(home)/.local/state/outrider")
    }
}
