// Nibble shuffles as in Hyperscan's Teddy: a byte's two nibbles pick, from two registers each, the buckets it may belong to;
// the and over the bytes of a window leaves the buckets worth a closer look.
#include "literal_scan.h"

typedef struct {
    const outrider_buckets *buckets;
    const outrider_literals *literals;
    const uint8_t *bytes;
    size_t count;
    outrider_hit *hits;
    size_t found;
    size_t capacity;
} scan_state;

// Adds the literals of the buckets in `mask` that stand at `offset`; 0 when there is no room.
static int add_hits(scan_state *state, size_t offset, uint32_t mask) {
    const outrider_buckets *buckets = state->buckets;
    for (; mask; mask &= mask - 1) {
        uint32_t bucket = (uint32_t)__builtin_ctz(mask);
        for (uint32_t at = bucket ? buckets->bucket_ends[bucket - 1] : 0; at < buckets->bucket_ends[bucket]; at++) {
            outrider_place place = buckets->places[at];
            if (!literal_is_at(state->literals, place, state->bytes, state->count, offset)) continue;
            if (state->found == state->capacity) return 0;
            state->hits[state->found++] = (outrider_hit){(uint32_t)offset, place.literal};
        }
    }
    return 1;
}

// What the exact tables leave of the buckets in `mask`; bytes behind the end are left open: the comparison decides.
static inline __attribute__((always_inline)) uint32_t
exact_mask(const scan_state *state, size_t at, uint32_t width, uint32_t mask) {
    for (uint32_t k = 0; k < width && k < state->count - at; k++)
        mask &= state->buckets->exact[k][state->bytes[at + k]];
    return mask;
}

// One byte after the other, with exact tables: the way where there is no other, and for the end of the buffer.
static inline __attribute__((always_inline)) size_t
scan_portable(scan_state *state, size_t at, uint32_t width) {
    for (; at < state->count; at++) {
        uint32_t mask = exact_mask(state, at, width, (1u << OUTRIDER_BUCKETS) - 1);
        size_t before = state->found;
        if (mask && !add_hits(state, at, mask)) {
            state->found = before;
            break;
        }
    }
    return at;
}

// The loop over blocks of STEP bytes. `HITS` makes a vector of bucket bits of the block at `at`; `MASK` a bit for each byte of
// it that has one, of SPREAD bits; `STORE` writes the vector to memory.
#define SCAN_BLOCKS(STEP, HITS, STORE, ANY)                                                                     \
    while (state->count - at >= (STEP) + OUTRIDER_WINDOW - 1) {                                                   \
        HITS;                                                                                                     \
        uint64_t any = ANY;                                                                                       \
        if (__builtin_expect(any != 0, 0)) {                                                                      \
            uint8_t found[STEP];                                                                                  \
            STORE;                                                                                                \
            size_t before = state->found;                                                                         \
            for (; any; any &= any - 1) {                                                                         \
                size_t k = (size_t)__builtin_ctzll(any);                                                          \
                uint32_t exact = exact_mask(state, at + k, width, found[k]);                                      \
                if (exact && !add_hits(state, at + k, exact)) {                                                   \
                    state->found = before;                                                                        \
                    return at;                                                                                    \
                }                                                                                                 \
            }                                                                                                     \
        }                                                                                                         \
        at += (STEP);                                                                                             \
    }

// For each number of bytes looked at a loop of its own, with the registers it needs.
#define DISPATCH_WIDTH(FUNCTION)                                    \
    switch (state->buckets->width) {                                \
    case 1: at = FUNCTION(state, at, 1); break;                     \
    case 2: at = FUNCTION(state, at, 2); break;                     \
    case 3: at = FUNCTION(state, at, 3); break;                     \
    default: at = FUNCTION(state, at, 4); break;                    \
    }

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"), always_inline)) static inline size_t
blocks_avx2(scan_state *state, size_t at, uint32_t width) {
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i low[OUTRIDER_WINDOW], high[OUTRIDER_WINDOW];
    for (uint32_t k = 0; k < width; k++) {
        low[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)state->buckets->low[k]));
        high[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)state->buckets->high[k]));
    }
    __m256i hit;
    SCAN_BLOCKS(
        32,
        {
            hit = _mm256_set1_epi8(-1);
            for (uint32_t k = 0; k < width; k++) {
                __m256i text = _mm256_loadu_si256((const __m256i *)(state->bytes + at + k));
                __m256i left = _mm256_shuffle_epi8(low[k], _mm256_and_si256(text, nibble));
                __m256i right = _mm256_shuffle_epi8(high[k], _mm256_and_si256(_mm256_srli_epi16(text, 4), nibble));
                hit = _mm256_and_si256(hit, _mm256_and_si256(left, right));
            }
        },
        _mm256_storeu_si256((__m256i *)found, hit),
        ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(hit, _mm256_setzero_si256())))
    return at;
}

