#include "ntkflow/linalg/symmetric_eigen.hpp"

#include "linalg/back_transformation.hpp"
#include "linalg/elpa.hpp"
#include "linalg/lapack.hpp"
#include "linalg/scalapack.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace ntkflow {
namespace {

// With a NaN ScaLAPACK hangs on some grids (2 x 2), and on others (1 x 1, 1 x 2) returns zeros with
// info = 0.
void refuse_non_finite(const DistMatrix& matrix) {
  const Index bad = matrix.local().size() - matrix.local().array().isFinite().count();
  const Index total = sum_over_ranks(matrix.grid().comm(), bad);
  if (total > 0)
    throw NumericalError(
        fmt::format("{0} entries of a {1} x {1} matrix are NaN or infinite; need finite ones",
                    total, matrix.rows()));
}

void refuse_unsuitable(const DistMatrix& matrix) {
  const BlockCyclicLayout& layout = matrix.layout();
  NTKFLOW_EXPECTS(matrix.rows() >= 1 && matrix.rows() == matrix.columns());
  NTKFLOW_EXPECTS(layout.rows.block() == layout.columns.block());
  refuse_non_finite(matrix);
  refuse_eigen_overflow(layout);
}

// What pdlasrt needs beyond the minimum that pdstedc asks for. It matters where the matrix is hardly
// larger than a block. Source: Reference-ScaLAPACK, issue 74.
Index workspace_slack(const BlockCyclicLayout& layout) {
  const Index block = layout.rows.block();
  return (layout.rows.local_extent(0) + layout.columns.local_extent(0) + 2 * block) * block;
}

// Everybody's answer, so that all throw or none.
void refuse_failure(const ProcessGrid& grid, std::string_view routine, Index n, int info) {
  if (const Index worst = max_over_ranks(grid.comm(), Index{std::abs(info)}); worst != 0)
    throw LapackError(fmt::format("{0}: |info| = {1} for a {2} x {2} matrix on a {3} x {4} grid",
                                  routine, worst, n, grid.rows(), grid.columns()));
}

// Where squares of the entries would overflow or underflow, an exact power of two brings the largest
// near 1.
class Scale {
 public:
  explicit Scale(DistMatrix& matrix) {
    const Matrix& local = matrix.local();
    const double largest = local.size() == 0 ? 0 : local.cwiseAbs().maxCoeff();
    const Index exponent =
        max_over_ranks(matrix.grid().comm(), Index{largest == 0 ? of_zero : std::ilogb(largest)});
    if (exponent == of_zero || std::abs(exponent) <= harmless) return;
    exponent_ = static_cast<int>(exponent);
    matrix.local() = local.unaryExpr([this](double a) { return std::ldexp(a, -exponent_); });
  }

  void undo(Vector& eigenvalues) const {
    for (double& value : eigenvalues) value = std::ldexp(value, exponent_);
  }

