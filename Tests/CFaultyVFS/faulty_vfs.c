#include "CFaultyVFS.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512 };

typedef struct {
    unsigned char *bytes;
    size_t size, capacity;
} content;

/* A change of a file that was not synced yet: a write of `size` bytes, or, where bytes is NULL, a cut to `offset`. */
typedef struct {
    uint64_t offset;
    size_t size;
    unsigned char *bytes;
} change;

typedef struct node {
    struct node *next;
    char *name;
    uint64_t identity;
    content now, durable;
    change *changes;
    size_t change_count, change_capacity;
    /* Whether the name is there now, and whether it would be after a power cut. */
    int exists, exists_durably;
    int open_count;
} node;

struct faulty_disk {
    sqlite3_vfs vfs;
    char *name;
    node *files;
    uint64_t next_identity;
    uint64_t counts[6];
    uint64_t bytes_written;
    uint64_t capacity;
    int armed_operations;
    faulty_effect effect;
    uint64_t countdown, repeats, faults;
    int has_crashed, is_read_only;
    uint64_t boot;
    uint64_t random;
    uint64_t clock;
};

typedef struct {
    sqlite3_file base;
    faulty_disk *disk;
    node *node;
    uint64_t boot;
    int deletes_on_close;
    /* A new journal: its first sync makes all names durable. */
    int syncs_directory;
} open_file;

/* splitmix64 */
static uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Content */

static int content_resize(content *c, size_t size) {
    if (size > c->capacity) {
        size_t capacity = c->capacity ? c->capacity : 4096;
        while (capacity < size) capacity *= 2;
        unsigned char *bytes = realloc(c->bytes, capacity);
        if (!bytes) return 0;
        c->bytes = bytes;
        c->capacity = capacity;
    }
    if (size > c->size) memset(c->bytes + c->size, 0, size - c->size);
    c->size = size;
    return 1;
}

static int content_write(content *c, uint64_t offset, const unsigned char *bytes, size_t size) {
    if (offset + size > c->size && !content_resize(c, offset + size)) return 0;
    memcpy(c->bytes + offset, bytes, size);
    return 1;
}

static int content_copy(content *to, const content *from) {
    if (!content_resize(to, from->size)) return 0;
    if (from->size) memcpy(to->bytes, from->bytes, from->size);
    return 1;
}

/* Files */

static node *find(const faulty_disk *disk, const char *name) {
    for (node *n = disk->files; n; n = n->next)
        if (n->exists && strcmp(n->name, name) == 0) return n;
    return NULL;
}

static void forget_changes(node *n) {
    for (size_t i = 0; i < n->change_count; i++) free(n->changes[i].bytes);
    n->change_count = 0;
}

static void free_node(node *n) {
    forget_changes(n);
    free(n->changes);
    free(n->now.bytes);
    free(n->durable.bytes);
    free(n->name);
    free(n);
}

/* Frees the files that no name leads to and nobody has open. */
static void sweep(faulty_disk *disk) {
    for (node **link = &disk->files; *link;) {
        node *n = *link;
        if (n->exists || n->exists_durably || n->open_count) {
            link = &n->next;
            continue;
        }
        *link = n->next;
        free_node(n);
    }
}

static node *add_node(faulty_disk *disk, const char *name) {
    sweep(disk);
    node *n = calloc(1, sizeof *n);
    if (!n) return NULL;
    n->name = strdup(name);
    if (!n->name) {
        free(n);
        return NULL;
    }
    n->identity = ++disk->next_identity;
    n->exists = 1;
    node **end = &disk->files;
    while (*end) end = &(*end)->next;
    *end = n;
    return n;
}

static int record_change(node *n, uint64_t offset, const unsigned char *bytes, size_t size) {
    if (n->change_count == n->change_capacity) {
        size_t capacity = n->change_capacity ? n->change_capacity * 2 : 16;
        change *changes = realloc(n->changes, capacity * sizeof *changes);
        if (!changes) return 0;
        n->changes = changes;
        n->change_capacity = capacity;
    }
    change c = {offset, size, NULL};
    if (bytes) {
        c.bytes = malloc(size ? size : 1);
        if (!c.bytes) return 0;
        memcpy(c.bytes, bytes, size);
    }
    n->changes[n->change_count++] = c;
    return 1;
}

