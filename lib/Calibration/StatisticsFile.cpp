//===- StatisticsFile.cpp - the file of --save-calibration ---------------------------------===//
//
// {"format":"intaglio-calibration","version":1,"model":"1f...","samples":128,"edges":[
// {"id":"embeddings","samples":128,"minimum":-1.5,"maximum":2.25,"exponent":-10,
//  "negative":[4,7],"positive":[9],"sum_of_minima":"-12","sum_of_maxima":"99",
//  "channel_minima":[-1.5],"channel_maxima":[2.25]}
// ]}
//
// `negative` and `positive` count from zero outwards, without the zeros at their ends.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Calibration/Statistics.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>
#include <optional>

using namespace intaglio;
using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;
namespace json = llvm::json;

static constexpr StringRef kFormat = "intaglio-calibration";
static constexpr int64_t kVersion = 1;
/// A file of 4096 edges with full histograms and 16384 channels each stays below it.
static constexpr uint64_t kMaxFileBytes = uint64_t(1) << 30;
/// The file nests 4 deep.
static constexpr int kMaxDepth = 8;
static constexpr int64_t kMaxCount = int64_t(1) << 52;

//===----------------------------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------------------------===//

static void writeFloats(json::OStream &out, StringRef key, ArrayRef<float> values) {
  out.attributeArray(key, [&] {
    for (float value : values)
      out.value(static_cast<double>(value));
  });
}

/// The bins of one sign from zero outwards.
static void writeBins(json::OStream &out, StringRef key, const Histogram &histogram,
                      bool negative) {
  ArrayRef<uint64_t> counts = histogram.getCounts();
  auto bin = [&](int j) {
    return counts[negative ? Histogram::kBins - 1 - j : Histogram::kBins + j];
  };
  int end = Histogram::kBins;
  while (end > 0 && bin(end - 1) == 0)
    --end;
  out.attributeArray(key, [&] {
    for (int j = 0; j < end; ++j)
      out.value(static_cast<int64_t>(bin(j)));
  });
}

static void writeEdge(StringRef id, const EdgeStatistics &edge, llvm::raw_ostream &os) {
  json::OStream out(os);
  out.object([&] {
    out.attribute("id", id);
    out.attribute("samples", static_cast<int64_t>(edge.samples));
    out.attribute("minimum", static_cast<double>(edge.minimum));
    out.attribute("maximum", static_cast<double>(edge.maximum));
    out.attribute("exponent", edge.histogram.getExponent());
    writeBins(out, "negative", edge.histogram, true);
    writeBins(out, "positive", edge.histogram, false);
    out.attribute("sum_of_minima", edge.sumOfMinima.toString());
    out.attribute("sum_of_maxima", edge.sumOfMaxima.toString());
    writeFloats(out, "channel_minima", edge.channelMinima);
    writeFloats(out, "channel_maxima", edge.channelMaxima);
  });
}

void intaglio::writeStatistics(const Statistics &statistics, llvm::raw_ostream &os) {
  os << "{\"format\":" << json::Value(kFormat) << ",\"version\":" << kVersion
     << ",\"model\":" << json::Value(statistics.model) << ",\"samples\":" << statistics.samples
     << ",\"edges\":[\n";
  StringRef separator = "";
  for (const auto &[id, edge] : statistics.edges) {
    os << separator;
    writeEdge(id, edge, os);
    separator = ",\n";
  }
  os << "\n]}\n";
}

//===----------------------------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------------------------===//

namespace {
/// Reads the fields of one JSON object; the first that is wrong becomes the error, with `where`
/// before it: an edge, or nothing for the file itself.
class ObjectReader {
public:
  ObjectReader(const json::Object &object, std::string where)
      : object(object), where(std::move(where)) {}

  Error getError() {
    return message.empty() ? Error::success()
                           : llvm::createStringError(llvm::inconvertibleErrorCode(), message);
  }
  bool failed() const { return !message.empty(); }
  void fail(const Twine &text) {
    if (message.empty())
      message = (where + text).str();
  }

