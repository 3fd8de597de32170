/*===- main.c - a model as a program ----------------------------------------------------------===*/

#include "program.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] =
    "A model, compiled by Intaglio: runs on arrays\n"
    "\n"
    "USAGE: %s --inputs=IN.npz [options]\n"
    "\n"
    "OPTIONS:\n"
    "  --inputs=FILE  Arrays by input name (.npz)\n"
    "  --outputs=FILE Where the outputs go (.npz)\n"
    "  --threads=N    Threads that run the model (default 1)\n"
    "  --repeat=N     Measured runs (default 1)\n"
    "  --warmup=N     Runs before those that are measured (default 0)\n"
    "  --json=FILE    Print latency, memory and shapes ('-': to stdout)\n"
    "  --info         Print what is inside: inputs, outputs, target, sizes, proofs\n"
    "  --help         Print this\n";

/*===------------------------------------------------------------------------------------------===
 * The command line
 *===------------------------------------------------------------------------------------------===*/

enum { INPUTS, OUTPUTS, THREADS, REPEAT, WARMUP, JSON, INFO, HELP, NUM_OPTIONS };

static const struct option known[] = {{"inputs", required_argument, NULL, INPUTS},
                                      {"outputs", required_argument, NULL, OUTPUTS},
                                      {"threads", required_argument, NULL, THREADS},
                                      {"repeat", required_argument, NULL, REPEAT},
                                      {"warmup", required_argument, NULL, WARMUP},
                                      {"json", required_argument, NULL, JSON},
                                      {"info", no_argument, NULL, INFO},
                                      {"help", no_argument, NULL, HELP},
                                      {NULL, 0, NULL, 0}};

static int parse_number(int option, unsigned *number, text *problem) {
  char *end = optarg;
  errno = 0;
  unsigned long value = optarg[0] >= '0' && optarg[0] <= '9' ? strtoul(optarg, &end, 0) : 0;
  if (end == optarg || *end || errno || value > UINT_MAX)
    return fail(problem, NULL, "for the --%s option: '%s' value invalid for uint argument!",
                known[option].name, optarg);
  *number = (unsigned)value;
  return 0;
}

static int set_option(int option, options *o, text *problem) {
  switch (option) {
  case INPUTS:
    o->inputs = optarg;
    return 0;
  case OUTPUTS:
    o->outputs = optarg;
    return 0;
  case THREADS:
    return parse_number(option, &o->threads, problem);
  case REPEAT:
    return parse_number(option, &o->repeat, problem);
  case WARMUP:
    return parse_number(option, &o->warmup, problem);
  case JSON:
    o->json = optarg;
    return 0;
  default:
    o->info |= option == INFO;
    return 0;
  }
}

/* What is wrong with values that can be read. */
static int check_options(const options *o, const int given[NUM_OPTIONS], text *problem) {
  for (int i = 0; o->info && i < INFO; ++i)
    if (given[i])
      return fail(problem, NULL, "--%s has no meaning with --info", known[i].name);
  if (o->threads < 1 || o->threads > 1024)
    return fail(problem, NULL, "expected --threads in 1 ... 1024, found %u", o->threads);
  if (o->repeat < 1)
    return fail(problem, NULL, "expected --repeat of 1 or more");
  if (!o->info && (!o->inputs || !*o->inputs))
    return fail(problem, NULL, "expected --inputs=FILE");
  return 0;
}

/* Reads the command line; `help` is set where only help was asked for. */
static int read_options(int argc, char **argv, options *o, int *help, text *problem) {
  int given[NUM_OPTIONS] = {0}, option;
  opterr = 0;
  while ((option = getopt_long_only(argc, argv, ":", known, NULL)) != -1) {
    const char *word = argv[optind - 1];
    if (option == ':')
      return fail(problem, NULL, "'%s' needs a value", word);
    if (option == '?')
      return fail(problem, NULL, "unknown option '%s': try --help", word);
    if (given[option]++)
      return fail(problem, NULL, "--%s is given twice", known[option].name);
    if (set_option(option, o, problem))
      return -1;
  }
  *help = given[HELP];
  if (*help)
    return 0;
  if (optind < argc)
    return fail(problem, NULL, "expected options only, found '%s': arrays come by --inputs=FILE",
                argv[optind]);
  return check_options(o, given, problem);
}

/*===------------------------------------------------------------------------------------------===
 * The run
 *===------------------------------------------------------------------------------------------===*/

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static int compare_times(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Runs that are not measured, then those that are; `times` in ms, sorted. */
static int run_all(const char *program, const options *o, intaglio_context *context,
                   const arguments *bound, double *times, text *problem) {
  for (uint64_t i = 0; i < (uint64_t)o->warmup + o->repeat; ++i) {
    double begin = milliseconds();
    intaglio_status status = intaglio_run(context, bound->dims, bound->inputs, bound->outputs,
                                          bound->arena, bound->arena_bytes);
    if (status != INTAGLIO_OK)
      return fail_status(problem, program, status);
    if (i >= o->warmup)
      times[i - o->warmup] = milliseconds() - begin;
  }
  qsort(times, o->repeat, sizeof(*times), compare_times);
  return 0;
}

static int run_on(const char *program, const options *o, const array_list *given, arguments *bound,
                  double *times, text *problem) {
  intaglio_context *context = NULL;
  double begin = milliseconds();
  intaglio_status created = intaglio_context_create((int32_t)o->threads, &context);
  if (created != INTAGLIO_OK)
    return fail_status(problem, program, created);
  double load_ms = milliseconds() - begin;
  int status = bind_arguments(o->inputs, given, (int32_t)o->threads, bound, problem);
  if (!status)
    status = run_all(program, o, context, bound, times, problem);
  intaglio_context_destroy(context);
  if (!status && o->outputs && *o->outputs)
    status = write_npz(o->outputs, &bound->results, problem);
  if (!status && o->json && *o->json)
    status = write_measurement(program, o, given, &bound->results, load_ms, times, problem);
  return status;
}

static int run(const char *program, const options *o, text *problem) {
  array_list given = {0};
  arguments bound = {0};
  double *times = calloc(o->repeat, sizeof(*times));
  int status = times ? read_npz(o->inputs, &given, problem)
                     : fail(problem, NULL, "no memory for the times of %u runs", o->repeat);
  if (!status)
    status = run_on(program, o, &given, &bound, times, problem);
  free(times);
  free_arrays(&given);
  free_arrays(&bound.results);
  free(bound.dims);
  free(bound.inputs);
  free(bound.outputs);
  free(bound.arena);
  return status;
}

int main(int argc, char **argv) {
  options o = {.threads = 1, .repeat = 1};
  text problem = {0};
  const char *program = argc > 0 ? argv[0] : "model";
  int help = 0, status = read_options(argc, argv, &o, &help, &problem);
  if (!status && help)
    printf(usage, program);
  else if (!status && o.info)
    print_info(program);
  else if (!status)
    status = run(program, &o, &problem);
  if (!status && (fflush(stdout) || ferror(stdout)))
    status = fail(&problem, NULL, "standard output: %s", strerror(errno));
  if (!status)
    return 0;
  const char *name = strrchr(program, '/');
  fprintf(stderr, "%s: error: %s\n", name ? name + 1 : program, problem.bytes);
  return 1;
}
