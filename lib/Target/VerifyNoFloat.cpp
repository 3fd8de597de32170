//===- VerifyNoFloat.cpp - the contract of machine code: nothing float ---------------------===//

#include "intaglio/Target/VerifyNoFloat.h"
#include "StackSizes.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

using namespace llvm;
using namespace intaglio;
using object::RelocationRef;
using object::SectionRef;
using object::SymbolRef;

/// Violations beyond this number are counted, not told.
constexpr size_t mostViolations = 100;

/// What code may call outside the object. All memory is the arena's.
static bool isHarmless(StringRef name) {
  static constexpr StringLiteral names[] = {"memcpy", "memmove", "memset", "sched_yield"};
  return llvm::is_contained(names, name);
}

/// Routines of compiler-rt and libgcc that compute with floats (`__addsf3`, `__floatsidf`,
/// `__extendhfsf2`, `__aeabi_fadd`, ...): an operation and one or two formats.
static bool isSoftFloat(StringRef name) {
  if (name.consume_front("__aeabi_"))
    return name.starts_with("f") || name.starts_with("d") || name.contains("2f") ||
           name.contains("2d");
  if (!name.consume_front("__"))
    return false;
  static constexpr StringLiteral formats[] = {"hf", "sf", "df", "xf", "tf", "bf"};
  return llvm::any_of(formats, [&](StringRef format) { return name.contains(format); });
}

namespace {
/// A function's place in the object.
struct CodeRange {
  std::string name;
  SectionRef section;
  uint64_t begin = 0, size = 0;
};

/// Walks one object.
class Walk {
public:
  Walk(object::ObjectFile &object, const TargetMachine &machine, const WalkRules &rules)
      : object(object), machine(machine), rules(rules),
        context(machine.getTargetTriple(), machine.getMCAsmInfo(), machine.getMCRegisterInfo(),
                machine.getMCSubtargetInfo()) {}

  Error run(ArrayRef<StringRef> entries);
  CodeProof proof;

private:
  Error makeTools();
  Error collect();
  Error visit(const CodeRange &function);
  Expected<std::string> visitReference(const RelocationRef &relocation, bool isJump);
  Error visitSection(const SectionRef &section);
  Error visitReferences(const CodeRange &function, uint64_t begin, uint64_t end, const MCInst *jump,
                        bool &any);
  void visitJump(const CodeRange &function, const MCInst &inst, uint64_t offset, uint64_t step);
  uint64_t dataUntil(const CodeRange &function, uint64_t offset) const;
  void reach(unsigned function) {
    reached.insert(function);
    if (caller)
      calls[*caller].insert(function);
  }
  std::optional<int64_t> stackOf(unsigned function);
  bool isARM() const {
    return machine.getTargetTriple().isARM() || machine.getTargetTriple().isThumb();
  }
  const CodeRange *functionAt(const SectionRef &section, uint64_t address) const;
  void violate(const CodeRange &function, uint64_t offset, const Twine &what);
  std::string print(const MCInst &inst, uint64_t address);

  object::ObjectFile &object;
  const TargetMachine &machine;
  const WalkRules &rules;
  MCContext context;
  std::unique_ptr<MCDisassembler> disassembler;
  std::unique_ptr<MCInstrAnalysis> analysis;
  std::unique_ptr<MCInstPrinter> printer;
  std::optional<InstructionClassifier> classifier;

  std::vector<CodeRange> functions;
  StringMap<unsigned> byName;
  /// By section, the relocations in the order of their offsets.
  std::map<uint64_t, std::vector<RelocationRef>> relocations;
  /// By section, where mapping symbols of ARM begin data (true) and code (false).
  std::map<uint64_t, std::map<uint64_t, bool>> mapping;
  SetVector<unsigned> reached;
  std::optional<unsigned> caller; ///< the function in work
  std::map<unsigned, SmallSetVector<unsigned, 8>> calls;
  uint64_t pairEnd = 0; ///< of the two instructions of RISC-V's call, whose aim the first names
  StackSizes frames;
  std::map<unsigned, std::optional<int64_t>> stacks; ///< known; nothing while in work
  DenseSet<uint64_t> visitedSections;
  SetVector<StringRef> externals;
  size_t untold = 0;
};
} // namespace

