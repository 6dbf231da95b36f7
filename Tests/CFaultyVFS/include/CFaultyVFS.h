/*
 * A disk in memory for SQLite that fails, fills up, crashes and loses power on demand.
 *
 * Each disk is registered as an SQLite VFS under its own name. For every file it keeps what a reader sees now and what would
 * be there after a power cut, with the list of writes that were not yet synced. One thread at a time may use a disk.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct faulty_disk faulty_disk;

/* Operations that a fault can be aimed at; several are or-ed together. */
enum {
    FAULTY_READ = 1,
    FAULTY_WRITE = 2,
    FAULTY_SYNC = 4,
    FAULTY_TRUNCATE = 8,
    FAULTY_DELETE = 16,
    FAULTY_OPEN = 32,
    /* Everything that changes the disk or makes a change durable. */
    FAULTY_CHANGE = FAULTY_WRITE | FAULTY_SYNC | FAULTY_TRUNCATE | FAULTY_DELETE,
};

typedef enum {
    FAULTY_NONE = 0,
    /* SQLITE_IOERR of the operation's kind. A sync that fails drops what it should have made durable, as Linux does. */
    FAULTY_EIO = 1,
    /* SQLITE_FULL, nothing written. */
    FAULTY_ENOSPC = 2,
    /* The first half is written, then SQLITE_FULL. */
    FAULTY_SHORT_WRITE = 3,
    /* This operation and all after it fail until faulty_disk_reboot. */
    FAULTY_CRASH = 4,
    /* As FAULTY_CRASH, but the first half of a write is done. */
    FAULTY_CRASH_HALFWAY = 5,
} faulty_effect;

typedef enum {
    /* kill -9: all that was written is there. */
    FAULTY_KILL = 0,
    /* Power cut, all unsynced writes gone. */
    FAULTY_POWER_CUT_CLEAN = 1,
    /* Power cut, a random part of the unsynced writes kept, in any order, torn at 512-byte sectors. */
    FAULTY_POWER_CUT_TORN = 2,
} faulty_reboot;

/* Makes a disk and registers it; NULL when the name is taken or memory is short. The name is copied. */
faulty_disk *faulty_disk_create(const char *name);
/* All files must be closed. */
void faulty_disk_destroy(faulty_disk *disk);
const char *faulty_disk_name(const faulty_disk *disk);

/* The `nth` operation from now (1 is the next) of those in `operations` has the effect, and so have `repeats` - 1 after it. */
void faulty_disk_arm(faulty_disk *disk, int operations, faulty_effect effect, uint64_t nth, uint64_t repeats);
void faulty_disk_disarm(faulty_disk *disk);
/* How often an armed fault took place. */
uint64_t faulty_disk_faults(const faulty_disk *disk);
/* Operations of these kinds so far. */
uint64_t faulty_disk_count(const faulty_disk *disk, int operations);
/* Bytes written so far, all files together. */
uint64_t faulty_disk_bytes_written(const faulty_disk *disk);
/* Writes that would make the files together larger than this fail with SQLITE_FULL; UINT64_MAX is no limit. */
void faulty_disk_set_capacity(faulty_disk *disk, uint64_t bytes);
void faulty_disk_set_read_only(faulty_disk *disk, int is_read_only);
int faulty_disk_has_crashed(const faulty_disk *disk);
/* Comes up again. Files that were open stay dead. */
void faulty_disk_reboot(faulty_disk *disk, faulty_reboot how, uint64_t seed);

/* Files at rest. Sizes are -1 and results 0 where there is no such file or offset. */
int64_t faulty_disk_size(const faulty_disk *disk, const char *name);
size_t faulty_disk_read(const faulty_disk *disk, const char *name, uint64_t offset, void *buffer, size_t count);
int faulty_disk_flip(faulty_disk *disk, const char *name, uint64_t offset, uint8_t mask);
/* Replaces the content, durably, and makes the file when it is missing. */
int faulty_disk_put(faulty_disk *disk, const char *name, const void *bytes, size_t count);
int faulty_disk_rename(faulty_disk *disk, const char *name, const char *new_name);
int faulty_disk_remove(faulty_disk *disk, const char *name);
/* The name of the file with this index in the order of making; NULL behind the last. */
const char *faulty_disk_file(const faulty_disk *disk, size_t index);
/* Never the same for two files; 0 where there is none. */
uint64_t faulty_disk_identity(const faulty_disk *disk, const char *name);
