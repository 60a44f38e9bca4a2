#include "ntkflow/flow/gradient_descent.hpp"
#include "ntkflow/observe/bounds.hpp"
#include "ntkflow/observe/descent_defects.hpp"
#include "ntkflow/observe/drift.hpp"
#include "ntkflow/observe/fisher.hpp"
#include "ntkflow/observe/kernel_distance.hpp"
#include "ntkflow/observe/region_norms.hpp"
#include "observe/scene.hpp"
#include "support/kernels.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <cmath>

namespace ntkflow {
namespace {

// What a class of observables records when the network stands at theta.
template <typename T>
std::vector<Vector> rows_of(const CircleScene& circle, const Scene& scene,
                            const ShardedVector& theta, double time, bool inspects_kernel = true) {
  const Observer observer({circle.train, circle.reference, circle.spectrum, &circle.train_spectrum,
                           scene.descent_step > 0 ? gradient_descent_decay(scene.descent_step)
                                                  : DecayLaw(exponential_decay)},
                          circle.theta_0);
  const std::vector<Vector> rows =
      T(scene).observe({observer.observe(theta, time), theta, DeviationState(), inspects_kernel});
  EXPECT_EQ(rows.size(), T::quantities().size());
  return rows;
}

ShardedVector moved(const CircleScene& circle) {
  ShardedVector theta = circle.theta_0;
  theta.local() *= 1.1;
  return theta;
}

TEST(Transmission, is_t_squared_at_eigenvalue_0_and_never_loses_digits) {
  EXPECT_EQ(transmission(0.0, 3.0), 9.0);
  EXPECT_NEAR(transmission(1e-13, 3.0), 9.0, 1e-11);
  EXPECT_NEAR(transmission(1e-9, 3.0) / (9.0 * (1 - 3e-9)), 1.0, 1e-15);
  EXPECT_DOUBLE_EQ(transmission(2.0, 1.0), std::pow((1 - std::exp(-2.0)) / 2, 2));
  EXPECT_EQ(transmission(2.0, 0.0), 0.0);
}

TEST(Bounds, are_the_formulas_of_the_theorem) {
  const CircleScene circle(24, 13, 16);
  Scene scene = circle.scene();
  scene.kernel_error = 1e-4;
  scene.accuracy = 0.05;
  const double t = 2.5;

  const std::vector<Vector> rows = rows_of<Bounds>(circle, scene, circle.theta_0, t);

  // The network has not moved: its deviation is (1 - exp(-sigma t)) c, c = <-f*, phi>.
  const Vector& sigma = circle.spectrum.eigenvalues;
  const Vector c = project(world(), circle.spectrum, -circle.reference.my_targets());
  const double f_max = circle.points.reference->targets(indices_of({0, 24})).cwiseAbs().maxCoeff();
  double left = 0.0;
  for (Index k = 0; k < sigma.size(); ++k) {
    left += std::pow(std::expm1(-sigma(k) * t) * c(k), 2);
    const double factor = std::pow(std::expm1(-sigma(k) * t) / sigma(k), 2);
    const double right = factor * 4 * f_max * f_max * 1e-4;
    EXPECT_NEAR(rows[0](k), left, 1e-13);
    EXPECT_NEAR(rows[1](k), right, 1e-13);
    EXPECT_NEAR(rows[2](k), left / right, 1e-9 * left / right);
    EXPECT_NEAR(rows[4](k), left / factor, 1e-11);
    EXPECT_NEAR(rows[3](k), std::max(0.0, left / factor - right / factor), 1e-11);
  }
  EXPECT_NEAR(rows[5](0), left, 1e-13);  // f* lies in the span of phi_1..phi_K
  EXPECT_LE(rows[6](0), 1e-7);
  EXPECT_NEAR(rows[7](0), t * t * 4 * f_max * f_max * 1e-4, 1e-13);
}

TEST(Bounds, of_the_start_hold_with_nothing_on_either_side) {
  const CircleScene circle(24, 13, 16);
  const std::vector<Vector> rows = rows_of<Bounds>(circle, circle.scene(), circle.theta_0, 0.0);
  for (const std::size_t i : {0, 1, 2, 3, 4, 5, 6, 7, 8}) EXPECT_LE(rows[i].norm(), 1e-20) << i;
}

TEST(Bounds, of_corollary_5_follow_the_modes_whose_time_has_come) {
  const CircleScene circle(24, 13, 16);
  Scene scene = circle.scene();
  scene.accuracy = 0.1;
  const double f_max = circle.points.reference->targets(indices_of({0, 24})).cwiseAbs().maxCoeff();
  const double t_2 = std::log(f_max / 0.1) / circle.spectrum.eigenvalues(1);

  const auto before = rows_of<Bounds>(circle, scene, circle.theta_0, 0.9 * t_2);
  const auto after = rows_of<Bounds>(circle, scene, circle.theta_0, 1.1 * t_2);

  EXPECT_EQ(before[9](0), 0.0);
  EXPECT_NEAR(before[11](0), 2 * before[10](0), 1e-13);  // ||r_0||^2
  EXPECT_EQ(after[9](0), 2.0);                           // cos and sin come together
  EXPECT_NEAR(after[11](0), 0.5, 1e-12);                 // cos 3x is left of cos x + cos 3x
}

TEST(Drift, is_that_of_the_matrices) {
  const CircleScene circle(24, 13, 16);
  const ShardedVector theta = moved(circle);

  const std::vector<Vector> rows = rows_of<Drift>(circle, circle.scene(), theta, 1.0);

  const Vector whole_0 = circle.theta_0.gather(), whole = theta.gather();
  const auto start = make_empirical_kernel(circle.network, span_of(whole_0));
  const auto now = make_empirical_kernel(circle.network, span_of(whole));
  const auto matrix = [&](const Kernel& kernel, const PointSet& points) {
    const Matrix x = points.points(indices_of({0, points.count()}));
    return kernel_matrix(kernel, x, x);
  };
  for (const auto& [row, points] :
       {std::pair(0, circle.points.train), std::pair(1, circle.points.reference)}) {
    const Matrix k_0 = matrix(*start, *points), k_t = matrix(*now, *points);
    EXPECT_NEAR(rows[static_cast<std::size_t>(row)](0), (k_t - k_0).norm() / k_0.norm(), 1e-13);
  }
}

TEST(Drift, is_0_at_the_start_and_missing_where_nobody_looks) {
  const CircleScene circle(24, 13, 16);
  EXPECT_EQ(rows_of<Drift>(circle, circle.scene(), circle.theta_0, 0.0)[0](0), 0.0);
  for (const Vector& row : rows_of<Drift>(circle, circle.scene(), circle.theta_0, 0.0, false))
    EXPECT_TRUE(std::isnan(row(0)));
}

TEST(EffectiveRank, counts_equal_directions) {
  const Vector equal = Vector::Constant(7, 0.3);
  EXPECT_NEAR(trace_rank(equal), 7.0, 1e-13);
  EXPECT_NEAR(entropy_rank(equal), 7.0, 1e-13);

  const Vector two = (Vector(4) << 1.0, 1.0, 0.0, -1e-18).finished();
  EXPECT_NEAR(trace_rank(two), 2.0, 1e-13);
  EXPECT_NEAR(entropy_rank(two), 2.0, 1e-13);

  EXPECT_EQ(trace_rank(Vector::Zero(3)), 0.0);
  EXPECT_EQ(entropy_rank(Vector::Zero(3)), 0.0);
}

TEST(Fisher, has_the_eigenvalues_of_the_tangent_kernel_over_n) {
  const CircleScene circle(24, 13, 16);
  const ShardedVector theta = moved(circle);

  const std::vector<Vector> rows = rows_of<Fisher>(circle, circle.scene(), theta, 1.0);

  const Vector whole = theta.gather();
  const Matrix x = circle.points.train->points(indices_of({0, 13}));
  const Matrix k = kernel_matrix(*make_empirical_kernel(circle.network, span_of(whole)), x, x) / 13;
  const Vector expected = Eigen::SelfAdjointEigenSolver<Matrix>(k).eigenvalues().reverse();
  EXPECT_LE((rows[0] - expected).norm(), 1e-13);
  EXPECT_NEAR(rows[1](0), k.trace() / expected(0), 1e-11);
  EXPECT_GE(rows[2](0), rows[1](0));  // the entropy is at least the logarithm of the largest share
}

TEST(DescentDefects, of_single_steps_add_up_by_the_law) {
  const CircleScene circle(24, 13, 16);
  Scene scene = circle.scene();
  scene.descent_step = 0.4;
  const GradientFlow flow(circle.train);
  GradientDescent descent(flow, scene.descent_step, 1.0);
  FlowState state(world(), circle.theta_0.count(), 13);
  state.theta = circle.theta_0;
  descent.begin(state);
  const Vector kept = 1.0 - scene.descent_step * circle.train_spectrum.eigenvalues.array();

  Vector sum = Vector::Zero(kept.size());
  for (int s = 0; s < 5; ++s) {
    const auto rows = rows_of<DescentDefects>(circle, scene, state.theta, state.time);
    EXPECT_LE((rows[1] - sum).norm(), 1e-13);
    sum = kept.cwiseProduct(sum) + rows[0];
    descent.step(state, 2.0);
  }
  EXPECT_GE(sum.norm(), 1e-3);
}

TEST(RegionNorms, of_one_region_are_the_norm) {
  const CircleScene circle(24, 13, 16);
  const auto rows = rows_of<RegionNorms>(circle, circle.scene(), circle.theta_0, 0.0);
  ASSERT_EQ(rows[0].size(), 1);
  EXPECT_NEAR(rows[0](0), 1.0, 1e-13);  // f* = cos x + cos 3x
}

}  // namespace
}  // namespace ntkflow
