/*===- npy.c - NumPy's array files ------------------------------------------------------------===
 *
 * The format: "\x93NUMPY", two bytes of version, the size of the header (2 bytes in version 1, else
 * 4), the header, which is a Python dictionary such as
 *   {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
 * and then the elements. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 *===------------------------------------------------------------------------------------------===*/

#include "program.h"

#include <stdlib.h>
#include <string.h>

/*===------------------------------------------------------------------------------------------===
 * Arrays
 *===------------------------------------------------------------------------------------------===*/

static const struct {
  const char *description, *name;
  int bytes;
} types[NUM_ELEMENT_TYPES] = {
    [I8] = {"|i1", "int8", 1},    [I16] = {"<i2", "int16", 2},   [I32] = {"<i4", "int32", 4},
    [I64] = {"<i8", "int64", 8},  [F32] = {"<f4", "float32", 4}, [BOOL] = {"|b1", "bool", 1},
    [U8] = {"|u1", "uint8", 1},   [U16] = {"<u2", "uint16", 2},  [U32] = {"<u4", "uint32", 4},
    [U64] = {"<u8", "uint64", 8}, [F16] = {"<f2", "float16", 2}, [F64] = {"<f8", "float64", 8},
};

const char *type_name(element_type type) { return types[type].name; }
int type_bytes(element_type type) { return types[type].bytes; }

int64_t array_bytes(const array *a) {
  int64_t bytes = type_bytes(a->type);
  for (int i = 0; i < a->rank; ++i)
    if (__builtin_mul_overflow(bytes, a->shape[i], &bytes))
      return -1;
  return bytes;
}

int allocate(array *a, text *problem) {
  const int64_t alignment = 64;
  a->bytes = array_bytes(a);
  if (a->bytes >= 0 && a->bytes <= INT64_MAX - alignment)
    a->data = aligned_alloc((size_t)alignment, (size_t)((a->bytes / alignment + 1) * alignment));
  if (a->data)
    return 0;
  text shape = {0};
  append_shape(&shape, a->rank, a->shape);
  return fail(problem, NULL, "'%s' of shape %s does not fit the memory", a->name, shape.bytes);
}

void free_arrays(array_list *list) {
  for (int i = 0; i < list->count; ++i) {
    free(list->arrays[i].name);
    free(list->arrays[i].data);
  }
  free(list->arrays);
  *list = (array_list){0};
}

/*===------------------------------------------------------------------------------------------===
 * Reading the dictionary from left to right
 *===------------------------------------------------------------------------------------------===*/

/* What is left of the header, and which keys have been there. */
typedef struct parser {
  const char *at, *end;
  const char *label;
  array *a;
  int has_type, has_order, has_shape, fortran_order;
  text *problem;
} parser;

static void skip_spaces(parser *p) {
  while (p->at < p->end && *p->at == ' ')
    ++p->at;
}

static int take(parser *p, const char *token) {
  skip_spaces(p);
  size_t length = strlen(token);
  if ((size_t)(p->end - p->at) < length || memcmp(p->at, token, length) != 0)
    return 0;
  p->at += length;
  skip_spaces(p);
  return 1;
}

/* A quoted string: its begin, or null if there is none. */
static const char *take_string(parser *p, int *length) {
  skip_spaces(p);
  if (p->at == p->end || (*p->at != '\'' && *p->at != '"'))
    return NULL;
  const char *begin = p->at + 1, *end = memchr(begin, *p->at, (size_t)(p->end - begin));
  if (!end)
    return NULL;
  *length = (int)(end - begin);
  p->at = end + 1;
  return begin;
}

static int equals(const char *begin, int length, const char *word) {
  return (size_t)length == strlen(word) && memcmp(begin, word, (size_t)length) == 0;
}

static int parse_type(parser *p) {
  int length;
  const char *value = take_string(p, &length);
  if (!value)
    return fail(p->problem, p->label, "structured arrays are not supported");
  for (int i = 0; i < NUM_ELEMENT_TYPES; ++i) {
    const char *known = types[i].description;
    /* A single byte has no order: '|i1' may be written '<i1'. */
    int ordered = known[0] == '|' && length == 3 && value[0] == '<';
    if (equals(value, length, known) || (ordered && memcmp(value + 1, known + 1, 2) == 0)) {
      p->a->type = (element_type)i;
      p->has_type = 1;
      return 0;
    }
  }
  return fail(p->problem, p->label,
              "element type '%.*s' is not supported: expected booleans, integers or floats, "
              "little endian",
              length, value);
}

static int parse_order(parser *p) {
  p->has_order = 1;
  if (take(p, "False"))
    return 0;
  p->fortran_order = 1;
  return take(p, "True") ? 0
                         : fail(p->problem, p->label, "fortran_order is neither True nor False");
}

/* A decimal number of 63 bits, or -1. */
static int64_t take_size(parser *p) {
  const char *begin = p->at;
  int64_t size = 0;
  for (; p->at < p->end && *p->at >= '0' && *p->at <= '9'; ++p->at)
    if (__builtin_mul_overflow(size, 10, &size) ||
        __builtin_add_overflow(size, *p->at - '0', &size))
      return -1;
  return p->at > begin ? size : -1;
}

