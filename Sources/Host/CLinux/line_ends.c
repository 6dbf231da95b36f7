#define _GNU_SOURCE
#include "CLinux.h"
#include <string.h>

size_t outrider_line_ends_portable(const uint8_t *bytes, size_t count, uint32_t *ends, size_t capacity) {
    size_t found = 0;
    const uint8_t *at = bytes, *limit = bytes + count;
    while (found < capacity && at < limit) {
        const uint8_t *end = memchr(at, '\n', (size_t)(limit - at));
        if (!end) break;
        at = end + 1;
        ends[found++] = (uint32_t)(at - bytes);
    }
    return found;
}

#if defined(__x86_64__)
#include <immintrin.h>

// A block is 64 bytes, so it adds at most 64 ends. While there is room for them, the first two are written without
// asking whether they exist: lines of logs end irregularly, and a branch on "is there one here" would be guessed wrong.
#define BLOCK 64

#define WRITE_ENDS(mask, base)                                                             \
    do {                                                                                   \
        uint64_t bits = (mask);                                                            \
        size_t total = (size_t)__builtin_popcountll(bits);                                 \
        uint32_t *out = ends + found;                                                      \
        for (int k = 0; k < 2; k++) {                                                      \
            out[k] = (uint32_t)((base) + (size_t)TRAILING_ZEROS(bits) + 1);                \
            bits &= bits - 1;                                                              \
        }                                                                                  \
        for (size_t k = 2; __builtin_expect(k < total, 0); k++) {                          \
            out[k] = (uint32_t)((base) + (size_t)TRAILING_ZEROS(bits) + 1);                \
            bits &= bits - 1;                                                              \
        }                                                                                  \
        found += total;                                                                    \
    } while (0)

static size_t finish(const uint8_t *bytes, size_t from, size_t count, uint32_t *ends, size_t found, size_t capacity) {
    size_t added = outrider_line_ends_portable(bytes + from, count - from, ends + found, capacity - found);
    for (size_t k = 0; k < added; k++) ends[found + k] += (uint32_t)from;
    return found + added;
}

#define TRAILING_ZEROS(bits) _tzcnt_u64(bits)
__attribute__((target("avx2,bmi,popcnt"))) static size_t
line_ends_avx2(const uint8_t *bytes, size_t count, uint32_t *ends, size_t capacity) {
    size_t found = 0, at = 0;
    const __m256i newline = _mm256_set1_epi8('\n');
    while (count - at >= BLOCK && capacity - found >= BLOCK) {
        __m256i low = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(bytes + at)), newline);
        __m256i high = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(bytes + at + 32)), newline);
        uint64_t mask = (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
        WRITE_ENDS(mask, at);
        at += BLOCK;
    }
    return finish(bytes, at, count, ends, found, capacity);
}
#undef TRAILING_ZEROS

// __builtin_ctzll(0) is undefined; what is written then is not counted, but it must be a value.
#define TRAILING_ZEROS(bits) ((bits) ? __builtin_ctzll(bits) : 0)
static size_t line_ends_sse2(const uint8_t *bytes, size_t count, uint32_t *ends, size_t capacity) {
    size_t found = 0, at = 0;
    const __m128i newline = _mm_set1_epi8('\n');
    while (count - at >= BLOCK && capacity - found >= BLOCK) {
        uint64_t mask = 0;
        for (int k = 0; k < 4; k++) {
            __m128i hit = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(bytes + at + 16 * k)), newline);
            mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * k);
        }
        if (mask) WRITE_ENDS(mask, at);
        at += BLOCK;
    }
    return finish(bytes, at, count, ends, found, capacity);
}

size_t outrider_line_ends(const uint8_t *bytes, size_t count, uint32_t *ends, size_t capacity) {
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt"))
        return line_ends_avx2(bytes, count, ends, capacity);
    return line_ends_sse2(bytes, count, ends, capacity);
}
#else
// memchr of the C library is vectorised on arm64.
size_t outrider_line_ends(const uint8_t *bytes, size_t count, uint32_t *ends, size_t capacity) {
    return outrider_line_ends_portable(bytes, count, ends, capacity);
}
#endif
