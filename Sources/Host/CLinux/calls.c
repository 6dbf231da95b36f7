#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int outrider_open(const char *path, int flags, unsigned mode) { return open(path, flags | O_CLOEXEC, mode); }

int outrider_open_at(int directory, const char *name, int flags, unsigned mode) {
    return openat(directory, name, flags | O_CLOEXEC, mode);
}

int outrider_enter(int directory, const char *name) {
    return openat(directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int outrider_rename_new(int old_directory, const char *old_name, int new_directory, const char *new_name) {
    int result = renameat2(old_directory, old_name, new_directory, new_name, RENAME_NOREPLACE);
    if (result == 0 || (errno != EINVAL && errno != ENOSYS)) return result;
    if (linkat(old_directory, old_name, new_directory, new_name, 0) != 0) return -1;
    return unlinkat(old_directory, old_name, 0);
}

int outrider_open_for_reading(const char *path) {
    const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int descriptor = open(path, flags | O_NOATIME);
    return descriptor >= 0 || errno != EPERM ? descriptor : open(path, flags);
}

int64_t outrider_seek_data(int descriptor, int64_t offset) { return lseek(descriptor, offset, SEEK_DATA); }

int outrider_inode_generation(int descriptor, uint32_t *generation) {
    // The request's number is made with `long`, but file systems write an `int`; room for both.
    long version = 0;
    if (ioctl(descriptor, FS_IOC_GETVERSION, &version) != 0) return -1;
    *generation = (uint32_t)version;
    return 0;
}

int outrider_terminal_size(int descriptor, int *columns, int *rows) {
    struct winsize size;
    int result = ioctl(descriptor, TIOCGWINSZ, &size);
    if (result == 0) {
        *columns = size.ws_col;
        *rows = size.ws_row;
    }
    return result;
}

int outrider_take_lease(int descriptor) {
    // The signal belongs to the open file, so no handler of the process is touched. Giving a lease back forgets it, so it
    // is set for each lease. The kernel falls back to SIGIO only for real-time signals whose queue is full.
    if (fcntl(descriptor, F_SETSIG, SIGURG) != 0) return -1;
    return fcntl(descriptor, F_SETLEASE, F_RDLCK);
}

int outrider_give_lease_back(int descriptor) {
    // A lease that is being broken shows what it is to become.
    int wanted = fcntl(descriptor, F_GETLEASE);
    int result;
    do result = fcntl(descriptor, F_SETLEASE, F_UNLCK);
    while (result != 0 && errno == EINTR);
    if (result == 0 && wanted != F_RDLCK) {
        errno = EAGAIN;
        return -1;
    }
    return result;
}

int outrider_punch_hole(int descriptor, int64_t offset, int64_t length) {
    return fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
}

int outrider_collapse_range(int descriptor, int64_t offset, int64_t length) {
    return fallocate(descriptor, FALLOC_FL_COLLAPSE_RANGE, offset, length);
}

// Through syscall(2): the functions came with glibc 2.36, the calls with Linux 5.1 and 5.3.
int outrider_open_process(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int outrider_signal_process(int descriptor, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0);
}

int outrider_name_thread(const char *name) { return pthread_setname_np(pthread_self(), name); }

uint32_t outrider_file_system_magic(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (uint32_t)status.f_type : 0;
}
