/*
 * The socket calls of llama.cpp's RPC backend as llmbench compiles it:
 *  - accept: a peer that isn't allowed is closed before a byte of it is read;
 *  - accept: a peer that says nothing doesn't keep others out;
 *  - accept, connect: a peer that went silently ends the connection within half a minute, in place of never;
 *  - send, recv: messages, turns and bytes are counted, an atomic addition each.
 */
#include "sockets.h"

/* Here the system's own are meant. */
#undef accept
#undef connect
#undef send
#undef recv

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <poll.h>

namespace {

/* Peers that accept lets in: addresses whose masked bits are these, in host order. None is set: all are. */
struct allowed_net { uint32_t address; uint32_t mask; };
constexpr size_t max_allowed = 64;
allowed_net allowed[max_allowed];
std::atomic<size_t> allowed_count{0};

/* Since the library was loaded, of all connections. A message begins with its command, a byte that is sent alone. */
std::atomic<uint64_t> messages{0};
/* How often a connection turned from sending to waiting for an answer. */
std::atomic<uint64_t> turns{0};
std::atomic<uint64_t> sent_bytes{0};
std::atomic<uint64_t> received_bytes{0};

/* Each connection has a thread of its own, on both sides. */
thread_local bool sent_last = false;

bool is_allowed(int fd) {
    const size_t count = allowed_count.load(std::memory_order_acquire);
    if (count == 0) return true;
    sockaddr_in peer = {};
    socklen_t size = sizeof(peer);
    if (getpeername(fd, reinterpret_cast<sockaddr *>(&peer), &size) != 0 || peer.sin_family != AF_INET) return false;
    const uint32_t address = ntohl(peer.sin_addr.s_addr);
    for (size_t i = 0; i < count; i++) {
        if ((address & allowed[i].mask) == allowed[i].address) return true;
    }
    return false;
}

/* Who has something to say begins with it. */
bool says_something(int fd) {
    const int patience_ms = 5000;
    pollfd peer = {fd, POLLIN, 0};
    return poll(&peer, 1, patience_ms) != 0;
}

/* Ten seconds of silence, then three questions five seconds apart. */
void keep_alive(int fd) {
    const int on = 1, idle = 10, interval = 5, questions = 3;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
#ifdef __APPLE__
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPALIVE, &idle, sizeof(idle));
#else
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
#endif
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &questions, sizeof(questions));
#ifdef TCP_USER_TIMEOUT
    /* What was sent and is not acknowledged gives up as soon, in ms. */
    const unsigned int unacknowledged = 25000;
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged, sizeof(unacknowledged));
#endif
}

} // namespace

ssize_t llmbench_send(int fd, const void * data, size_t size, int flags) {
#ifdef MSG_NOSIGNAL
    flags |= MSG_NOSIGNAL;
#endif
    const ssize_t sent = ::send(fd, data, size, flags);
    if (sent > 0) {
        sent_bytes.fetch_add(static_cast<uint64_t>(sent), std::memory_order_relaxed);
        if (size == 1) messages.fetch_add(1, std::memory_order_relaxed);
        sent_last = true;
    }
    return sent;
}

ssize_t llmbench_recv(int fd, void * data, size_t size, int flags) {
    if (sent_last) {
        turns.fetch_add(1, std::memory_order_relaxed);
        sent_last = false;
    }
    const ssize_t received = ::recv(fd, data, size, flags);
    if (received > 0) received_bytes.fetch_add(static_cast<uint64_t>(received), std::memory_order_relaxed);
    return received;
}

int llmbench_accept(int fd, sockaddr * address, socklen_t * size) {
    for (;;) {
        const int peer = ::accept(fd, address, size);
        if (peer < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
        if (peer < 0) return peer;
        if (is_allowed(peer) && says_something(peer)) {
            keep_alive(peer);
            return peer;
        }
        ::close(peer);
    }
}

int llmbench_connect(int fd, const sockaddr * address, socklen_t size) {
    keep_alive(fd);
    return ::connect(fd, address, size);
}

extern "C" {

/* 0 where the list is full. Addresses and masks in host order. */
__attribute__((visibility("default"))) int llmbench_rpc_allow(uint32_t address, uint32_t mask) {
    const size_t count = allowed_count.load();
    if (count == max_allowed) return 0;
    allowed[count] = {address & mask, mask};
    allowed_count.store(count + 1, std::memory_order_release);
    return 1;
}

/* messages, turns, bytes sent, bytes received */
__attribute__((visibility("default"))) void llmbench_rpc_traffic(uint64_t * four) {
    four[0] = messages.load();
    four[1] = turns.load();
    four[2] = sent_bytes.load();
    four[3] = received_bytes.load();
}

} // extern "C"