static int apply_change(content *to, const change *c) {
    return c->bytes ? content_write(to, c->offset, c->bytes, c->size) : content_resize(to, c->offset);
}

static int write_through(node *n, uint64_t offset, const unsigned char *bytes, size_t size) {
    return content_write(&n->now, offset, bytes, size) && record_change(n, offset, bytes, size);
}

static void sync_names(faulty_disk *disk) {
    for (node *n = disk->files; n; n = n->next) n->exists_durably = n->exists;
}

static uint64_t total_size(const faulty_disk *disk) {
    uint64_t total = 0;
    for (const node *n = disk->files; n; n = n->next)
        if (n->exists) total += n->now.size;
    return total;
}

/* Faults */

static int index_of(int operation) {
    int index = 0;
    while ((operation >>= 1)) index++;
    return index;
}

/* Counts an operation and says what happens to it. */
static faulty_effect meet(faulty_disk *disk, int operation) {
    disk->counts[index_of(operation)]++;
    if (disk->has_crashed) return FAULTY_CRASH;
    if (!(disk->armed_operations & operation) || disk->effect == FAULTY_NONE) return FAULTY_NONE;
    if (disk->countdown > 1) {
        disk->countdown--;
        return FAULTY_NONE;
    }
    if (disk->repeats == 0) return FAULTY_NONE;
    disk->repeats--;
    disk->faults++;
    if (disk->effect == FAULTY_CRASH || disk->effect == FAULTY_CRASH_HALFWAY) disk->has_crashed = 1;
    return disk->effect;
}

static int is_dead(const open_file *f) { return f->disk->has_crashed || f->boot != f->disk->boot; }

/* File methods */

static int vfs_close(sqlite3_file *file) {
    open_file *f = (open_file *)file;
    f->node->open_count--;
    if (f->deletes_on_close && f->boot == f->disk->boot) f->node->exists = f->node->exists_durably = 0;
    return SQLITE_OK;
}

static int vfs_read(sqlite3_file *file, void *buffer, int amount, sqlite3_int64 offset) {
    open_file *f = (open_file *)file;
    if (is_dead(f)) return SQLITE_IOERR_READ;
    if (meet(f->disk, FAULTY_READ) != FAULTY_NONE) return SQLITE_IOERR_READ;
    const content *c = &f->node->now;
    size_t available = (uint64_t)offset < c->size ? c->size - (size_t)offset : 0;
    size_t count = available < (size_t)amount ? available : (size_t)amount;
    if (count) memcpy(buffer, c->bytes + offset, count);
    if (count == (size_t)amount) return SQLITE_OK;
    memset((char *)buffer + count, 0, (size_t)amount - count);
    return SQLITE_IOERR_SHORT_READ;
}

static int vfs_write(sqlite3_file *file, const void *buffer, int amount, sqlite3_int64 offset) {
    open_file *f = (open_file *)file;
    faulty_disk *disk = f->disk;
    if (is_dead(f)) return SQLITE_IOERR_WRITE;
    size_t size = (size_t)amount;
    int result = SQLITE_OK;
    switch (meet(disk, FAULTY_WRITE)) {
    case FAULTY_NONE: break;
    case FAULTY_EIO:
    case FAULTY_CRASH: return SQLITE_IOERR_WRITE;
    case FAULTY_ENOSPC: return SQLITE_FULL;
    case FAULTY_SHORT_WRITE:
        size /= 2;
        result = SQLITE_FULL;
        break;
    case FAULTY_CRASH_HALFWAY:
        size /= 2;
        result = SQLITE_IOERR_WRITE;
        break;
    }
    uint64_t end = (uint64_t)offset + size;
    if (end > f->node->now.size && disk->capacity != UINT64_MAX
        && total_size(disk) + (end - f->node->now.size) > disk->capacity)
        return SQLITE_FULL;
    disk->bytes_written += size;
    return write_through(f->node, (uint64_t)offset, buffer, size) ? result : SQLITE_IOERR_NOMEM;
}

