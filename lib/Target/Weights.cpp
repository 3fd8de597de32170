//===- Weights.cpp - the weights blob as an object file ------------------------------------===//

#include "intaglio/Target/Object.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/MC/MCAsmBackend.h"
#include "llvm/MC/MCCodeEmitter.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCObjectFileInfo.h"
#include "llvm/MC/MCObjectWriter.h"
#include "llvm/MC/MCSectionELF.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/TargetRegistry.h"

using namespace llvm;
using namespace intaglio;

Expected<ObjectBytes> intaglio::emitWeights(ArrayRef<Chunk> weights, int64_t bytes,
                                            const TargetMachine &machine) {
  const Triple &triple = machine.getTargetTriple();
  const Target &target = machine.getTarget();
  if (!triple.isOSBinFormatELF())
    return createStringError("artefacts are ELF files; " + triple.str() + " has another format");
  MCContext context(triple, machine.getMCAsmInfo(), machine.getMCRegisterInfo(),
                    machine.getMCSubtargetInfo());
  std::unique_ptr<MCObjectFileInfo> info(target.createMCObjectFileInfo(context, /*PIC=*/true));
  context.setObjectFileInfo(info.get());
  ObjectBytes object;
  object.reserve(bytes + 4096);
  raw_svector_ostream stream(object);
  std::unique_ptr<MCAsmBackend> backend(target.createMCAsmBackend(
      *machine.getMCSubtargetInfo(), *machine.getMCRegisterInfo(), machine.Options.MCOptions));
  std::unique_ptr<MCCodeEmitter> emitter(
      target.createMCCodeEmitter(*machine.getMCInstrInfo(), context));
  if (!backend || !emitter)
    return createStringError("LLVM writes no objects for " + triple.str());
  std::unique_ptr<MCObjectWriter> writer = backend->createObjectWriter(stream);
  std::unique_ptr<MCStreamer> streamer(
      target.createMCObjectStreamer(triple, context, std::move(backend), std::move(writer),
                                    std::move(emitter), *machine.getMCSubtargetInfo()));
  streamer->initSections(/*NoExecStack=*/true, *machine.getMCSubtargetInfo());
  streamer->switchSection(
      context.getELFSection(".rodata.intaglio.weights", ELF::SHT_PROGBITS, ELF::SHF_ALLOC));
  streamer->emitValueToAlignment(Align(64));
  MCSymbol *symbol = context.getOrCreateSymbol("intaglio_model_weights");
  streamer->emitSymbolAttribute(symbol, MCSA_Global);
  streamer->emitSymbolAttribute(symbol, MCSA_Hidden);
  streamer->emitLabel(symbol);
  int64_t position = 0;
  for (const Chunk &chunk : weights) {
    streamer->emitZeros(chunk.offset - position);
    streamer->emitBytes(StringRef(chunk.bytes.data(), chunk.bytes.size()));
    position = chunk.offset + int64_t(chunk.bytes.size());
  }
  // Never empty: a symbol needs a byte to stand at.
  streamer->emitZeros(std::max<int64_t>(bytes, 64) - position);
  streamer->finish();
  return object;
}
