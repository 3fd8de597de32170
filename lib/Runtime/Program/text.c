/*===- text.c - sentences and JSON ------------------------------------------------------------===*/

#include "program.h"

#include <stdarg.h>

static void append_list(text *to, const char *format, va_list list) {
  size_t room = sizeof(to->bytes) - to->length;
  int length = vsnprintf(to->bytes + to->length, room, format, list);
  if (length > 0)
    to->length += (size_t)length < room ? (size_t)length : room - 1;
}

void append(text *to, const char *format, ...) {
  va_list list;
  va_start(list, format);
  append_list(to, format, list);
  va_end(list);
}

void append_shape(text *to, int rank, const int64_t *shape) {
  append(to, "[");
  for (int i = 0; i < rank; ++i)
    append(to, "%s%lld", i ? ", " : "", (long long)shape[i]);
  append(to, "]");
}

int fail(text *problem, const char *file, const char *format, ...) {
  problem->length = 0;
  if (file)
    append(problem, "'%s': ", file);
  va_list list;
  va_start(list, format);
  append_list(problem, format, list);
  va_end(list);
  return -1;
}

void print_string(FILE *stream, const char *string) {
  fputc('"', stream);
  for (const unsigned char *c = (const unsigned char *)string; *c; ++c) {
    if (*c < 0x20)
      fprintf(stream, "\\u%04x", *c);
    else
      fprintf(stream, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
  }
  fputc('"', stream);
}

static void new_line(FILE *stream, int depth) { fprintf(stream, "\n%*s", 2 * depth, ""); }

void print_json(FILE *stream, const char *json) {
  int depth = 0, quoted = 0;
  for (const char *c = json; *c; ++c) {
    int opens = !quoted && (*c == '{' || *c == '['), closes = !quoted && (*c == '}' || *c == ']');
    if (*c == '"' || (quoted && *c == '\\' && c[1])) {
      quoted ^= *c == '"';
      if (*c == '\\')
        fputc(*c++, stream);
    }
    /* Nothing stands in empty braces. */
    if (closes && c[-1] != '{' && c[-1] != '[')
      new_line(stream, depth - 1);
    depth += opens - closes;
    fputc(*c, stream);
    if ((opens && c[1] != '}' && c[1] != ']') || (!quoted && *c == ','))
      new_line(stream, depth);
    if (!quoted && *c == ':')
      fputc(' ', stream);
  }
}
