#define _GNU_SOURCE
#include "CLinux.h"
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

// A segment that is not writable is mapped privately and never written to (there are no text relocations), so that
// what is dropped can always be read from the file again. Relocated constants lie in writable segments (elf(5)).
static int release(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size;
    (void)unused;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (size_t index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[index];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0) continue;
        const uintptr_t begin = object->dlpi_addr + segment->p_vaddr;
        // Whole pages only: the first and the last may be shared with a segment that is writable.
        const uintptr_t first = (begin + page - 1) & ~(page - 1);
        const uintptr_t end = (begin + segment->p_memsz) & ~(page - 1);
        // It is advice: where it is refused, nothing has changed.
        if (first < end) (void)madvise((void *)first, end - first, MADV_DONTNEED);
    }
    return 0;
}

void outrider_release_read_only_pages(void) { (void)dl_iterate_phdr(release, NULL); }

void outrider_trim_heap(void) { (void)malloc_trim(0); }
