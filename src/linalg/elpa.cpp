#include "linalg/elpa.hpp"

#include "linalg/scalapack.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>

#ifdef NTKFLOW_HAVE_ELPA
#include <elpa/elpa.h>
#include <mpi.h>
#endif

namespace ntkflow {

#ifdef NTKFLOW_HAVE_ELPA

bool has_elpa() {
  return true;
}

namespace {

// ELPA wants the whole matrix, we have its lower triangle and above it what was computed on the way.
void fill_upper_triangle(const BlacsContext& context, DistMatrix& matrix) {
  const IndexList& rows = matrix.my_rows();
  const IndexList& columns = matrix.my_columns();
  for (Index j = 0; j < matrix.local().cols(); ++j)
    for (Index i = 0; i < matrix.local().rows(); ++i)
      if (rows[static_cast<std::size_t>(i)] < columns[static_cast<std::size_t>(j)])
        matrix.local()(i, j) = 0;
  Matrix strictly_lower = matrix.local();
  for (Index j = 0; j < strictly_lower.cols(); ++j)
    for (Index i = 0; i < strictly_lower.rows(); ++i)
      if (rows[static_cast<std::size_t>(i)] == columns[static_cast<std::size_t>(j)])
        strictly_lower(i, j) = 0;
  const int n = to_int(matrix.rows(), "matrix rows"), one = 1;
  const double unit = 1;
  const Descriptor desc = descriptor(context, matrix.layout(), matrix.local().rows());
  pdtran_(&n, &n, &unit, strictly_lower.data(), &one, &one, desc.data(), &unit,
          matrix.local().data(), &one, &one, desc.data());
}

/// One of ELPA's solvers, with calls that remember the first error.
class ElpaSolver {
 public:
  ElpaSolver(const Communicator& members, const DistMatrix& matrix) : error_(elpa_init(20211125)) {
    handle_ = elpa_allocate(&error_);
    set("na", to_int(matrix.rows(), "matrix rows"));
    set("nev", to_int(matrix.rows(), "matrix rows"));
    set("local_nrows", static_cast<int>(matrix.local().rows()));
    set("local_ncols", static_cast<int>(matrix.local().cols()));
    set("nblk", static_cast<int>(matrix.layout().rows.block()));
    set("mpi_comm_parent", MPI_Comm_c2f(members.native()));
    set("process_row", matrix.grid().my_row());
    set("process_col", matrix.grid().my_column());
    if (error_ == ELPA_OK) error_ = elpa_setup(handle_);
    set("solver", ELPA_SOLVER_1STAGE);
  }
  ~ElpaSolver() {
    int ignored = 0;
    elpa_deallocate(handle_, &ignored);
  }
  ElpaSolver(const ElpaSolver&) = delete;
  ElpaSolver& operator=(const ElpaSolver&) = delete;

  int solve(DistMatrix& matrix, EigenDecomposition& result) {
    if (error_ == ELPA_OK)
      elpa_eigenvectors(handle_, matrix.local().data(), result.eigenvalues.data(),
                        result.eigenvectors.local().data(), &error_);
    return error_;
  }

 private:
  void set(const char* name, int value) {
    if (error_ == ELPA_OK) elpa_set(handle_, name, value, &error_);
  }

  int error_;
  elpa_t handle_ = nullptr;
};

}  // namespace

EigenDecomposition elpa_eigen(DistMatrix matrix) {
  const ProcessGrid& grid = matrix.grid();
  const BlacsContext context(grid.comm(), grid.shape());
  EigenDecomposition result{Vector::Zero(matrix.rows()), DistMatrix(grid, matrix.layout())};
  const Communicator members = grid.comm().split(grid.is_member() ? 0 : 1, grid.comm().rank());
  Index failed = 0;
  if (grid.is_member()) {
    fill_upper_triangle(context, matrix);
    failed = ElpaSolver(members, matrix).solve(matrix, result) == ELPA_OK ? 0 : 1;
  }
  if (max_over_ranks(grid.comm(), failed) != 0)
    throw LapackError(fmt::format("ELPA failed on a {0} x {0} matrix on a {1} x {2} grid",
                                  result.eigenvalues.size(), grid.rows(), grid.columns()));
  broadcast(grid.comm(), span_of(result.eigenvalues));
  return result;
}

#else

bool has_elpa() {
  return false;
}

EigenDecomposition elpa_eigen(DistMatrix) {
  throw ConfigError(
      "this program was built without ELPA (Debian: libelpa-dev, then build again); use the dense "
      "solver");
}

#endif

}  // namespace ntkflow
