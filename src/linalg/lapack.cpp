#include "linalg/lapack.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

#include <vector>

extern "C" {
void dsyevd_(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w,
             double* work, const int* lwork, int* iwork, const int* liwork, int* info,
             std::size_t jobz_length, std::size_t uplo_length);
void dsterf_(const int* n, double* d, double* e, int* info);
}

namespace ntkflow {

SmallEigen small_symmetric_eigen(Matrix matrix) {
  NTKFLOW_EXPECTS(matrix.rows() == matrix.cols());
  SmallEigen result{Vector(matrix.rows()), std::move(matrix)};
  if (result.vectors.size() == 0) return result;
  const int n = to_int(result.vectors.rows(), "matrix rows");
  int info = 0;
  const auto call = [&](double* work, int lwork, int* iwork, int liwork) {
    dsyevd_("V", "L", &n, result.vectors.data(), &n, result.eigenvalues.data(), work, &lwork, iwork,
            &liwork, &info, 1, 1);
  };
  double lwork = 0;
  int liwork = 0;
  call(&lwork, -1, &liwork, -1);
  std::vector<double> work(static_cast<std::size_t>(lwork));
  std::vector<int> iwork(static_cast<std::size_t>(liwork));
  call(work.data(), to_int(count_of(work), "dsyevd's work array"), iwork.data(), liwork);
  if (info != 0)
    throw LapackError(fmt::format("dsyevd: info = {0} for a {1} x {1} matrix", info, n));
  return result;
}

int tridiagonal_eigenvalues(Vector& diagonal, Vector below) {
  const int n = to_int(diagonal.size(), "matrix rows");
  int info = 0;
  dsterf_(&n, diagonal.data(), below.data(), &info);
  return info;
}

}  // namespace ntkflow
