/*===- memory.c - the functions that a compiler may call to move bytes -------------------------===
 *
 * Weak: a C library's own take their place.
 *
 *===------------------------------------------------------------------------------------------===*/

#include <stddef.h>
#include <stdint.h>

#define WEAK __attribute__((weak))

WEAK void *memset(void *destination, int value, size_t size) {
  uint8_t *to = destination;
  uint8_t *end = to + size;
  for (; to != end && (uintptr_t)to % sizeof(size_t); ++to)
    *to = (uint8_t)value;
  size_t word = (uint8_t)value * (~(size_t)0 / 255);
  for (; (size_t)(end - to) >= sizeof(word); to += sizeof(word))
    *(size_t *)to = word;
  for (; to != end; ++to)
    *to = (uint8_t)value;
  return destination;
}

WEAK void *memcpy(void *destination, const void *source, size_t size) {
  uint8_t *to = destination;
  const uint8_t *from = source, *end = from + size;
  if (((uintptr_t)to | (uintptr_t)from) % sizeof(size_t) == 0)
    for (; (size_t)(end - from) >= sizeof(size_t); to += sizeof(size_t), from += sizeof(size_t))
      *(size_t *)to = *(const size_t *)from;
  for (; from != end; ++to, ++from)
    *to = *from;
  return destination;
}

WEAK void *memmove(void *destination, const void *source, size_t size) {
  uint8_t *to = destination;
  const uint8_t *from = source;
  if (to <= from)
    for (size_t i = 0; i < size; ++i)
      to[i] = from[i];
  else
    for (size_t i = size; i-- > 0;)
      to[i] = from[i];
  return destination;
}

#if defined(__arm__)
/* The names of the ARM EABI. */
WEAK void __aeabi_memcpy(void *to, const void *from, size_t size) { memcpy(to, from, size); }
WEAK void __aeabi_memcpy4(void *to, const void *from, size_t size) { memcpy(to, from, size); }
WEAK void __aeabi_memcpy8(void *to, const void *from, size_t size) { memcpy(to, from, size); }
WEAK void __aeabi_memmove(void *to, const void *from, size_t size) { memmove(to, from, size); }
WEAK void __aeabi_memmove4(void *to, const void *from, size_t size) { memmove(to, from, size); }
WEAK void __aeabi_memmove8(void *to, const void *from, size_t size) { memmove(to, from, size); }
WEAK void __aeabi_memset(void *to, size_t size, int value) { memset(to, value, size); }
WEAK void __aeabi_memset4(void *to, size_t size, int value) { memset(to, value, size); }
WEAK void __aeabi_memset8(void *to, size_t size, int value) { memset(to, value, size); }
WEAK void __aeabi_memclr(void *to, size_t size) { memset(to, 0, size); }
WEAK void __aeabi_memclr4(void *to, size_t size) { memset(to, 0, size); }
WEAK void __aeabi_memclr8(void *to, size_t size) { memset(to, 0, size); }
#endif