  std::string text(StringRef key) {
    if (auto value = object.getString(key))
      return value->str();
    fail("expects a string '" + key + "'");
    return "";
  }

  int64_t integer(StringRef key, int64_t low, int64_t high) {
    std::optional<int64_t> value = object.getInteger(key);
    if (value && *value >= low && *value <= high)
      return *value;
    fail("expects an integer '" + key + "' from " + Twine(low) + " to " + Twine(high));
    return low;
  }

  float number(StringRef key) {
    const json::Value *value = object.get(key);
    float result = 0;
    if (!value || !toFloat(*value, result))
      fail("expects a finite float32 '" + key + "'");
    return result;
  }

  std::vector<float> numbers(StringRef key) {
    std::vector<float> result;
    const json::Array *array = object.getArray(key);
    if (!array) {
      fail("expects an array '" + key + "'");
      return result;
    }
    for (const json::Value &value : *array)
      if (!toFloat(value, result.emplace_back()))
        fail("expects finite float32 numbers in '" + key + "'");
    return result;
  }

  std::vector<uint64_t> bins(StringRef key) {
    std::vector<uint64_t> result;
    const json::Array *array = object.getArray(key);
    if (!array || array->size() > Histogram::kBins) {
      fail("expects an array '" + key + "' of at most " + Twine(int(Histogram::kBins)) + " counts");
      return result;
    }
    for (const json::Value &value : *array) {
      std::optional<int64_t> count = value.getAsInteger();
      if (!count || *count < 0 || *count > kMaxCount)
        fail("expects counts from 0 to 2^52 in '" + key + "'");
      result.push_back(count.value_or(0));
    }
    return result;
  }

  ExactSum sum(StringRef key) {
    ExactSum result;
    if (!result.parse(text(key)))
      fail("expects a decimal integer in '" + key + "'");
    return result;
  }

  void expectOnly(ArrayRef<StringRef> keys) {
    for (const auto &field : object)
      if (!llvm::is_contained(keys, StringRef(field.first)))
        fail("unknown field '" + StringRef(field.first) + "'");
  }

private:
  static bool toFloat(const json::Value &value, float &result) {
    std::optional<double> number = value.getAsNumber();
    if (!number)
      return false;
    result = static_cast<float>(*number);
    return std::isfinite(result) && static_cast<double>(result) == *number;
  }

  const json::Object &object;
  std::string where;
  std::string message;
};
} // namespace

/// The histogram of the two signs' bins, from zero outwards, as it lies in memory.
static void assignBins(EdgeStatistics &edge, int exponent, ArrayRef<uint64_t> negative,
                       ArrayRef<uint64_t> positive) {
  std::vector<uint64_t> counts(2 * Histogram::kBins, 0);
  for (size_t j = 0; j < negative.size(); ++j)
    counts[Histogram::kBins - 1 - j] = negative[j];
  for (size_t j = 0; j < positive.size(); ++j)
    counts[Histogram::kBins + j] = positive[j];
  edge.histogram.assign(exponent, counts);
}

/// What `addSample` keeps true and a file could break.
static void checkConsistency(const EdgeStatistics &edge, ObjectReader &reader) {
  if (edge.minimum > edge.maximum)
    return reader.fail("'minimum' is above 'maximum'");
  float largest = std::max(std::fabs(edge.minimum), std::fabs(edge.maximum));
  int exponent = Histogram::exponentFor(largest);
  if (edge.histogram.getExponent() != exponent)
    return reader.fail("'exponent' must be " + Twine(exponent) + " for these extremes");
  if ((edge.histogram.getTotal() == 0) != (edge.samples == 0))
    return reader.fail("counts and 'samples' must be zero together");
  if (edge.channelMinima.size() != edge.channelMaxima.size())
    return reader.fail("'channel_minima' and 'channel_maxima' must have one length");
  for (size_t c = 0; c < edge.channelMinima.size(); ++c)
    if (edge.channelMinima[c] > 0 || edge.channelMaxima[c] < 0)
      return reader.fail("the range of channel " + Twine(c) + " must contain zero");
}

