//===- Bare.cpp - programs without operating system or C library ----------------------------===//

#include "intaglio/Target/Bare.h"
#include "intaglio/Target/Link.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace intaglio;

bool intaglio::isBare(const Triple &triple) {
  return triple.isOSUnknown() && triple.getOSName() == "none";
}

bool intaglio::isBoard(const Triple &triple) {
  return isBare(triple) && triple.getArch() != Triple::riscv64;
}

/// "256K", "0x40000".
static bool parseSize(StringRef text, uint64_t &value) {
  uint64_t unit = text.consume_back("K") ? 1 << 10 : text.consume_back("M") ? 1 << 20 : 1;
  if (text.getAsInteger(0, value) || value > UINT32_MAX / unit)
    return false;
  value *= unit;
  return true;
}

static bool parseRegion(StringRef text, BoardMemory::Region &region) {
  auto [origin, bytes] = text.split(':');
  return parseSize(origin, region.origin) && parseSize(bytes, region.bytes) && region.bytes > 0 &&
         region.origin + region.bytes <= uint64_t(1) << 32;
}

Expected<BoardMemory> intaglio::parseBoardMemory(StringRef text) {
  BoardMemory memory;
  auto [flash, ram] = text.split(',');
  if (!parseRegion(flash, memory.flash) || !parseRegion(ram, memory.ram))
    return createStringError("memory '" + text +
                             "': expected ORIGIN:SIZE,ORIGIN:SIZE of flash and RAM below 4 GiB, "
                             "such as 0x0:256K,0x20000000:16K");
  return memory;
}

BoardMemory intaglio::defaultBoardMemory(const Triple &triple) {
  if (triple.isRISCV())
    return {{0x80000000, 64 << 20}, {0x84000000, 64 << 20}};
  return {{0, 4 << 20}, {0x20000000, 4 << 20}};
}

ArrayRef<StringRef> intaglio::bareProgramEntries(const Triple &triple) {
  static constexpr StringRef linux[] = {"_start"};
  static constexpr StringRef board[] = {"_start", "intaglio_board_fault"};
  return isBoard(triple) ? ArrayRef<StringRef>(board) : ArrayRef<StringRef>(linux);
}

ArrayRef<StringRef> intaglio::bareDataNames() {
  static constexpr StringRef names[] = {"intaglio_model_data",  "intaglio_model_weights",
                                        "intaglio_data_source", "intaglio_data_begin",
                                        "intaglio_data_end",    "intaglio_bss_begin",
                                        "intaglio_bss_end",     "intaglio_heap_begin",
                                        "intaglio_heap_end",    "intaglio_stack_top"};
  return names;
}

Expected<MemoryUse> intaglio::measureMemory(StringRef path) {
  Expected<object::OwningBinary<object::ObjectFile>> file =
      object::ObjectFile::createObjectFile(path);
  if (!file)
    return file.takeError();
  MemoryUse use;
  for (const object::SectionRef &each : file->getBinary()->sections()) {
    object::ELFSectionRef section(each);
    if (!(section.getFlags() & ELF::SHF_ALLOC))
      continue;
    if (section.getType() != ELF::SHT_NOBITS)
      use.flashBytes += int64_t(section.getSize());
    if (section.getFlags() & ELF::SHF_WRITE)
      use.ramBytes += int64_t(section.getSize());
  }
  return use;
}

/// Code and constants in flash, where data lie too until the start code copies them; then data,
/// zeroed data, heap and stack in RAM.
static constexpr StringLiteral sections = R"(
ENTRY(_start)
SECTIONS {
  .text : {
    KEEP(*(.intaglio.vectors))
    *(.intaglio.start)
    *(.text .text.*)
  } > FLASH
  .rodata : { *(.rodata .rodata.* .srodata .srodata.*) } > FLASH
  .data : ALIGN(4) {
    intaglio_data_begin = .;
    *(.data .data.* .sdata .sdata.*)
    . = ALIGN(4);
    intaglio_data_end = .;
  } > RAM AT > FLASH
  intaglio_data_source = LOADADDR(.data);
  .bss (NOLOAD) : ALIGN(4) {
    intaglio_bss_begin = .;
    *(.bss .bss.* .sbss .sbss.* COMMON)
    . = ALIGN(4);
    intaglio_bss_end = .;
  } > RAM
  intaglio_heap_begin = ALIGN(64);
  intaglio_stack_top = (ORIGIN(RAM) + LENGTH(RAM)) & ~15;
  intaglio_heap_end = intaglio_stack_top - STACK_BYTES;
  ASSERT(intaglio_heap_begin <= intaglio_heap_end, "RAM does not hold data and stack")
  /DISCARD/ : { *(.ARM.exidx* .comment .note* .stack_sizes) }
}
)";

/// Writes the linker script of a board. The regions are as large as addresses go: what is too much
/// is told by us, with both numbers.
static Error writeScript(StringRef path, const BoardMemory &memory, int64_t stackBytes) {
  return writeToOutput(path, [&](raw_ostream &stream) {
    stream << "MEMORY {\n  FLASH (rx) : ORIGIN = " << memory.flash.origin
           << ", LENGTH = " << memory.flash.bytes << "\n  RAM (rw) : ORIGIN = " << memory.ram.origin
           << ", LENGTH = " << memory.ram.bytes << "\n}\nSTACK_BYTES = " << stackBytes << ";\n"
           << sections;
    return Error::success();
  });
}

/// What the objects need before anything is linked: lld leaves out what is not referred to, but
/// constants and weights, which decide, are all referred to.
static Error checkMemory(ArrayRef<std::string> objects, const BoardMemory &memory,
                         int64_t stackBytes) {
  MemoryUse all;
  for (const std::string &object : objects) {
    Expected<MemoryUse> use = measureMemory(object);
    if (!use)
      return use.takeError();
    all.flashBytes += use->flashBytes;
    all.ramBytes += use->ramBytes;
  }
  if (uint64_t(all.flashBytes) > memory.flash.bytes)
    return createStringError("the model needs " + Twine(all.flashBytes) +
                             " bytes of flash, the target has " + Twine(memory.flash.bytes));
  if (uint64_t(all.ramBytes + stackBytes) > memory.ram.bytes)
    return createStringError("the model needs " + Twine(all.ramBytes + stackBytes) +
                             " bytes of RAM for data and stack, the target has " +
                             Twine(memory.ram.bytes));
  return Error::success();
}

Error intaglio::linkBareProgram(const Triple &triple, ArrayRef<std::string> objects,
                                StringRef output, const BoardMemory &memory, int64_t stackBytes) {
  SmallVector<std::string> arguments = {
      "ld.lld",         "-o", output.str(),  "-static", "--build-id=none", "--gc-sections",
      "--no-undefined", "-z", "noexecstack", "-z",      "norelro",         "-e",
      "_start"};
  std::string script = (output + ".ld").str();
  if (isBoard(triple)) {
    if (Error error = checkMemory(objects, memory, stackBytes))
      return error;
    if (Error error = writeScript(script, memory, stackBytes))
      return error;
    llvm::append_range(arguments, std::initializer_list<std::string>{"-T", script, "--nmagic"});
  }
  llvm::append_range(arguments, objects);
  Error error = runLinker(arguments);
  sys::fs::remove(script);
  return error;
}
