#include "ntkflow/linalg/symmetric_eigen.hpp"

#include "linalg/elpa.hpp"
#include "linalg/scalapack.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace ntkflow {
namespace {

// With a NaN pdsyevd hangs on some grids (2 x 2), and on others (1 x 1, 1 x 2) returns zeros with
// info = 0.
void refuse_non_finite(const DistMatrix& matrix) {
  const Index bad = matrix.local().size() - matrix.local().array().isFinite().count();
  const Index total = sum_over_ranks(matrix.grid().comm(), bad);
  if (total > 0)
    throw NumericalError(
        fmt::format("{0} entries of a {1} x {1} matrix are NaN or infinite; need finite ones",
                    total, matrix.rows()));
}

// What pdormtr and pdlasrt need beyond the minimum that pdsyevd asks for. It matters where the
// matrix is hardly larger than a block: pdormtr's refusal is not even passed on in pdsyevd's info.
// Source: Reference-ScaLAPACK, pdormtr.f (LWMIN), issue 74 (pdlasrt).
Index workspace_slack(const BlockCyclicLayout& layout) {
  const Index block = layout.rows.block();
  return (layout.rows.local_extent(0) + layout.columns.local_extent(0) + 2 * block) * block;
}

// The decomposition on the members of the grid; returns pdsyevd's info. The process at (0, 0)
// always receives the eigenvalues, the others not when the matrix is a single block.
int run_pdsyevd(const BlacsContext& context, DistMatrix& matrix, EigenDecomposition& result) {
  const int one = 1;
  const int n = to_int(matrix.rows(), "matrix rows");
  const Descriptor desc = descriptor(context, matrix.layout(), matrix.local().rows());
  return with_workspace(
      workspace_slack(matrix.layout()), [&](double* work, int lwork, int* iwork, int liwork) {
        int info = 0;
        pdsyevd_("V", "L", &n, matrix.local().data(), &one, &one, desc.data(),
                 result.eigenvalues.data(), result.eigenvectors.local().data(), &one, &one,
                 desc.data(), work, &lwork, iwork, &liwork, &info, 1, 1);
        return info;
      });
}

// ELPA crashes on a rank of its grid without entries.
bool everybody_has_entries(const BlockCyclicLayout& layout) {
  return layout.rows.local_extent(layout.rows.processes() - 1) > 0 &&
         layout.columns.local_extent(layout.columns.processes() - 1) > 0;
}

}  // namespace

void refuse_eigen_overflow(const BlockCyclicLayout& layout) {
  // pdsyevd's own sum, two local matrices and more, is formed in an int; process 0 has the most.
  const Index largest_local = layout.rows.local_extent(0) * layout.columns.local_extent(0);
  to_int(2 * largest_local + 16 * layout.rows.count() + workspace_slack(layout),
         "pdsyevd's work array");
}

EigenDecomposition symmetric_eigen(DistMatrix matrix, EigenBackend backend) {
  const ProcessGrid& grid = matrix.grid();
  const BlockCyclicLayout& layout = matrix.layout();
  NTKFLOW_EXPECTS(matrix.rows() >= 1 && matrix.rows() == matrix.columns());
  NTKFLOW_EXPECTS(layout.rows.block() == layout.columns.block());
  refuse_non_finite(matrix);
  refuse_eigen_overflow(layout);
  if (backend == EigenBackend::elpa && (everybody_has_entries(layout) || !has_elpa()))
    return elpa_eigen(std::move(matrix));

  EigenDecomposition result{Vector::Zero(matrix.rows()), DistMatrix(grid, layout)};
  const BlacsContext context(grid.comm(), grid.shape());
  const int info = grid.is_member() ? run_pdsyevd(context, matrix, result) : 0;
  if (const Index worst = max_over_ranks(grid.comm(), Index{std::abs(info)}); worst != 0)
    throw LapackError(
        fmt::format("pdsyevd: |info| = {0} for a {1} x {1} matrix on a {2} x {3} grid", worst,
                    matrix.rows(), grid.rows(), grid.columns()));
  broadcast(grid.comm(), span_of(result.eigenvalues));
  return result;
}

}  // namespace ntkflow
