#pragma once

namespace ntkflow {

/// Lets malloc reuse freed workspace instead of handing it back to the system: activations and
/// gradients of tens of megabytes are allocated in every evaluation of the flow, and mapping and
/// clearing their pages anew costs more than the arithmetic on them (circle job on 2 ranks: 15 s
/// without, 7 s with). Blocks above 32 MiB, the largest that glibc allows here, still go back at
/// once, so that large matrices do not stay behind. No effect with another C library.
void reuse_freed_memory();

}  // namespace ntkflow
