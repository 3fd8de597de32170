//===- IntegerAttention.cpp - attention on bytes with vector instructions -------------------===//
//
// A word is four bytes: of a key (read as unsigned, + 128), of a query, of four keys' values in one
// channel, of four keys' numerators. Products are u8 by s8, summed into 32 bits.
//
// Keys as k + 128 raise a score by 128 * sum(q), the same for all keys: a multiple of
// 2^score_shift, so it goes through the rounding shift unchanged and leaves the distance to the
// maximum. Keys that do not take part start at -2^30, and their numerators are cleared.
//
//===----------------------------------------------------------------------------------------===//

#include "AttentionEmitter.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::cpu;

namespace {

class IntegerAttention : public AttentionEmitter {
public:
  IntegerAttention(ImplicitLocOpBuilder &b, const TargetInfo &target,
                   const AttentionArguments &arguments, IAttentionOp op)
      : AttentionEmitter(b, target, arguments, op.getNumHeads()), op(op) {}

protected:
  int64_t keyWords() const override { return width / 4; }
  int64_t keysPerStep() const override { return 4; }
  void prepareKernel() override;
  void prepareHead() override;
  Value queryWord(Value row, Value position) override;
  Value multiplyScores(Value acc, Value key, Value query) override {
    return multiply(acc, key, query);
  }
  Value finishScores(Value acc) override;
  Value lowest() override { return integers(vectorOf(lanes), INT32_MIN); }
  Value maximum(Value x, Value y) override { return arith::MaxSIOp::create(b, x, y); }
  Value numerators(int64_t query, Value top) override;
  Value valueVector(Value step, int64_t from, int64_t count) override;
  Value numeratorWord(int64_t query, Value step, int64_t count) override;
  Value multiplyValues(Value acc, Value values, Value numerator) override {
    return multiply(acc, numerator, values);
  }
  void finishOutput(Value row, int64_t from, Value acc, Value factor) override;

private:
  Value multiply(Value acc, Value bytes, Value signedBytes);
  void prepareKeys();
  void prepareValues();
  void prepareMask();
  Value numeratorsByShuffle(Value scores, Value top);
  Value numeratorsByGather(Value scores, Value top);
  int64_t stepKeys() const { return target.byteShuffle ? 4 * lanes : 16; }

  IAttentionOp op;
  SmallVector<Value> tables; ///< the byte table in registers
};

/// Four products u8 by s8 into each 32-bit lane; operands are words.
Value IntegerAttention::multiply(Value acc, Value bytes, Value signedBytes) {
  auto type = cast<VectorType>(acc.getType());
  int64_t count = type.getNumElements();
  if (target.unsignedActivations()) {
    std::string name = "llvm.x86.avx512.vpdpbusd." + std::to_string(32 * count);
    return intrinsic(
        name, type,
        {acc, bitcast(bytes, bytesOf(4 * count)), bitcast(signedBytes, bytesOf(4 * count))});
  }
  // Even and odd bytes as pairs of 16-bit numbers.
  auto halves = VectorType::get({2 * count}, b.getI16Type());
  Value u = bitcast(bytes, halves), s = bitcast(signedBytes, halves);
  Value eight = integers(halves, 8);
  Value evenU = arith::AndIOp::create(b, u, integers(halves, 255));
  Value oddU = arith::ShRUIOp::create(b, u, eight);
  Value evenS = arith::ShRSIOp::create(b, arith::ShLIOp::create(b, s, eight), eight);
  Value oddS = arith::ShRSIOp::create(b, s, eight);
  StringRef name = count == 8 ? "llvm.x86.avx2.pmadd.wd" : "llvm.x86.sse2.pmadd.wd";
  acc = arith::AddIOp::create(b, acc, intrinsic(name, type, {evenU, evenS}));
  return arith::AddIOp::create(b, acc, intrinsic(name, type, {oddU, oddS}));
}

void IntegerAttention::prepareKernel() {
  auto part = [&](int64_t from, int64_t count) {
    return vector::LoadOp::create(b, bytesOf(count), arguments.table, index(from)).getResult();
  };
  if (target.byteShuffle) {
    for (int64_t from = 0; from < 256; from += 64)
      tables.push_back(part(from, 64));
    return;
  }
  for (int64_t from = 0; from < 256; from += lanes)
    store(arith::ExtUIOp::create(b, vectorOf(lanes), part(from, lanes)), index(from));
}

void IntegerAttention::prepareHead() {
  prepareKeys();
  prepareValues();
  prepareMask();
}

/// A block of `lanes` keys word by word, as unsigned bytes.
void IntegerAttention::prepareKeys() {
  Value last = arith::SubIOp::create(b, keys, index(1));
  loop(blocks(keys, lanes), {}, [&](Value block, ValueRange) -> SmallVector<Value> {
    SmallVector<Value> rows;
    for (int64_t r = 0; r < lanes; ++r) {
      Value row = minimum(add(mul(block, lanes), r), last);
      Value bytes = loadRow(arguments.key, row, channel, width);
      bytes = arith::XOrIOp::create(b, bytes, integers(bytes.getType(), -128));
      rows.push_back(bitcast(bytes, vectorOf(width / 4)));
    }
    store(transpose(rows), add(keysAt, mul(block, lanes * keyWords())));
    return {};
  });
}

/// Four keys' bytes of one channel side by side.
void IntegerAttention::prepareValues() {
  Value last = arith::SubIOp::create(b, keys, index(1));
  loop(blocks(keys, 4), {}, [&](Value block, ValueRange) -> SmallVector<Value> {
    SmallVector<Value> rows;
    for (int64_t r = 0; r < 4; ++r)
      rows.push_back(
          loadRow(arguments.value, minimum(add(mul(block, 4), r), last), channel, width));
    store(bitcast(transpose(rows), vectorOf(width)), add(valuesAt, mul(block, width)));
    return {};
  });
}

/// Where the accumulator of each key starts, and a mask of bytes; keys up to the next block do not
/// take part.
void IntegerAttention::prepareMask() {
  Type i32 = b.getI32Type();
  int64_t shift = op.getScoreShift();
  Value yes = integers(i32, shift ? int64_t(1) << (shift - 1) : 0);
  Value no = integers(i32, -(int64_t(1) << 30));
  Value words = arguments.scratch;
  loop(blocks(padded, 4), {}, [&](Value block, ValueRange) -> SmallVector<Value> {
    Value mask = integers(i32, 0);
    for (int64_t r = 0; r < 4; ++r) {
      Value key = add(mul(block, 4), r);
      Value takesPart = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, key, keys);
      if (arguments.mask) {
        Value last = arith::SubIOp::create(b, keys, index(1));
        Value flag =
            memref::LoadOp::create(b, arguments.mask, ValueRange{batch, minimum(key, last)});
        Value set =
            arith::CmpIOp::create(b, arith::CmpIPredicate::ne, flag, integers(flag.getType(), 0));
        takesPart = arith::AndIOp::create(b, takesPart, set);
      }
      Value start = arith::SelectOp::create(b, takesPart, yes, no);
      memref::StoreOp::create(b, start, words, add(startAt, key));
      Value byte = arith::SelectOp::create(b, takesPart, integers(i32, int64_t(255) << (8 * r)),
                                           integers(i32, 0));
      mask = arith::OrIOp::create(b, mask, byte);
    }
    memref::StoreOp::create(b, mask, words, add(maskAt, block));
    return {};
  });
}