static Expected<EdgeStatistics> readEdge(const json::Object &object, StringRef where) {
  ObjectReader reader(object, where.str());
  EdgeStatistics edge;
  edge.samples = reader.integer("samples", 0, kMaxCount);
  edge.minimum = reader.number("minimum");
  edge.maximum = reader.number("maximum");
  int exponent = static_cast<int>(
      reader.integer("exponent", Histogram::kMinExponent, Histogram::kMaxExponent));
  std::vector<uint64_t> negative = reader.bins("negative"), positive = reader.bins("positive");
  edge.sumOfMinima = reader.sum("sum_of_minima");
  edge.sumOfMaxima = reader.sum("sum_of_maxima");
  edge.channelMinima = reader.numbers("channel_minima");
  edge.channelMaxima = reader.numbers("channel_maxima");
  reader.expectOnly({"id", "samples", "minimum", "maximum", "exponent", "negative", "positive",
                     "sum_of_minima", "sum_of_maxima", "channel_minima", "channel_maxima"});
  if (!reader.failed()) {
    assignBins(edge, exponent, negative, positive);
    checkConsistency(edge, reader);
  }
  if (Error error = reader.getError())
    return std::move(error);
  return edge;
}

/// The JSON parser recurses, so text that nests too deep is refused before it is parsed.
static bool nestsTooDeep(StringRef text) {
  int depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString) {
      i += c == '\\';
      inString = c != '"';
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth)
        return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

/// Parses a file; errors do not name it.
static Expected<Statistics> parse(StringRef text) {
  auto fail = [](const Twine &message) { return llvm::createStringError(message); };
  if (nestsTooDeep(text))
    return fail("is no file of calibration statistics: it nests too deep");
  Expected<json::Value> parsed = json::parse(text);
  if (!parsed)
    return fail("is not JSON: " + llvm::toString(parsed.takeError()));
  const json::Object *root = parsed->getAsObject();
  if (!root || root->getString("format") != kFormat)
    return fail("is no file of calibration statistics: expects \"format\": \"" + kFormat + "\"");

  ObjectReader reader(*root, "");
  Statistics statistics;
  reader.integer("version", kVersion, kVersion);
  statistics.model = reader.text("model");
  statistics.samples = reader.integer("samples", 0, kMaxCount);
  const json::Array *edges = root->getArray("edges");
  if (!edges)
    reader.fail("expects an array 'edges'");
  reader.expectOnly({"format", "version", "model", "samples", "edges"});
  if (Error error = reader.getError())
    return std::move(error);

  for (const json::Value &value : *edges) {
    const json::Object *object = value.getAsObject();
    std::optional<StringRef> id = object ? object->getString("id") : std::nullopt;
    if (!id || id->empty())
      return fail("expects objects with an 'id' in 'edges'");
    Expected<EdgeStatistics> edge = readEdge(*object, ("edge '" + *id + "': ").str());
    if (!edge)
      return edge.takeError();
    if (!statistics.edges.emplace(id->str(), std::move(*edge)).second)
      return fail("edge '" + *id + "' appears twice");
  }
  return statistics;
}

Expected<Statistics> intaglio::parseStatistics(StringRef text, StringRef name) {
  Expected<Statistics> statistics = parse(text);
  if (!statistics)
    return llvm::createFileError(name, statistics.takeError());
  return statistics;
}

Expected<Statistics> intaglio::readStatistics(StringRef path) {
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(path, status) &&
      status.type() != llvm::sys::fs::file_type::regular_file)
    return llvm::createStringError(path + ": is no regular file");
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createFileError(path, buffer.getError());
  if ((*buffer)->getBufferSize() > kMaxFileBytes)
    return llvm::createFileError(
        path, llvm::createStringError("is larger than a file of statistics can be"));
  return parseStatistics((*buffer)->getBuffer(), path);
}
