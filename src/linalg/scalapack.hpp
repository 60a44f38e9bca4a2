#pragma once

// The one place that declares BLACS and ScaLAPACK. Private to room linalg.

#include "ntkflow/base/heap.hpp"
#include "ntkflow/base/types.hpp"
#include "ntkflow/linalg/block_cyclic_layout.hpp"
#include "ntkflow/parallel/communicator.hpp"
#include "ntkflow/parallel/process_grid.hpp"

#include <array>
#include <vector>

// Fortran compilers append the length of every character argument.
extern "C" {
int Csys2blacs_handle(MPI_Comm comm);
void Cfree_blacs_system_handle(int handle);
void Cblacs_gridinit(int* context, const char* order, int rows, int columns);
void Cblacs_gridexit(int context);
void Cpdgemr2d(int m, int n, const double* a, int ia, int ja, const int* desc_a, double* b, int ib,
               int jb, const int* desc_b, int context_of_all);
void pdtran_(const int* m, const int* n, const double* alpha, const double* a, const int* ia,
             const int* ja, const int* desc_a, const double* beta, double* c, const int* ic,
             const int* jc, const int* desc_c);
void pdsytrd_(const char* uplo, const int* n, double* a, const int* ia, const int* ja,
              const int* desc_a, double* d, double* e, double* tau, double* work, const int* lwork,
              int* info, std::size_t uplo_length);
void pdstedc_(const char* compz, const int* n, double* d, double* e, double* q, const int* iq,
              const int* jq, const int* desc_q, double* work, const int* lwork, int* iwork,
              const int* liwork, int* info, std::size_t compz_length);
}

namespace ntkflow {

/// A BLACS process grid, row-major over the first ranks of a communicator: the same places as a
/// ProcessGrid of that shape. Ranks without a place have handle -1.
/// Construction and destruction are collective on the communicator.
class BlacsContext {
 public:
  BlacsContext(const Communicator& comm, GridShape shape);
  ~BlacsContext();
  BlacsContext(const BlacsContext&) = delete;
  BlacsContext& operator=(const BlacsContext&) = delete;

  int handle() const { return context_; }

 private:
  Communicator comm_;
  int system_ = -1;
  int context_ = -1;
};

/// ScaLAPACK's nine integers for a matrix whose local part has `local_rows` rows on this rank.
/// Throws: Error (exit 71) where one of them, or the largest local part's size, passes 2^31.
using Descriptor = std::array<int, 9>;
Descriptor descriptor(const BlacsContext& context, const BlockCyclicLayout& layout,
                      Index local_rows);

/// Work arrays for one ScaLAPACK routine: asks it how much it wants, then runs it.
///
/// `call(work, lwork, iwork, liwork)` returns the routine's info. `slack` doubles are added to the
/// answer, because several published minima are too small (see symmetric_eigen.cpp).
template <typename Call>
int with_workspace(Index slack, Call&& call) {
  double lwork_wanted = 0;
  int liwork_wanted = 0;
  const int refused = call(&lwork_wanted, -1, &liwork_wanted, -1);
  if (refused != 0) return refused;
  const Index lwork = static_cast<Index>(lwork_wanted) + slack;
  Vector work(lwork);
  use_large_pages(work.data(), work.size());
  std::vector<int> iwork(static_cast<std::size_t>(liwork_wanted));
  return call(work.data(), to_int(lwork, "ScaLAPACK's work array"), iwork.data(), liwork_wanted);
}

}  // namespace ntkflow