Value IntegerAttention::queryWord(Value row, Value position) {
  Value at = add(channel, mul(position, 4));
  Value bytes = loadRow(arguments.query, row, at, 4);
  return vector::BroadcastOp::create(b, vectorOf(lanes), bitcast(bytes, vectorOf(1)));
}

Value IntegerAttention::finishScores(Value acc) {
  return arith::ShRSIOp::create(b, acc, integers(acc.getType(), op.getScoreShift()));
}

/// Numerators of four registers of scores in the order of their keys: saturating packs to bytes,
/// the table in registers.
Value IntegerAttention::numeratorsByShuffle(Value at, Value top) {
  auto halves = VectorType::get({2 * lanes}, b.getI16Type());
  SmallVector<Value> distance;
  for (int64_t r = 0; r < 4; ++r)
    distance.push_back(arith::SubIOp::create(b, top, load(add(at, r * lanes), lanes)));
  SmallVector<Value> indices;
  for (int64_t r = 0; r < 4; r += 2) {
    // 0 ... 65535, times the step, the high half.
    Value near = intrinsic("llvm.x86.avx512.packusdw.512", halves, {distance[r], distance[r + 1]});
    Value far =
        intrinsic("llvm.x86.avx512.pmulhu.w.512", halves, {near, integers(halves, op.getStep())});
    if (op.getStep() > INT16_MAX)
      far = arith::MinUIOp::create(b, far, integers(halves, 255));
    indices.push_back(far);
  }
  Value packed = intrinsic("llvm.x86.avx512.packuswb.512", bytesOf(4 * lanes), indices);
  // Packing goes by parts of 128 bits: four keys of each register.
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < lanes; ++i)
    order.push_back(i % (lanes / 4) * 4 + i / (lanes / 4));
  Value words = bitcast(packed, vectorOf(lanes));
  Value entry = bitcast(vector::ShuffleOp::create(b, words, words, order), bytesOf(4 * lanes));
  auto lookUp = [&](Value low, Value high) {
    return intrinsic("llvm.x86.avx512.vpermi2var.qi.512", entry.getType(), {low, entry, high});
  };
  Value upper =
      arith::CmpIOp::create(b, arith::CmpIPredicate::slt, entry, integers(entry.getType(), 0));
  Value bytes =
      arith::SelectOp::create(b, upper, lookUp(tables[2], tables[3]), lookUp(tables[0], tables[1]));
  return bitcast(bytes, vectorOf(lanes));
}

