//===- Report.cpp - what a compile found out of its result ---------------------------------===//

#include "Report.h"

#include "intaglio/Analysis/AccumulatorWidth.h"
#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;
namespace json = llvm::json;

static std::string nameOf(Operation *op) {
  auto name = dyn_cast<NameLoc>(op->getLoc());
  return name ? name.getName().str() : "";
}

static bool isFloat(Operation *op) {
  return llvm::any_of(op->getResultTypes(),
                      [](Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); });
}

/// Multiply-adds with a weight, for each row.
static int64_t multiplyAdds(Operation *op) {
  auto linear = dyn_cast<LinearOp>(op);
  auto weight = linear ? dyn_cast<ShapedType>(linear->getOperand(1).getType()) : ShapedType();
  return weight && weight.hasStaticShape() ? weight.getNumElements() : 0;
}

/// Calls `visit` on the ops that compute: not on the boundary.
static void forEachOp(ModuleOp program, llvm::function_ref<void(Operation *)> visit) {
  program.walk([&](Operation *op) {
    if (isa_and_nonnull<IntaglioDialect>(op->getDialect()) && !isa<QuantizeOp, DequantizeOp>(op))
      visit(op);
  });
}

static double share(int64_t part, int64_t whole) {
  return whole ? double(part) / double(whole) : 1;
}

json::Array compile::describeFloatOps(ModuleOp program) {
  json::Array left;
  forEachOp(program, [&](Operation *op) {
    if (!isFloat(op))
      return;
    auto reason = op->getAttrOfType<StringAttr>(floatReasonAttr);
    left.push_back(json::Object{{"name", nameOf(op)},
                                {"op", op->getName().getStringRef()},
                                {"reason", reason ? reason.getValue() : "the program is float"}});
  });
  return left;
}

json::Object compile::describeShares(ModuleOp program) {
  int64_t ops = 0, integerOps = 0, products = 0, integerProducts = 0;
  forEachOp(program, [&](Operation *op) {
    bool integer = !isFloat(op);
    ++ops;
    integerOps += integer;
    products += multiplyAdds(op);
    integerProducts += integer ? multiplyAdds(op) : 0;
  });
  return json::Object{{"ops", ops},
                      {"integer_ops", integerOps},
                      {"share_of_ops", share(integerOps, ops)},
                      {"weight_multiply_adds_per_token", products},
                      {"share_of_multiply_adds", share(integerProducts, products)},
                      {"float_ops", describeFloatOps(program)}};
}

json::Array compile::describeOps(ModuleOp program) {
  json::Array all;
  forEachOp(program, [&](Operation *op) {
    if (op->getNumResults() == 0)
      return;
    Type element = getElementTypeOrSelf(op->getResult(0).getType());
    json::Object entry{{"name", nameOf(op)}, {"op", op->getName().getStringRef()}};
    if (element.isIntOrFloat())
      entry["bits"] = int64_t(element.getIntOrFloatBitWidth());
    entry["float"] = isFloat(op);
    all.push_back(std::move(entry));
  });
  return all;
}

json::Object compile::describeAccuracy(const Accuracy &accuracy) {
  json::Array outputs;
  for (const OutputAccuracy &output : accuracy.outputs) {
    json::Object entry{{"name", output.name},
                       {"rows", output.rows},
                       {"mean_cosine", output.meanCosine},
                       {"min_cosine", output.minCosine},
                       {"max_error", output.maxError}};
    // JSON has no infinity: an output without any error has no ratio.
    if (std::isfinite(output.sqnr))
      entry["sqnr_db"] = output.sqnr;
    outputs.push_back(std::move(entry));
  }
  return json::Object{
      {"data", "calibration"}, {"samples", accuracy.samples}, {"outputs", std::move(outputs)}};
}

std::optional<json::Object> compile::describeRanges(ModuleOp program) {
  ScopedDiagnosticHandler quiet(program.getContext(), [](Diagnostic &) { return success(); });
  FailureOr<AccumulatorWidths> widths = AccumulatorWidths::compute(program);
  const WidthProof *tightest = succeeded(widths) ? widths->getTightest() : nullptr;
  if (!tightest)
    return std::nullopt;
  return json::Object{{"holds", tightest->getSpareBits() >= 0},
                      {"widths", int64_t(widths->getProofs().size())},
                      {"smallest_spare_bits", tightest->getSpareBits()},
                      {"of_bits", int64_t(tightest->bits)},
                      {"quantity", tightest->quantity},
                      {"constraint", tightest->constraint},
                      {"where", nameOf(tightest->op)}};
}

