#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <linux/ioprio.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// For Linux a thread is what POSIX calls a process, and 0 is the one that calls (setpriority(2), "C library/kernel differences").

int outrider_lower_thread(void) {
    int processor = setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 19);
    long disk = syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0));
    return processor == 0 && disk == 0 ? 0 : -1;
}

int outrider_thread_priority(int *nice, int *io_priority) {
    *nice = getpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid));
    long disk = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);
    if (disk < 0) return -1;
    *io_priority = (int)disk;
    return 0;
}

int outrider_usable_processors(void) {
    cpu_set_t set;
    // A set of 1,024 processors is refused on a machine that has more of them; that is more than anybody asks for.
    if (sched_getaffinity(0, sizeof set, &set) != 0) return errno == EINVAL ? CPU_SETSIZE : 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
}
