#!/usr/bin/env bash
# Whole-process times and peak memory of `archc build`, cold start included: the least and the median of several runs.
#
# usage: benches/whole.sh [MODEL...]     default: models/webshop.arch and a generated model of 1 000 services
set -eu
cd "$(dirname "$0")/.."
cargo build --release --quiet
archc=$(realpath "${CARGO_TARGET_DIR:-target}/release/archc")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
models=("$@")
if [ ${#models[@]} = 0 ]; then
  "$archc" dev generate --services 1000 --seed 1 > "$scratch/generated-1000.arch"
  models=(models/webshop.arch "$scratch/generated-1000.arch")
fi
exec python3 - "$archc" "$scratch" "${models[@]}" <<'PYTHON'
import os, statistics, sys, time

archc, scratch, models = sys.argv[1], sys.argv[2], sys.argv[3:]
RUNS = 20

def run(arguments):
    """Wall time in ms and peak memory in MB of one process."""
    start = time.perf_counter()
    pid = os.posix_spawn(archc, [archc, *arguments], os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, used = os.wait4(pid, 0)
    return (time.perf_counter() - start) * 1000, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)

print(f"{'what':<44}{'least':>10}{'median':>10}{'memory':>10}{'exit':>6}")
for model in models:
    name = os.path.basename(model)
    out = os.path.join(scratch, name)
    rows = [("check", ["check", model], ""),
            ("build, everything new", ["build", model, "-o"], f"{out}-{{}}"),
            ("build, nothing changed", ["build", model, "-o"], f"{out}-0")]
    for what, arguments, folder in rows:
        times, peak, code = [], 0, 0
        for number in range(RUNS):
            # Nothing is removed between runs: the file system would still be at it.
            place = [folder.format(number)] if folder else []
            took, memory, code = run([*arguments, *place, "--today", "2026-11-22"])
            times.append(took)
            peak = max(peak, memory)
        print(f"{name + ': ' + what:<44}{min(times):>7.1f} ms{statistics.median(times):>7.1f} ms{peak:>7.1f} MB{code:>6}")
PYTHON
