#pragma once

#include "ntkflow/base/types.hpp"

namespace ntkflow {

/// Lets malloc reuse freed workspace instead of handing it back to the system: activations and
/// gradients of tens of megabytes are allocated in every evaluation of the flow, and mapping and
/// clearing their pages anew costs more than the arithmetic on them (circle job on 2 ranks: 15 s
/// without, 7 s with). Blocks above 32 MiB, the largest that glibc allows here, still go back at
/// once, so that large matrices do not stay behind. No effect with another C library.
void reuse_freed_memory();

/// Asks for pages of 2 MiB behind a large block that nothing was written to yet. The system hands
/// out memory a page at a time as it is first written; with its pages of 4 KiB that takes longer
/// than an entry of a kernel matrix does (on a virtual machine 2.5 us a page, 5 ns an entry). No
/// effect on systems without such pages.
void use_large_pages(double* block, Index count);

}  // namespace ntkflow
