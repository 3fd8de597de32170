//===- Machine.cpp - the processor that code is made for -----------------------------------===//

#include "intaglio/Target/Machine.h"
#include "intaglio/Runtime/cpu.h"
#include "intaglio/Target/Bare.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/TargetParser/X86TargetParser.h"

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

/// Adds to a list with commas.
static void append(std::string &list, StringRef more) {
  if (!more.empty())
    list += (list.empty() ? "" : ",") + more.str();
}

/// The host's features.
static std::string nativeFeatures() {
  std::string features;
  for (const auto &[name, present] : sys::getHostCPUFeatures())
    append(features, ((present ? "+" : "-") + name).str());
  return features;
}

/// LLVM's names of the features in `INTAGLIO_X86_FEATURES`, in their order.
#define NAME(name, leaf, subleaf, where, bit, state) name,
static constexpr StringLiteral askedFeatures[] = {INTAGLIO_X86_FEATURES(NAME)};
#undef NAME
static_assert(std::size(askedFeatures) <= 64, "intaglio_model_info.cpu_features has 64 bits");

/// All instruction sets of x86 that LLVM knows, apart from what it calls tuning.
#define X86_FEATURE(ENUM, NAME) NAME,
static constexpr StringLiteral x86Features[] = {
#include "llvm/TargetParser/X86TargetParser.def"
};

/// The features that an x86-64 processor has and code may be made of; those that LLVM takes for
/// granted by the processor's name and code must not have are switched off.
static Expected<std::string> usableFeatures(const Target &target, const MCSubtargetInfo &baseline,
                                            const Machine &machine) {
  const Triple &triple = baseline.getTargetTriple();
  std::unique_ptr<MCSubtargetInfo> all(
      target.createMCSubtargetInfo(triple, machine.cpu, machine.features)),
      byName(target.createMCSubtargetInfo(triple, machine.cpu, ""));
  if (!byName->checkFeatures("+64bit"))
    return createStringError("processor '" + machine.cpu + "' runs no 64-bit code");
  // Either is the same dot product, and a processor need not have both.
  bool vnni = all->checkFeatures("+avx512vnni");
  std::string features;
  for (const SubtargetFeatureKV &feature : all->getAllProcessorFeatures()) {
    StringRef name = feature.Key;
    if (!llvm::is_contained(x86Features, name))
      continue;
    bool use = baseline.getFeatureBits()[feature.Value] || llvm::is_contained(askedFeatures, name);
    if (use && all->getFeatureBits()[feature.Value] && !(vnni && name == "avxvnni"))
      append(features, ("+" + name).str());
    else if (byName->getFeatureBits()[feature.Value])
      append(features, ("-" + name).str());
  }
  // Kernels use registers of 512 bits anyway; loops that LLVM makes vectors of shall use them too.
  if (vnni)
    append(features, "-prefer-256-bit");
  return features;
}

/// Refuses names that LLVM does not know, and instruction sets that code must or cannot be made of.
static Error checkNames(const MCSubtargetInfo &baseline, const Machine &machine) {
  if (!machine.cpu.empty() && !baseline.isCPUStringValid(machine.cpu))
    return createStringError("LLVM knows no processor '" + machine.cpu + "' of " + machine.triple);
  SmallVector<StringRef> features;
  StringRef(machine.features).split(features, ',', -1, /*KeepEmpty=*/false);
  for (StringRef feature : features) {
    StringRef name = feature.drop_front();
    bool plus = feature.front() == '+', sign = plus || feature.front() == '-';
    const auto *known = llvm::find_if(baseline.getAllProcessorFeatures(),
                                      [&](const SubtargetFeatureKV &f) { return name == f.Key; });
    if (!sign || known == baseline.getAllProcessorFeatures().end())
      return createStringError("processor feature '" + feature + "': expected +NAME or -NAME of " +
                               machine.triple + "'s features");
    if (!baseline.getTargetTriple().isX86_64() || !llvm::is_contained(x86Features, name))
      continue;
    bool every = baseline.getFeatureBits()[known->Value];
    if (!plus && every)
      return createStringError("processor feature '" + feature + "': x86-64 code needs it");
    if (plus && !every && !llvm::is_contained(askedFeatures, name))
      return createStringError("processor feature '" + feature + "': code is made of " +
                               join(ArrayRef<StringLiteral>(askedFeatures), " ") + " only");
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
  std::unique_ptr<MCSubtargetInfo> baseline(
      (*target)->createMCSubtargetInfo(triple, triple.isX86_64() ? "x86-64" : "", ""));
  if (!baseline)
    return createStringError("LLVM has no facts about processors of " + triple.str());
  machine.triple = triple.str();
  bool native = machine.cpu == "native" || (machine.cpu.empty() && ours);
  if (native)
    machine.cpu = sys::getHostCPUName().str();
  if (Error error = checkNames(*baseline, machine))
    return error;
  std::string asked = std::move(machine.features);
  if (native)
    machine.features = nativeFeatures();
  append(machine.features, asked);
  if (triple.isX86_64()) {
    Expected<std::string> usable = usableFeatures(**target, *baseline, machine);
    if (!usable)
      return usable.takeError();
    // Tuning that was asked for is no instruction set: it stays.
    machine.features = std::move(*usable);
    append(machine.features, asked);
  }
  return machine;
}

Expected<std::unique_ptr<TargetMachine>> intaglio::createTargetMachine(const Machine &machine) {
  Triple triple(machine.triple);
  Expected<const Target *> target = lookup(triple);
  if (!target)
    return target.takeError();
  TargetOptions options;
  options.FunctionSections = true;
  bool bare = isBare(triple);
  std::optional<CodeModel::Model> codeModel;
  if (bare) {
    options.EmitStackSizeSection = true;
    // No float is ever passed: the runtime's calls are those of a processor without floats.
    options.FloatABIType = FloatABI::Soft;
    if (triple.isRISCV())
      options.MCOptions.ABIName = triple.isRISCV64() ? "lp64" : "ilp32";
    if (triple.isRISCV64())
      codeModel = CodeModel::Medium;
  }
  std::unique_ptr<TargetMachine> made((*target)->createTargetMachine(
      triple, machine.cpu, machine.features, options, bare ? Reloc::Static : Reloc::PIC_, codeModel,
      CodeGenOptLevel::Aggressive));
  if (!made)
    return createStringError("LLVM makes no code for " + machine.triple);
  return made;
}

InstructionSets intaglio::instructionSetsOf(const TargetMachine &machine) {
  InstructionSets sets;
  if (!machine.getTargetTriple().isX86_64())
    return sets;
  const MCSubtargetInfo &facts = *machine.getMCSubtargetInfo();
  for (auto [i, name] : enumerate(askedFeatures)) {
    if (!facts.checkFeatures(("+" + name).str()))
      continue;
    sets.bits |= uint64_t(1) << i;
    sets.names += (sets.names.empty() ? "" : " ") + name.str();
  }
  return sets;
}
