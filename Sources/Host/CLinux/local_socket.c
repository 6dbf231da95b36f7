#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int local_address(const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    size_t length = strlen(path);
    if (length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address->sun_path, path, length);
    return 0;
}

static int failed(int descriptor) {
    int number = errno;
    close(descriptor);
    errno = number;
    return -1;
}

int outrider_local_listen(const char *path) {
    struct sockaddr_un address;
    if (local_address(path, &address) != 0) return -1;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    // The name is made with the mode of the socket's own inode (less the umask), so there is no moment at which others may connect.
    if (fchmod(descriptor, S_IRUSR | S_IWUSR) != 0) return failed(descriptor);
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0) return failed(descriptor);
    if (listen(descriptor, 16) != 0) return failed(descriptor);
    return descriptor;
}

int outrider_local_connect(const char *path) {
    struct sockaddr_un address;
    if (local_address(path, &address) != 0) return -1;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    // Also bounds connect(2), which waits while the listener's queue is full.
    struct timeval patience = {.tv_sec = 5};
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) return failed(descriptor);
    return descriptor;
}

int outrider_local_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

int outrider_local_peer(int descriptor, uint32_t *user) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -1;
    *user = peer.uid;
    return 0;
}

int outrider_wait_ready(int descriptor, int writing, int milliseconds) {
    struct pollfd awaited = {.fd = descriptor, .events = writing ? POLLOUT : POLLIN};
    return poll(&awaited, 1, milliseconds);
}

long outrider_send(int descriptor, const void *bytes, size_t count) {
    return send(descriptor, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
}

long outrider_receive(int descriptor, void *buffer, size_t count) { return recv(descriptor, buffer, count, MSG_DONTWAIT); }
