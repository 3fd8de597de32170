/*===- output.c - files that are whole or not there -------------------------------------------===*/

#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Writes all and closes; an errno, or 0. */
static int write_all(int file, const char *bytes, size_t size) {
  int code = 0;
  while (size > 0 && !code) {
    ssize_t written = write(file, bytes, size);
    if (written < 0 && errno != EINTR)
      code = errno;
    if (written > 0) {
      bytes += written;
      size -= (size_t)written;
    }
  }
  if (close(file) && !code)
    code = errno;
  return code;
}

/* Writes a new file beside `path` and renames it; an errno, or 0. */
static int replace(const char *path, const char *bytes, size_t size) {
  enum { MAX_TRIES = 100 };
  char temporary[PATH_MAX];
  int file = -1;
  for (int i = 0; file < 0 && i < MAX_TRIES; ++i) {
    int length = snprintf(temporary, sizeof(temporary), "%s.tmp-%ld-%d", path, (long)getpid(), i);
    if (length < 0 || length >= (int)sizeof(temporary))
      return ENAMETOOLONG;
    file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && errno != EEXIST)
      return errno;
  }
  if (file < 0)
    return EEXIST;
  int code = write_all(file, bytes, size);
  if (!code && rename(temporary, path))
    code = errno;
  if (code)
    unlink(temporary);
  return code;
}

int write_file(const char *path, const char *bytes, size_t size, text *problem) {
  struct stat status;
  int code;
  if (strcmp(path, "-") == 0) {
    fflush(stdout);
    int file = dup(STDOUT_FILENO);
    code = file < 0 ? errno : write_all(file, bytes, size);
  } else if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    code = file < 0 ? errno : write_all(file, bytes, size);
  } else {
    code = replace(path, bytes, size);
  }
  return code ? fail(problem, path, "%s", strerror(code)) : 0;
}
