//===- Profile.cpp - where the time of a model's runs goes ---------------------------------===//

#include "Profile.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/Format.h"

#include <numeric>

using namespace llvm;
using namespace intaglio;
using run::Profile;
using run::ProfileRow;

static double meanOf(ArrayRef<double> values) {
  return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / values.size();
}

static double sumOfWork(ArrayRef<ProfileRow> rows) {
  double sum = 0;
  for (const ProfileRow &row : rows)
    sum += row.workTicks();
  return sum;
}

static double sumOfWaits(ArrayRef<ProfileRow> rows) {
  double sum = 0;
  for (const ProfileRow &row : rows)
    sum += row.waitTicks();
  return sum;
}

static double sumOfProducts(ArrayRef<ProfileRow> rows) {
  double sum = 0;
  for (const ProfileRow &row : rows)
    sum += row.multiplyAdds;
  return sum;
}

double ProfileRow::workTicks() const { return meanOf(work); }
double ProfileRow::waitTicks() const { return meanOf(wait); }

//===----------------------------------------------------------------------------------------===//
// Measurement
//===----------------------------------------------------------------------------------------===//

Error Profile::run(LoadedArtefact &model) {
  std::vector<uint64_t> ticks(2 + 2 * size_t(threads) * model.getModel().num_steps);
  Clock::time_point before = Clock::now();
  if (Error error = model.run(ticks))
    return error;
  end = Clock::now();
  if (runs.empty())
    begin = before;
  runs.push_back(std::move(ticks));
  return Error::success();
}

