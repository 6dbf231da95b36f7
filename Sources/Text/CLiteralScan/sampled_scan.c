#include "literal_scan.h"

// Looks at this many places before it asks whether one of them was of interest.
#define PLACES 8

// Adds what stands at `offset`; -1 when there is no room.
static long add_hits(
    const outrider_samples *samples, const outrider_literals *literals, const uint8_t *bytes, size_t count, size_t offset,
    outrider_hit *hits, size_t room) {
    uint32_t key = load32(bytes + offset) | samples->fold;
    uint32_t hash = outrider_window_hash(key) >> samples->shift;
    long found = 0;
    for (uint32_t at = hash & samples->slot_mask; samples->slots[at].count; at = (at + 1) & samples->slot_mask) {
        const outrider_slot *slot = &samples->slots[at];
        if (slot->key != key) continue;
        for (uint32_t index = slot->first; index < slot->first + slot->count; index++) {
            outrider_place place = samples->places[index];
            if (!literal_is_at(literals, place, bytes, count, offset)) continue;
            if ((size_t)found == room) return -1;
            hits[found++] = (outrider_hit){(uint32_t)offset, place.literal};
        }
        break;
    }
    return found;
}

static inline uint32_t is_present(const outrider_samples *samples, const uint8_t *bytes, uint32_t fold, uint32_t shift) {
    uint32_t hash = outrider_window_hash(load32(bytes) | fold) >> shift;
    return (uint32_t)(samples->present[hash >> 6] >> (hash & 63)) & 1;
}

static inline __attribute__((always_inline)) size_t scan(
    const outrider_samples *samples, const outrider_literals *literals, size_t stride, const uint8_t *bytes, size_t count,
    size_t *from, outrider_hit *hits, size_t capacity) {
    const uint32_t fold = samples->fold, shift = samples->shift;
    size_t at = *from, found = 0;
    while (count >= OUTRIDER_WINDOW && at <= count - OUTRIDER_WINDOW) {
        uint32_t mask = 0;
        size_t places = PLACES;
        if (count - at >= stride * (PLACES - 1) + OUTRIDER_WINDOW) {
            for (size_t k = 0; k < PLACES; k++) mask |= is_present(samples, bytes + at + k * stride, fold, shift) << k;
        } else {
            mask = is_present(samples, bytes + at, fold, shift);
            places = 1;
        }
        size_t before = found;
        for (; mask; mask &= mask - 1) {
            size_t offset = at + (size_t)__builtin_ctz(mask) * stride;
            long added = add_hits(samples, literals, bytes, count, offset, hits + found, capacity - found);
            if (added < 0) {
                *from = at;
                return before;
            }
            found += (size_t)added;
        }
        at += places * stride;
    }
    *from = count;
    return found;
}

size_t outrider_scan_samples(
    const outrider_samples *samples, const outrider_literals *literals, const uint8_t *bytes, size_t count, size_t *from,
    outrider_hit *hits, size_t capacity) {
    switch (samples->stride) {
    case 8: return scan(samples, literals, 8, bytes, count, from, hits, capacity);
    case 4: return scan(samples, literals, 4, bytes, count, from, hits, capacity);
    case 2: return scan(samples, literals, 2, bytes, count, from, hits, capacity);
    default: return scan(samples, literals, 1, bytes, count, from, hits, capacity);
    }
}
