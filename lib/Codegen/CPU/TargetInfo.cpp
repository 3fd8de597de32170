//===- TargetInfo.cpp - levels of x86-64 and their tiles ------------------------------------===//

#include "intaglio/Codegen/CPU/TargetInfo.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;

namespace intaglio::cpu {

FailureOr<TargetInfo> TargetInfo::parse(StringRef name) {
  return llvm::StringSwitch<FailureOr<TargetInfo>>(name)
      .Case("avx512vnni+vbmi", TargetInfo{Level::AVX512VNNI, true})
      .Case("avx512vnni", TargetInfo{Level::AVX512VNNI, false})
      .Case("avxvnni", TargetInfo{Level::AVXVNNI, false})
      .Case("avx2", TargetInfo{Level::AVX2, false})
      .Case("generic", TargetInfo{Level::Generic, false})
      .Default(failure());
}

FailureOr<TargetInfo> TargetInfo::forMachine(StringRef triple, StringRef cpu, StringRef features,
                                             std::string &error) {
  llvm::Triple parsed(triple);
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(parsed, error);
  if (!target)
    return failure();
  std::unique_ptr<llvm::MCSubtargetInfo> machine(
      target->createMCSubtargetInfo(parsed, cpu, features));
  if (!machine) {
    error = "LLVM has no facts about this processor";
    return failure();
  }
  TargetInfo info;
  info.indexBits = parsed.isArch64Bit() ? 64 : 32;
  auto has = [&](StringRef feature) { return machine->checkFeatures(feature); };
  // Processors of 32 bits lack the conversion from 64-bit integers.
  info.floatUnit = info.indexBits == 64 && !(parsed.isRISCV() && !has("+d"));
  if (!parsed.isX86_64())
    return info;
  if (has("+avx512vnni") && has("+avx512bw") && has("+avx512vl") && has("+avx512dq"))
    info = {Level::AVX512VNNI, has("+avx512vbmi")};
  else if (has("+avxvnni") && has("+avx2") && has("+fma"))
    info.level = Level::AVXVNNI;
  else if (has("+avx2") && has("+fma"))
    info.level = Level::AVX2;
  return info;
}

StringRef TargetInfo::name() const {
  switch (level) {
  case Level::AVX512VNNI:
    return byteShuffle ? "avx512vnni+vbmi" : "avx512vnni";
  case Level::AVXVNNI:
    return "avxvnni";
  case Level::AVX2:
    return "avx2";
  case Level::Generic:
    return "generic";
  }
  llvm_unreachable("all levels are named");
}

int64_t TargetInfo::vectorBits() const {
  if (level == Level::Generic)
    return 0;
  return level == Level::AVX512VNNI ? 512 : 256;
}

FailureOr<Tile> TargetInfo::tileFor(Type element, int64_t n, int64_t k) const {
  if (level == Level::Generic || !(element.isInteger(8) || element.isF32()))
    return failure();
  Tile tile{};
  tile.innerK = element.isF32() ? 1 : level == Level::AVX2 ? 2 : 4;
  if (k % tile.innerK)
    return failure();
  // The widest register of which the columns are a multiple.
  for (tile.lanes = vectorBits() / 32; n % tile.lanes; tile.lanes /= 2)
    if (tile.lanes == 4)
      return failure();
  // Accumulators leave registers for weights and a broadcast: 24 of 32, 12 of 16.
  bool many = level == Level::AVX512VNNI;
  for (tile.vectors = many ? 4 : 2; n % tile.columns(); --tile.vectors)
    ;
  tile.rows = std::min<int64_t>((many ? 24 : 12) / tile.vectors, 8);
  return tile;
}

FailureOr<Tile> tileOf(Operation *kernel) {
  auto values = kernel->getAttrOfType<DenseI64ArrayAttr>(kTileAttr);
  if (!values || values.size() != 4)
    return failure();
  return Tile{values[0], values[1], values[2], values[3]};
}

} // namespace intaglio::cpu
