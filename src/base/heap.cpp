#include "ntkflow/base/heap.hpp"

#include <malloc.h>

namespace ntkflow {

void reuse_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
}

}  // namespace ntkflow