int64_t compile::floatBytes(ModuleOp program) {
  int64_t bytes = 0;
  program.walk([&](arith::ConstantOp constant) {
    auto type = dyn_cast<ShapedType>(constant.getType());
    if (type && type.hasStaticShape() && type.getElementType().isF32())
      bytes += type.getNumElements() * int64_t(sizeof(float));
  });
  return bytes;
}

//===----------------------------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------------------------===//

static std::string scalarText(const json::Value &value) {
  if (std::optional<llvm::StringRef> text = value.getAsString())
    return text->str();
  return llvm::formatv("{0}", value).str();
}

/// Text that neither Markdown nor HTML takes for markup.
static std::string escape(llvm::StringRef text) {
  std::string escaped;
  llvm::raw_string_ostream os(escaped);
  llvm::printHTMLEscaped(text, os);
  std::string result;
  for (char c : escaped)
    result += c == '|' ? std::string("\\|") : c == '\n' ? " " : std::string(1, c);
  return result;
}

/// The keys in order: an object keeps none.
static std::vector<std::string> keysOf(const json::Object &object) {
  std::vector<std::string> keys;
  for (const auto &member : object)
    keys.push_back(member.first.str());
  llvm::sort(keys);
  return keys;
}

namespace {
/// Writes a value below a heading of some level: objects as lists, arrays of objects as tables.
class Page {
public:
  Page(llvm::raw_ostream &os, bool html) : os(os), html(html) {}

  void section(llvm::StringRef title, const json::Value &value, unsigned level) {
    if (html)
      os << "<h" << level << ">" << escape(title) << "</h" << level << ">\n";
    else
      os << "\n" << std::string(level, '#') << " " << escape(title) << "\n\n";
    if (const json::Object *object = value.getAsObject())
      members(*object, level);
    else if (const json::Array *array = value.getAsArray())
      table(*array);
    else
      item(scalarText(value));
  }

  /// Scalars first, then what has a heading of its own.
  void members(const json::Object &object, unsigned level) {
    for (bool nested : {false, true})
      for (const std::string &key : keysOf(object)) {
        const json::Value &value = *object.get(key);
        bool isNested = value.getAsObject() || value.getAsArray();
        if (isNested != nested)
          continue;
        if (nested)
          section(key, value, level + 1);
        else
          item(key + ": " + scalarText(value));
      }
  }

private:
  void item(llvm::StringRef text) {
    os << (html ? "<p>" : "- ") << escape(text) << (html ? "</p>\n" : "\n");
  }

  void row(llvm::ArrayRef<std::string> cells, llvm::StringRef tag) {
    os << (html ? "<tr>" : "|");
    for (const std::string &cell : cells) {
      if (html)
        os << "<" << tag << ">" << escape(cell) << "</" << tag << ">";
      else
        os << " " << escape(cell) << " |";
    }
    os << (html ? "</tr>\n" : "\n");
  }

  void table(const json::Array &array) {
    const json::Object *first = array.empty() ? nullptr : array.front().getAsObject();
    if (!first) {
      for (const json::Value &value : array)
        item(scalarText(value));
      if (array.empty())
        item("none");
      return;
    }
    std::vector<std::string> keys = keysOf(*first);
    os << (html ? "<table>\n" : "");
    row(keys, "th");
    if (!html)
      row(std::vector<std::string>(keys.size(), "---"), "td");
    for (const json::Value &value : array) {
      std::vector<std::string> cells;
      for (const std::string &key : keys) {
        const json::Value *cell = value.getAsObject() ? value.getAsObject()->get(key) : nullptr;
        cells.push_back(cell ? scalarText(*cell) : "");
      }
      row(cells, "td");
    }
    os << (html ? "</table>\n" : "");
  }

  llvm::raw_ostream &os;
  bool html;
};
} // namespace

std::string compile::printReport(const json::Object &report, llvm::StringRef path) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::StringRef ending = llvm::sys::path::extension(path);
  if (ending != ".md" && ending != ".html") {
    os << llvm::formatv("{0:2}", json::Value(json::Object(report))) << "\n";
    return text;
  }
  bool html = ending == ".html";
  if (html)
    os << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
          "<title>Intaglio: report</title></head><body>\n<h1>Report</h1>\n";
  else
    os << "# Report\n\n";
  Page(os, html).members(report, 1);
  if (html)
    os << "</body></html>\n";
  return text;
}