__attribute__((target("avx2"))) static size_t scan_avx2(scan_state *state, size_t at) {
    DISPATCH_WIDTH(blocks_avx2)
    return at;
}

__attribute__((target("ssse3"), always_inline)) static inline size_t
blocks_ssse3(scan_state *state, size_t at, uint32_t width) {
    const __m128i nibble = _mm_set1_epi8(15);
    __m128i low[OUTRIDER_WINDOW], high[OUTRIDER_WINDOW];
    for (uint32_t k = 0; k < width; k++) {
        low[k] = _mm_loadu_si128((const __m128i *)state->buckets->low[k]);
        high[k] = _mm_loadu_si128((const __m128i *)state->buckets->high[k]);
    }
    __m128i hit;
    SCAN_BLOCKS(
        16,
        {
            hit = _mm_set1_epi8(-1);
            for (uint32_t k = 0; k < width; k++) {
                __m128i text = _mm_loadu_si128((const __m128i *)(state->bytes + at + k));
                __m128i left = _mm_shuffle_epi8(low[k], _mm_and_si128(text, nibble));
                __m128i right = _mm_shuffle_epi8(high[k], _mm_and_si128(_mm_srli_epi16(text, 4), nibble));
                hit = _mm_and_si128(hit, _mm_and_si128(left, right));
            }
        },
        _mm_storeu_si128((__m128i *)found, hit),
        0xFFFF ^ (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(hit, _mm_setzero_si128())))
    return at;
}

__attribute__((target("ssse3"))) static size_t scan_ssse3(scan_state *state, size_t at) {
    DISPATCH_WIDTH(blocks_ssse3)
    return at;
}
#endif

#if defined(__aarch64__)
#include <arm_neon.h>

__attribute__((always_inline)) static inline size_t blocks_neon(scan_state *state, size_t at, uint32_t width) {
    const uint8x16_t nibble = vdupq_n_u8(15);
    uint8x16_t low[OUTRIDER_WINDOW], high[OUTRIDER_WINDOW];
    for (uint32_t k = 0; k < width; k++) {
        low[k] = vld1q_u8(state->buckets->low[k]);
        high[k] = vld1q_u8(state->buckets->high[k]);
    }
    // A bit for each byte: of every byte one bit by its place, summed up in each half.
    static const uint8_t places[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t place = vld1q_u8(places);
    uint8x16_t hit;
    SCAN_BLOCKS(
        16,
        {
            hit = vdupq_n_u8(255);
            for (uint32_t k = 0; k < width; k++) {
                uint8x16_t text = vld1q_u8(state->bytes + at + k);
                uint8x16_t left = vqtbl1q_u8(low[k], vandq_u8(text, nibble));
                uint8x16_t right = vqtbl1q_u8(high[k], vshrq_n_u8(text, 4));
                hit = vandq_u8(hit, vandq_u8(left, right));
            }
        },
        vst1q_u8(found, hit),
        vmaxvq_u8(hit) == 0 ? 0
                            : (uint64_t)vaddv_u8(vget_low_u8(vandq_u8(vtstq_u8(hit, hit), place))) |
                (uint64_t)vaddv_u8(vget_high_u8(vandq_u8(vtstq_u8(hit, hit), place))) << 8)
    return at;
}

static size_t scan_neon(scan_state *state, size_t at) {
    DISPATCH_WIDTH(blocks_neon)
    return at;
}
#endif

int outrider_method_is_available(outrider_method method) {
    switch (method) {
    case outrider_automatic:
    case outrider_portable: return 1;
#if defined(__x86_64__)
    case outrider_ssse3: return __builtin_cpu_supports("ssse3") != 0;
    case outrider_avx2: return __builtin_cpu_supports("avx2") != 0;
#endif
#if defined(__aarch64__)
    case outrider_neon: return 1;
#endif
    default: return 0;
    }
}

size_t outrider_scan_buckets(
    const outrider_buckets *buckets, const outrider_literals *literals, outrider_method method, const uint8_t *bytes,
    size_t count, size_t *from, outrider_hit *hits, size_t capacity) {
    scan_state whole = {buckets, literals, bytes, count, hits, 0, capacity}, *state = &whole;
    size_t at = *from;
    if (method == outrider_automatic) {
        method = outrider_method_is_available(outrider_avx2)    ? outrider_avx2
                 : outrider_method_is_available(outrider_ssse3) ? outrider_ssse3
                 : outrider_method_is_available(outrider_neon)  ? outrider_neon
                                                                : outrider_portable;
    }
    switch (method) {
#if defined(__x86_64__)
    case outrider_avx2: at = scan_avx2(state, at); break;
    case outrider_ssse3: at = scan_ssse3(state, at); break;
#endif
#if defined(__aarch64__)
    case outrider_neon: at = scan_neon(state, at); break;
#endif
    default: break;
    }
    DISPATCH_WIDTH(scan_portable)
    *from = at;
    return state->found;
}
