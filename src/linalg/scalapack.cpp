#include "linalg/scalapack.hpp"

#include <algorithm>
#include <exception>

namespace ntkflow {

BlacsContext::BlacsContext(const Communicator& comm, GridShape shape)
    : comm_(comm.duplicate_with_fatal_errors()), system_(Csys2blacs_handle(comm_.native())) {
  context_ = system_;
  Cblacs_gridinit(&context_, "Row", shape.rows, shape.columns);
}

// Freeing is collective: while an exception is in flight other ranks may not be here, so we leak.
BlacsContext::~BlacsContext() {
  if (std::uncaught_exceptions() != 0) return;
  if (context_ >= 0) Cblacs_gridexit(context_);
  Cfree_blacs_system_handle(system_);
}

Descriptor descriptor(const BlacsContext& context, const BlockCyclicLayout& layout,
                      Index local_rows) {
  constexpr int dense = 1;
  constexpr int first_owner = 0;
  // ScaLAPACK counts local entries in an int, too; process 0 has the most.
  to_int(layout.rows.local_extent(0) * layout.columns.local_extent(0), "local matrix entries");
  return {dense,
          context.handle(),
          to_int(layout.rows.count(), "matrix rows"),
          to_int(layout.columns.count(), "matrix columns"),
          to_int(layout.rows.block(), "row block"),
          to_int(layout.columns.block(), "column block"),
          first_owner,
          first_owner,
          to_int(std::max<Index>(1, local_rows), "local rows")};
}

}  // namespace ntkflow
