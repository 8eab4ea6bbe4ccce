/*
 * Included before each file of llama.cpp's RPC backend when llmbench compiles it (`-include`): the file that its server keeps
 * a tensor in, the one std::ofstream of the backend, is there whole or not at all. A name is the digest of what should be
 * inside and is never checked again, so that half a tensor, of a disk that was full or a server that was ended, would come
 * back as a whole one.
 */
#pragma once

/* Before the name changes below. */
#include <filesystem>
#include <fstream>

#include <string>

class llmbench_kept_tensor {
public:
    llmbench_kept_tensor(const std::filesystem::path & path, std::ios_base::openmode mode);
    ~llmbench_kept_tensor();
    llmbench_kept_tensor(const llmbench_kept_tensor &) = delete;
    llmbench_kept_tensor & operator=(const llmbench_kept_tensor &) = delete;

    void write(const char * data, std::streamsize size);

private:
    std::filesystem::path path;
    std::filesystem::path partial;
    int fd;
    /* errno of the first call that failed */
    int failure = 0;
};

/* The backend says std::ofstream. */
namespace std { using ::llmbench_kept_tensor; }
#define ofstream llmbench_kept_tensor
