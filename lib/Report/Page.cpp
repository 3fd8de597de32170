//===- Page.cpp - a report as JSON, Markdown or a web page ----------------------------------===//

#include "intaglio/Report/Page.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;
using namespace intaglio;

/// Members that are wanted first, in this order; the others follow by name. A JSON object of LLVM's
/// keeps no order.
static constexpr StringRef firstKeys[] = {
    "model",       "target",     "precision", "accuracy",      "performance",
    "size",        "memory",     "integer",   "proofs",        "noise",
    "ops",         "data",       "samples",   "name",          "source",
    "op",          "of",         "dims",      "bytes",         "rows",
    "mean_cosine", "min_cosine", "sqnr_db",   "own_sqnr_db",   "error_budget",
    "max_error",   "bits",       "scale",     "largest_scale", "zero_point",
    "min",         "median",     "p99"};

/// The keys of some objects, each once, in order.
static std::vector<std::string> keysOf(ArrayRef<const json::Object *> objects) {
  std::vector<std::string> keys;
  for (const json::Object *object : objects)
    for (const auto &member : *object)
      if (!is_contained(keys, member.first.str()))
        keys.push_back(member.first.str());
  sort(keys, [](const std::string &a, const std::string &b) {
    auto rank = [](StringRef key) { return find(firstKeys, key) - std::begin(firstKeys); };
    return std::pair(rank(a), a) < std::pair(rank(b), b);
  });
  return keys;
}

/// Six digits of a number that is not whole; "batch 1, sequence 128" for an object.
static std::string textOf(const json::Value &value) {
  if (std::optional<StringRef> text = value.getAsString())
    return text->str();
  if (const json::Object *object = value.getAsObject()) {
    std::vector<std::string> parts;
    for (const std::string &key : keysOf(object))
      parts.push_back(key + " " + textOf(*object->get(key)));
    return join(parts, ", ");
  }
  if (std::optional<double> number = value.getAsNumber();
      number && !value.getAsInteger() && std::floor(*number) != *number) {
    std::string text;
    raw_string_ostream(text) << format("%.6g", *number);
    return text;
  }
  return formatv("{0}", value).str();
}

namespace {
/// Writes a value below a heading of some level: objects as lists, arrays of objects as tables.
class Page {
public:
  Page(raw_ostream &os, bool html) : os(os), html(html) {}

  /// Scalars first, then what has a heading of its own.
  void members(const json::Object &object, unsigned level) {
    for (bool nested : {false, true})
      for (const std::string &key : keysOf(&object)) {
        const json::Value &value = *object.get(key);
        bool isNested = value.getAsObject() || value.getAsArray();
        if (isNested == nested)
          nested ? section(key, value, level + 1) : item(key + ": " + textOf(value));
      }
  }

private:
  void section(StringRef title, const json::Value &value, unsigned level) {
    if (html)
      os << "<h" << level << ">" << escape(title) << "</h" << level << ">\n";
    else
      os << "\n" << std::string(level, '#') << " " << escape(title) << "\n\n";
    if (const json::Object *object = value.getAsObject())
      members(*object, level);
    else
      table(*value.getAsArray());
  }

  /// Text that is not taken for markup.
  std::string escape(StringRef text) {
    std::string escaped, result;
    raw_string_ostream os(escaped);
    printHTMLEscaped(text, os);
    for (char c : escaped)
      result += c == '|' && !html ? std::string("\\|") : std::string(1, c == '\n' ? ' ' : c);
    return result;
  }

  void item(StringRef text) {
    os << (html ? "<p>" : "- ") << escape(text) << (html ? "</p>\n" : "\n");
  }

  void row(ArrayRef<std::string> cells, StringRef tag) {
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
    std::vector<const json::Object *> objects;
    for (const json::Value &value : array) {
      if (const json::Object *object = value.getAsObject())
        objects.push_back(object);
      else
        item(textOf(value));
    }
    if (array.empty())
      item("none");
    if (objects.empty())
      return;
    std::vector<std::string> keys = keysOf(objects);
    os << (html ? "<table>\n" : "");
    row(keys, "th");
    if (!html)
      row(std::vector<std::string>(keys.size(), "---"), "td");
    for (const json::Object *object : objects) {
      std::vector<std::string> cells;
      for (const std::string &key : keys) {
        const json::Value *cell = object->get(key);
        cells.push_back(cell ? textOf(*cell) : "");
      }
      row(cells, "td");
    }
    os << (html ? "</table>\n" : "");
  }

  raw_ostream &os;
  bool html;
};
} // namespace

void intaglio::printReport(const json::Object &report, StringRef path, raw_ostream &os) {
  StringRef ending = sys::path::extension(path);
  if (ending != ".md" && ending != ".html") {
    os << formatv("{0:2}", json::Value(json::Object(report))) << "\n";
    return;
  }
  bool html = ending == ".html";
  if (html)
    os << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
          "<title>Intaglio: report</title>\n<style>body { font-family: sans-serif; margin: 2em; }"
          " table { border-collapse: collapse; } td, th { border: 1px solid #bbb;"
          " padding: 0.2em 0.6em; text-align: left; } p { margin: 0.2em 0; }</style></head>"
          "<body>\n<h1>Report</h1>\n";
  else
    os << "# Report\n\n";
  Page(os, html).members(report, 1);
  if (html)
    os << "</body></html>\n";
}