static int vfs_truncate(sqlite3_file *file, sqlite3_int64 size) {
    open_file *f = (open_file *)file;
    if (is_dead(f)) return SQLITE_IOERR_TRUNCATE;
    if (meet(f->disk, FAULTY_TRUNCATE) != FAULTY_NONE) return SQLITE_IOERR_TRUNCATE;
    if (!content_resize(&f->node->now, (size_t)size)) return SQLITE_IOERR_NOMEM;
    return record_change(f->node, (uint64_t)size, NULL, 0) ? SQLITE_OK : SQLITE_IOERR_NOMEM;
}

static int vfs_sync(sqlite3_file *file, int flags) {
    open_file *f = (open_file *)file;
    (void)flags;
    if (is_dead(f)) return SQLITE_IOERR_FSYNC;
    faulty_effect effect = meet(f->disk, FAULTY_SYNC);
    if (effect == FAULTY_CRASH || effect == FAULTY_CRASH_HALFWAY) return SQLITE_IOERR_FSYNC;
    if (effect != FAULTY_NONE) {
        forget_changes(f->node);
        return SQLITE_IOERR_FSYNC;
    }
    for (size_t i = 0; i < f->node->change_count; i++)
        if (!apply_change(&f->node->durable, &f->node->changes[i])) return SQLITE_IOERR_NOMEM;
    forget_changes(f->node);
    /* SQLite's unix VFS syncs the directory with a new journal or log. Of other new files only the own name arrives. */
    if (f->syncs_directory) sync_names(f->disk);
    f->syncs_directory = 0;
    f->node->exists_durably = f->node->exists;
    return SQLITE_OK;
}

static int vfs_file_size(sqlite3_file *file, sqlite3_int64 *size) {
    open_file *f = (open_file *)file;
    if (is_dead(f)) return SQLITE_IOERR_FSTAT;
    *size = (sqlite3_int64)f->node->now.size;
    return SQLITE_OK;
}

static int vfs_lock(sqlite3_file *file, int level) {
    (void)level;
    return is_dead((open_file *)file) ? SQLITE_IOERR_LOCK : SQLITE_OK;
}

static int vfs_unlock(sqlite3_file *file, int level) {
    (void)file, (void)level;
    return SQLITE_OK;
}

static int vfs_check_reserved_lock(sqlite3_file *file, int *result) {
    *result = 0;
    return is_dead((open_file *)file) ? SQLITE_IOERR_CHECKRESERVEDLOCK : SQLITE_OK;
}

static int vfs_file_control(sqlite3_file *file, int operation, void *argument) {
    open_file *f = (open_file *)file;
    if (operation != SQLITE_FCNTL_HAS_MOVED) return SQLITE_NOTFOUND;
    *(int *)argument = find(f->disk, f->node->name) != f->node;
    return SQLITE_OK;
}

static int vfs_sector_size(sqlite3_file *file) {
    (void)file;
    return SECTOR;
}

static int vfs_characteristics(sqlite3_file *file) {
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* Version 1: no shared memory, as the ledger is opened exclusively. */
static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = vfs_close,
    .xRead = vfs_read,
    .xWrite = vfs_write,
    .xTruncate = vfs_truncate,
    .xSync = vfs_sync,
    .xFileSize = vfs_file_size,
    .xLock = vfs_lock,
    .xUnlock = vfs_unlock,
    .xCheckReservedLock = vfs_check_reserved_lock,
    .xFileControl = vfs_file_control,
    .xSectorSize = vfs_sector_size,
    .xDeviceCharacteristics = vfs_characteristics,
};

