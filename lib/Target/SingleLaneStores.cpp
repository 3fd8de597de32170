//===- SingleLaneStores.cpp - masked stores of one lane as scalar stores ---------------------===//
//
//   call void @llvm.masked.store(<8 x i16> %v, ptr align 2 %p, <8 x i1> <true, false, ..., false>)
// becomes
//   %e = extractelement <8 x i16> %v, 0 ; store i16 %e, ptr %p, align 2
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Target/SingleLaneStores.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

/// The one lane that a constant mask takes, if it is one; undefined lanes are not taken.
static std::optional<unsigned> singleLane(Value *mask) {
  auto *constant = dyn_cast<Constant>(mask);
  auto *type = dyn_cast<FixedVectorType>(mask->getType());
  if (!constant || !type)
    return std::nullopt;
  std::optional<unsigned> lane;
  for (unsigned i = 0; i < type->getNumElements(); ++i) {
    Constant *element = constant->getAggregateElement(i);
    if (!element)
      return std::nullopt;
    if (isa<UndefValue>(element) || element->isNullValue())
      continue;
    if (lane)
      return std::nullopt;
    lane = i;
  }
  return lane;
}

static void scalarize(IntrinsicInst &store, unsigned lane) {
  IRBuilder<> b(&store);
  Value *vector = store.getArgOperand(0);
  Type *element = vector->getType()->getScalarType();
  Value *address = b.CreateConstGEP1_64(element, store.getArgOperand(1), lane);
  uint64_t size = store.getDataLayout().getTypeStoreSize(element).getFixedValue();
  Align alignment = commonAlignment(store.getParamAlign(1).valueOrOne(), size * lane);
  StoreInst *scalar =
      b.CreateAlignedStore(b.CreateExtractElement(vector, lane), address, alignment);
  scalar->setAAMetadata(store.getAAMetadata());
  store.eraseFromParent();
}

void intaglio::scalarizeSingleLaneStores(Module &module) {
  for (Function &function : module)
    for (Instruction &instruction : make_early_inc_range(instructions(function)))
      if (auto *store = dyn_cast<IntrinsicInst>(&instruction);
          store && store->getIntrinsicID() == Intrinsic::masked_store)
        if (auto lane = singleLane(store->getArgOperand(2)))
          scalarize(*store, *lane);
}
