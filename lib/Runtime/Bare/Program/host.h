/*===- host.h - what a program without C library asks of the system it stands on
 * ---------------===*/

#ifndef INTAGLIO_LIB_RUNTIME_BARE_PROGRAM_HOST_H
#define INTAGLIO_LIB_RUNTIME_BARE_PROGRAM_HOST_H

#include <stdint.h>

/* Memory that lasts until the program ends, aligned to 64 bytes; null if there is not as much. */
void *intaglio_host_memory(int64_t bytes);

/* Bytes of the input, all of `bytes` unless the input ends before; below 0: it cannot be read. */
int64_t intaglio_host_read(void *data, int64_t bytes);

/* Appends to the output; 0 if that fails. */
int intaglio_host_write(const void *data, int64_t bytes);

/* A message for people. */
void intaglio_host_say(const char *text);

/* The program: its arguments after its name. Returns its exit status. */
int intaglio_program(int32_t count, const char *const *arguments);

#endif /* INTAGLIO_LIB_RUNTIME_BARE_PROGRAM_HOST_H */
