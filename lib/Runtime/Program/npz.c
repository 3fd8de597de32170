/*===- npz.c - NumPy's archives of arrays -----------------------------------------------------===*/

#include "program.h"

#include <minizip/unzip.h>
#include <minizip/zip.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/*===------------------------------------------------------------------------------------------===
 * Reading
 *===------------------------------------------------------------------------------------------===*/

enum {
  MAX_NAME_BYTES = 65536,  /* a zip file has no longer ones */
  BEGIN_BYTES = 65536 + 16 /* hold any header of `.npy` version 1 */
};
static const uint64_t MAX_MEMBER_BYTES = (uint64_t)16 << 30;

/* One member of an archive. */
typedef struct member {
  unzFile archive;
  const char *label; /* "data.npz[input_ids.npy]" */
  text *problem;
} member;

static const char *describe(int code) {
  switch (code) {
  case UNZ_CRCERROR:
    return "CRC error";
  case UNZ_BADZIPFILE:
    return "damaged, or compressed by an unknown method";
  case UNZ_ERRNO:
    return "cannot be read";
  default:
    return "damaged";
  }
}

/* Fills `into`. */
static int read_bytes(const member *m, char *into, uint64_t size) {
  while (size > 0) {
    unsigned piece = size < 1u << 24 ? (unsigned)size : 1u << 24;
    int got = unzReadCurrentFile(m->archive, into, piece);
    if (got < 0)
      return fail(m->problem, m->label, "%s", describe(got));
    if (got == 0)
      return fail(m->problem, m->label, "truncated: %llu bytes are missing",
                  (unsigned long long)size);
    into += got;
    size -= (uint64_t)got;
  }
  return 0;
}

/* Reads the open member, which has `size` bytes by the archive's directory. */
static int read_array(const member *m, uint64_t size, array *a) {
  char *begin = malloc(BEGIN_BYTES);
  if (!begin)
    return fail(m->problem, m->label, "out of memory");
  size_t known = size < BEGIN_BYTES ? (size_t)size : BEGIN_BYTES, header = 0;
  int status = read_bytes(m, begin, known);
  if (!status)
    status = read_npy_header(begin, known, m->label, a, &header, m->problem);
  if (!status && (uint64_t)a->bytes != size - header)
    status = fail(m->problem, m->label, "the shape and type need %lld bytes of data, found %llu",
                  (long long)a->bytes, (unsigned long long)(size - header));
  if (!status)
    status = allocate(a, m->problem);
  if (!status) {
    memcpy(a->data, begin + header, known - header);
    status = read_bytes(m, a->data + (known - header), size - known);
  }
  free(begin);
  return status;
}

/* Appends an array without a name or data. */
static array *add(array_list *list) {
  array *grown = realloc(list->arrays, ((size_t)list->count + 1) * sizeof(array));
  if (!grown)
    return NULL;
  list->arrays = grown;
  grown[list->count] = (array){0};
  return &grown[list->count++];
}

/* Reads the current member, which is called `name`, a buffer that this function changes. */
static int read_member(const member *m, const unz_file_info64 *info, char *name, array_list *list) {
  size_t length = strlen(name);
  if (length != info->size_filename || length < 4 || strcmp(name + length - 4, ".npy") != 0)
    return fail(m->problem, m->label, "expected members that end in .npy");
  name[length - 4] = 0;
  for (int i = 0; i < list->count; ++i)
    if (strcmp(list->arrays[i].name, name) == 0)
      return fail(m->problem, m->label, "the archive holds this name twice");
  if (info->flag & 1)
    return fail(m->problem, m->label, "encrypted");
  if (info->uncompressed_size > MAX_MEMBER_BYTES)
    return fail(m->problem, m->label, "%llu bytes are above the limit of 16 GiB",
                (unsigned long long)info->uncompressed_size);
  char *copy = strdup(name);
  array *a = copy ? add(list) : NULL;
  if (!a) {
    free(copy);
    return fail(m->problem, m->label, "out of memory");
  }
  a->name = copy;
  int code = unzOpenCurrentFile(m->archive);
  if (code != UNZ_OK)
    return fail(m->problem, m->label, "%s", describe(code));
  int status = read_array(m, info->uncompressed_size, a);
  /* Where all has been read, the checksum is tested now. */
  code = unzCloseCurrentFile(m->archive);
  if (!status && code != UNZ_OK)
    status = fail(m->problem, m->label, "%s", describe(code));
  return status;
}

/* Reads all members; `name` has room for any name. */
static int read_members(unzFile archive, const char *path, char *name, array_list *list,
                        text *problem) {
  int code = unzGoToFirstFile(archive);
  for (; code == UNZ_OK; code = unzGoToNextFile(archive)) {
    unz_file_info64 info;
    code = unzGetCurrentFileInfo64(archive, &info, name, MAX_NAME_BYTES, NULL, 0, NULL, 0);
    if (code != UNZ_OK)
      break;
    name[info.size_filename < MAX_NAME_BYTES ? info.size_filename : MAX_NAME_BYTES - 1] = 0;
    text label = {0};
    append(&label, "%s[%s]", path, name);
    member m = {archive, label.bytes, problem};
    if (read_member(&m, &info, name, list))
      return -1;
  }
  if (code != UNZ_END_OF_LIST_OF_FILE)
    return fail(problem, path, "not a readable .npz file: its directory is damaged");
  return 0;
}

