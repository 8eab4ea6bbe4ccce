/*
 * Included before each file of llama.cpp's RPC backend when llmbench compiles it (`-include`), so that its transport calls
 * what stands in sockets.cpp in place of the system, and the backend's source stays as it is. POSIX only: on Windows
 * llmbench doesn't compile the backend.
 */
#pragma once

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstddef>

int llmbench_accept(int fd, sockaddr * address, socklen_t * size);
int llmbench_connect(int fd, const sockaddr * address, socklen_t size);
ssize_t llmbench_send(int fd, const void * data, size_t size, int flags);
ssize_t llmbench_recv(int fd, void * data, size_t size, int flags);

/* Members of these names are renamed too, alike in each file. */
#define accept llmbench_accept
#define connect llmbench_connect
#define send llmbench_send
#define recv llmbench_recv