/// Numerators of sixteen scores, the table in memory.
Value IntegerAttention::numeratorsByGather(Value at, Value top) {
  auto type = vectorOf(lanes);
  Value all = arith::ConstantOp::create(
      b, DenseElementsAttr::get(VectorType::get({lanes}, b.getI1Type()), true));
  Value bytes;
  for (int64_t first = 0; first < stepKeys(); first += lanes) {
    Value distance = arith::SubIOp::create(b, top, load(add(at, first), lanes));
    distance = arith::MaxSIOp::create(b, distance, integers(type, 0));
    distance = arith::MinSIOp::create(b, distance, integers(type, 65535));
    Value far = arith::MulIOp::create(b, distance, integers(type, op.getStep()));
    far = arith::ShRUIOp::create(b, far, integers(type, 16));
    far = arith::MinUIOp::create(b, far, integers(type, 255));
    Value entries = vector::GatherOp::create(b, type, arguments.scratch, ValueRange{index(0)}, far,
                                             all, integers(type, 0));
    Value part = arith::TruncIOp::create(b, bytesOf(lanes), entries);
    if (first) {
      auto both = llvm::to_vector(llvm::seq<int64_t>(0, first + lanes));
      part = vector::ShuffleOp::create(b, bytes, part, both);
    }
    bytes = part;
  }
  return bitcast(bytes, vectorOf(stepKeys() / 4));
}

Value IntegerAttention::numerators(int64_t query, Value top) {
  Value highest = vector::ReductionOp::create(b, vector::CombiningKind::MAXSI, top);
  Value from = arith::AddIOp::create(b, highest, integers(b.getI32Type(), op.getRounding()));
  Value start = splat(from, lanes);
  int64_t count = stepKeys(), sums = count / 4;
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(vectorOf(sums)));
  Value ones = integers(vectorOf(sums), 0x01010101);
  Value scores = add(scoresAt, mul(padded, query));
  Value results = add(numeratorsAt, mul(blocks(padded, 4), query));
  Value sum = loop(blocks(keys, count), zero, [&](Value step, ValueRange carried) {
    Value at = add(scores, mul(step, count)), packed = mul(step, count / 4);
    Value e = target.byteShuffle ? numeratorsByShuffle(at, start) : numeratorsByGather(at, start);
    e = arith::AndIOp::create(b, e, load(add(maskAt, packed), sums));
    store(e, add(results, packed));
    return SmallVector<Value>{multiply(carried[0], e, ones)};
  })[0];
  sum = vector::ReductionOp::create(b, vector::CombiningKind::ADD, sum);
  // A row without keys divides by one: its sums are zeros.
  Type i64 = b.getI64Type();
  Value divisor = arith::MaxUIOp::create(b, arith::ExtUIOp::create(b, i64, sum), integers(i64, 1));
  return arith::DivUIOp::create(b, integers(i64, op.getNumerator()), divisor);
}

Value IntegerAttention::valueVector(Value step, int64_t from, int64_t count) {
  return load(add(add(valuesAt, mul(step, width)), from), count);
}

Value IntegerAttention::numeratorWord(int64_t query, Value step, int64_t count) {
  Value at = add(add(numeratorsAt, mul(blocks(padded, 4), query)), step);
  return vector::BroadcastOp::create(b, vectorOf(count), load(at, 1));
}

void IntegerAttention::finishOutput(Value row, int64_t from, Value acc, Value factor) {
  int64_t count = cast<VectorType>(acc.getType()).getNumElements();
  auto wide = VectorType::get({count}, b.getI64Type());
  int64_t offset = (int64_t(1) << 31) + op.getOutputZp() * (int64_t(1) << 32);
  Value y = arith::MulIOp::create(b, arith::ExtSIOp::create(b, wide, acc), splat(factor, count));
  y = arith::AddIOp::create(b, y, integers(wide, offset));
  y = arith::ShRSIOp::create(b, y, integers(wide, 32));
  y = arith::MaxSIOp::create(b, y, integers(wide, -128));
  y = arith::MinSIOp::create(b, y, integers(wide, 127));
  Value bytes = arith::TruncIOp::create(b, bytesOf(count), y);
  if (op->getParentOp()->hasAttr(kUnsignedAttr))
    bytes = arith::XOrIOp::create(b, bytes, integers(bytes.getType(), -128));
  vector::StoreOp::create(b, bytes, arguments.result, ValueRange{batch, row, add(channel, from)});
}

} // namespace

std::unique_ptr<AttentionEmitter>
intaglio::cpu::createIntegerAttention(ImplicitLocOpBuilder &b, const TargetInfo &target,
                                      const AttentionArguments &arguments, IAttentionOp op) {
  return std::make_unique<IntegerAttention>(b, target, arguments, op);
}
