#include "CCrypto.h"
#include <dlfcn.h>
#include <pthread.h>

// The functions as openssl(3) documents them, with the types that this file does not look into as pointers to void.
static void *(*new_context)(void);
static void (*free_context)(void *);
static const void *(*sha256)(void);
static int (*begin)(void *, const void *, void *);
static int (*update)(void *, const void *, size_t);
static int (*finish)(void *, unsigned char *, unsigned *);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded;

static void load(void) {
    void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
    // POSIX wants functions to be taken from dlsym through a pointer to an object.
    *(void **)&new_context = dlsym(library, "EVP_MD_CTX_new");
    *(void **)&free_context = dlsym(library, "EVP_MD_CTX_free");
    *(void **)&sha256 = dlsym(library, "EVP_sha256");
    *(void **)&begin = dlsym(library, "EVP_DigestInit_ex");
    *(void **)&update = dlsym(library, "EVP_DigestUpdate");
    *(void **)&finish = dlsym(library, "EVP_DigestFinal_ex");
    is_loaded = new_context && free_context && sha256 && begin && update && finish;
}

int outrider_crypto_load(void) {
    pthread_once(&once, load);
    return is_loaded ? 0 : -1;
}

void *outrider_sha256_begin(void) {
    void *hash = new_context();
    if (hash != NULL && begin(hash, sha256(), NULL) != 1) {
        free_context(hash);
        return NULL;
    }
    return hash;
}

int outrider_sha256_add(void *hash, const void *bytes, size_t count) { return update(hash, bytes, count); }

int outrider_sha256_finish(void *hash, uint8_t *digest) { return finish(hash, digest, NULL); }

void outrider_sha256_free(void *hash) { free_context(hash); }
