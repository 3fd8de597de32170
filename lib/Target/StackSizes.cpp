//===- StackSizes.cpp - the stack frames that an object tells of -----------------------------===//

#include "StackSizes.h"

#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/LEB128.h"

using namespace llvm;
using namespace intaglio;
using object::RelocationRef;

/// What is added to the relocation's symbol: beside it, or in the place that it patches.
static int64_t addendOf(const RelocationRef &relocation, StringRef contents, unsigned bytes) {
  Expected<int64_t> addend = object::ELFRelocationRef(relocation).getAddend();
  if (addend)
    return *addend;
  consumeError(addend.takeError());
  const char *place = contents.data() + relocation.getOffset();
  return bytes == 8 ? int64_t(support::endian::read64le(place))
                    : int64_t(support::endian::read32le(place));
}

/// Notes the function of one relocation. What is malformed is passed over: its function has no size
/// then, which is no proof of anything.
static Error readEntry(const object::ObjectFile &object, const RelocationRef &relocation,
                       StringRef contents, StackSizes &sizes) {
  unsigned bytes = object.getBytesInAddress();
  uint64_t end = relocation.getOffset() + bytes;
  object::symbol_iterator symbol = relocation.getSymbol();
  if (symbol == object.symbol_end() || end >= contents.size())
    return Error::success();
  Expected<object::section_iterator> section = symbol->getSection();
  if (!section)
    return section.takeError();
  Expected<uint64_t> value = symbol->getValue();
  if (!value)
    return value.takeError();
  if (*section == object.section_end())
    return Error::success();
  const uint8_t *place = contents.bytes_begin() + end;
  const char *malformed = nullptr;
  uint64_t size = decodeULEB128(place, nullptr, contents.bytes_end(), &malformed);
  uint64_t address = *value + uint64_t(addendOf(relocation, contents, bytes));
  if (object.getArch() == Triple::thumb || object.getArch() == Triple::arm)
    address &= ~uint64_t(1);
  if (!malformed)
    sizes[{(*section)->getIndex(), address}] = int64_t(size);
  return Error::success();
}

Expected<StackSizes> intaglio::readStackSizes(const object::ObjectFile &object) {
  StackSizes sizes;
  for (const object::SectionRef &section : object.sections()) {
    Expected<object::section_iterator> patched = section.getRelocatedSection();
    if (!patched)
      return patched.takeError();
    if (*patched == object.section_end())
      continue;
    Expected<StringRef> name = (*patched)->getName();
    if (!name)
      return name.takeError();
    if (*name != ".stack_sizes")
      continue;
    Expected<StringRef> contents = (*patched)->getContents();
    if (!contents)
      return contents.takeError();
    for (const RelocationRef &relocation : section.relocations())
      if (Error error = readEntry(object, relocation, *contents, sizes))
        return std::move(error);
  }
  return sizes;
}
