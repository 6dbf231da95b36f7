// Finds many literals in one pass over a buffer: rare windows of one to four bytes first, then the whole literal.
//
// All offsets are of 32 bits. The tables are made by the caller (LiteralTables in PatternMatching) and only read here. Nothing is
// read outside of bytes[0 ..< count], and nothing is kept.
#ifndef OUTRIDER_LITERAL_SCAN_H
#define OUTRIDER_LITERAL_SCAN_H

#include <stddef.h>
#include <stdint.h>

#define OUTRIDER_BUCKETS 8
#define OUTRIDER_WINDOW 4

// A literal's bytes are values[text ..< text + length], filled up to a multiple of eight. A byte b of the text fits when
// ((b ^ values[i]) & masks[i]) == 0; the mask of a letter without case is 0xDF, that of the filling 0.
typedef struct {
    uint32_t text;
    uint32_t length;
} outrider_literal;

typedef struct {
    const outrider_literal *literals;
    const uint8_t *values;
    const uint8_t *masks;
} outrider_literals;

// Where a window lies in a literal: `anchor` bytes behind its first.
typedef struct {
    uint32_t literal;
    uint32_t anchor;
} outrider_place;

// Windows in eight buckets. Byte k of a window is in bucket j when bit j is set in low[k][b & 15] and in high[k][b >> 4]
// (a superset), and exactly when it is set in exact[k][b]. Windows shorter than `width` have all bits set in the rest.
typedef struct {
    uint8_t low[OUTRIDER_WINDOW][16];
    uint8_t high[OUTRIDER_WINDOW][16];
    uint8_t exact[OUTRIDER_WINDOW][256];
    uint32_t width;
    // Behind the last place of each bucket.
    uint32_t bucket_ends[OUTRIDER_BUCKETS];
    const outrider_place *places;
} outrider_buckets;

// Windows of four bytes, found by hash at every `stride`-th byte only: of a literal, `stride` windows side by side are
// entered, so that one of them lies at such a byte wherever the literal begins.
typedef struct {
    uint32_t key;
    uint32_t first;
    uint32_t count;  // 0: an empty slot
} outrider_slot;

typedef struct {
    uint32_t stride;  // 1, 2, 4 or 8
    uint32_t fold;    // or-ed to the four bytes before they are looked up: 0, or 0x20202020 to ignore case
    uint32_t shift;   // 32 less the bits of a hash
    const uint64_t *present;     // a bit for each hash
    const outrider_slot *slots;  // open addressing from hash & slot_mask on; never full
    uint32_t slot_mask;
    const outrider_place *places;
} outrider_samples;

typedef struct {
    uint32_t offset;   // of the window
    uint32_t literal;
} outrider_hit;

// The ways to look for buckets; `automatic` takes the best that this processor has.
typedef enum { outrider_automatic, outrider_portable, outrider_ssse3, outrider_avx2, outrider_neon } outrider_method;

// Whether `method` can be used here.
int outrider_method_is_available(outrider_method method);

// Both write the literals that begin in bytes to `hits`, by ascending offset of their windows, and return how many they wrote.
// They go on from *from, which is 0 at first, and set it to where to go on: `count` when all is done, less when `hits` had no
// room for what was found next. Room for nothing at all makes no progress.
size_t outrider_scan_buckets(
    const outrider_buckets *buckets, const outrider_literals *literals, outrider_method method, const uint8_t *bytes,
    size_t count, size_t *from, outrider_hit *hits, size_t capacity);

size_t outrider_scan_samples(
    const outrider_samples *samples, const outrider_literals *literals, const uint8_t *bytes, size_t count, size_t *from,
    outrider_hit *hits, size_t capacity);

// The hash of a window that the tables of outrider_samples are made with, before the shift.
static inline uint32_t outrider_window_hash(uint32_t window) { return window * 0x9E3779B1u; }

#endif
