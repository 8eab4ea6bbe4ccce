/* A tensor on disk gets its name when all of it is there. */
#include "keptTensor.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace {

/* Once: the disk is as full for the next tensor. llmbench shows lines that begin with its name. */
void tell(const std::filesystem::path & path, int failure) {
    static std::atomic<bool> told{false};
    if (told.exchange(true)) return;
    fprintf(stderr, "llmbench: tensors can't be kept in %s (%s): they will be sent again\n", path.parent_path().c_str(), strerror(failure));
}

} // namespace

llmbench_kept_tensor::llmbench_kept_tensor(const std::filesystem::path & path, std::ios_base::openmode)
    : path(path), partial(path.string() + ".part" + std::to_string(getpid())) {
    fd = open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) failure = errno;
}

void llmbench_kept_tensor::write(const char * data, std::streamsize size) {
    while (failure == 0 && size > 0) {
        const ssize_t written = ::write(fd, data, static_cast<size_t>(size));
        if (written < 0) {
            if (errno != EINTR) failure = errno;
            continue;
        }
        data += written;
        size -= written;
    }
}

llmbench_kept_tensor::~llmbench_kept_tensor() {
    /* A name that outlives a power cut, and its bytes don't, would be half a tensor too. */
    if (failure == 0 && fsync(fd) != 0) failure = errno;
    if (fd >= 0 && close(fd) != 0 && failure == 0) failure = errno;
    if (failure == 0 && rename(partial.c_str(), path.c_str()) != 0) failure = errno;
    if (failure == 0) return;
    unlink(partial.c_str());
    tell(path, failure);
}
