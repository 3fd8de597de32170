//===- Span.h - a view of a row of numbers ---------------------------------------*- C++ -*-===//

#ifndef INTAGLIO_INTMATH_SPAN_H
#define INTAGLIO_INTMATH_SPAN_H

#include <cassert>
#include <cstddef>
#include <initializer_list>

namespace intaglio::intmath {

/// A constant view of numbers that lie side by side (std::span is C++20). Whatever has `data()` and
/// `size()` converts to it: std::vector, std::array, llvm::ArrayRef. It does not own them.
template <typename T>
class Span {
public:
  Span() = default;
  Span(const T *data, size_t size) : first(data), count(size) {}
  Span(std::initializer_list<T> list) : first(list.begin()), count(list.size()) {}
  template <typename Container, typename = decltype(static_cast<const T *>(
                                    static_cast<const Container *>(nullptr)->data()))>
  Span(const Container &container) : first(container.data()), count(container.size()) {}

  const T *begin() const { return first; }
  const T *end() const { return first + count; }
  const T *data() const { return first; }
  size_t size() const { return count; }
  bool empty() const { return count == 0; }
  const T &operator[](size_t i) const {
    assert(i < count && "index outside of the span");
    return first[i];
  }
  /// `size` elements from `start` on.
  Span slice(size_t start, size_t size) const {
    assert(start + size <= count && "slice outside of the span");
    return {first + start, size};
  }

private:
  const T *first = nullptr;
  size_t count = 0;
};

/// The largest element of a span that is not empty.
template <typename T>
T largest(Span<T> span) {
  T found = span[0];
  for (const T &element : span)
    found = found < element ? element : found;
  return found;
}

} // namespace intaglio::intmath

#endif // INTAGLIO_INTMATH_SPAN_H