Error Walk::makeTools() {
  const Target &target = machine.getTarget();
  const MCRegisterInfo &registers = *machine.getMCRegisterInfo();
  const MCInstrInfo &instructions = *machine.getMCInstrInfo();
  disassembler.reset(target.createMCDisassembler(*machine.getMCSubtargetInfo(), context));
  analysis.reset(target.createMCInstrAnalysis(&instructions));
  printer.reset(target.createMCInstPrinter(machine.getTargetTriple(), 0, *machine.getMCAsmInfo(),
                                           instructions, registers));
  if (!disassembler || !analysis || !printer)
    return createStringError("LLVM disassembles no code of " + machine.getTargetTriple().str());
  printer->setPrintImmHex(true);
  classifier.emplace(machine.getTargetTriple(), instructions, registers, *printer, *analysis,
                     *machine.getMCSubtargetInfo());
  return Error::success();
}

Error Walk::collect() {
  for (const SymbolRef &symbol : object.symbols()) {
    Expected<SymbolRef::Type> type = symbol.getType();
    if (!type)
      return type.takeError();
    Expected<object::section_iterator> section = symbol.getSection();
    if (!section)
      return section.takeError();
    Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    if (*section == object.section_end())
      continue;
    Expected<uint64_t> value = symbol.getValue();
    if (!value)
      return value.takeError();
    if (isARM() && (name->starts_with("$d") || name->starts_with("$t") || name->starts_with("$a")))
      mapping[(*section)->getIndex()][*value] = name->starts_with("$d");
    if (*type != SymbolRef::ST_Function)
      continue;
    byName[*name] = functions.size();
    functions.push_back({name->str(), **section, *value, object::ELFSymbolRef(symbol).getSize()});
  }
  for (const SectionRef &section : object.sections()) {
    Expected<object::section_iterator> patched = section.getRelocatedSection();
    if (!patched)
      return patched.takeError();
    if (*patched == object.section_end())
      continue;
    auto &list = relocations[(*patched)->getIndex()];
    llvm::append_range(list, section.relocations());
    llvm::sort(list, [](const RelocationRef &x, const RelocationRef &y) {
      return x.getOffset() < y.getOffset();
    });
  }
  return Error::success();
}

const CodeRange *Walk::functionAt(const SectionRef &section, uint64_t address) const {
  for (const CodeRange &function : functions)
    if (function.section == section && address >= function.begin &&
        address < function.begin + function.size)
      return &function;
  return nullptr;
}

std::string Walk::print(const MCInst &inst, uint64_t address) {
  std::string text;
  raw_string_ostream stream(text);
  printer->printInst(&inst, address, "", *machine.getMCSubtargetInfo(), stream);
  std::string clean = StringRef(text).trim().str();
  std::replace(clean.begin(), clean.end(), '\t', ' ');
  return clean;
}

void Walk::violate(const CodeRange &function, uint64_t offset, const Twine &what) {
  if (proof.violations.size() == mostViolations) {
    ++untold;
    return;
  }
  proof.violations.push_back(
      (function.name + "+0x" + Twine::utohexstr(offset - function.begin) + ": " + what).str());
}

/// All that a section of data refers to may be called.
Error Walk::visitSection(const SectionRef &section) {
  if (!visitedSections.insert(section.getIndex()).second)
    return Error::success();
  auto found = relocations.find(section.getIndex());
  if (found == relocations.end())
    return Error::success();
  for (const RelocationRef &relocation : found->second)
    if (Expected<std::string> bad = visitReference(relocation, /*isJump=*/false); !bad)
      return bad.takeError();
  return Error::success();
}