 private:
  static constexpr int of_zero = -100'000;
  static constexpr int harmless = 300;
  int exponent_ = 0;
};

// Q^T A Q, by pdsytrd; Q's reflectors take A's place. Everybody in the grid has all of it.
struct Tridiagonal {
  Vector diagonal;
  Vector below;  ///< n entries, the last without meaning
  Vector tau;    ///< likewise
};

// On the members of the grid.
int run_pdsytrd(const BlacsContext& context, const GridLines& lines, DistMatrix& matrix,
                Tridiagonal& t) {
  const int one = 1;
  const int n = to_int(matrix.rows(), "matrix rows");
  const Descriptor desc = descriptor(context, matrix.layout(), matrix.local().rows());
  Vector d = Vector::Zero(matrix.local().cols()), e = d, tau = d;
  const int info = with_workspace(0, [&](double* work, int lwork, int*, int) {
    int result = 0;
    pdsytrd_("L", &n, matrix.local().data(), &one, &one, desc.data(), d.data(), e.data(),
             tau.data(), work, &lwork, &result, 1);
    return result;
  });
  t = {gather_columns(lines, matrix, d), gather_columns(lines, matrix, e),
       gather_columns(lines, matrix, tau)};
  return info;
}

Tridiagonal reduce_to_tridiagonal(const BlacsContext& context, const GridLines& lines,
                                  DistMatrix& matrix) {
  const ProcessGrid& grid = matrix.grid();
  Tridiagonal t;
  refuse_failure(grid, "pdsytrd", matrix.rows(),
                 grid.is_member() ? run_pdsytrd(context, lines, matrix, t) : 0);
  return t;
}

// Divide and conquer, on the members of the grid; the eigenvalues take the diagonal's place.
int run_pdstedc(const BlacsContext& context, Tridiagonal& t, DistMatrix& vectors) {
  const int one = 1;
  const int n = to_int(vectors.rows(), "matrix rows");
  const Descriptor desc = descriptor(context, vectors.layout(), vectors.local().rows());
  return with_workspace(
      workspace_slack(vectors.layout()), [&](double* work, int lwork, int* iwork, int liwork) {
        int info = 0;
        pdstedc_("I", &n, t.diagonal.data(), t.below.data(), vectors.local().data(), &one, &one,
                 desc.data(), work, &lwork, iwork, &liwork, &info, 1);
        return info;
      });
}

// T's own pairs. The process at (0, 0) always receives the eigenvalues, the others not when the
// matrix is a single block.
void decompose_tridiagonal(const BlacsContext& context, Tridiagonal& t,
                           EigenDecomposition& result) {
  const ProcessGrid& grid = result.eigenvectors.grid();
  refuse_failure(grid, "pdstedc", result.eigenvectors.rows(),
                 grid.is_member() ? run_pdstedc(context, t, result.eigenvectors) : 0);
  if (grid.is_member()) result.eigenvalues = t.diagonal;
  broadcast(grid.comm(), span_of(result.eigenvalues));
}

// ELPA crashes on a rank of its grid without entries.
bool everybody_has_entries(const BlockCyclicLayout& layout) {
  return layout.rows.local_extent(layout.rows.processes() - 1) > 0 &&
         layout.columns.local_extent(layout.columns.processes() - 1) > 0;
}

}  // namespace

void refuse_eigen_overflow(const BlockCyclicLayout& layout) {
  // pdstedc's own sum, two local matrices and more, is formed in an int; process 0 has the most.
  const Index largest_local = layout.rows.local_extent(0) * layout.columns.local_extent(0);
  to_int(2 * largest_local + 16 * layout.rows.count() + workspace_slack(layout),
         "pdstedc's work array");
}

EigenDecomposition symmetric_eigen(DistMatrix matrix, Index vectors, EigenBackend backend) {
  const ProcessGrid& grid = matrix.grid();
  const BlockCyclicLayout& layout = matrix.layout();
  const Index n = matrix.rows();
  NTKFLOW_EXPECTS(1 <= vectors && vectors <= n);
  refuse_unsuitable(matrix);
  if (backend == EigenBackend::elpa && (everybody_has_entries(layout) || !has_elpa()))
    return elpa_eigen(std::move(matrix));

  const BlacsContext context(grid.comm(), grid.shape());
  const GridLines lines(grid);
  const Scale scale(matrix);
  Tridiagonal t = reduce_to_tridiagonal(context, lines, matrix);
  EigenDecomposition result{Vector::Zero(n), DistMatrix(grid, layout)};
  decompose_tridiagonal(context, t, result);
  if (grid.is_member()) back_transform(lines, matrix, t.tau, n - vectors, result.eigenvectors);
  scale.undo(result.eigenvalues);
  return result;
}

Vector symmetric_eigenvalues(DistMatrix matrix) {
  const ProcessGrid& grid = matrix.grid();
  refuse_unsuitable(matrix);
  const BlacsContext context(grid.comm(), grid.shape());
  const GridLines lines(grid);
  const Scale scale(matrix);
  Tridiagonal t = reduce_to_tridiagonal(context, lines, matrix);
  Vector eigenvalues = Vector::Zero(matrix.rows());
  const int info =
      grid.comm().is_root() ? tridiagonal_eigenvalues(t.diagonal, std::move(t.below)) : 0;
  refuse_failure(grid, "dsterf", matrix.rows(), info);
  if (grid.comm().is_root()) eigenvalues = t.diagonal;
  broadcast(grid.comm(), span_of(eigenvalues));
  scale.undo(eigenvalues);
  return eigenvalues;
}

}  // namespace ntkflow
