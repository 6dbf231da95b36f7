import Testing

/// Scenarios over the built binary. One after another: each measures nothing, but keeps two processors busy.
@Suite(.serialized)
struct EndToEnd {}