/* VFS methods */

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
    faulty_disk *disk = vfs->pAppData;
    open_file *f = (open_file *)file;
    f->base.pMethods = NULL;
    if (disk->has_crashed) return SQLITE_CANTOPEN;
    switch (meet(disk, FAULTY_OPEN)) {
    case FAULTY_NONE: break;
    case FAULTY_ENOSPC:
    case FAULTY_SHORT_WRITE: return SQLITE_FULL;
    default: return SQLITE_CANTOPEN;
    }
    char temporary[32];
    if (!name) {
        sqlite3_snprintf(sizeof temporary, temporary, "temporary-%llu", ++disk->next_identity);
        name = temporary;
    }
    node *n = find(disk, name);
    f->syncs_directory = 0;
    if (!n) {
        if (!(flags & SQLITE_OPEN_CREATE) || disk->is_read_only) return SQLITE_CANTOPEN;
        n = add_node(disk, name);
        if (!n) return SQLITE_NOMEM;
        f->syncs_directory = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    }
    f->base.pMethods = &methods;
    f->disk = disk;
    f->node = n;
    n->open_count++;
    f->boot = disk->boot;
    f->deletes_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    if (disk->is_read_only) flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int syncs_directory) {
    faulty_disk *disk = vfs->pAppData;
    if (disk->has_crashed || meet(disk, FAULTY_DELETE) != FAULTY_NONE) return SQLITE_IOERR_DELETE;
    node *n = find(disk, name);
    if (!n) return SQLITE_IOERR_DELETE_NOENT;
    n->exists = 0;
    if (syncs_directory) sync_names(disk);
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    faulty_disk *disk = vfs->pAppData;
    if (disk->has_crashed) return SQLITE_IOERR_ACCESS;
    const node *n = find(disk, name);
    /* As the unix VFS: an empty file does not exist. */
    *result = n && (flags != SQLITE_ACCESS_EXISTS || n->now.size > 0);
    return SQLITE_OK;
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *name, int size, char *result) {
    (void)vfs;
    sqlite3_snprintf(size, result, "%s", name);
    return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *result) {
    faulty_disk *disk = vfs->pAppData;
    for (int i = 0; i < size; i++) result[i] = (char)next_random(&disk->random);
    return size;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, double *julian_day) {
    faulty_disk *disk = vfs->pAppData;
    *julian_day = 2460000.5 + (double)++disk->clock / 86400.0;
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *text) {
    (void)vfs, (void)size, (void)text;
    return 0;
}

/* The disk */

faulty_disk *faulty_disk_create(const char *name) {
    faulty_disk *disk = calloc(1, sizeof *disk);
    if (!disk) return NULL;
    disk->name = strdup(name);
    if (!disk->name || sqlite3_vfs_find(name)) {
        free(disk->name);
        free(disk);
        return NULL;
    }
    disk->capacity = UINT64_MAX;
    disk->vfs = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(open_file),
        .mxPathname = 512,
        .zName = disk->name,
        .pAppData = disk,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_pathname,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
        .xGetLastError = vfs_last_error,
    };
    if (sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) {
        free(disk->name);
        free(disk);
        return NULL;
    }
    return disk;
}

void faulty_disk_destroy(faulty_disk *disk) {
    sqlite3_vfs_unregister(&disk->vfs);
    while (disk->files) {
        node *next = disk->files->next;
        free_node(disk->files);
        disk->files = next;
    }
    free(disk->name);
    free(disk);
}

const char *faulty_disk_name(const faulty_disk *disk) { return disk->name; }

void faulty_disk_arm(faulty_disk *disk, int operations, faulty_effect effect, uint64_t nth, uint64_t repeats) {
    disk->armed_operations = operations;
    disk->effect = effect;
    disk->countdown = nth;
    disk->repeats = repeats;
    disk->faults = 0;
}

void faulty_disk_disarm(faulty_disk *disk) { disk->effect = FAULTY_NONE; }

uint64_t faulty_disk_faults(const faulty_disk *disk) { return disk->faults; }

uint64_t faulty_disk_count(const faulty_disk *disk, int operations) {
    uint64_t total = 0;
    for (int index = 0; index < 6; index++)
        if (operations & (1 << index)) total += disk->counts[index];
    return total;
}

uint64_t faulty_disk_bytes_written(const faulty_disk *disk) { return disk->bytes_written; }
void faulty_disk_set_capacity(faulty_disk *disk, uint64_t bytes) { disk->capacity = bytes; }
void faulty_disk_set_read_only(faulty_disk *disk, int is_read_only) { disk->is_read_only = is_read_only; }
int faulty_disk_has_crashed(const faulty_disk *disk) { return disk->has_crashed; }

