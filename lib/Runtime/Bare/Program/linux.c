/*===- linux.c - a program for Linux on RISC-V, by system calls alone --------------------------===
 *
 * Reads standard input, writes standard output. Four calls: read, write, mmap, exit_group.
 *
 *===------------------------------------------------------------------------------------------===*/

#if defined(__riscv) && __riscv_xlen == 64

#include "host.h"

enum { READ = 63, WRITE = 64, EXIT_GROUP = 94, MMAP = 222 };
enum { PROT_READ_WRITE = 3, MAP_PRIVATE_ANONYMOUS = 0x22 };

static int64_t call(int64_t number, int64_t x, int64_t y, int64_t z, int64_t flags, int64_t file) {
  register int64_t a0 __asm__("a0") = x;
  register int64_t a1 __asm__("a1") = y;
  register int64_t a2 __asm__("a2") = z;
  register int64_t a3 __asm__("a3") = flags;
  register int64_t a4 __asm__("a4") = file;
  register int64_t a5 __asm__("a5") = 0;
  register int64_t a7 __asm__("a7") = number;
  __asm__ volatile("ecall"
                   : "+r"(a0)
                   : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7)
                   : "memory");
  return a0;
}

void *intaglio_host_memory(int64_t bytes) {
  int64_t got = call(MMAP, 0, bytes > 0 ? bytes : 1, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1);
  return got < 0 && got > -4096 ? 0 : (void *)got;
}

int64_t intaglio_host_read(void *data, int64_t bytes) {
  int64_t done = 0;
  while (done < bytes) {
    int64_t got = call(READ, 0, (int64_t)data + done, bytes - done, 0, 0);
    if (got < 0)
      return got;
    if (got == 0)
      break;
    done += got;
  }
  return done;
}

static int write_to(int64_t file, const void *data, int64_t bytes) {
  int64_t done = 0;
  while (done < bytes) {
    int64_t got = call(WRITE, file, (int64_t)data + done, bytes - done, 0, 0);
    if (got <= 0)
      return 0;
    done += got;
  }
  return 1;
}

int intaglio_host_write(const void *data, int64_t bytes) { return write_to(1, data, bytes); }

void intaglio_host_say(const char *text) {
  int64_t length = 0;
  while (text[length])
    ++length;
  write_to(2, text, length);
}

/* The kernel's stack: the number of arguments, then pointers to them, the program's name first. */
__attribute__((visibility("hidden"), noreturn)) void intaglio_linux_main(const int64_t *stack) {
  int32_t count = (int32_t)stack[0] - 1;
  int status = intaglio_program(count, (const char *const *)(stack + 2));
  for (;;)
    call(EXIT_GROUP, status, 0, 0, 0, 0);
}

__attribute__((naked, noreturn)) void _start(void) {
  __asm__("mv a0, sp\n"
          "andi sp, sp, -16\n"
          "tail intaglio_linux_main\n");
}

#endif
