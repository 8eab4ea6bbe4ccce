// What npm run bench:roofline holds llmbench's read and matmul against: the same work, written in C on the same
// libraries with weights that ggml quantizes itself.
//
//   roofline CPU_LIBRARY TYPE COLUMNS ROWS COUNT VECTORS
//
// One thread. Measures in bursts, as bursts.h says.
#define _DEFAULT_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bursts.h"
#include "largePages.h"
#include "ggml.h"
#include "ggml-alloc.h"
#include "ggml-backend.h"

static void fail(const char * what) {
    fprintf(stderr, "roofline: %s\n", what);
    exit(1);
}

static uint64_t state = 88172645463325252ull;

// Xorshift (Marsaglia, "Xorshift RNGs", 2003), three of them summed: near enough to a normal distribution.
static float normal(void) {
    float sum = 0;
    for (int i = 0; i < 3; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        sum += (float) (state >> 40) / (1 << 24) - 0.5f;
    }
    return 2 * sum;
}

static float * normals(size_t count, float deviation) {
    float * values = malloc(count * sizeof(float));
    if (values == NULL) fail("no memory");
    for (size_t i = 0; i < count; i++) values[i] = deviation * normal();
    return values;
}

// Weights whose blocks have scales that spread as those of trained ones do (src/gguf/blocks/scaleTable.ts): ggml turns
// an f16 scale to a float with a table on x86, and reads a matrix faster whose scales are all alike.
static float * trained(size_t count, float deviation, int64_t block) {
    float * values = normals(count, deviation);
    float spread = block >= 256 ? 0.23f : 0.33f;
    for (size_t first = 0; first < count; first += block) {
        float factor = expf(spread * normal());
        for (int64_t i = 0; i < block; i++) values[first + i] *= factor;
    }
    return values;
}

static enum ggml_type type_named(const char * name) {
    for (int type = 0; type < GGML_TYPE_COUNT; type++) {
        const char * known = ggml_type_name((enum ggml_type) type);
        if (known != NULL && strcasecmp(known, name) == 0) return (enum ggml_type) type;
    }
    fail("no such type");
    return GGML_TYPE_COUNT;
}

// The first of the CPU's own layouts that takes such a product, else plain memory, as llama.cpp chooses.
static ggml_backend_buffer_type_t place_of(ggml_backend_dev_t cpu, struct ggml_tensor * weights, struct ggml_tensor * product) {
    ggml_backend_dev_get_extra_bufts_t extras = (ggml_backend_dev_get_extra_bufts_t)
        ggml_backend_reg_get_proc_address(ggml_backend_dev_backend_reg(cpu), "ggml_backend_dev_get_extra_bufts");
    for (ggml_backend_buffer_type_t * list = extras == NULL ? NULL : extras(cpu); list != NULL && *list != NULL; list++) {
        weights->buffer = ggml_backend_buft_alloc_buffer(*list, 0);
        bool supported = ggml_backend_dev_supports_op(cpu, product);
        ggml_backend_buffer_free(weights->buffer);
        weights->buffer = NULL;
        if (supported) return *list;
    }
    return ggml_backend_dev_buffer_type(cpu);
}

// Weights that the CPU repacks lie in pages as llama.cpp gets them.
static void allocate(struct ggml_context * tensors, ggml_backend_buffer_type_t type) {
    ggml_backend_buffer_t buffer = ggml_backend_alloc_ctx_tensors_from_buft(tensors, type);
    if (buffer == NULL) fail("no memory");
    if (ggml_backend_buft_is_host(type))
        ask_for_large_pages(ggml_backend_buffer_get_base(buffer), ggml_backend_buffer_get_size(buffer));
}

struct computing {
    ggml_backend_t backend;
    struct ggml_cgraph * graph;
};

static void product_pass(void * work) {
    struct computing * computing = work;
    if (ggml_backend_graph_compute(computing->backend, computing->graph) != GGML_STATUS_SUCCESS) fail("a pass failed");
}

static void product(const char * library, const char * type_name, int64_t columns, int64_t rows, int count, int64_t vectors) {
    if (ggml_backend_load(library) == NULL) fail("the CPU backend doesn't load");
    ggml_backend_dev_t cpu = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    if (cpu == NULL) fail("no CPU backend");
    ggml_backend_t backend = ggml_backend_dev_init(cpu, NULL);
    ggml_backend_set_n_threads_t set_threads = (ggml_backend_set_n_threads_t)
        ggml_backend_reg_get_proc_address(ggml_backend_dev_backend_reg(cpu), "ggml_backend_set_n_threads");
    set_threads(backend, 1);

    enum ggml_type type = type_named(type_name);
    struct ggml_init_params params = { ggml_tensor_overhead() * (4 * count + 8) + ggml_graph_overhead(), NULL, true };
    struct ggml_context * weights = ggml_init(params);
    struct ggml_context * others = ggml_init(params);
    struct ggml_tensor * input = ggml_new_tensor_2d(others, GGML_TYPE_F32, columns, vectors);
    struct ggml_tensor ** matrices = calloc(count, sizeof(*matrices));
    struct ggml_tensor ** products = calloc(count, sizeof(*products));
    struct ggml_cgraph * graph = ggml_new_graph(others);
    for (int i = 0; i < count; i++) {
        matrices[i] = ggml_new_tensor_2d(weights, type, columns, rows);
        products[i] = ggml_mul_mat(others, matrices[i], input);
        ggml_build_forward_expand(graph, products[i]);
    }
    allocate(weights, place_of(cpu, matrices[0], products[0]));
    allocate(others, ggml_backend_dev_buffer_type(cpu));

    float * values = normals(columns * vectors, 1);
    ggml_backend_tensor_set(input, values, 0, ggml_nbytes(input));
    free(values);
    // To quantize takes long: rows come again, which no cache knows.
    int64_t drawn = rows < 64 ? rows : 64;
    size_t row_bytes = ggml_row_size(type, columns);
    char * blocks = malloc(rows * row_bytes);
    float * importance = malloc(columns * sizeof(float));
    for (int64_t i = 0; i < columns; i++) importance[i] = 1;
    for (int i = 0; i < count; i++) {
        values = trained(columns * drawn, 1 / sqrtf(columns), ggml_blck_size(type));
        ggml_quantize_chunk(type, values, blocks, 0, drawn, columns, importance);
        for (int64_t row = drawn; row < rows; row++)
            memcpy(blocks + row * row_bytes, blocks + (row - drawn) * row_bytes, row_bytes);
        ggml_backend_tensor_set(matrices[i], blocks, 0, ggml_nbytes(matrices[i]));
        free(values);
    }

    struct computing computing = { backend, graph };
    product_pass(&computing);
    answer_bursts(product_pass, &computing, 1);
}

int main(int argc, char ** argv) {
    if (argc != 7) fail("see the head of roofline.c");
    product(argv[1], argv[2], atoll(argv[3]), atoll(argv[4]), atoi(argv[5]), atoll(argv[6]));
    return 0;
}
