// Shared by the scans: loading and comparing within bounds.
#ifndef OUTRIDER_LITERAL_SCAN_INTERNAL_H
#define OUTRIDER_LITERAL_SCAN_INTERNAL_H

#include "CLiteralScan.h"
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "windows are compared as little-endian numbers"
#endif

static inline uint32_t load32(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

static inline uint64_t load64(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

// Whether the literal stands in bytes with its window at `offset`.
static inline int literal_is_at(
    const outrider_literals *set, outrider_place place, const uint8_t *bytes, size_t count, size_t offset) {
    outrider_literal literal = set->literals[place.literal];
    if (offset < place.anchor || count - (offset - place.anchor) < literal.length) return 0;
    const uint8_t *text = bytes + (offset - place.anchor);
    const uint8_t *values = set->values + literal.text, *masks = set->masks + literal.text;
    size_t whole = (literal.length + 7) & ~(size_t)7;
    if (count - (offset - place.anchor) >= whole) {
        for (size_t at = 0; at < whole; at += 8)
            if ((load64(text + at) ^ load64(values + at)) & load64(masks + at)) return 0;
        return 1;
    }
    for (size_t at = 0; at < literal.length; at++)
        if ((text[at] ^ values[at]) & masks[at]) return 0;
    return 1;
}

#endif
