//===- Figures.cpp - the published errors and ours, measured -------------------------------===//

#include "Figures.h"

#include "intaglio/IntMath/Affine.h"
#include "intaglio/IntMath/Ibert.h"
#include "intaglio/IntMath/Unary.h"

#include <algorithm>
#include <cmath>
#include <functional>

using namespace intaglio;

namespace {

using Function = std::function<double(double)>;

double gelu(double x) { return x * 0.5 * std::erfc(-x * std::sqrt(0.5)); }
double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// x * relu6(c * x + 3) / 6.
double hardGelu(double x, double c) { return x * std::clamp(c * x + 3, 0.0, 6.0) / 6; }

/// x / 2 * (1 + L(x / sqrt 2)), L(x) = sign(x) * (a * (min(|x|, -b) + b)^2 + 1).
double iGelu(double x) {
  const double a = -0.2888, b = -1.769;
  double u = std::min(std::fabs(x) * std::sqrt(0.5), -b) + b;
  double erf = x == 0 ? 0 : std::copysign(a * u * u + 1, x);
  return x / 2 * (1 + erf);
}

/// Errors of `found` against `wanted`.
struct Errors {
  double rms, maximum, relative;
};

/// On `steps + 1` points of [low, high].
Errors errors(const Function &found, const Function &wanted, double low, double high, int steps) {
  double squares = 0, maximum = 0, relative = 0;
  for (int i = 0; i <= steps; ++i) {
    double x = low + (high - low) * i / steps, y = wanted(x), error = std::fabs(found(x) - y);
    squares += error * error;
    maximum = std::max(maximum, error);
    relative = std::max(relative, error / std::fabs(y));
  }
  return {std::sqrt(squares / (steps + 1)), maximum, relative};
}

/// An integer kernel as a real function of the nearest code.
Function fixedPoint(const std::function<int64_t(int64_t)> &kernel, double inputStep,
                    double outputStep) {
  return [=](double x) {
    return static_cast<double>(kernel(std::llround(x / inputStep))) * outputStep;
  };
}

/// Over every code in [low, high].
Errors exhaustive(const Function &found, const Function &wanted, double low, double high,
                  double step) {
  return errors(found, wanted, low, high, static_cast<int>(std::lround((high - low) / step)));
}

} // namespace

std::vector<figures::Figure> figures::published() {
  const char *gelus = "GELU, real arithmetic", *exps = "exp(x), x in [-ln 2, 0], real arithmetic";
  std::vector<Figure> result;
  auto addGelu = [&](const char *name, const Function &f, const char *l2, const char *linf) {
    Errors e = errors(f, gelu, -4, 4, 800000);
    result.push_back({gelus, name, "L2 on [-4, 4]", l2, e.rms});
    result.push_back({gelus, name, "Linf on [-4, 4]", linf, e.maximum});
  };
  addGelu(
      "x * sigmoid(1.702 x)", [](double x) { return x * logistic(1.702 * x); }, "0.012", "0.020");
  addGelu("h-GELU, 1.702", [](double x) { return hardGelu(x, 1.702); }, "0.031", "0.068");
  addGelu("h-GELU, 1.7", [](double x) { return hardGelu(x, 1.7); }, "", "");
  addGelu("i-GELU", iGelu, "0.0082", "0.018");
  auto addExp = [&](const char *name, const Function &f, const char *linf) {
    Errors e = errors(f, [](double x) { return std::exp(x); }, -std::log(2.0), 0, 400000);
    result.push_back({exps, name, "Linf", linf, e.maximum});
    result.push_back({exps, name, "relative", "", e.relative});
  };
  addExp(
      "i-exp, coefficients of the code",
      [](double x) { return 0.35815147 * x * x + 0.96963238 * x + 1; }, "0.0019");
  addExp(
      "i-exp, coefficients of the paper",
      [](double x) { return 0.3585 * (x + 1.353) * (x + 1.353) + 0.344; }, "");
  return result;
}

