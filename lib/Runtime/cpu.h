/*===- cpu.h - has this machine what the code needs? ------------------------------------------===*/

#ifndef INTAGLIO_LIB_RUNTIME_CPU_H
#define INTAGLIO_LIB_RUNTIME_CPU_H

#include <stdint.h>

/* Those of the features (bits of intaglio_model_info.cpu_features) that the machine lacks. */
__attribute__((visibility("hidden"))) uint64_t intaglio_missing_features(uint64_t needed);

#endif /* INTAGLIO_LIB_RUNTIME_CPU_H */
