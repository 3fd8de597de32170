//===- Golden.h - reads the golden vectors of test/golden -----------------------*- C++ -*-===//

#ifndef INTAGLIO_TEST_UNIT_INTMATH_GOLDEN_H
#define INTAGLIO_TEST_UNIT_INTMATH_GOLDEN_H

#include "intaglio/Data/Json.h"

#include "gtest/gtest.h"

#include <map>
#include <string>
#include <vector>

namespace golden {

/// A JSON object of which every field that a test asks for must be there with the right type: what
/// is not fails the test and reads as empty.
class Object {
public:
  explicit Object(const llvm::json::Object *object) : object(object) {
    if (!object)
      ADD_FAILURE() << "not an object";
  }

  bool has(llvm::StringRef key) const { return object && object->get(key); }

  int64_t integer(llvm::StringRef key) const {
    return value<int64_t>(key, [](const llvm::json::Value &v) { return v.getAsInteger(); });
  }
  double number(llvm::StringRef key) const {
    return value<double>(key, [](const llvm::json::Value &v) { return v.getAsNumber(); });
  }
  bool boolean(llvm::StringRef key) const {
    return value<bool>(key, [](const llvm::json::Value &v) { return v.getAsBoolean(); });
  }
  Object child(llvm::StringRef key) const {
    return Object(object ? object->getObject(key) : nullptr);
  }
  std::vector<Object> children(llvm::StringRef key) const {
    return list<Object>(key, [](const llvm::json::Value &v) { return Object(v.getAsObject()); });
  }
  /// A list of numbers, as type T.
  template <typename T = int32_t>
  std::vector<T> numbers(llvm::StringRef key) const {
    return list<T>(key, [](const llvm::json::Value &v) { return number<T>(v); });
  }
  /// A list of lists of integers.
  std::vector<std::vector<int32_t>> matrix(llvm::StringRef key) const {
    return list<std::vector<int32_t>>(key, [](const llvm::json::Value &v) {
      std::vector<int32_t> row;
      if (const llvm::json::Array *array = v.getAsArray())
        for (const llvm::json::Value &element : *array)
          row.push_back(number<int32_t>(element));
      return row;
    });
  }
  std::vector<std::string> strings(llvm::StringRef key) const {
    return list<std::string>(
        key, [](const llvm::json::Value &v) { return v.getAsString().value_or("").str(); });
  }
  std::map<std::string, int64_t> integers() const {
    std::map<std::string, int64_t> result;
    if (object)
      for (const auto &[key, v] : *object)
        result[key.str()] = v.getAsInteger().value_or(-1);
    return result;
  }

private:
  template <typename T>
  static T number(const llvm::json::Value &v) {
    if (std::optional<int64_t> whole = v.getAsInteger())
      return static_cast<T>(*whole);
    return static_cast<T>(v.getAsNumber().value_or(0));
  }
  template <typename T, typename Get>
  T value(llvm::StringRef key, Get get) const {
    const llvm::json::Value *found = object ? object->get(key) : nullptr;
    auto result = found ? get(*found) : decltype(get(*found))();
    if (!result) {
      ADD_FAILURE() << "no field " << key.str();
      return T();
    }
    return *result;
  }
  template <typename T, typename Get>
  std::vector<T> list(llvm::StringRef key, Get get) const {
    std::vector<T> result;
    const llvm::json::Array *array = object ? object->getArray(key) : nullptr;
    if (!array)
      ADD_FAILURE() << "no list " << key.str();
    else
      for (const llvm::json::Value &v : *array)
        result.push_back(get(v));
    return result;
  }

  const llvm::json::Object *object;
};

/// The file test/golden/NAME.json.
inline Object load(llvm::StringRef name) {
  static std::map<std::string, llvm::json::Value> files;
  std::string path = std::string(INTAGLIO_TEST_DIR) + "/golden/" + name.str() + ".json";
  auto found = files.find(path);
  if (found == files.end()) {
    llvm::Expected<llvm::json::Value> value = intaglio::readJson(path);
    if (!value) {
      ADD_FAILURE() << llvm::toString(value.takeError());
      return Object(nullptr);
    }
    found = files.emplace(path, std::move(*value)).first;
  }
  return Object(found->second.getAsObject());
}

/// splitmix64, the generator of the vectors: the same numbers on every machine.
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t next() {
    state += 0x9E3779B97F4A7C15;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  /// An integer in [low, high].
  int64_t between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>((next() >> 33) % static_cast<uint64_t>(high - low + 1));
  }
  /// A nearly normal number of standard deviation 1.
  double normal() {
    uint64_t u = next();
    double sum =
        static_cast<double>((u & 0xFFFF) + ((u >> 16) & 0xFFFF) + ((u >> 32) & 0xFFFF) + (u >> 48));
    return (sum - 2 * 65535) / 37837.2;
  }

private:
  uint64_t state;
};

} // namespace golden

#endif // INTAGLIO_TEST_UNIT_INTMATH_GOLDEN_H
