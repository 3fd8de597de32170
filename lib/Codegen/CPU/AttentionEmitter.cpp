//===- AttentionEmitter.cpp - vector loops of one attention kernel --------------------------===//

#include "AttentionEmitter.h"
#include "IntegerConstants.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::cpu;

AttentionEmitter::AttentionEmitter(ImplicitLocOpBuilder &b, const TargetInfo &target,
                                   const AttentionArguments &arguments, int64_t heads)
    : b(b), target(target), arguments(arguments),
      word(cast<MemRefType>(arguments.scratch.getType()).getElementType()), heads(heads),
      width(cast<MemRefType>(arguments.query.getType()).getDimSize(2) / heads),
      lanes(target.vectorBits() / 32) {}

//===----------------------------------------------------------------------------------------===//
// Building blocks
//===----------------------------------------------------------------------------------------===//

Value AttentionEmitter::index(int64_t value) { return arith::ConstantIndexOp::create(b, value); }
Value AttentionEmitter::add(Value x, Value y) { return b.createOrFold<arith::AddIOp>(x, y); }
Value AttentionEmitter::mul(Value x, int64_t y) {
  return b.createOrFold<arith::MulIOp>(x, index(y));
}
Value AttentionEmitter::minimum(Value x, Value y) { return arith::MinUIOp::create(b, x, y); }

Value AttentionEmitter::blocks(Value x, int64_t size) {
  return size == 1 ? x : arith::DivUIOp::create(b, add(x, size - 1), index(size)).getResult();
}

Value AttentionEmitter::integers(Type type, int64_t value) {
  return integerConstant(b, type, value);
}

Value AttentionEmitter::floats(double value, int64_t count) {
  auto type = VectorType::get({count}, b.getF32Type());
  return arith::ConstantOp::create(b, DenseElementsAttr::get(type, float(value)));
}

Value AttentionEmitter::splat(Value scalar, int64_t count) {
  return vector::BroadcastOp::create(b, VectorType::get({count}, scalar.getType()), scalar);
}

Value AttentionEmitter::bitcast(Value vector, VectorType type) {
  return vector.getType() == type ? vector : vector::BitCastOp::create(b, type, vector).getResult();
}

Value AttentionEmitter::load(Value at, int64_t count) {
  return vector::LoadOp::create(b, vectorOf(count), arguments.scratch, at);
}

void AttentionEmitter::store(Value vector, Value at) {
  vector::StoreOp::create(b, vector, arguments.scratch, at);
}

Value AttentionEmitter::loadRow(Value tensor, Value row, Value at, int64_t count) {
  auto type = VectorType::get({count}, cast<MemRefType>(tensor.getType()).getElementType());
  return vector::LoadOp::create(b, type, tensor, ValueRange{batch, row, at});
}

Value AttentionEmitter::intrinsic(StringRef name, Type result, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(b, result, b.getStringAttr(name), operands).getResult(0);
}

SmallVector<Value> AttentionEmitter::loop(Value end, ValueRange inits, Body body) {
  auto loop = scf::ForOp::create(b, index(0), end, index(1), inits);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> results = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!inits.empty())
    scf::YieldOp::create(b, results);
  return loop.getResults();
}

Value AttentionEmitter::transpose(SmallVector<Value> rows) {
  // Rows r and r + n/2 first: their lowest bit of distance becomes the highest of the position.
  while (rows.size() > 1) {
    size_t half = rows.size() / 2;
    for (size_t r = 0; r < half; ++r)
      rows[r] = vector::InterleaveOp::create(b, rows[r], rows[r + half]);
    rows.resize(half);
  }
  return rows.front();
}

//===----------------------------------------------------------------------------------------===//
// The loops
//===----------------------------------------------------------------------------------------===//

void AttentionEmitter::layOut() {
  padded = mul(blocks(keys, attentionKeyBlock), attentionKeyBlock);
  auto words = [&](int64_t each) { return mul(padded, each); };
  // Integer keys and values are `keyWords` words each, float values are read where they are.
  keysAt = index(attentionFixedWords);
  valuesAt = add(keysAt, words(keyWords()));
  startAt = add(valuesAt, keysPerStep() == 1 ? index(0) : words(keyWords()));
  maskAt = add(startAt, padded);
  scoresAt = add(maskAt, padded);
  numeratorsAt = keysPerStep() == 1 ? scoresAt : add(scoresAt, words(attentionQueries));
}