static int parse_shape(parser *p) {
  if (!take(p, "("))
    return fail(p->problem, p->label, "shape is not a tuple");
  while (!take(p, ")")) {
    int64_t size = take_size(p);
    if (size < 0)
      return fail(p->problem, p->label, "a size in shape is not a non-negative 64-bit integer");
    if (p->at < p->end && *p->at == 'L')
      ++p->at;
    if (p->a->rank == MAX_RANK)
      return fail(p->problem, p->label, "shape has more than %d dimensions", MAX_RANK);
    p->a->shape[p->a->rank++] = size;
    if (!take(p, ",") && (p->at == p->end || *p->at != ')'))
      return fail(p->problem, p->label, "expected ',' or ')' in shape");
  }
  p->has_shape = 1;
  return 0;
}

static int parse_value(parser *p, const char *key, int length) {
  if (equals(key, length, "descr") && !p->has_type)
    return parse_type(p);
  if (equals(key, length, "fortran_order") && !p->has_order)
    return parse_order(p);
  if (equals(key, length, "shape") && !p->has_shape)
    return parse_shape(p);
  return fail(p->problem, p->label, "unexpected or repeated key '%.*s'", length, key);
}

static int parse_dictionary(parser *p) {
  if (!take(p, "{"))
    return fail(p->problem, p->label, "expected '{' at the header's begin");
  while (!take(p, "}")) {
    int length;
    const char *key = take_string(p, &length);
    if (!key || !take(p, ":"))
      return fail(p->problem, p->label, "expected a quoted key and ':'");
    if (parse_value(p, key, length))
      return -1;
    if (!take(p, ",") && (p->at == p->end || *p->at != '}'))
      return fail(p->problem, p->label, "expected ',' or '}' after the value of '%.*s'", length,
                  key);
  }
  for (; p->at < p->end; ++p->at)
    if (*p->at != ' ' && *p->at != '\n')
      return fail(p->problem, p->label, "text after the header's dictionary");
  if (!p->has_type || !p->has_order || !p->has_shape)
    return fail(p->problem, p->label, "the header lacks one of descr, fortran_order and shape");
  return 0;
}

static const char magic[] = "\x93NUMPY";
enum { MAGIC_BYTES = 6, PREFIX_BYTES = MAGIC_BYTES + 2 };

int read_npy_header(const char *begin, size_t length, const char *label, array *a, size_t *header,
                    text *problem) {
  if (length < MAGIC_BYTES || memcmp(begin, magic, MAGIC_BYTES) != 0)
    return fail(problem, label, "not a .npy file: it does not begin with \\x93NUMPY");
  if (length < PREFIX_BYTES)
    return fail(problem, label, "truncated in the .npy header");
  unsigned version = (unsigned char)begin[MAGIC_BYTES];
  if (version < 1 || version > 3)
    return fail(problem, label, "expected .npy format version 1, 2 or 3, found %u", version);
  size_t size_bytes = version == 1 ? 2 : 4, text_bytes = 0;
  if (length - PREFIX_BYTES < size_bytes)
    return fail(problem, label, "truncated in the .npy header");
  for (size_t i = size_bytes; i > 0; --i)
    text_bytes = text_bytes << 8 | (unsigned char)begin[PREFIX_BYTES + i - 1];
  const char *at = begin + PREFIX_BYTES + size_bytes;
  if (text_bytes > (size_t)(begin + length - at))
    return fail(problem, label, "truncated: the .npy header has %zu bytes, found %zu", text_bytes,
                (size_t)(begin + length - at));
  parser p = {at, at + text_bytes, label, a, 0, 0, 0, 0, problem};
  if (parse_dictionary(&p))
    return -1;
  a->bytes = array_bytes(a);
  if (a->bytes < 0)
    return fail(problem, label, "the shape has too many elements");
  /* The order is the same for both conventions up to one dimension. */
  int wide = 0;
  for (int i = 0; i < a->rank; ++i)
    wide += a->shape[i] != 1;
  if (p.fortran_order && wide > 1)
    return fail(problem, label, "expected C order, found Fortran order");
  *header = (size_t)(at + text_bytes - begin);
  return 0;
}

size_t write_npy_header(const array *a, char header[MAX_NPY_HEADER]) {
  text dictionary = {0};
  append(&dictionary, "{'descr': '%s', 'fortran_order': False, 'shape': (",
         types[a->type].description);
  for (int i = 0; i < a->rank; ++i)
    append(&dictionary, "%s%lld", i ? ", " : "", (long long)a->shape[i]);
  append(&dictionary, a->rank == 1 ? ",), }" : "), }");
  size_t before = PREFIX_BYTES + 2, total = (before + dictionary.length + 1 + 63) / 64 * 64;
  memset(header, ' ', total);
  memcpy(header, magic, MAGIC_BYTES);
  header[MAGIC_BYTES] = 1;
  header[MAGIC_BYTES + 1] = 0;
  header[PREFIX_BYTES] = (char)((total - before) & 255);
  header[PREFIX_BYTES + 1] = (char)((total - before) >> 8);
  memcpy(header + before, dictionary.bytes, dictionary.length);
  header[total - 1] = '\n';
  return total;
}
