//===- Header.cpp - the C header of an artefact --------------------------------------------===//

#include "intaglio/Target/Header.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace intaglio;

static constexpr char abiText[] =
#include "AbiText.inc"
    ;

/// `text` as a C identifier in capitals.
static std::string identifier(StringRef text) {
  std::string name;
  for (char c : text)
    name += isAlnum(c) ? toUpper(c) : '_';
  return name.empty() || isDigit(name.front()) ? "M_" + name : name;
}

/// A comment cannot hold its own end, nor a line's end.
static std::string commentText(StringRef text) {
  std::string clean;
  for (char c : text)
    clean += isPrint(c) && c != '*' ? c : '_';
  return clean;
}

static StringRef cTypeOf(mlir::Type type) {
  if (type.isF32())
    return "float";
  switch (type.getIntOrFloatBitWidth()) {
  case 8:
    return "int8_t";
  case 16:
    return "int16_t";
  case 32:
    return "int32_t";
  default:
    return "int64_t";
  }
}

namespace {
/// Writes the header of one model.
class HeaderWriter {
public:
  HeaderWriter(raw_ostream &os, std::string prefix) : os(os), prefix(std::move(prefix)) {}

  void define(StringRef kind, StringRef name, int64_t value, const Twine &comment);
  void tensors(StringRef kind, ArrayRef<TensorInfo> infos);

private:
  raw_ostream &os;
  std::string prefix;
  StringSet<> used;
};
} // namespace

void HeaderWriter::define(StringRef kind, StringRef name, int64_t value, const Twine &comment) {
  std::string macro = prefix + "_" + kind.str() + "_" + identifier(name);
  // Names that differ only in what C has no letters for.
  if (!used.insert(macro).second)
    macro += "_" + std::to_string(value);
  os << "#define " << macro << " " << value << " /* " << comment << " */\n";
}

void HeaderWriter::tensors(StringRef kind, ArrayRef<TensorInfo> infos) {
  for (auto [i, info] : enumerate(infos)) {
    std::string what = cTypeOf(info.elementType).str() + " [";
    for (auto [axis, dim] : enumerate(info.dims))
      what += (axis ? ", " : "") + commentText(dim.name);
    what += "]";
    if (info.range)
      what += formatv(", each in {0} .. {1}", info.range->first, info.range->second).str();
    if (info.optional)
      what += ", may be null: zeros";
    define(kind, info.name, i, "'" + commentText(info.name) + "': " + what);
  }
  os << formatv("#define {0}_NUM_{1}S {2}\n", prefix, kind, infos.size());
}

std::string intaglio::makeHeader(const ModelInfo &info, StringRef name) {
  std::string text;
  raw_string_ostream os(text);
  std::string prefix = identifier(name);
  os << formatv(R"(/* {0}: a compiled model.
 *
 *   intaglio_context *context;
 *   intaglio_status status = intaglio_context_create(threads, &context);
 *   int64_t dims[{1}_NUM_DIMS];             one size for each {1}_DIM_...
 *   const void *inputs[{1}_NUM_INPUTS];     one array for each {1}_INPUT_...
 *   void *outputs[{1}_NUM_OUTPUTS];         one array for each {1}_OUTPUT_...
 *   status = intaglio_run(context, dims, inputs, outputs, NULL, 0);
 */

#ifndef {1}_H
#define {1}_H

)",
                commentText(name), prefix);
  HeaderWriter writer(os, prefix);
  for (auto [i, dim] : enumerate(info.dims))
    writer.define("DIM", dim, i,
                  info.maxDims[i] > 0 ? "at most " + Twine(info.maxDims[i]) : "any size");
  os << formatv("#define {0}_NUM_DIMS {1}\n", prefix, info.dims.size());
  writer.tensors("INPUT", info.inputs);
  writer.tensors("OUTPUT", info.outputs);
  os << "\n" << abiText << formatv("\n#endif /* {0}_H */\n", prefix);
  return text;
}
