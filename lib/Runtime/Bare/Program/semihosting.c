/*===- semihosting.c - a program for a board, with files of the machine beside it --------------===
 *
 * Semihosting (ARM's, which RISC-V has taken over) is how a debugger or an emulator lends a board
 * its files. The last two arguments of the command line are the files of input and output. Start
 * code, memory and interrupt vectors are here too; the linker script gives the places.
 *
 *===------------------------------------------------------------------------------------------===*/

#if defined(__arm__) || (defined(__riscv) && __riscv_xlen == 32)

#include "host.h"

enum {
  SYS_OPEN = 0x01,
  SYS_CLOSE = 0x02,
  SYS_WRITE0 = 0x04,
  SYS_WRITE = 0x05,
  SYS_READ = 0x06,
  SYS_GET_CMDLINE = 0x15,
  SYS_EXIT_EXTENDED = 0x20
};
enum { MODE_READ = 1 /* "rb" */, MODE_WRITE = 5 /* "wb" */, APPLICATION_EXIT = 0x20026 };
enum { COMMAND_BYTES = 256, ARGUMENTS = 16 };

#if defined(__arm__)
static int32_t call(int32_t operation, const void *data) {
  register int32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = data;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
#else
/* The two instructions around ebreak are the sign of a call; the three must be of full length. */
static int32_t call(int32_t operation, const void *data) {
  register int32_t a0 __asm__("a0") = operation;
  register const void *a1 __asm__("a1") = data;
  __asm__ volatile(".option push\n"
                   ".option norvc\n"
                   ".balign 16\n"
                   "slli x0, x0, 0x1f\n"
                   "ebreak\n"
                   "srai x0, x0, 7\n"
                   ".option pop\n"
                   : "+r"(a0)
                   : "r"(a1)
                   : "memory");
  return a0;
}
#endif

/* Of the linker script. */
extern uint32_t intaglio_data_source[], intaglio_data_begin[], intaglio_data_end[];
extern uint32_t intaglio_bss_begin[], intaglio_bss_end[];
extern uint8_t intaglio_heap_begin[], intaglio_heap_end[], intaglio_stack_top[];

static uint8_t *heap;
static int32_t input, output;

void *intaglio_host_memory(int64_t bytes) {
  int64_t left = intaglio_heap_end - heap;
  int64_t rounded = (bytes + 63) & -(int64_t)64;
  if (rounded > left)
    return 0;
  void *memory = heap;
  heap += (int32_t)rounded;
  return memory;
}

int64_t intaglio_host_read(void *data, int64_t bytes) {
  int32_t block[] = {input, (int32_t)(intptr_t)data, (int32_t)bytes};
  int32_t missing = call(SYS_READ, block);
  return missing < 0 || missing > bytes ? -1 : bytes - missing;
}

int intaglio_host_write(const void *data, int64_t bytes) {
  int32_t block[] = {output, (int32_t)(intptr_t)data, (int32_t)bytes};
  return call(SYS_WRITE, block) == 0;
}

void intaglio_host_say(const char *text) { call(SYS_WRITE0, text); }

static int32_t open(const char *name, int32_t mode) {
  int32_t length = 0;
  while (name[length])
    ++length;
  int32_t block[] = {(int32_t)(intptr_t)name, mode, length};
  return call(SYS_OPEN, block);
}

/* Cuts `text` at its spaces. Returns the number of words, the first ARGUMENTS of which it notes. */
static int32_t split(char *text, const char **words) {
  int32_t count = 0;
  while (*text) {
    while (*text == ' ')
      *text++ = 0;
    if (!*text)
      break;
    if (count < ARGUMENTS)
      words[count] = text;
    ++count;
    while (*text && *text != ' ')
      ++text;
  }
  return count;
}

static int run(void) {
  char text[COMMAND_BYTES];
  const char *words[ARGUMENTS];
  int32_t block[] = {(int32_t)(intptr_t)text, COMMAND_BYTES};
  int32_t count = call(SYS_GET_CMDLINE, block) == 0 ? split(text, words) : 0;
  if (count < 3 || count > ARGUMENTS) {
    intaglio_host_say("error: expected a command line: NAME SIZES... INPUT OUTPUT\n");
    return 1;
  }
  input = open(words[count - 2], MODE_READ);
  output = open(words[count - 1], MODE_WRITE);
  if (input == -1 || output == -1) {
    intaglio_host_say("error: cannot open the files of input and output\n");
    return 1;
  }
  int status = intaglio_program(count - 3, words + 1);
  if (call(SYS_CLOSE, &output) != 0)
    status = 1;
  return status;
}

static void leave(int32_t status) {
  const int32_t block[] = {APPLICATION_EXIT, status};
  for (;;)
    call(SYS_EXIT_EXTENDED, block);
}

__attribute__((visibility("hidden"), noreturn)) void intaglio_board_main(void) {
  const uint32_t *from = intaglio_data_source;
  for (uint32_t *to = intaglio_data_begin; to != intaglio_data_end; ++to)
    *to = *from++;
  for (uint32_t *to = intaglio_bss_begin; to != intaglio_bss_end; ++to)
    *to = 0;
  heap = intaglio_heap_begin;
  for (;;)
    leave(run());
}

/* Whatever the processor stops for. */
__attribute__((visibility("hidden"), noreturn, aligned(4))) void intaglio_board_fault(void) {
  intaglio_host_say("error: the processor took an exception\n");
  for (;;)
    leave(2);
}

#if defined(__arm__)
typedef void (*handler)(void);
__attribute__((section(".intaglio.vectors"), used)) static const struct {
  const uint8_t *stack;
  handler handlers[15];
} vectors = {intaglio_stack_top,
             {intaglio_board_main, intaglio_board_fault, intaglio_board_fault, intaglio_board_fault,
              intaglio_board_fault, intaglio_board_fault, intaglio_board_fault,
              intaglio_board_fault, intaglio_board_fault, intaglio_board_fault,
              intaglio_board_fault, intaglio_board_fault, intaglio_board_fault,
              intaglio_board_fault, intaglio_board_fault}};

__attribute__((noreturn)) void _start(void) { intaglio_board_main(); }
#else
__attribute__((naked, noreturn, section(".intaglio.start"))) void _start(void) {
  __asm__("la sp, intaglio_stack_top\n"
          "la t0, intaglio_board_fault\n"
          "csrw mtvec, t0\n"
          "tail intaglio_board_main\n");
}
#endif

#endif
