// libcrypto of OpenSSL 3, loaded when something is to be hashed and not before: it costs megabytes of memory.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Loads the library, once for the process; any thread may ask. 0, or -1 when there is none or it lacks what is needed.
int outrider_crypto_load(void);

/// Begins a SHA-256; NULL when there is no memory. The library must be loaded.
void *outrider_sha256_begin(void);

/// Adds bytes: 1, or 0 for failure.
int outrider_sha256_add(void *hash, const void *bytes, size_t count);

/// Writes the 32 bytes of the hash: 1, or 0 for failure. Nothing may be added then.
int outrider_sha256_finish(void *hash, uint8_t *digest);

/// Frees a hash, finished or not.
void outrider_sha256_free(void *hash);