std::vector<figures::Figure> figures::integerKernels() {
  const char *group = "Integer kernels";
  std::vector<Figure> result;
  auto add = [&](const char *name, const char *measure, double found) {
    result.push_back({group, name, measure, "", found});
  };
  const double q12 = 0x1p-12;
  Function minimaxGelu = fixedPoint([](int64_t t) { return intmath::gelu(int32_t(t)); }, q12, q12);
  add("minimax GELU, Q12", "L2 on [-4, 4]", exhaustive(minimaxGelu, gelu, -4, 4, q12).rms);
  add("minimax GELU, Q12", "Linf, all inputs", exhaustive(minimaxGelu, gelu, -16, 16, q12).maximum);
  Function narrowGelu =
      fixedPoint([](int64_t t) { return intmath::geluNarrow(int16_t(t)); }, 0x1p-11, 0x1p-11);
  add("minimax GELU, Q11 in 16 bits", "L2 on [-4, 4]",
      exhaustive(narrowGelu, gelu, -4, 4, 0x1p-11).rms);
  add("minimax GELU, Q11 in 16 bits", "Linf, all inputs",
      exhaustive(narrowGelu, gelu, -16, 16 - 0x1p-11, 0x1p-11).maximum);
  for (double scale : {1e-4, 1e-2, 5e-2}) {
    intmath::IbertGeluStatics fixed = *intmath::ibertGeluStaticsWithBits(scale, 14),
                              chosen = *intmath::ibertGeluStatics(scale, std::llround(4 / scale));
    for (const intmath::IbertGeluStatics &statics : {fixed, chosen}) {
      Function f = fixedPoint([&](int64_t q) { return intmath::ibertGelu(q, statics); }, scale,
                              statics.outputScale);
      std::string name =
          "i-GELU, scale " + std::to_string(scale) + ", n = " + std::to_string(statics.n);
      double end = static_cast<double>(std::llround(4 / scale)) * scale;
      add(name.c_str(), "Linf on [-4, 4]", exhaustive(f, gelu, -end, end, scale).maximum);
    }
  }
  Function power =
      fixedPoint([](int64_t t) { return intmath::exp2n(uint32_t(t)); }, 0x1p-15, 0x1p-30);
  Errors exp = exhaustive(power, [](double x) { return std::exp2(-x); }, 0, 1, 0x1p-15);
  add("minimax 2^-x, Q15", "Linf on [0, 1]", exp.maximum);
  add("minimax 2^-x, Q15", "relative on [0, 1]", exp.relative);
  intmath::IbertExpStatics statics = *intmath::ibertExpStatics(q12);
  Function iExp = fixedPoint([&](int64_t q) { return intmath::ibertExp(q, statics); }, q12,
                             statics.outputScale);
  Errors ibert = exhaustive(iExp, [](double x) { return std::exp(x); }, -2838 * q12, 0, q12);
  add("i-exp, scale 2^-12", "Linf on [-ln 2, 0]", ibert.maximum);
  Function sigmoid =
      fixedPoint([](int64_t t) { return intmath::sigmoid(int32_t(t)); }, q12, 0x1p-15);
  add("minimax sigmoid, Q12 to Q15", "Linf, all inputs",
      exhaustive(sigmoid, logistic, -17, 17, q12).maximum);
  Function tanh = fixedPoint([](int64_t t) { return intmath::tanh(int32_t(t)); }, q12, 0x1p-15);
  add("minimax tanh, Q12 to Q15", "Linf, all inputs",
      exhaustive(tanh, [](double x) { return std::tanh(x); }, -9, 9, q12).maximum);
  Function silu = fixedPoint([](int64_t t) { return intmath::silu(int32_t(t)); }, q12, q12);
  add("minimax SiLU, Q12", "Linf on [-16, 16)",
      exhaustive(silu, [](double x) { return x * logistic(x); }, -16, 16 - q12, q12).maximum);
  return result;
}

uint64_t figures::wrongSquareRoots(uint64_t limit, uint64_t stride) {
  uint64_t wrong = 0;
  for (uint64_t n = 0; n < limit; n += stride) {
    uint64_t s = intmath::isqrt32(static_cast<uint32_t>(n));
    wrong += s * s > n || (s + 1) * (s + 1) <= n;
  }
  return wrong;
}

figures::LectureExample figures::lectureExample() {
  LectureExample example;
  example.x = {0.463, 0.072, 9.138, 5.292, 4.409, 5.081, 7.772, 5.874,
               6.736, 4.181, 6.789, 0.892, 2.971, 3.070, 4.143, 0.802};
  example.slide = {-116, -126, 106, 8, -16, 2, 70, 22, 44, -20, 46, -106, -52, -50, -22, -108};
  for (double x : example.x) {
    int64_t code = intmath::quantize(x, {10.0 / 128, 0}, {0, 127, false});
    example.seven.push_back(static_cast<int>(2 * code - 128));
    example.affine.push_back(
        static_cast<int>(intmath::quantize(x, {10.0 / 256, -128}, {-128, 127, false})));
  }
  return example;
}