/// Follows a reference out of reachable code or data. Returns what is wrong with it, or "".
Expected<std::string> Walk::visitReference(const RelocationRef &relocation, bool isJump) {
  object::symbol_iterator symbol = relocation.getSymbol();
  if (symbol == object.symbol_end())
    return isJump ? "jumps to a number" : "";
  Expected<StringRef> name = symbol->getName();
  if (!name)
    return name.takeError();
  Expected<object::section_iterator> section = symbol->getSection();
  if (!section)
    return section.takeError();
  if (*section == object.section_end()) {
    if (llvm::is_contained(rules.data, *name))
      return "";
    if (!rules.hosted || !isHarmless(*name))
      return ((isSoftFloat(*name) ? "calls the soft-float routine '"
                                  : "calls a function outside the object: '") +
              *name + "'")
          .str();
    externals.insert(*name);
    return "";
  }
  Expected<uint64_t> value = symbol->getValue();
  if (!value)
    return value.takeError();
  Expected<SymbolRef::Type> type = symbol->getType();
  if (!type)
    return type.takeError();
  if (const CodeRange *function = functionAt(**section, *value);
      function && *type == SymbolRef::ST_Function) {
    reach(function - functions.data());
    return "";
  }
  if (!(*section)->isText()) {
    if (Error error = visitSection(**section))
      return error;
    return isJump ? "is an indirect jump or call through data" : "";
  }
  // A section's own symbol: any function of it may be meant.
  for (auto [i, function] : enumerate(functions))
    if (function.section == **section)
      reach(i);
  return "";
}

/// Follows the references of the bytes `begin ... end`, which are a `jump` or something else.
Error Walk::visitReferences(const CodeRange &function, uint64_t begin, uint64_t end,
                            const MCInst *jump, bool &any) {
  auto &references = relocations[function.section.getIndex()];
  auto next = llvm::lower_bound(
      references, begin, [](const RelocationRef &r, uint64_t o) { return r.getOffset() < o; });
  for (; next != references.end() && next->getOffset() < end; ++next) {
    any = true;
    if (machine.getTargetTriple().isRISCV() &&
        (next->getType() == ELF::R_RISCV_CALL || next->getType() == ELF::R_RISCV_CALL_PLT))
      pairEnd = next->getOffset() + 8;
    Expected<std::string> bad = visitReference(*next, jump != nullptr);
    if (!bad)
      return bad.takeError();
    if (!bad->empty())
      violate(function, begin, jump ? *bad + ": " + print(*jump, begin) : *bad);
  }
  return Error::success();
}

/// A jump that no relocation says the aim of.
void Walk::visitJump(const CodeRange &function, const MCInst &inst, uint64_t offset,
                     uint64_t step) {
  uint64_t target = 0;
  if (!analysis->evaluateBranch(inst, offset, step, target))
    violate(function, offset, "indirect jump or call: " + print(inst, offset));
  else if (const CodeRange *callee = functionAt(function.section, target))
    reach(callee - functions.data());
  else
    violate(function, offset, "jumps out of all functions: " + print(inst, offset));
}

/// The end of the data that lies at `offset` in code (ARM's literal pools), `offset` if it is code.
uint64_t Walk::dataUntil(const CodeRange &function, uint64_t offset) const {
  auto marks = mapping.find(function.section.getIndex());
  if (marks == mapping.end())
    return offset;
  auto next = marks->second.upper_bound(offset);
  if (next == marks->second.begin() || !std::prev(next)->second)
    return offset;
  uint64_t end = function.begin + function.size;
  return next == marks->second.end() ? end : std::min(next->first, end);
}

Error Walk::visit(const CodeRange &function) {
  Expected<StringRef> contents = function.section.getContents();
  if (!contents)
    return contents.takeError();
  bool boundary = rules.floatBoundary && StringRef(function.name).starts_with(boundaryPrefix);
  (boundary ? proof.boundary : proof.functions).push_back(function.name);
  if (function.size == 0 || function.begin + function.size > contents->size())
    return createStringError("function '" + function.name + "' has no size in its section");
  ArrayRef<uint8_t> code = arrayRefFromStringRef(*contents);
  uint64_t end = function.begin + function.size, step = 0;
  pairEnd = 0;
  for (uint64_t offset = function.begin; offset < end; offset += step) {
    bool named = false;
    step = dataUntil(function, offset) - offset;
    if (step) {
      if (Error error = visitReferences(function, offset, offset + step, nullptr, named))
        return error;
      continue;
    }
    MCInst inst;
    if (disassembler->getInstruction(inst, step, code.slice(offset, end - offset), offset,
                                     nulls()) != MCDisassembler::Success) {
      violate(function, offset, "no instruction of the target");
      step = std::max<uint64_t>(step, 1);
      continue;
    }
    InstructionClass kind = classifier->classify(inst);
    ++(boundary ? proof.boundaryCounts : proof.counts)[unsigned(kind)];
    if (kind == InstructionClass::Float && !boundary)
      violate(function, offset, "float instruction: " + print(inst, offset));
    bool jumps = classifier->jumps(inst);
    if (Error error =
            visitReferences(function, offset, offset + step, jumps ? &inst : nullptr, named))
      return error;
    if (jumps && !named && offset >= pairEnd)
      visitJump(function, inst, offset, step);
  }
  return Error::success();
}

