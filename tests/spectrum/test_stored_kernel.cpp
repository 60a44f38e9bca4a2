#include "ntkflow/spectrum/stored_kernel.hpp"

#include "input/hdf5_files.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/spectrum/gram_matrix.hpp"
#include "spectrum/angles.hpp"
#include "support/dense.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace ntkflow {
namespace {

namespace fs = std::filesystem;

/// A matrix in a file that root writes and removes, and all ranks read.
class StoredFile {
 public:
  explicit StoredFile(const Matrix& matrix)
      : path_(fs::temp_directory_path() / ("ntkflow_kernel_" + std::to_string(getpid()) + ".h5")) {
    std::string name = path_.string();
    broadcast(world(), name);
    path_ = name;
    agree(world(), [&] {
      if (!world().is_root()) return;
      const Hdf5File file = create_hdf5(path_);
      const Matrix rows_first = matrix.transpose();
      write_dataset(file, "K",
                    {static_cast<hsize_t>(matrix.rows()), static_cast<hsize_t>(matrix.cols())},
                    {rows_first.data(), rows_first.data() + rows_first.size()});
    });
  }
  ~StoredFile() {
    barrier(world());
    std::error_code ignored;
    if (world().is_root()) fs::remove(path_, ignored);
  }

  DatasetPath dataset() const { return {path_.string(), "/K"}; }

 private:
  fs::path path_;
};

// Symmetric, no two entries of its lower triangle alike.
Matrix some_matrix(Index n) {
  return Matrix::NullaryExpr(n, n, [&](Index i, Index j) {
    return static_cast<double>(std::max(i, j) * n + std::min(i, j));
  });
}

TEST(StoredKernel, assembles_to_the_matrix_in_the_file) {
  const Index n = 150;
  const Matrix matrix = some_matrix(n);
  const StoredFile file(matrix);
  const NumberedPoints points(std::make_shared<AnglePoints>(uneven_angles(n)));

  const auto kernel = make_stored_kernel(world(), file.dataset(), n);

  const ProcessGrid grid(world());
  const DistMatrix gram = assemble_gram(grid, *kernel, points, Triangle::full);
  EXPECT_EQ(gather(gram), matrix);
  EXPECT_EQ(points.weights(indices_of({0, n})), uneven_angles(n).all_weights());
}

TEST(StoredKernel, refuses_what_is_no_kernel_on_these_points) {
  const Index n = 700;
  Matrix skew = some_matrix(n), infinite = skew;
  skew(3, 650) += 1;
  infinite(699, 699) = std::numeric_limits<double>::infinity();

  for (const Matrix& matrix :
       {skew, infinite, Matrix(some_matrix(n - 1)), Matrix(skew.topRows(5))}) {
    const StoredFile file(matrix);
    EXPECT_THROW(make_stored_kernel(world(), file.dataset(), n), Error);
  }
  EXPECT_THROW(make_stored_kernel(world(), {"/nowhere/k.h5", "/K"}, n), Error);
}

}  // namespace
}  // namespace ntkflow
