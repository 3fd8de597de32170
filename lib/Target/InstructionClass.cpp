//===- InstructionClass.cpp - which machine instructions are float -------------------------===//

#include "intaglio/Target/VerifyNoFloat.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;
using namespace intaglio;

StringRef intaglio::nameOf(InstructionClass kind) {
  static constexpr StringLiteral names[numInstructionClasses] = {"scalar", "vector", "memory",
                                                                 "control", "float"};
  return names[unsigned(kind)];
}

static bool startsWithAny(StringRef text, ArrayRef<StringLiteral> prefixes) {
  return llvm::any_of(prefixes, [&](StringRef prefix) { return text.starts_with(prefix); });
}

/// Mnemonics in AT&T syntax.
static bool isFloatOnX86(StringRef mnemonic) {
  // x87, and what saves its state.
  if (mnemonic.starts_with("f"))
    return true;
  StringRef name = mnemonic;
  name.consume_front("v");
  if (name.starts_with("cvt") || name.starts_with("fpclass") || name.starts_with("fixupimm"))
    return true;
  if (startsWithAny(name,
                    {"rcp", "rsqrt", "sqrt", "getexp", "getmant", "rndscale", "scalef", "reduce",
                     "range", "dpbf16", "dpph", "tdpbf16", "tdpfp16", "ldmxcsr", "stmxcsr"}) &&
      !name.starts_with("ranges"))
    return true;
  // vpermilps and the like shuffle; all else that begins with p is a packed integer.
  if (name.starts_with("p"))
    return false;
  static constexpr StringLiteral formats[] = {"ps", "pd", "ss", "sd", "ph", "sh", "bf16"};
  if (llvm::none_of(formats, [&](StringRef format) { return name.ends_with(format); }))
    return false;
  // Bits are moved, or combined bitwise.
  static constexpr StringLiteral exact[] = {
      "andps",      "andpd",      "andnps",     "andnpd",      "orps",        "orpd",
      "xorps",      "xorpd",      "movss",      "movsd",       "movsh",       "movaps",
      "movapd",     "movups",     "movupd",     "movlps",      "movlpd",      "movhps",
      "movhpd",     "movlhps",    "movhlps",    "movntps",     "movntpd",     "movntss",
      "movntsd",    "movmskps",   "movmskpd",   "shufps",      "shufpd",      "unpcklps",
      "unpcklpd",   "unpckhps",   "unpckhpd",   "blendps",     "blendpd",     "blendvps",
      "blendvpd",   "blendmps",   "blendmpd",   "insertps",    "extractps",   "testps",
      "testpd",     "maskmovps",  "maskmovpd",  "gatherdps",   "gatherdpd",   "gatherqps",
      "gatherqpd",  "scatterdps", "scatterdpd", "scatterqps",  "scatterqpd",  "compressps",
      "compresspd", "expandps",   "expandpd",   "broadcastss", "broadcastsd", "lods",
      "stos",       "scas",       "movs"};
  return !llvm::is_contained(exact, name) && name != "abs" && !name.starts_with("cmov");
}

static bool isFloatOnAArch64(StringRef mnemonic) {
  if (mnemonic.starts_with("fmov"))
    return false;
  bool bfloat =
      mnemonic.starts_with("bf") && !startsWithAny(mnemonic, {"bfi", "bfm", "bfx", "bfc"});
  return mnemonic.starts_with("f") || bfloat || mnemonic.starts_with("bfmlal") ||
         mnemonic.starts_with("bfmmla") || mnemonic.ends_with("cvtf");
}

/// The names that LLVM gives to registers, such as F10_D.
static bool isFloatRegisterOfRISCV(StringRef name) {
  return name.consume_front("F") && !name.empty() && isDigit(name.front());
}

/// S0, D31 or Q7, whose first letter is among `kinds`; not SP.
static bool isVectorRegisterOfARM(StringRef name, StringRef kinds) {
  return name.size() > 1 && kinds.contains(name[0]) && isDigit(name[1]);
}

/// Control and status registers of floating point.
static bool isFloatControl(StringRef name) {
  static constexpr StringLiteral names[] = {"MXCSR", "FPCW", "FPSW",   "FPCR",
                                            "FPSR",  "FRM",  "FFLAGS", "FPSCR"};
  return llvm::is_contained(names, name);
}

