//===- Performance.cpp - how fast an artefact runs here -------------------------------------===//

#include "intaglio/Report/Performance.h"

#include "intaglio/Data/Json.h"
#include "intaglio/Data/Npz.h"
#include "intaglio/Report/Peak.h"
#include "intaglio/Target/Machine.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace llvm;
using namespace intaglio;

/// A folder of our own for the files of a run.
static Expected<std::string> makeFolder() {
  SmallString<128> path;
  if (std::error_code code = sys::fs::createUniqueDirectory("intaglio-report", path))
    return createFileError(path, code);
  return std::string(path);
}

/// The object that `intaglio-run --json` prints.
static Expected<json::Object> runArtefact(const Timing &timing, StringRef folder) {
  std::string inputs = (folder + "/inputs.npz").str(), json = (folder + "/run.json").str();
  std::string errors = (folder + "/errors.txt").str();
  if (Error error = writeNpz(inputs, timing.inputs))
    return error;
  SmallVector<std::string> arguments = {
      timing.runner,        timing.artefact,
      "--inputs=" + inputs, "--repeat=" + std::to_string(timing.repeat),
      "--warmup=3",         "--threads=1",
      "--json=" + json};
  SmallVector<StringRef> texts(arguments.begin(), arguments.end());
  std::string message;
  int status =
      sys::ExecuteAndWait(timing.runner, texts, std::nullopt,
                          {StringRef(""), StringRef(errors), StringRef(errors)}, 0, 0, &message);
  if (status != 0) {
    if (auto said = MemoryBuffer::getFile(errors); said && message.empty())
      message = (*said)->getBuffer().trim().str();
    return createStringError(timing.runner + ": " + message);
  }
  Expected<json::Value> value = readJson(json);
  if (!value)
    return value.takeError();
  if (const json::Object *object = value->getAsObject())
    return *object;
  return createStringError(timing.runner + ": expected an object");
}

/// The best level of this machine: its peak is that of the machine, not of the code's level.
static Expected<Peak> peakOfMachine(bool isFloat) {
  Expected<Machine> machine = resolveMachine({});
  if (!machine)
    return machine.takeError();
  std::string message;
  FailureOr<cpu::TargetInfo> info =
      cpu::TargetInfo::forMachine(machine->triple, machine->cpu, machine->features, message);
  if (failed(info))
    return createStringError(message);
  return measurePeak(info->level, isFloat);
}

/// Shares of the peaks. `seconds` are those of one run.
static void addShares(json::Object &all, const Work &work, const Peak &peak, double seconds) {
  double operations = 2.0 * double(work.multiplyAdds), gops = operations / seconds / 1e9;
  double bytes = double(work.weightBytes + work.activationBytes);
  double intensity = bytes > 0 ? operations / bytes : 0;
  double reachable = std::min(peak.gops, intensity * peak.gigabytes);
  all["peak_gops"] = peak.gops;
  all["peak_instruction"] = peak.instruction;
  all["mfu"] = gops / peak.gops;
  all["hfu"] = 2.0 * double(work.executedMultiplyAdds) / seconds / 1e9 / peak.gops;
  all["roofline"] = json::Object{
      {"weight_bytes", work.weightBytes}, {"activation_bytes", work.activationBytes},
      {"operations_per_byte", intensity}, {"memory_gigabytes_per_second", peak.gigabytes},
      {"reachable_gops", reachable},      {"bound", reachable < peak.gops ? "memory" : "compute"}};
}

Expected<json::Object> intaglio::measurePerformance(const Timing &timing, const Work &work,
                                                    bool isFloat, json::Object &memory) {
  Expected<std::string> folder = makeFolder();
  if (!folder)
    return folder.takeError();
  scope_exit removeFolder([&] { sys::fs::remove_directories(*folder); });
  Expected<json::Object> run = runArtefact(timing, *folder);
  if (!run)
    return run.takeError();
  const json::Object *latency = run->getObject("latency_ms");
  std::optional<double> median = latency ? latency->getNumber("median") : std::nullopt;
  if (!median || *median <= 0)
    return createStringError(timing.runner + ": tells no median latency");
  double seconds = *median / 1000;
  json::Object all{{"threads", 1},
                   {"repeat", int64_t(timing.repeat)},
                   {"load_ms", run->getNumber("load_ms").value_or(0)},
                   {"latency_ms", json::Object(*latency)},
                   {"multiply_adds", work.multiplyAdds},
                   {"gops", 2.0 * double(work.multiplyAdds) / seconds / 1e9}};
  if (std::optional<int64_t> bytes = run->getInteger("peak_rss_bytes"))
    memory["run_peak_bytes"] = *bytes;
  if (Expected<Peak> peak = peakOfMachine(isFloat))
    addShares(all, work, *peak, seconds);
  else
    all["peak_absent"] = toString(peak.takeError());
  return all;
}
