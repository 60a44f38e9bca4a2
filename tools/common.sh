# shellcheck shell=bash
# Sourced by the scripts of this folder: where things are, how to build and how to start MPI programs.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cores=$(nproc)

# Open MPI: as root too, with more ranks than cores, no rank tied to a core that another needs, and
# without reading another rank's memory directly, which containers forbid.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1
export OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_btl_vader_single_copy_mechanism=none

say() { printf '== %s\n' "$*"; }

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# build PRESET TARGET [cmake option ...]: configures and builds into build/PRESET, with Ninja where
# it is there and the folder was not configured with something else before.
build() {
  local preset=$1 target=$2 generator=()
  shift 2
  if [[ ! -e $root/build/$preset/CMakeCache.txt ]] && command -v ninja >/dev/null; then
    generator=(-G Ninja)
  fi
  say "building $target ($preset)"
  (cd "$root" && cmake --preset "$preset" "${generator[@]}" "$@")
  cmake --build "$root/build/$preset" --target "$target" --parallel "$cores"
}
