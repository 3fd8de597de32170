/*===- weights.c - where a model's weights are ------------------------------------------------===
 *
 * A weights file is a safetensors file: 8 bytes, the header's size n; n bytes of JSON; the data,
 * aligned to 64 bytes: the weights, then an array of 64 bytes that is the model's alone. A page is
 * a multiple of 64 bytes, so the mapped weights are aligned too.
 *
 *===------------------------------------------------------------------------------------------===*/

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* dladdr1 */
#endif
#include "weights.h"
#include "intaglio/Runtime/model.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ID_BYTES = 64 };

/* The path of the file `name` in the folder of this artefact; 0 if it is too long or unknown. */
static int path_beside(const char *name, char *path, size_t capacity) {
  Dl_info info;
  struct link_map *map = NULL;
  if (!dladdr1(&intaglio_model_data, &info, (void **)&map, RTLD_DL_LINKMAP) || !info.dli_fname)
    return 0;
  const char *file = info.dli_fname;
  char program[PATH_MAX];
  /* Of a program, which has no name there, dladdr gives argv[0]: that need not be a path. */
  if (map && !map->l_name[0]) {
    ssize_t got = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (got > 0) {
      program[got] = 0;
      file = program;
    }
  }
  const char *slash = strrchr(file, '/');
  size_t folder = slash ? (size_t)(slash + 1 - file) : 0, length = strlen(name);
  if (folder + length + 1 > capacity)
    return 0;
  memcpy(path, file, folder);
  memcpy(path + folder, name, length + 1);
  return 1;
}

static int is_file_of(const intaglio_model_info *model, const uint8_t *file, size_t size) {
  uint64_t header = 0;
  size_t bytes = (size_t)model->weights_bytes;
  if (size < 8 + ID_BYTES + bytes)
    return 0;
  for (int i = 7; i >= 0; --i)
    header = header << 8 | file[i];
  return header == size - 8 - ID_BYTES - bytes && (8 + header) % INTAGLIO_ARENA_ALIGNMENT == 0 &&
         memcmp(file + size - ID_BYTES, model->weights_id, ID_BYTES) == 0;
}

intaglio_status intaglio_weights_open(const intaglio_model_info *model, intaglio_weights *weights) {
  *weights = (intaglio_weights){intaglio_model_weights, NULL, 0};
  if (!model->weights_file)
    return INTAGLIO_OK;
  char path[PATH_MAX];
  if (!path_beside(model->weights_file, path, sizeof(path)))
    return INTAGLIO_NO_WEIGHTS;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return INTAGLIO_NO_WEIGHTS;
  struct stat status;
  void *mapping = MAP_FAILED;
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
    mapping = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapping == MAP_FAILED)
    return INTAGLIO_NO_WEIGHTS;
  *weights = (intaglio_weights){NULL, mapping, (size_t)status.st_size};
  if (!is_file_of(model, mapping, weights->mapped)) {
    intaglio_weights_close(weights);
    return INTAGLIO_NO_WEIGHTS;
  }
  weights->data =
      (const uint8_t *)mapping + (weights->mapped - ID_BYTES - (size_t)model->weights_bytes);
  return INTAGLIO_OK;
}

void intaglio_weights_close(intaglio_weights *weights) {
  if (weights->mapping)
    munmap(weights->mapping, weights->mapped);
  weights->mapping = NULL;
}
