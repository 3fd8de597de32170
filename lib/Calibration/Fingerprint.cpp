//===- Fingerprint.cpp - what tells a program from others ------------------------------------===//
//
// The program as text, one line an op, with the hash of its bytes in the place of each constant;
// and the hash of that text.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Calibration/Collect.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace intaglio;

static std::string hashOf(ArrayRef<char> bytes) {
  llvm::XXH128_hash_t hash =
      llvm::xxh3_128bits(ArrayRef(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()));
  return llvm::formatv("{0:x-16}{1:x-16}", hash.high64, hash.low64);
}

/// An attribute as text; the elements of arrays by their hash.
static void describe(Attribute attribute, llvm::raw_ostream &os) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attribute)) {
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob()) {
      os << resource.getType() << " " << hashOf(blob->getData());
      return;
    }
  }
  if (auto dense = dyn_cast<DenseElementsAttr>(attribute);
      dense && dense.getElementType().isIntOrFloat()) {
    os << dense.getType() << (dense.isSplat() ? " all " : " ") << hashOf(dense.getRawData());
    return;
  }
  os << attribute;
}

namespace {
/// Writes ops with numbers in the place of values.
class Describer {
public:
  explicit Describer(llvm::raw_ostream &os) : os(os) {}

  void describeRegion(Region &region) {
    for (Block &block : region) {
      for (BlockArgument argument : block.getArguments()) {
        number(argument);
        os << argument.getType() << "\n";
      }
      for (Operation &op : block)
        describeOp(op);
    }
  }

private:
  void number(Value value) { numbers[value] = next++; }

  void describeOp(Operation &op) {
    if (auto observe = dyn_cast<ObserveOp>(op)) {
      unsigned same = numbers.lookup(observe.getX());
      numbers[observe.getResult()] = same;
      return;
    }
    os << op.getName();
    for (Value operand : op.getOperands())
      os << " " << numbers.lookup(operand);
    // What passes note on an op (its discardable attributes) does not change its meaning.
    if (auto properties = dyn_cast_or_null<DictionaryAttr>(op.getPropertiesAsAttribute()))
      for (NamedAttribute property : properties) {
        os << " " << property.getName().getValue() << "=";
        describe(property.getValue(), os);
      }
    for (Value result : op.getResults()) {
      number(result);
      os << " " << result.getType();
    }
    os << "\n";
    for (Region &region : op.getRegions())
      describeRegion(region);
  }

  llvm::raw_ostream &os;
  DenseMap<Value, unsigned> numbers;
  unsigned next = 0;
};
} // namespace

std::string intaglio::fingerprint(ModuleOp program) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Describer(os).describeRegion(program.getBodyRegion());
  return hashOf(text);
}
