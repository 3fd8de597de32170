/*===- program.h - the parts of the program around a model ------------------------------------===
 *
 * An executable is a model with this program linked to it: it does what intaglio-run does with a
 * library, in C over libc, minizip and zlib, so that nothing else is needed where it runs.
 *
 * Functions that can fail return 0, or -1 and a sentence in `problem`.
 *
 *===------------------------------------------------------------------------------------------===*/

#ifndef INTAGLIO_LIB_RUNTIME_PROGRAM_PROGRAM_H
#define INTAGLIO_LIB_RUNTIME_PROGRAM_PROGRAM_H

#include "intaglio/Runtime/abi.h"

#include <stddef.h>
#include <stdio.h>

/*===------------------------------------------------------------------------------------------===
 * Text
 *===------------------------------------------------------------------------------------------===*/

/* Text of bounded length; what is beyond is dropped. */
typedef struct text {
  char bytes[4096];
  size_t length;
} text;

/* Appends what printf would print. */
void append(text *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends sizes as "[1, 128]". */
void append_shape(text *to, int rank, const int64_t *shape);

/* Writes "'FILE': SENTENCE", or the sentence alone if there is no file, and returns -1. */
int fail(text *problem, const char *file, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prints a string of JSON with its quotes. */
void print_string(FILE *stream, const char *string);

/* Prints valid JSON with a line for each value, indented by two. */
void print_json(FILE *stream, const char *json);

/*===------------------------------------------------------------------------------------------===
 * Arrays and their files
 *===------------------------------------------------------------------------------------------===*/

enum { MAX_RANK = 32 };

/* Types of elements: the integers and f32 of abi.h first and by the same numbers, then what else
 * NumPy's files hold, of which only the names are used. */
typedef enum element_type {
  I8 = INTAGLIO_I8,
  I16 = INTAGLIO_I16,
  I32 = INTAGLIO_I32,
  I64 = INTAGLIO_I64,
  F32 = INTAGLIO_F32,
  BOOL,
  U8,
  U16,
  U32,
  U64,
  F16,
  F64,
  NUM_ELEMENT_TYPES
} element_type;

/* NumPy's name of a type: "int64". */
const char *type_name(element_type type);
int type_bytes(element_type type);

/* A dense, row-major, little-endian array. */
typedef struct array {
  char *name;
  element_type type;
  int rank;
  int64_t shape[MAX_RANK];
  int64_t bytes;
  char *data; /* aligned to 64 bytes */
} array;

typedef struct array_list {
  array *arrays;
  int count;
} array_list;

/* Bytes of an array of this type and shape, -1 if they do not fit 63 bits. */
int64_t array_bytes(const array *a);

/* Gives the array memory of at least one byte. Its elements are not set. */
int allocate(array *a, text *problem);

void free_arrays(array_list *list);

/* What a `.npy` text says before its data: fills type, rank, shape and bytes of `a`. `begin` are
 * the text's first bytes, `length` of them, and `label` is what errors call the text. The size of
 * the header, which ends where the data begin, goes to `header`. */
int read_npy_header(const char *begin, size_t length, const char *label, array *a, size_t *header,
                    text *problem);

enum { MAX_NPY_HEADER = 1024 };

/* Writes the header of `a` in version 1 of the format and returns its length, a multiple of 64. */
size_t write_npy_header(const array *a, char header[MAX_NPY_HEADER]);

/* Reads all arrays of a `.npz` file, as the compiler's own reader does: stored or deflated members
 * that end in `.npy`. Damaged members, two of one name and members above 16 GiB are refused. */
int read_npz(const char *path, array_list *list, text *problem);

/* Writes arrays as an uncompressed `.npz` with a fixed time stamp. */
int write_npz(const char *path, const array_list *list, text *problem);

/* Writes a file that appears under its name only when it is whole; "-" is standard output, and
 * what is there already and no plain file (a pipe, a device) is written to. */
int write_file(const char *path, const char *bytes, size_t size, text *problem);

/*===------------------------------------------------------------------------------------------===
 * The model's arguments
 *===------------------------------------------------------------------------------------------===*/

/* Arguments of intaglio_run. */
typedef struct arguments {
  int64_t *dims;
  const void **inputs; /* null where an optional one is missing */
  void **outputs;
  array_list results; /* the outputs as arrays */
  void *arena;
  int64_t arena_bytes;
} arguments;

/* Finds the model's sizes, checks names, types, shapes and elements of `given`, and makes outputs
 * and arena. `file` is where the arrays are from. */
int bind_arguments(const char *file, const array_list *given, int32_t threads, arguments *bound,
                   text *problem);

/* The sentence for a status that is not INTAGLIO_OK. */
int fail_status(text *problem, const char *file, intaglio_status status);

/*===------------------------------------------------------------------------------------------===
 * What the program prints
 *===------------------------------------------------------------------------------------------===*/

/* What was asked for; a file that was not given is null. */
typedef struct options {
  const char *inputs, *outputs, *json;
  unsigned threads, repeat, warmup;
  int info;
} options;

/* --info: prints inputs, outputs, target, sizes and proofs. */
void print_info(const char *program);

/* --json: writes latency, memory and shapes. `times` are those of the runs in ms, sorted. */
int write_measurement(const char *program, const options *o, const array_list *given,
                      const array_list *results, double load_ms, const double *times,
                      text *problem);

#endif /* INTAGLIO_LIB_RUNTIME_PROGRAM_PROGRAM_H */