/* Applies a random part of a write to what is durable: all, nothing, or some of its sectors. A file's length may grow with
 * bytes that never arrived: they read as zeros. */
static void keep_some(node *n, const change *c, uint64_t *random) {
    uint64_t choice = next_random(random) % 4;
    if (choice == 0) return;
    if (choice == 1 || !c->bytes) {
        apply_change(&n->durable, c);
        return;
    }
    uint64_t position = c->offset, end = c->offset + c->size;
    while (position < end) {
        uint64_t sector_end = (position / SECTOR + 1) * SECTOR;
        if (sector_end > end) sector_end = end;
        if (next_random(random) % 2)
            content_write(&n->durable, position, c->bytes + (position - c->offset), (size_t)(sector_end - position));
        position = sector_end;
    }
}

void faulty_disk_reboot(faulty_disk *disk, faulty_reboot how, uint64_t seed) {
    uint64_t random = seed;
    for (node *n = disk->files; n; n = n->next) {
        if (how == FAULTY_KILL) continue;
        if (how == FAULTY_POWER_CUT_TORN) {
            for (size_t i = 0; i < n->change_count; i++) keep_some(n, &n->changes[i], &random);
            /* A name made or deleted and not synced may have arrived all the same. */
            if (n->exists != n->exists_durably && next_random(&random) % 2) n->exists_durably = n->exists;
        }
        forget_changes(n);
        content_copy(&n->now, &n->durable);
        n->exists = n->exists_durably;
    }
    /* Of two files that had one name, one after the other, the newer stays. */
    for (node *n = disk->files; n; n = n->next)
        for (node *later = n->next; n->exists && later; later = later->next)
            if (later->exists && strcmp(n->name, later->name) == 0) n->exists = n->exists_durably = 0;
    disk->has_crashed = 0;
    disk->effect = FAULTY_NONE;
    disk->boot++;
}

/* Files at rest */

int64_t faulty_disk_size(const faulty_disk *disk, const char *name) {
    const node *n = find(disk, name);
    return n ? (int64_t)n->now.size : -1;
}

size_t faulty_disk_read(const faulty_disk *disk, const char *name, uint64_t offset, void *buffer, size_t count) {
    const node *n = find(disk, name);
    if (!n || offset >= n->now.size) return 0;
    size_t available = n->now.size - (size_t)offset;
    if (available < count) count = available;
    memcpy(buffer, n->now.bytes + offset, count);
    return count;
}

int faulty_disk_flip(faulty_disk *disk, const char *name, uint64_t offset, uint8_t mask) {
    node *n = find(disk, name);
    if (!n || offset >= n->now.size) return 0;
    n->now.bytes[offset] ^= mask;
    if (offset < n->durable.size) n->durable.bytes[offset] ^= mask;
    return 1;
}

int faulty_disk_put(faulty_disk *disk, const char *name, const void *bytes, size_t count) {
    node *n = find(disk, name);
    if (!n) n = add_node(disk, name);
    if (!n) return 0;
    forget_changes(n);
    n->exists_durably = 1;
    if (!content_resize(&n->now, count)) return 0;
    if (count) memcpy(n->now.bytes, bytes, count);
    return content_copy(&n->durable, &n->now);
}

int faulty_disk_rename(faulty_disk *disk, const char *name, const char *new_name) {
    node *n = find(disk, name);
    if (!n || find(disk, new_name)) return 0;
    char *copy = strdup(new_name);
    if (!copy) return 0;
    free(n->name);
    n->name = copy;
    return 1;
}

int faulty_disk_remove(faulty_disk *disk, const char *name) {
    node *n = find(disk, name);
    if (!n) return 0;
    n->exists = n->exists_durably = 0;
    return 1;
}

const char *faulty_disk_file(const faulty_disk *disk, size_t index) {
    for (const node *n = disk->files; n; n = n->next)
        if (n->exists && index-- == 0) return n->name;
    return NULL;
}

uint64_t faulty_disk_identity(const faulty_disk *disk, const char *name) {
    const node *n = find(disk, name);
    return n ? n->identity : 0;
}
