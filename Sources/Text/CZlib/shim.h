#pragma once
#include <zlib.h>

// The initialisers of zlib are macros that pass ZLIB_VERSION, which Swift does not import.

/// Prepares a decoder for gzip members with windows of any size (15 bits; 16 selects the gzip wrapping).
static inline int outrider_inflate_init_gzip(z_streamp stream) { return inflateInit2(stream, 15 + 16); }

/// Prepares an encoder that writes one gzip member.
static inline int outrider_deflate_init_gzip(z_streamp stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
