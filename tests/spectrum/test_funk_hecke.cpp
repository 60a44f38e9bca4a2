#include "ntkflow/spectrum/funk_hecke.hpp"

#include "ntkflow/input/harmonics.hpp"

#include "spectrum/angles.hpp"
#include "spectrum/networks.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ntkflow {
namespace {

struct DotFeatures : PointFeatures {
  explicit DotFeatures(const Matrix& points) : x(points) {}
  Index count() const override { return x.cols(); }
  Matrix x;
};

// K(x, x') = (x . x')^power.
class DotKernel : public Kernel {
 public:
  explicit DotKernel(int power) : power_(power) {}
  std::unique_ptr<PointFeatures> prepare(const Matrix& points) const override {
    return std::make_unique<DotFeatures>(points);
  }
  void tile(const PointFeatures& rows, const PointFeatures& columns,
            Eigen::Ref<Matrix> out) const override {
    out = (dynamic_cast<const DotFeatures&>(rows).x.transpose() *
           dynamic_cast<const DotFeatures&>(columns).x)
              .array()
              .pow(power_);
  }

 private:
  int power_;
};

TEST(DegreesWith, tells_how_many_degrees_so_many_functions_need) {
  EXPECT_EQ(degrees_with(2, 1), 1);
  EXPECT_EQ(degrees_with(2, 41), 21);
  EXPECT_EQ(degrees_with(2, 42), 22);
  EXPECT_EQ(degrees_with(3, 16), 4);
  EXPECT_EQ(degrees_with(3, 17), 5);
}

// c^2 = 1/d + (d - 1)/d P_2, and the eigenvalue of P_l is 1 / multiplicity; so for its multiples.
TEST(ZonalEigenvalues, of_a_square_are_known_in_any_dimension) {
  for (const Index d : {2, 3, 4, 10, 784}) {
    const DotKernel square(2);
    const double radius = 1.5, scale = std::pow(radius, 4);

    const Vector found = zonal_eigenvalues({square, d, radius}, 6);

    const auto n = static_cast<double>(d);
    EXPECT_NEAR(found[0], scale / n, 1e-14 * scale) << d;
    EXPECT_NEAR(found[2], scale * (n - 1) / n / harmonic_multiplicity(d, 2), 1e-14 * scale) << d;
    for (const Index degree : {1, 3, 4, 5}) EXPECT_NEAR(found[degree], 0, 1e-14 * scale) << d;
  }
}

TEST(ZonalEigenvalues, on_the_circle_are_those_of_the_closed_form) {
  const auto kernel = first_layer_ntk();

  const ZonalSpectrum found = zonal_spectrum({*kernel, 2, 1.0}, 2000);

  ASSERT_EQ(found.degrees(), 2000);
  for (Index q = 0; q < 2000; ++q)
    EXPECT_NEAR(found.eigenvalues[q], relu_circle_eigenvalue(q), 2e-15) << q;
  for (Index q = 0; q < 41; ++q)
    EXPECT_NEAR(found.eigenvalues[q], relu_circle_eigenvalue(q), 5e-16) << q;
  for (Index q = 0; q < 2000; ++q) EXPECT_EQ(found.multiplicities[q], q == 0 ? 1 : 2);
}

// u kappa_0(u) on S^2: by parts, exact fractions.
TEST(ZonalEigenvalues, on_the_sphere_are_exact_fractions) {
  // Unit norm in R^3 with fan = one; readout of signs or N(0,1) with c_sigma = 2.
  const auto kernel = relu_ntk("fc:8:fan=one", "dense:trained=no:sigma_w=1.4142135623730951", 3);

  const Vector found = zonal_eigenvalues({*kernel, 3, 1.0}, 41);

  EXPECT_NEAR(found[0], 1.0 / 8, 1e-15);
  EXPECT_NEAR(found[1], 1.0 / 6, 1e-15);
  EXPECT_NEAR(found[2], 7.0 / 128, 1e-15);
}

TEST(ZonalEigenvalues, of_two_layers_without_bias_are_zero_at_odd_degrees_from_three) {
  for (const Index d : {2, 3, 4, 7}) {
    const auto kernel = relu_ntk("fc:8", "dense", d);

    const Vector found = zonal_eigenvalues({*kernel, d, 1.0}, 61);

    EXPECT_GT(found[1], 0.1 * found[0]);
    for (Index degree = 3; degree < 61; degree += 2)
      EXPECT_NEAR(found[degree], 0, 1e-15 * found[0]) << d << " " << degree;
    for (Index degree = 2; degree < 61; degree += 2) EXPECT_GT(found[degree], 1e-14 * found[0]);
  }
}

// lambda_k ~ k^-d of a deep network, whose kernel has a kink of first order.
TEST(ZonalEigenvalues, decay_with_the_dimension_as_exponent) {
  for (const Index d : {2, 3, 4}) {
    const auto kernel = relu_ntk("fc:8:bias=zero:sigma_b=0.5,fc:8,fc:8", "dense", d);

    const Vector found = zonal_eigenvalues({*kernel, d, 1.0}, 401);

    const double exponent = std::log(found[400] / found[200]) / std::log(2.0);
    EXPECT_NEAR(exponent, -static_cast<double>(d), 0.05) << d;
  }
}

// sum of multiplicity times eigenvalue is K(x, x); the terms fall like k^-2, the rest like 1/k.
TEST(ZonalEigenvalues, add_up_to_the_kernel_at_one_point) {
  const auto kernel = relu_ntk("fc:8:bias=random:sigma_b=0.5,fc:8", "dense", 3);
  const ZonalKernel zonal(*kernel, 3, 2.0);

  const ZonalSpectrum found = zonal_spectrum(zonal, 1000);

  const double diagonal = zonal(Vector::Zero(1))[0];
  const double sum = found.eigenvalues.dot(found.multiplicities);
  EXPECT_LT(sum, diagonal);
  EXPECT_NEAR(sum, diagonal, 5e-4 * diagonal);
}

}  // namespace
}  // namespace ntkflow