void AttentionEmitter::emit() {
  keys = memref::DimOp::create(b, arguments.key, 1);
  layOut();
  prepareKernel();
  Value queries = memref::DimOp::create(b, arguments.query, 1);
  Value count = arith::SubIOp::create(b, arguments.end, arguments.begin);
  loop(count, {}, [&](Value u, ValueRange) -> SmallVector<Value> {
    Value unit = add(arguments.begin, u);
    batch = arith::DivUIOp::create(b, unit, index(heads));
    channel = mul(arith::RemUIOp::create(b, unit, index(heads)), width);
    prepareHead();
    loop(blocks(queries, attentionQueries), {}, [&](Value group, ValueRange) -> SmallVector<Value> {
      // The last group repeats the last query: it writes the same bytes again.
      SmallVector<Value> rows;
      Value first = mul(group, attentionQueries),
            last = arith::SubIOp::create(b, queries, index(1));
      for (int64_t r = 0; r < attentionQueries; ++r)
        rows.push_back(minimum(add(first, r), last));
      emitGroup(rows);
      return {};
    });
    return {};
  });
}

void AttentionEmitter::emitGroup(ValueRange rows) {
  SmallVector<Value> tops, factors;
  emitScores(rows, tops);
  for (auto [query, top] : llvm::enumerate(tops))
    factors.push_back(numerators(query, top));
  emitOutput(rows, factors);
}

/// Two registers of keys by all queries of the group at a time.
void AttentionEmitter::emitScores(ValueRange rows, SmallVectorImpl<Value> &tops) {
  SmallVector<Value> inits(rows.size(), lowest());
  Value steps = blocks(keys, keyRegisters * lanes);
  tops = loop(steps, inits, [&](Value step, ValueRange highest) {
    Value first = mul(step, keyRegisters * lanes);
    SmallVector<Value> acc;
    for (size_t q = 0; q < rows.size(); ++q)
      for (int64_t r = 0; r < keyRegisters; ++r)
        acc.push_back(load(add(add(startAt, first), r * lanes), lanes));
    Value block = add(keysAt, mul(first, keyWords()));
    acc = loop(index(keyWords()), acc, [&](Value position, ValueRange sums) {
      SmallVector<Value> next(sums), key;
      for (int64_t r = 0; r < keyRegisters; ++r)
        key.push_back(load(add(add(block, mul(position, lanes)), r * lanes * keyWords()), lanes));
      for (size_t q = 0; q < rows.size(); ++q) {
        Value query = queryWord(rows[q], position);
        for (int64_t r = 0; r < keyRegisters; ++r)
          next[q * keyRegisters + r] = multiplyScores(sums[q * keyRegisters + r], key[r], query);
      }
      return next;
    });
    SmallVector<Value> next(highest);
    for (size_t i = 0; i < acc.size(); ++i) {
      int64_t q = i / keyRegisters, r = i % keyRegisters;
      Value score = finishScores(acc[i]);
      next[q] = maximum(next[q], score);
      store(score, add(add(add(scoresAt, mul(padded, q)), first), r * lanes));
    }
    return next;
  });
}

/// As many channels at a time as there are registers for.
void AttentionEmitter::emitOutput(ValueRange rows, ValueRange factors) {
  int64_t count = lanes;
  while (width % count)
    count /= 2;
  int64_t most = target.level == Level::AVX512VNNI ? 4 : 2;
  for (int64_t from = 0; from < width; from += most * count) {
    int64_t registers = std::min(most, (width - from) / count);
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(vectorOf(count)));
    SmallVector<Value> inits(rows.size() * registers, zero);
    auto sums = loop(blocks(keys, keysPerStep()), inits, [&](Value step, ValueRange acc) {
      SmallVector<Value> next(acc), values;
      for (int64_t r = 0; r < registers; ++r)
        values.push_back(valueVector(step, from + r * count, count));
      for (size_t q = 0; q < rows.size(); ++q) {
        Value numerator = numeratorWord(q, step, count);
        for (int64_t r = 0; r < registers; ++r)
          next[q * registers + r] = multiplyValues(acc[q * registers + r], values[r], numerator);
      }
      return next;
    });
    for (size_t i = 0; i < sums.size(); ++i) {
      int64_t q = i / registers;
      finishOutput(rows[q], from + i % registers * count, sums[i], factors[q]);
    }
  }
}
