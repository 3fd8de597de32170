//===- Float32.h - arrays of any float type as f32 ------------------------------------------===//

#ifndef INTAGLIO_DATA_FLOAT32_H
#define INTAGLIO_DATA_FLOAT32_H

#include "intaglio/Data/Array.h"

#include <optional>

namespace intaglio {

/// `array` with f32 elements aligned to 4 bytes: the array itself, its bytes not copied, where it
/// is so already, else a copy in new memory; f16 and bf16 are widened exactly. Nothing for other
/// types.
std::optional<Array> asFloat32(const Array &array);

} // namespace intaglio

#endif // INTAGLIO_DATA_FLOAT32_H
