#include "ntkflow/base/heap.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <cstdint>

namespace ntkflow {

void reuse_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
}

void use_large_pages([[maybe_unused]] double* block, [[maybe_unused]] Index count) {
#ifdef MADV_HUGEPAGE
  // Advice is for whole pages; the block's ends, on pages that it shares, do without.
  constexpr std::uintptr_t page = 4096;
  const auto first = (reinterpret_cast<std::uintptr_t>(block) + page - 1) / page * page;
  const auto last = reinterpret_cast<std::uintptr_t>(block + count) / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

}  // namespace ntkflow
