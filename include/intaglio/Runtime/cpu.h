/*===- cpu.h - processor features that code may need, known to compiler and runtime ------------===
 *
 * The compiler records in intaglio_model_info.cpu_features what its code was made for; the runtime
 * asks the processor. A feature's bit is its place in the list.
 *
 *===------------------------------------------------------------------------------------------===*/

#ifndef INTAGLIO_RUNTIME_CPU_H
#define INTAGLIO_RUNTIME_CPU_H

/* X(LLVM's name, cpuid leaf, subleaf, register 0..3 = eax ebx ecx edx, bit, XCR0 bits that the
 * operating system must have switched on): x86-64-v4 and what the kernels use beyond it. Code is
 * made of these alone, whatever else the processor has (Target/Machine.h). */
#define INTAGLIO_X86_FEATURES(X)                                                                   \
  X("sse3", 1, 0, 2, 0, 0)                                                                         \
  X("ssse3", 1, 0, 2, 9, 0)                                                                        \
  X("sse4.1", 1, 0, 2, 19, 0)                                                                      \
  X("sse4.2", 1, 0, 2, 20, 0)                                                                      \
  X("movbe", 1, 0, 2, 22, 0)                                                                       \
  X("popcnt", 1, 0, 2, 23, 0)                                                                      \
  X("lzcnt", 0x80000001, 0, 2, 5, 0)                                                               \
  X("bmi", 7, 0, 1, 3, 0)                                                                          \
  X("bmi2", 7, 0, 1, 8, 0)                                                                         \
  X("avx", 1, 0, 2, 28, 0x6)                                                                       \
  X("f16c", 1, 0, 2, 29, 0x6)                                                                      \
  X("fma", 1, 0, 2, 12, 0x6)                                                                       \
  X("avx2", 7, 0, 1, 5, 0x6)                                                                       \
  X("avxvnni", 7, 1, 0, 4, 0x6)                                                                    \
  X("avx512f", 7, 0, 1, 16, 0xe6)                                                                  \
  X("avx512dq", 7, 0, 1, 17, 0xe6)                                                                 \
  X("avx512cd", 7, 0, 1, 28, 0xe6)                                                                 \
  X("avx512bw", 7, 0, 1, 30, 0xe6)                                                                 \
  X("avx512vl", 7, 0, 1, 31, 0xe6)                                                                 \
  X("avx512vbmi", 7, 0, 2, 1, 0xe6)                                                                \
  X("avx512vnni", 7, 0, 2, 11, 0xe6)

#endif /* INTAGLIO_RUNTIME_CPU_H */
