//===- Link.cpp - objects to a library, an executable or one object ------------------------===//

#include "intaglio/Target/Link.h"

#include "lld/Common/Driver.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <dlfcn.h>
#include <link.h>
#include <mutex>

LLD_HAS_DRIVER(elf)

using namespace llvm;
using namespace intaglio;

/// The functions of abi.h.
static constexpr StringLiteral versionScript = R"({
  global:
    intaglio_get_model_info;
    intaglio_arena_bytes;
    intaglio_context_create;
    intaglio_context_destroy;
    intaglio_run;
    intaglio_run_profiled;
    intaglio_status_text;
  local: *;
};
)";

Expected<std::string> intaglio::findLibC() {
  void *handle = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
  struct link_map *map = nullptr;
  std::string path;
  if (handle && dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map)
    path = map->l_name;
  if (handle)
    dlclose(handle);
  if (path.empty())
    return createStringError("found no libc.so.6 to link with");
  return path;
}

Expected<StringRef> intaglio::findLoader(const Triple &triple) {
  if (triple.isOSLinux() && triple.getArch() == Triple::x86_64)
    return "/lib64/ld-linux-x86-64.so.2";
  if (triple.isOSLinux() && triple.getArch() == Triple::aarch64)
    return "/lib/ld-linux-aarch64.so.1";
  return createStringError("no executable for " + triple.str() + ": its loader is not known");
}

Error intaglio::runLinker(ArrayRef<std::string> arguments) {
  SmallVector<const char *> pointers =
      llvm::map_to_vector(arguments, [](const std::string &a) { return a.c_str(); });
  std::string said;
  raw_string_ostream stream(said);
  // lld keeps state between the start and the end of a link.
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  lld::Result result = lld::lldMain(pointers, nulls(), stream, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0)
    return createStringError("lld: " + StringRef(said).trim());
  return Error::success();
}

Error intaglio::link(LinkKind kind, ArrayRef<std::string> objects, StringRef output, StringRef name,
                     StringRef archive) {
  std::string script = (output + ".map").str();
  SmallVector<std::string> arguments = {"ld.lld", "-o", output.str(), "--build-id=none"};
  if (kind == LinkKind::Object) {
    arguments.push_back("-r");
  } else {
    llvm::append_range(arguments, std::initializer_list<std::string>{
                                      "--gc-sections", "--no-undefined", "--hash-style=gnu", "-z",
                                      "now", "-z", "relro", "-z", "noexecstack", "--icf=none"});
  }
  if (kind == LinkKind::Library) {
    if (Error error = writeToOutput(script, [](raw_ostream &stream) {
          stream << versionScript;
          return Error::success();
        }))
      return error;
    llvm::append_range(arguments,
                       std::initializer_list<std::string>{"-shared", "-soname", name.str(),
                                                          "--version-script", script});
  }
  if (kind == LinkKind::Executable)
    llvm::append_range(
        arguments, std::initializer_list<std::string>{"-pie", ("--dynamic-linker=" + name).str()});
  arguments.push_back("--whole-archive");
  llvm::append_range(arguments, objects);
  arguments.push_back("--no-whole-archive");
  if (!archive.empty())
    arguments.push_back(archive.str());
  if (kind != LinkKind::Object) {
    Expected<std::string> libc = findLibC();
    if (!libc)
      return libc.takeError();
    llvm::append_range(arguments, std::initializer_list<std::string>{"--as-needed", *libc});
  }
  Error error = runLinker(arguments);
  sys::fs::remove(script);
  return error;
}
