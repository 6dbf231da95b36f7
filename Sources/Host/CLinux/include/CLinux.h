// What Swift cannot say to Linux: variadic calls, ioctl numbers that are macros, and one loop over bytes.
// Every function returns what the kernel returned; errno is the caller's to read.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

/// Writes to `ends` the offset behind each '\n' of `bytes`, ascending, and returns how many it wrote. Stops when
/// `capacity` is reached: the caller goes on from the last offset. `count` is at most UINT32_MAX.
size_t outrider_line_ends(const uint8_t *bytes, size_t count, uint32_t *ends, size_t capacity);

/// The same by memchr alone: the fallback, and what the fast ways are measured against.
size_t outrider_line_ends_portable(const uint8_t *bytes, size_t count, uint32_t *ends, size_t capacity);

/// open(2) with O_CLOEXEC added to `flags`.
int outrider_open(const char *path, int flags, unsigned mode);

/// openat(2) with O_CLOEXEC added to `flags`.
int outrider_open_at(int directory, const char *name, int flags, unsigned mode);

/// openat(2) of a directory that is no symbolic link, with O_PATH: only to go on from, which takes no right to read it.
int outrider_enter(int directory, const char *name);

/// renameat2(2) with RENAME_NOREPLACE. Where the kernel or the file system cannot, linkat(2) and unlinkat(2), between which the
/// file has both names. -1 with EEXIST when the new name is taken.
int outrider_rename_new(int old_directory, const char *old_name, int new_directory, const char *new_name);

/// open(2) for reading that never waits, takes no terminal and, where that is permitted (to the owner, and with
/// CAP_FOWNER), leaves no new access time.
int outrider_open_for_reading(const char *path);

/// lseek(2) with SEEK_DATA.
int64_t outrider_seek_data(int descriptor, int64_t offset);

/// FS_IOC_GETVERSION: the inode's generation. 0, or -1 with ENOTTY where the file system has none.
int outrider_inode_generation(int descriptor, uint32_t *generation);

/// Takes a read lease: 0 when no process has the file open for writing, -1 with EAGAIN when one has. Who opens it for
/// writing now waits (with O_NONBLOCK: is refused) until the lease is given back. That raises SIGURG here, which is
/// ignored unless somebody handles it, instead of SIGIO, which kills.
int outrider_take_lease(int descriptor);

/// Gives the lease back, at once and whatever happens: 0 when nobody wanted to write meanwhile, -1 with EAGAIN when
/// somebody did.
int outrider_give_lease_back(int descriptor);

/// TIOCGWINSZ: the characters of a terminal. -1 with ENOTTY where there is none.
int outrider_terminal_size(int descriptor, int *columns, int *rows);

/// fallocate(2) with FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE.
int outrider_punch_hole(int descriptor, int64_t offset, int64_t length);

/// fallocate(2) with FALLOC_FL_COLLAPSE_RANGE: takes whole blocks out of a file, and what is behind them moves up.
int outrider_collapse_range(int descriptor, int64_t offset, int64_t length);

/// pidfd_open(2): a descriptor that stands for a process, and for no other that gets its number later. ESRCH when there is none.
int outrider_open_process(int process);

/// pidfd_send_signal(2); with signal 0 only whether it could be sent.
int outrider_signal_process(int descriptor, int signal);

/// pthread_setname_np(3) for the calling thread; at most 15 bytes.
int outrider_name_thread(const char *name);

/// setpriority(2) and ioprio_set(2) for the calling thread alone: nice 19 and the idle class. 0, or -1 when one of the two was
/// refused; the other one then holds all the same.
int outrider_lower_thread(void);

/// What the calling thread has: getpriority(2), and the class and level of ioprio_get(2) (its class is in the bits from 13 on).
/// -1 with errno when the latter is refused.
int outrider_thread_priority(int *nice, int *io_priority);

/// How many processors the calling thread may run on (sched_getaffinity(2)); at least 1.
int outrider_usable_processors(void);

/// madvise(2) with MADV_DONTNEED on all parts of the loaded objects that nobody can write to (code, constants): they leave
/// this process's memory, stay in the page cache, and come back page by page as they are touched. For once after the start.
void outrider_release_read_only_pages(void);

/// malloc_trim(3) with nothing kept at the top.
void outrider_trim_heap(void);

/// f_type of statfs(2) for the file system that `path` lies on; 0 when it cannot be asked.
uint32_t outrider_file_system_magic(const char *path);

/// socket(2), bind(2) and listen(2): a local stream socket at `path`, which nobody but its owner may connect to (mode 0600).
/// -1 with ENAMETOOLONG when the path does not fit an address, -1 with EADDRINUSE when there is something.
int outrider_local_listen(const char *path);

/// socket(2) and connect(2) to a local stream socket.
int outrider_local_connect(const char *path);

/// accept4(2); -1 with EAGAIN when nobody waits.
int outrider_local_accept(int listener);

/// SO_PEERCRED: who is on the other side of a local stream socket. 0, or -1.
int outrider_local_peer(int descriptor, uint32_t *user);

/// Waits until a descriptor can be read (or, with `writing`, written): 1; 0 after `milliseconds`, -1 with errno.
int outrider_wait_ready(int descriptor, int writing, int milliseconds);

/// send(2) and recv(2) that neither wait nor raise SIGPIPE.
long outrider_send(int descriptor, const void *bytes, size_t count);
long outrider_receive(int descriptor, void *buffer, size_t count);