/// The median over all runs of a number of ticks.
double Profile::median(function_ref<double(ArrayRef<uint64_t>)> ticksOf) const {
  std::vector<double> values;
  for (const std::vector<uint64_t> &ticks : runs)
    values.push_back(ticksOf(ticks));
  llvm::sort(values);
  size_t middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double Profile::multiplyAdds(const intaglio_step_info &step) const {
  double product = double(step.multiply_adds);
  for (auto [size, power] :
       zip(artefact.getInputs().dims, ArrayRef(step.dim_powers, artefact.getModel().num_dims)))
    for (int32_t i = 0; i < power; ++i)
      product *= double(size);
  return product;
}

void Profile::finish() {
  size_t count = artefact.getModel().num_steps;
  // Counters of two processors may differ by a little: time never runs backwards in a table.
  auto between = [&](size_t from, size_t to) {
    return median([&](ArrayRef<uint64_t> ticks) {
      return std::max(0.0, double(int64_t(ticks[to] - ticks[from])));
    });
  };
  auto position = [&](unsigned thread, size_t step) { return 2 + 2 * (thread * count + step); };
  for (auto [i, info] : enumerate(ArrayRef(artefact.getModel().steps, count))) {
    ProfileRow row{info.kernel, info.kind, info.source, 1, multiplyAdds(info), {}, {}};
    for (unsigned thread = 0; thread < threads; ++thread) {
      size_t at = position(thread, i);
      row.work.push_back(between(at, at + 1));
      row.wait.push_back(i > 0 ? between(at - 1, at) : 0);
    }
    steps.push_back(std::move(row));
  }
  for (unsigned thread = 0; thread < threads; ++thread)
    outside.push_back(count == 0 ? between(0, 1)
                                 : between(0, position(thread, 0)) +
                                       between(position(thread, count - 1) + 1, 1));
  total = sumOfWork(steps) + sumOfWaits(steps) + meanOf(outside);
  wall = between(0, 1);
  double seconds = std::chrono::duration<double>(end - begin).count();
  ticksPerSecond = double(runs.back()[1] - runs.front()[0]) / seconds;
}

/// Rows with one value of `key` become one row, the largest first.
std::vector<ProfileRow> Profile::grouped(std::string ProfileRow::*key) const {
  MapVector<StringRef, ProfileRow> groups;
  auto add = [](std::vector<double> &to, ArrayRef<double> from) {
    for (auto [sum, value] : zip(to, from))
      sum += value;
  };
  for (const ProfileRow &step : steps) {
    auto [group, added] = groups.try_emplace(step.*key, step);
    if (added)
      continue;
    ProfileRow &row = group->second;
    ++row.calls;
    row.multiplyAdds += step.multiplyAdds;
    add(row.work, step.work);
    add(row.wait, step.wait);
  }
  std::vector<ProfileRow> rows;
  for (auto &[name, row] : groups)
    rows.push_back(std::move(row));
  llvm::sort(rows, [](const ProfileRow &a, const ProfileRow &b) {
    return std::make_tuple(-a.workTicks(), StringRef(a.kernel)) <
           std::make_tuple(-b.workTicks(), StringRef(b.kernel));
  });
  return rows;
}

/// 10^9 operations in a second, of which a multiply-add is two; none without products.
std::optional<double> Profile::gops(double multiplyAdds, double ticks) const {
  if (multiplyAdds <= 0 || ticks <= 0)
    return std::nullopt;
  return 2 * multiplyAdds / (microseconds(ticks) * 1e3);
}

//===----------------------------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------------------------===//

/// The columns that follow a row's names.
static void printTimes(raw_ostream &os, double us, double cycles, double share,
                       std::optional<double> gops) {
  os << format("%11.2f %11.0f %7.2f", us, cycles, share);
  if (gops)
    os << format(" %8.1f", *gops);
  else
    os << "        -";
}

void Profile::printTable(raw_ostream &os, ArrayRef<ProfileRow> rows) const {
  size_t width = 24;
  for (const ProfileRow &row : rows)
    width = std::max(width, row.kernel.size());
  os << left_justify("kernel", width)
     << " kind        calls          us      cycles share %     GOPS  wait us  source\n";
  auto line = [&](StringRef name, StringRef kind, std::optional<unsigned> calls, double ticks,
                  std::optional<double> rate) {
    os << left_justify(name, width) << " " << left_justify(kind, 11);
    if (calls)
      os << format(" %5u ", *calls);
    else
      os << "       ";
    printTimes(os, microseconds(ticks), ticks, share(ticks), rate);
  };
  unsigned calls = 0;
  for (const ProfileRow &row : rows) {
    calls += row.calls;
    line(row.kernel, row.kind, row.calls, row.workTicks(), gops(row.multiplyAdds, row.workTicks()));
    os << format(" %8.2f  ", microseconds(row.waitTicks())) << row.source;
    if (row.calls > 1)
      os << " and " << row.calls - 1 << " more";
    os << "\n";
  }
  line("waiting at barriers", "", std::nullopt, sumOfWaits(steps), std::nullopt);
  os << "\n";
  line("beginning and end", "", std::nullopt, meanOf(outside), std::nullopt);
  os << "\n";
  line("all", "", calls, total, gops(sumOfProducts(steps), total));
  os << "\n";
}

void Profile::printThreads(raw_ostream &os) const {
  os << "thread  kernels us  waiting us  beginning and end us\n";
  for (unsigned thread = 0; thread < threads; ++thread) {
    double work = 0, wait = 0;
    for (const ProfileRow &step : steps) {
      work += step.work[thread];
      wait += step.wait[thread];
    }
    os << format("%6u %11.2f %11.2f %21.2f\n", thread, microseconds(work), microseconds(wait),
                 microseconds(outside[thread]));
  }
}

void Profile::print(raw_ostream &os, StringRef path, bool bySteps) const {
  os << path << ":";
  for (auto [name, size] : zip(artefact.getInfo().dims, artefact.getInputs().dims))
    os << " " << name << " " << size << ",";
  os << " threads " << threads << ", runs " << runs.size()
     << format(": median of a run %.2f us, counter %.3f GHz\n\n", microseconds(wall),
               ticksPerSecond / 1e9);
  if (bySteps)
    printTable(os, steps);
  else
    printTable(os, grouped(&ProfileRow::kernel));
  os << "\nkind        calls          us      cycles share %     GOPS\n";
  for (const ProfileRow &row : grouped(&ProfileRow::kind)) {
    os << left_justify(row.kind, 11) << format(" %5u ", row.calls);
    printTimes(os, microseconds(row.workTicks()), row.workTicks(), share(row.workTicks()),
               gops(row.multiplyAdds, row.workTicks()));
    os << "\n";
  }
  os << "\n";
  printThreads(os);
}

//===----------------------------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------------------------===//

/// Without the names, which say less of several steps.
json::Object Profile::toJson(const ProfileRow &row) const {
  json::Object object{{"calls", int64_t(row.calls)},
                      {"us", microseconds(row.workTicks())},
                      {"cycles", row.workTicks()},
                      {"share", share(row.workTicks())},
                      {"wait_us", microseconds(row.waitTicks())}};
  json::Array work, wait;
  for (auto [ticks, waited] : zip(row.work, row.wait)) {
    work.push_back(microseconds(ticks));
    wait.push_back(microseconds(waited));
  }
  object["thread_us"] = std::move(work);
  object["thread_wait_us"] = std::move(wait);
  if (std::optional<double> rate = gops(row.multiplyAdds, row.workTicks())) {
    object["multiply_adds"] = row.multiplyAdds;
    object["gops"] = *rate;
  }
  return object;
}

json::Object Profile::toJson(StringRef path) const {
  json::Object dims;
  for (auto [name, size] : zip(artefact.getInfo().dims, artefact.getInputs().dims))
    dims[name] = size;
  json::Array bySteps, byKernels, byKinds;
  for (const ProfileRow &row : steps) {
    json::Object object = toJson(row);
    object["kernel"] = row.kernel;
    object["kind"] = row.kind;
    object["source"] = row.source;
    bySteps.push_back(std::move(object));
  }
  for (const ProfileRow &row : grouped(&ProfileRow::kernel)) {
    json::Object object = toJson(row);
    object["kernel"] = row.kernel;
    object["kind"] = row.kind;
    byKernels.push_back(std::move(object));
  }
  for (const ProfileRow &row : grouped(&ProfileRow::kind)) {
    json::Object object = toJson(row);
    object["kind"] = row.kind;
    byKinds.push_back(std::move(object));
  }
  auto part = [&](double ticks) {
    return json::Object{{"us", microseconds(ticks)}, {"cycles", ticks}, {"share", share(ticks)}};
  };
  json::Object object{{"system", "intaglio"},
                      {"artefact", path},
                      {"target", artefact.getModel().target},
                      {"threads", int64_t(threads)},
                      {"repeat", int64_t(runs.size())},
                      {"dims", std::move(dims)},
                      {"counter_hz", ticksPerSecond},
                      {"run_us", microseconds(wall)},
                      {"sum_us", microseconds(total)},
                      {"steps", std::move(bySteps)},
                      {"kernels", std::move(byKernels)},
                      {"kinds", std::move(byKinds)},
                      {"waiting", part(sumOfWaits(steps))},
                      {"beginning_and_end", part(meanOf(outside))}};
  if (std::optional<double> rate = gops(sumOfProducts(steps), total))
    object["gops"] = *rate;
  return object;
}
