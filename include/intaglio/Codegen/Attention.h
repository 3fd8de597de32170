//===- Attention.h - the scratch memory of attention kernels --------------------------------===//

#ifndef INTAGLIO_CODEGEN_ATTENTION_H
#define INTAGLIO_CODEGEN_ATTENTION_H

#include <cstdint>

namespace intaglio {

/// Keys are handled in blocks of so many.
inline constexpr int64_t attentionKeyBlock = 64;
/// Queries are handled in groups of so many.
inline constexpr int64_t attentionQueries = 6;

/// 32-bit words of scratch memory that a thread needs for one head of `width` channels:
/// `(keys + attentionKeyBlock) * attentionWordsPerKey(width) + attentionFixedWords`. They hold the
/// keys and values of one head as the kernel reads them (`2 * width` bytes or `width` floats a
/// key), the mask (two words a key), and the scores and numerators of a group of queries.
inline constexpr int64_t attentionWordsPerKey(int64_t width) {
  return width + 2 * attentionQueries + 2;
}
/// A byte table, an entry a word.
inline constexpr int64_t attentionFixedWords = 256;

} // namespace intaglio

#endif // INTAGLIO_CODEGEN_ATTENTION_H
