//===- Page.h - a report as JSON, Markdown or a web page --------------------------*- C++ -*-===//

#ifndef INTAGLIO_REPORT_PAGE_H
#define INTAGLIO_REPORT_PAGE_H

#include "llvm/Support/JSON.h"

namespace intaglio {

/// Writes a report in the form that the ending of `path` says: Markdown (.md), a web page (.html)
/// that needs nothing else, or JSON.
void printReport(const llvm::json::Object &report, llvm::StringRef path, llvm::raw_ostream &os);

} // namespace intaglio

#endif // INTAGLIO_REPORT_PAGE_H
