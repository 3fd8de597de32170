/*===- print.c - what the program says of its model and of a run ------------------------------===*/

#include "program.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/*===------------------------------------------------------------------------------------------===
 * --info
 *===------------------------------------------------------------------------------------------===*/

static void print_tensors(const char *title, int32_t count, const intaglio_tensor_info *tensors) {
  printf("%s:\n", title);
  for (const intaglio_tensor_info *tensor = tensors; tensor < tensors + count; ++tensor) {
    printf("  %s: %s [", tensor->name, type_name((element_type)tensor->dtype));
    for (int32_t i = 0; i < tensor->rank; ++i) {
      int64_t size = tensor->shape[i];
      if (size < 0)
        printf("%s%s", i ? ", " : "", intaglio_get_model_info()->dims[-1 - size].name);
      else
        printf("%s%lld", i ? ", " : "", (long long)size);
    }
    printf("]");
    if (tensor->has_range)
      printf(", %lld to %lld", (long long)tensor->low, (long long)tensor->high);
    printf(tensor->optional ? ", optional\n" : "\n");
  }
}

/* The arena for every dynamic dimension at its largest, or at 1 where it has no limit. */
static void print_arena(const char *program, const intaglio_model_info *model) {
  int64_t *dims = calloc((size_t)model->num_dims + 1, sizeof(*dims));
  if (!dims)
    return;
  printf("arena bytes:");
  for (int32_t i = 0; i < model->num_dims; ++i) {
    dims[i] = model->dims[i].max > 0 ? model->dims[i].max : 1;
    printf("%s%s %lld", i ? ", " : " ", model->dims[i].name, (long long)dims[i]);
  }
  printf(model->num_dims ? ": " : " ");
  int64_t bytes = intaglio_arena_bytes(dims, 1);
  text problem = {0};
  if (bytes >= 0)
    printf("%lld\n", (long long)bytes);
  else if (fail_status(&problem, program, (intaglio_status)-bytes))
    printf("unknown: %s\n", problem.bytes);
  free(dims);
}

/* The names in the list "boundary_functions" of the proofs, which our compiler wrote. */
static void print_boundary(const char *proofs) {
  static const char key[] = "\"boundary_functions\":[";
  printf("boundary functions:");
  const char *at = strstr(proofs, key);
  at = at ? at + strlen(key) : "";
  for (; *at && *at != ']'; ++at) {
    if (*at == ',' || at[-1] == '[')
      printf(" ");
    if (*at != ',' && *at != '"')
      printf("%c", *at);
  }
  printf("\n");
}

void print_info(const char *program) {
  const intaglio_model_info *model = intaglio_get_model_info();
  printf("artefact: %s\ntarget: %s\ninstruction sets: %s\n", program, model->target, model->isa);
  print_tensors("inputs", model->num_inputs, model->inputs);
  print_tensors("outputs", model->num_outputs, model->outputs);
  printf("weights bytes: %lld", (long long)model->weights_bytes);
  if (model->weights_file)
    printf(", in %s", model->weights_file);
  printf("\n");
  print_arena(program, model);
  print_boundary(model->proofs);
  printf("host program: reads, checks and writes arrays; linked after the proofs, which do not "
         "cover it, and may use floats\n");
  printf("proofs: ");
  print_json(stdout, model->proofs);
  printf("\n");
}

/*===------------------------------------------------------------------------------------------===
 * --json
 *===------------------------------------------------------------------------------------------===*/

/* An object of arrays by name. */
static void print_arrays(FILE *stream, const array_list *list) {
  fprintf(stream, "{");
  for (int i = 0; i < list->count; ++i) {
    const array *a = &list->arrays[i];
    text shape = {0};
    for (int axis = 0; axis < a->rank; ++axis)
      append(&shape, "%s%lld", axis ? "," : "", (long long)a->shape[axis]);
    fprintf(stream, i ? "," : "");
    print_string(stream, a->name);
    fprintf(stream, ":{\"dtype\":\"%s\",\"shape\":[%s]}", type_name(a->type), shape.bytes);
  }
  fprintf(stream, "}");
}

/* The smallest value that `percent` of the sorted values do not exceed. */
static double percentile(const double *sorted, unsigned count, unsigned percent) {
  uint64_t rank = ((uint64_t)count * percent + 99) / 100;
  return sorted[rank > 0 ? rank - 1 : 0];
}

static void print_measurement(FILE *stream, const char *program, const options *o,
                              const array_list *given, const array_list *results, double load_ms,
                              const double *times) {
  struct rusage usage = {0};
  getrusage(RUSAGE_SELF, &usage);
  unsigned middle = o->repeat / 2;
  double median = o->repeat % 2 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
  fprintf(stream, "{\"artefact\":");
  print_string(stream, program);
  fprintf(stream, ",\"inputs\":");
  print_arrays(stream, given);
  fprintf(stream, ",\"latency_ms\":{\"median\":%.17g,\"min\":%.17g,\"p99\":%.17g}", median,
          times[0], percentile(times, o->repeat, 99));
  fprintf(stream, ",\"load_ms\":%.17g,\"outputs\":", load_ms);
  print_arrays(stream, results);
  fprintf(stream, ",\"peak_rss_bytes\":%lld,\"repeat\":%u,\"system\":\"intaglio\",\"target\":",
          (long long)usage.ru_maxrss * 1024, o->repeat);
  print_string(stream, intaglio_get_model_info()->target);
  fprintf(stream, ",\"threads\":%u}", o->threads);
}

int write_measurement(const char *program, const options *o, const array_list *given,
                      const array_list *results, double load_ms, const double *times,
                      text *problem) {
  char *compact = NULL, *bytes = NULL;
  size_t compact_size = 0, size = 0;
  FILE *first = open_memstream(&compact, &compact_size), *second = NULL;
  int status = -1;
  if (first) {
    print_measurement(first, program, o, given, results, load_ms, times);
    status = fclose(first);
  }
  if (!status && (second = open_memstream(&bytes, &size))) {
    print_json(second, compact);
    fputc('\n', second);
    status = fclose(second);
  }
  if (status || !second)
    status = fail(problem, o->json, "out of memory");
  else
    status = write_file(o->json, bytes, size, problem);
  free(compact);
  free(bytes);
  return status;
}
