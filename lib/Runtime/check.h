/*===- check.h - are the arguments of a run right? --------------------------------------------===*/

#ifndef INTAGLIO_LIB_RUNTIME_CHECK_H
#define INTAGLIO_LIB_RUNTIME_CHECK_H

#include "intaglio/Runtime/abi.h"

/* Bytes of a tensor of these dimensions, or -1 when it is too large. */
__attribute__((visibility("hidden"))) int64_t
intaglio_tensor_bytes(const intaglio_tensor_info *tensor, const int64_t *dims);

/* Dimensions are within their limits, and no tensor is too large. */
__attribute__((visibility("hidden"))) intaglio_status intaglio_check_dims(const int64_t *dims);

/* Pointers are there and integer inputs are in their range; the dimensions have been checked. */
__attribute__((visibility("hidden"))) intaglio_status
intaglio_check_tensors(const int64_t *dims, const void *const *inputs, void *const *outputs);

#endif /* INTAGLIO_LIB_RUNTIME_CHECK_H */
