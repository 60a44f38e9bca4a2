#include "ntkflow/input/resampling.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ntkflow {
namespace {

TEST(ResamplingMatrix, rows_are_means) {
  for (Index from = 1; from < 12; ++from)
    for (Index to = 1; to < 30; ++to) {
      const Matrix map = resampling_matrix(from, to);
      ASSERT_EQ(map.rows(), to);
      ASSERT_EQ(map.cols(), from);
      ASSERT_GE(map.minCoeff(), 0);
      ASSERT_TRUE(map.rowwise().sum().isApproxToConstant(1, 1e-14)) << from << " to " << to;
    }
}

TEST(ResamplingMatrix, shrinks_by_area) {
  EXPECT_EQ(resampling_matrix(4, 2), (Matrix(2, 4) << 0.5, 0.5, 0, 0, 0, 0, 0.5, 0.5).finished());
  EXPECT_TRUE(
      resampling_matrix(3, 2).isApprox((Matrix(2, 3) << 2, 1, 0, 0, 1, 2).finished() / 3, 1e-15));
  // The mean of all pixels stays.
  EXPECT_TRUE(resampling_matrix(7, 3).colwise().mean().isApproxToConstant(1.0 / 7, 1e-14));
}

TEST(ResamplingMatrix, of_equal_sizes_is_the_identity) {
  EXPECT_EQ(resampling_matrix(5, 5), Matrix::Identity(5, 5));
}

TEST(ResamplingMatrix, enlarges_by_linear_interpolation) {
  EXPECT_EQ(resampling_matrix(2, 4),
            (Matrix(4, 2) << 1, 0, 0.75, 0.25, 0.25, 0.75, 0, 1).finished());
  // A straight line stays one between the outer pixels' centres.
  const Vector line = resampling_matrix(6, 17) * Vector::LinSpaced(6, 0.5, 5.5);
  for (Index i = 0; i < 17; ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * 6 / 17;
    EXPECT_NEAR(line[i], std::clamp(centre, 0.5, 5.5), 1e-14);
  }
}

}  // namespace
}  // namespace ntkflow