/// The most bytes of stack below a call of `function`; nothing where that cannot be known.
std::optional<int64_t> Walk::stackOf(unsigned function) {
  auto [known, added] = stacks.try_emplace(function, std::nullopt);
  if (!added)
    return known->second;
  const CodeRange &range = functions[function];
  auto frame = frames.find({range.section.getIndex(), range.begin});
  if (frame == frames.end())
    return std::nullopt;
  int64_t deepest = 0;
  for (unsigned callee : calls[function]) {
    std::optional<int64_t> depth = callee == function ? 0 : stackOf(callee);
    if (!depth)
      return std::nullopt;
    deepest = std::max(deepest, *depth);
  }
  return stacks[function] = frame->second + deepest;
}

Error Walk::run(ArrayRef<StringRef> entries) {
  if (Error error = makeTools())
    return error;
  if (Error error = collect())
    return error;
  for (StringRef entry : entries) {
    auto found = byName.find(entry);
    if (found == byName.end())
      return createStringError("the object has no function '" + entry + "'");
    reach(found->second);
  }
  for (size_t i = 0; i < reached.size(); ++i) {
    caller = reached[i];
    if (Error error = visit(functions[reached[i]]))
      return error;
  }
  Expected<StackSizes> sizes = readStackSizes(object);
  if (!sizes)
    return sizes.takeError();
  frames = std::move(*sizes);
  proof.stackBytes = 0;
  for (StringRef entry : entries)
    if (std::optional<int64_t> depth = stackOf(byName[entry]); depth && proof.stackBytes)
      proof.stackBytes = std::max(*proof.stackBytes, *depth);
    else
      proof.stackBytes = std::nullopt;
  llvm::sort(proof.functions);
  llvm::sort(proof.boundary);
  for (StringRef name : externals)
    proof.externals.push_back(name.str());
  llvm::sort(proof.externals);
  if (untold)
    proof.violations.push_back("and " + std::to_string(untold) + " more");
  return Error::success();
}

static json::Object countsToJson(const InstructionCounts &counts) {
  json::Object object;
  int64_t total = 0;
  for (auto [kind, count] : enumerate(counts)) {
    object[nameOf(InstructionClass(kind))] = count;
    total += count;
  }
  object["all"] = total;
  return object;
}

json::Value CodeProof::toJson() const {
  return json::Object{{"holds", holds()},
                      {"functions", int64_t(functions.size())},
                      {"instructions", countsToJson(counts)},
                      {"boundary_functions", json::Array(boundary)},
                      {"boundary_instructions", countsToJson(boundaryCounts)},
                      {"external_functions", json::Array(externals)}};
}

Expected<CodeProof> intaglio::verifyNoFloat(ArrayRef<char> object, ArrayRef<StringRef> entries,
                                            const TargetMachine &machine, const WalkRules &rules) {
  MemoryBufferRef buffer(StringRef(object.data(), object.size()), "object");
  Expected<std::unique_ptr<object::ObjectFile>> file = object::ObjectFile::createObjectFile(buffer);
  if (!file)
    return file.takeError();
  if (!(*file)->isELF() || !(*file)->isRelocatableObject())
    return createStringError("not a relocatable ELF object");
  Walk walk(**file, machine, rules);
  if (Error error = walk.run(entries))
    return error;
  return std::move(walk.proof);
}