bool InstructionClassifier::isFloatOnARM(const MCInst &inst) const {
  // What is printed has the format's ending, which the mnemonic lacks.
  std::string text;
  raw_string_ostream stream(text);
  printer.printInst(&inst, 0, "", processor, stream);
  StringRef name = StringRef(text).ltrim().take_until([](char c) { return isSpace(c); });
  // The floating-point unit is a coprocessor, too.
  if (startsWithAny(name, {"cdp", "mcr", "mrc", "ldc", "stc"}))
    return true;
  auto names = [&](StringRef kinds) {
    return llvm::any_of(inst, [&](const MCOperand &operand) {
      return operand.isReg() && isVectorRegisterOfARM(registers.getName(operand.getReg()), kinds);
    });
  };
  if (names("Q"))
    return name.contains(".f") || name.contains(".bf");
  return names("SD") &&
         !startsWithAny(name, {"vmov", "vldr", "vldm", "vstr", "vstm", "vpush", "vpop"});
}

bool InstructionClassifier::isFloat(const MCInst &inst, const MCInstrDesc &description) const {
  if (description.mayRaiseFPException())
    return true;
  auto isControl = [&](MCPhysReg r) { return isFloatControl(registers.getName(r)); };
  if (llvm::any_of(description.implicit_uses(), isControl) ||
      llvm::any_of(description.implicit_defs(), isControl))
    return true;
  StringRef mnemonic = StringRef(printer.getMnemonic(inst).first).rtrim();
  if (triple.isX86())
    return isFloatOnX86(mnemonic);
  if (triple.isAArch64())
    return isFloatOnAArch64(mnemonic);
  if (isARM())
    return isFloatOnARM(inst);
  if (triple.isRISCV())
    return mnemonic.starts_with("vf") || llvm::any_of(inst, [&](const MCOperand &operand) {
             return operand.isReg() && isFloatRegisterOfRISCV(registers.getName(operand.getReg()));
           });
  return false;
}

bool InstructionClassifier::usesVectorRegister(const MCInst &inst) const {
  return llvm::any_of(inst, [&](const MCOperand &operand) {
    if (!operand.isReg() || !operand.getReg())
      return false;
    StringRef name = registers.getName(operand.getReg());
    if (triple.isX86())
      return startsWithAny(name, {"XMM", "YMM", "ZMM", "MM", "K", "TMM"});
    if (triple.isAArch64())
      return startsWithAny(name, {"B", "H", "S", "D", "Q", "Z", "P"}) && name != "SP";
    if (isARM())
      return isVectorRegisterOfARM(name, "SDQ");
    return triple.isRISCV() && name.starts_with("V");
  });
}

bool InstructionClassifier::isReturn(const MCInst &inst) const {
  if (analysis.isReturn(inst))
    return true;
  // What ARM returns by: to the link register, or to what was pushed.
  StringRef mnemonic = StringRef(printer.getMnemonic(inst).first).rtrim();
  auto names = [&](StringRef name) {
    return llvm::any_of(inst, [&](const MCOperand &operand) {
      return operand.isReg() && name == registers.getName(operand.getReg());
    });
  };
  return isARM() && ((mnemonic == "bx" && names("LR")) || mnemonic.starts_with("pop") ||
                     (mnemonic.starts_with("ldm") && names("SP")));
}

/// ARM's program counter is a register that any instruction may write, a load of several too.
bool InstructionClassifier::writesPC(const MCInst &inst) const {
  const MCInstrDesc &description = instructions.get(inst.getOpcode());
  for (auto [i, operand] : enumerate(inst)) {
    bool written = i < description.getNumDefs() ||
                   (description.mayLoad() && i + 1 >= description.getNumOperands());
    if (written && operand.isReg() && StringRef(registers.getName(operand.getReg())) == "PC")
      return true;
  }
  return false;
}

bool InstructionClassifier::jumps(const MCInst &inst) const {
  bool leaves = analysis.isBranch(inst) || analysis.isIndirectBranch(inst) ||
                analysis.isCall(inst) || (isARM() && writesPC(inst));
  return leaves && !isReturn(inst);
}

InstructionClass InstructionClassifier::classify(const MCInst &inst) const {
  const MCInstrDesc &description = instructions.get(inst.getOpcode());
  if (isFloat(inst, description))
    return InstructionClass::Float;
  if (jumps(inst) || isReturn(inst))
    return InstructionClass::Control;
  if (description.mayLoad() || description.mayStore())
    return InstructionClass::Memory;
  return usesVectorRegister(inst) ? InstructionClass::Vector : InstructionClass::Scalar;
}