/* True where the archive's last record, with its comment, ends the file. */
static int ends_with_directory(const char *path, const unz_global_info64 *info) {
  enum { RECORD_BYTES = 22 };
  char record[4] = {0};
  FILE *file = fopen(path, "rb");
  if (!file)
    return 0;
  int ends = fseeko(file, -(off_t)(RECORD_BYTES + info->size_comment), SEEK_END) == 0 &&
             fread(record, 1, sizeof(record), file) == sizeof(record) &&
             memcmp(record, "PK\5\6", sizeof(record)) == 0;
  fclose(file);
  return ends;
}

int read_npz(const char *path, array_list *list, text *problem) {
  struct stat status;
  if (stat(path, &status))
    return fail(problem, path, "not a readable .npz file: %s", strerror(errno));
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
    return fail(problem, path, "not a regular file");
  size_t length = strlen(path);
  if (S_ISDIR(status.st_mode) || (length >= 4 && strcmp(path + length - 4, ".npy") == 0))
    return fail(problem, path, "expected a .npz file, which is all that this program reads");
  unzFile archive = unzOpen64(path);
  if (!archive)
    return fail(problem, path, "not a readable .npz file: not a zip archive, or damaged");
  unz_global_info64 info;
  char *name = malloc(MAX_NAME_BYTES);
  int result;
  if (!name)
    result = fail(problem, path, "out of memory");
  else if (unzGetGlobalInfo64(archive, &info) != UNZ_OK || !ends_with_directory(path, &info))
    result = fail(problem, path, "not a readable .npz file: the archive does not end the file");
  else
    result = info.number_entry ? read_members(archive, path, name, list, problem) : 0;
  free(name);
  unzClose(archive);
  return result;
}

/*===------------------------------------------------------------------------------------------===
 * Writing
 *===------------------------------------------------------------------------------------------===*/

/* A flag of members: their names are UTF-8. */
enum { UTF8_NAMES = 1 << 11 };

/* minizip opens what is in `opaque`, a stream. */
static void *open_stream(void *opaque, const void *name, int mode) { return opaque; }

static int write_bytes(zipFile archive, const char *bytes, int64_t size) {
  while (size > 0) {
    unsigned piece = size < 1 << 24 ? (unsigned)size : 1u << 24;
    if (zipWriteInFileInZip(archive, bytes, piece) != ZIP_OK)
      return -1;
    bytes += piece;
    size -= piece;
  }
  return 0;
}

static int write_member(zipFile archive, const array *a) {
  /* The oldest time that a zip file can tell: 1 January 1980. */
  zip_fileinfo info = {.dosDate = (1 << 5 | 1) << 16};
  char header[MAX_NPY_HEADER];
  size_t header_bytes = write_npy_header(a, header);
  int large = (uint64_t)a->bytes + header_bytes >= UINT32_MAX;
  text name = {0};
  append(&name, "%s.npy", a->name);
  if (name.length >= sizeof(name.bytes) - 1 ||
      zipOpenNewFileInZip4_64(archive, name.bytes, &info, NULL, 0, NULL, 0, NULL, /*method=*/0,
                              /*level=*/0, /*raw=*/0, -MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY,
                              NULL, 0, /*versionMadeBy=*/0, UTF8_NAMES, large) != ZIP_OK)
    return -1;
  int status = write_bytes(archive, header, (int64_t)header_bytes) ||
               write_bytes(archive, a->data, a->bytes);
  return zipCloseFileInZip(archive) == ZIP_OK && !status ? 0 : -1;
}

int write_npz(const char *path, const array_list *list, text *problem) {
  char *bytes = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&bytes, &size);
  if (!stream)
    return fail(problem, path, "out of memory");
  zlib_filefunc64_def functions;
  fill_fopen64_filefunc(&functions);
  functions.zopen64_file = open_stream;
  functions.opaque = stream;
  zipFile archive = zipOpen2_64(path, APPEND_STATUS_CREATE, NULL, &functions);
  if (!archive) {
    fclose(stream);
    free(bytes);
    return fail(problem, path, "out of memory");
  }
  int status = 0;
  for (int i = 0; i < list->count && !status; ++i)
    if (write_member(archive, &list->arrays[i]))
      status = fail(problem, path, "array '%s': out of memory, or the name is too long",
                    list->arrays[i].name);
  if (zipClose(archive, NULL) != ZIP_OK && !status) /* closes the stream too */
    status = fail(problem, path, "out of memory");
  if (!status)
    status = write_file(path, bytes, size, problem);
  free(bytes);
  return status;
}
