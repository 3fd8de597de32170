//===- intaglio-run.cpp - runs compiled models and compares outputs -------------------------===//

#include "Commands.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace intaglio;

namespace {

/// LLVM's shared library registers options of its own, `threads` among them: they are dropped
/// before ours are made.
struct DropForeignOptions {
  DropForeignOptions() { cl::ResetCommandLineParser(); }
} dropForeignOptions;

enum class Command { Run, Reference, Compare, Info };

cl::OptionCategory category("intaglio-run options");
cl::list<std::string> files(cl::Positional, cl::desc("ARTEFACT"), cl::cat(category));
cl::opt<Command> command(
    cl::desc("What to do:"), cl::init(Command::Run), cl::cat(category),
    cl::values(clEnumValN(Command::Reference, "reference",
                          "interpret a program (.mlir, .mlirbc) of any phase"),
               clEnumValN(Command::Compare, "compare",
                          "A B: print how far the outputs are apart; each is a .npz or a model"),
               clEnumValN(Command::Info, "info", "print what is inside an artefact")));
cl::opt<std::string> inputs("inputs", cl::desc("Arrays by input name (.npz, or a folder of .npy)"),
                            cl::value_desc("FILE"), cl::cat(category));
cl::opt<std::string> outputs("outputs", cl::desc("Where the outputs go (.npz)"),
                             cl::value_desc("FILE"), cl::cat(category));
cl::opt<unsigned> threads("threads", cl::desc("Threads that run the model (default 1)"),
                          cl::value_desc("N"), cl::init(1), cl::cat(category));
cl::opt<unsigned> repeat("repeat", cl::desc("Measured runs (default 1)"), cl::value_desc("N"),
                         cl::init(1), cl::cat(category));
cl::opt<unsigned> warmup("warmup", cl::desc("Runs before those that are measured (default 0)"),
                         cl::value_desc("N"), cl::init(0), cl::cat(category));
cl::opt<std::string> json("json", cl::desc("Print latency, memory and shapes ('-': to stdout)"),
                          cl::value_desc("FILE"), cl::cat(category));
cl::opt<bool> exact("exact", cl::desc("With --compare: a difference is an error"),
                    cl::cat(category));

cl::opt<std::string> profile(
    "profile", cl::ValueOptional, cl::value_desc("FILE"), cl::cat(category),
    cl::desc("Print where the time goes, kernel by kernel; also as JSON ('-': only as JSON, to "
             "stdout)"));
enum class ProfileBy { Kernel, Step };
cl::opt<ProfileBy>
    profileBy("profile-by", cl::desc("The table that --profile prints:"),
              cl::init(ProfileBy::Kernel), cl::cat(category),
              cl::values(clEnumValN(ProfileBy::Kernel, "kernel", "all calls of a kernel (default)"),
                         clEnumValN(ProfileBy::Step, "step", "single calls, in their order")));

/// Fails when a flag was given that `what` does not read, or the number of files is wrong.
Error checkFlags(StringRef what, unsigned count, ArrayRef<cl::Option *> read) {
  for (cl::Option *option : std::initializer_list<cl::Option *>{
           &inputs, &outputs, &threads, &repeat, &warmup, &json, &exact, &profile, &profileBy})
    if (option->getNumOccurrences() > 0 && !is_contained(read, option))
      return createStringError("--" + option->ArgStr + " has no meaning " + what);
  if (files.size() != count)
    return createStringError("expected " + Twine(count) + (count == 1 ? " file " : " files ") +
                             what + ", found " + Twine(files.size()));
  if (threads < 1 || threads > 1024)
    return createStringError("expected --threads in 1 ... 1024, found " + Twine(threads));
  if (repeat < 1)
    return createStringError("expected --repeat of 1 or more");
  return Error::success();
}

Error execute() {
  run::Options options{inputs, outputs, json, threads, repeat, warmup};
  options.profile = profile.getNumOccurrences() > 0;
  options.profileJson = profile;
  options.profileSteps = profileBy == ProfileBy::Step;
  switch (command) {
  case Command::Run:
    if (Error error = checkFlags(
            "for running an artefact", 1,
            {&inputs, &outputs, &threads, &repeat, &warmup, &json, &profile, &profileBy}))
      return error;
    if (profileBy.getNumOccurrences() > 0 && !options.profile)
      return createStringError("--profile-by has no meaning without --profile");
    return run::runArtefact(files[0], options);
  case Command::Reference:
    if (Error error = checkFlags("with --reference", 1, {&inputs, &outputs}))
      return error;
    return run::runReference(files[0], options);
  case Command::Compare:
    if (Error error = checkFlags("with --compare", 2, {&inputs, &threads, &exact}))
      return error;
    return run::compare(files[0], files[1], options, exact);
  case Command::Info:
    if (Error error = checkFlags("with --info", 1, {}))
      return error;
    return run::printInfo(files[0]);
  }
  llvm_unreachable("covered switch");
}

} // namespace

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "Intaglio runner: models on arrays\n");
  if (Error error = execute()) {
    logAllUnhandledErrors(std::move(error), WithColor::error(errs(), "intaglio-run"));
    return 1;
  }
  return 0;
}
