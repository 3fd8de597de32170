//===- Machine.cpp - the processor that code is made for -----------------------------------===//

#include "intaglio/Target/Machine.h"
#include "intaglio/Runtime/cpu.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

#include <mutex>

using namespace llvm;
using namespace intaglio;

static void initializeTargets() {
  static std::once_flag once;
  std::call_once(once, [] {
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmPrinters();
    InitializeAllAsmParsers();
    InitializeAllDisassemblers();
  });
}

static Expected<const Target *> lookup(const Triple &triple) {
  std::string message;
  if (const Target *target = TargetRegistry::lookupTarget(triple, message))
    return target;
  return createStringError("target '" + triple.str() + "': " + message);
}

/// The host's features, in the order of their names, so that text made of them does not vary.
static std::string nativeFeatures() {
  std::vector<std::string> features;
  for (const auto &[name, present] : sys::getHostCPUFeatures())
    features.push_back(((present ? "+" : "-") + name).str());
  llvm::sort(features, [](const std::string &a, const std::string &b) {
    return StringRef(a).drop_front() < StringRef(b).drop_front();
  });
  return join(features, ",");
}

static Error checkNames(const MCSubtargetInfo &facts, const Machine &machine) {
  if (!machine.cpu.empty() && !facts.isCPUStringValid(machine.cpu))
    return createStringError("LLVM knows no processor '" + machine.cpu + "' of " + machine.triple);
  SmallVector<StringRef> features;
  StringRef(machine.features).split(features, ',', -1, /*KeepEmpty=*/false);
  for (StringRef feature : features) {
    StringRef name = feature;
    bool sign = name.consume_front("+") || name.consume_front("-");
    bool known = llvm::any_of(facts.getAllProcessorFeatures(),
                              [&](const SubtargetFeatureKV &f) { return name == f.Key; });
    if (!sign || !known)
      return createStringError("processor feature '" + feature + "': expected +NAME or -NAME of " +
                               machine.triple + "'s features");
  }
  return Error::success();
}

Expected<Machine> intaglio::resolveMachine(Machine machine) {
  initializeTargets();
  Triple host(Triple::normalize(sys::getProcessTriple()));
  Triple triple(machine.triple.empty() ? host.str() : Triple::normalize(machine.triple));
  Expected<const Target *> target = lookup(triple);
  if (!target)
    return target.takeError();
  bool ours = triple.getArch() == host.getArch();
  if (machine.cpu == "native" && !ours)
    return createStringError("processor 'native' is of " + host.getArchName() + ", the target is " +
                             triple.str() + ": name a processor");
  std::unique_ptr<MCSubtargetInfo> facts((*target)->createMCSubtargetInfo(triple, "", ""));
  if (!facts)
    return createStringError("LLVM has no facts about processors of " + triple.str());
  machine.triple = triple.str();
  bool native = machine.cpu == "native" || (machine.cpu.empty() && ours);
  if (native)
    machine.cpu = sys::getHostCPUName().str();
  if (Error error = checkNames(*facts, machine))
    return error;
  if (native)
    machine.features =
        machine.features.empty() ? nativeFeatures() : nativeFeatures() + "," + machine.features;
  return machine;
}

Expected<std::unique_ptr<TargetMachine>> intaglio::createTargetMachine(const Machine &machine) {
  Triple triple(machine.triple);
  Expected<const Target *> target = lookup(triple);
  if (!target)
    return target.takeError();
  TargetOptions options;
  options.FunctionSections = true;
  std::unique_ptr<TargetMachine> made(
      (*target)->createTargetMachine(triple, machine.cpu, machine.features, options, Reloc::PIC_,
                                     std::nullopt, CodeGenOptLevel::Aggressive));
  if (!made)
    return createStringError("LLVM makes no code for " + machine.triple);
  return made;
}

InstructionSets intaglio::instructionSetsOf(const TargetMachine &machine) {
  InstructionSets sets;
  if (!machine.getTargetTriple().isX86_64())
    return sets;
#define NAME(name, leaf, subleaf, where, bit, state) name,
  static constexpr StringLiteral names[] = {INTAGLIO_X86_FEATURES(NAME)};
#undef NAME
  static_assert(std::size(names) <= 64, "intaglio_model_info.cpu_features has 64 bits");
  const MCSubtargetInfo &facts = *machine.getMCSubtargetInfo();
  for (auto [i, name] : enumerate(names)) {
    if (!facts.checkFeatures(("+" + name).str()))
      continue;
    sets.bits |= uint64_t(1) << i;
    sets.names += (sets.names.empty() ? "" : " ") + name.str();
  }
  return sets;
}
