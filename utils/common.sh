# What the scripts of this folder share: source it, with `tag` set to the script's name.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# say TEXT...: one line of progress.
say() { printf '%s: %s\n' "$tag" "$*"; }

# step NAME COMMAND...: runs the command with its output in build/log/NAME.log; shows the log's end and stops on failure.
step() {
  local name=$1 log=build/log/$1.log start=$SECONDS
  shift
  mkdir -p build/log
  say "$name ..."
  if ! "$@" >"$log" 2>&1; then
    tail -40 "$log" >&2
    say "step '$name' failed: the whole log is $log" >&2
    exit 1
  fi
  say "$name: done in $((SECONDS - start)) s"
}

# as_root COMMAND...: as it is for root, by sudo for others.
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
