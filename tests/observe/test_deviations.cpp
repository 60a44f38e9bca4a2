#include "ntkflow/observe/deviations.hpp"

#include "ntkflow/flow/rkc.hpp"
#include "observe/scene.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace ntkflow {
namespace {

TEST(DampedIntegral, is_exact_while_g_is_linear) {
  const Vector sigma = (Vector(5) << 0.0, 1e-9, 0.3, 1.0, 50.0).finished();
  DampedIntegral integral;
  integral.start(6);  // one entry more than there are eigenvalues

  double t = 0.0, last_h = 0.0;
  advance(integral, sigma, 0.0, 0.0, Vector::Constant(5, 2.0));
  for (const double h : {1e-7, 0.3, 2.0, 7.0}) {
    t += h;
    advance(integral, sigma, last_h, h, Vector::Constant(5, 2.0 - 0.1 * t));
    last_h = h;
  }

  // int_0^t exp(-s (t - u)) (2 - u/10) du = (2 - t/10)/s + 1/(10 s^2) - e^{-st} (2/s + 1/(10 s^2))
  for (Index i = 2; i < 5; ++i) {
    const double s = sigma(i), e = std::exp(-s * t);
    EXPECT_NEAR(integral.value(i), (2 - 0.1 * t) / s + 0.1 / (s * s) - e * (2 / s + 0.1 / (s * s)),
                1e-12);
  }
  EXPECT_NEAR(integral.value(0), 2 * t - 0.05 * t * t, 1e-12);
  EXPECT_NEAR(integral.value(1), 2 * t - 0.05 * t * t, 1e-6);
  EXPECT_EQ(integral.value(5), 0.0);
}

// g = exp(-t): int_0^t exp(-s (t - u)) exp(-u) du = (e^{-t} - e^{-st}) / (s - 1).
TEST(DampedIntegral, has_order_3_in_the_step) {
  const auto error = [](Index steps) {
    const Vector sigma = (Vector(2) << 0.2, 3.0).finished();
    const double t_end = 2.0, h = t_end / static_cast<double>(steps);
    DampedIntegral integral;
    integral.start(2);
    advance(integral, sigma, 0.0, 0.0, Vector::Ones(2));
    for (Index j = 1; j <= steps; ++j)
      advance(integral, sigma, j == 1 ? 0.0 : h, h,
              Vector::Constant(2, std::exp(-h * static_cast<double>(j))));
    const Vector exact = (std::exp(-t_end) - (-t_end * sigma.array()).exp()) / (sigma.array() - 1);
    return (integral.value - exact).norm();
  };

  EXPECT_GE(error(20) / error(40), 6.0);
  EXPECT_LE(error(40), 1e-5);
}

TEST(LookTimes, contain_the_snapshots_and_are_dense_in_log_t) {
  const std::vector<double> snapshots = {0.0, 1e-4, 0.5, 0.6, 100.0};

  const std::vector<double> times = look_times(snapshots, 2.0, 16);

  for (const double t : snapshots) EXPECT_EQ(std::count(times.begin(), times.end(), t), 1);
  const double step = std::pow(10.0, 1.0 / 16);
  for (std::size_t j = 1; j < times.size(); ++j) {
    EXPECT_LT(times[j - 1], times[j]);
    if (times[j] > 0.01 / 2 * step * (1 + 1e-9)) EXPECT_LE(times[j] / times[j - 1], step * 1.001);
  }
  EXPECT_LE(count_of(times), 16 * 5 + 4);
}

TEST(LookTimes, begin_at_a_hundredth_of_the_fastest_time) {
  const std::vector<double> times = look_times({0.0, 1.0}, 10.0, 1);
  const std::vector<double> expected = {0.0, 0.001, 0.01, 0.1, 1.0};
  ASSERT_EQ(times.size(), expected.size());
  for (std::size_t j = 0; j < times.size(); ++j) EXPECT_NEAR(times[j], expected[j], 1e-15);
  EXPECT_EQ(look_times({0.0, 1e-5}, 10.0, 1), (std::vector<double>{0.0, 1e-5}));
}

// Carries the flow to t_end and gives the deviation state, and the measured deviations.
struct Course {
  DeviationState state;
  Vector measured, train_measured;
  double largest = 0.0, train_largest = 0.0;  // over all times
};

Course run(const CircleScene& circle, double t_end) {
  const DeviationMeter meter(circle.scene(), circle.eigenfunctions_at_train());
  const Observer observer(
      {circle.train, circle.reference, circle.spectrum, &circle.train_spectrum, exponential_decay},
      circle.theta_0);
  const GradientFlow flow(circle.train);
  RungeKuttaChebyshev integrator(flow, 1e-7, observer.initial_train_norm());
  FlowState state(world(), circle.theta_0.count(), circle.points.train->count());
  state.theta = circle.theta_0;
  integrator.begin(state);
  Course result;
  result.state = DeviationState(circle.spectrum.count(), circle.train_spectrum.count());
  for (const double t : look_times({0.0, t_end}, circle.spectrum.eigenvalues(0), 16)) {
    while (state.time < t) integrator.step(state, t);
    meter.look(result.state, state.theta, t);
    const Observation seen = observer.observe(state.theta, t);
    result.measured = seen.projection - seen.ideal_projection;
    result.train_measured = seen.train_projection - seen.train_ideal_projection;
    result.largest = std::max(result.largest, result.measured.norm());
    result.train_largest = std::max(result.train_largest, result.train_measured.norm());
  }
  return result;
}

TEST(Deviations, add_up_to_what_is_measured) {
  const CircleScene circle(48, 13, 32);

  const Course found = run(circle, 60.0);

  const DeviationState& state = found.state;
  EXPECT_LE((state.data.value + state.width.value + state.drift.value - found.measured).norm(),
            1e-3 * found.largest);
  EXPECT_LE((state.train_width.value + state.train_drift.value - found.train_measured).norm(),
            1e-3 * found.train_largest);
  for (const DampedIntegral* cause : {&state.data, &state.width, &state.drift})
    EXPECT_GE(cause->value.norm(), 0.02 * found.largest);  // none is idle here
}

TEST(Deviations, by_finite_data_vanish_on_the_quadrature) {
  const CircleScene circle(40, 0, 32);

  const Course found = run(circle, 10.0);

  EXPECT_LE(found.state.data.value.norm(), 1e-11);
  EXPECT_GE(found.state.width.value.norm(), 1e-3);
  // The two sets are the same points, so that the other causes agree as well.
  EXPECT_NEAR(found.state.drift.value.norm(), found.state.train_drift.value.norm(), 1e-9);
}

TEST(Deviations, by_width_and_drift_fall_with_the_width) {
  const auto causes = [](Index width) {
    const DeviationState state = run(CircleScene(24, 13, width), 5.0).state;
    return std::pair(state.width.value.norm(), state.drift.value.norm());
  };

  const auto [narrow_width, narrow_drift] = causes(16);
  const auto [wide_width, wide_drift] = causes(4096);

  EXPECT_LE(wide_width, 0.3 * narrow_width);   // like 1 / sqrt(m): a factor 16
  EXPECT_LE(wide_drift, 0.05 * narrow_drift);  // like 1 / m with this start
}

TEST(Deviations, by_drift_vanish_for_the_linearised_network) {
  const CircleScene moving(24, 13, 32), circle(24, 13, 32, 6, Model::linearised);

  const Course found = run(circle, 10.0);

  const DeviationState &state = found.state, with_drift = run(moving, 10.0).state;
  for (const DampedIntegral* drift : {&state.drift, &state.train_drift})
    EXPECT_LE(drift->value.norm(), 1e-11);
  for (const DampedIntegral* drift : {&with_drift.drift, &with_drift.train_drift})
    EXPECT_GE(drift->value.norm(), 1e-3);
  // The other causes are all there is.
  EXPECT_LE((state.data.value + state.width.value - found.measured).norm(), 1e-3 * found.largest);
  EXPECT_LE((state.train_width.value - found.train_measured).norm(), 1e-3 * found.train_largest);
  EXPECT_GE(state.data.value.norm(), 1e-3);
  EXPECT_GE(state.width.value.norm(), 1e-3);
}

TEST(Deviations, start_without_drift_and_are_looked_at_once) {
  const CircleScene circle(24, 13, 16);
  const DeviationMeter meter(circle.scene(), circle.eigenfunctions_at_train());
  DeviationState state(6, 6);

  meter.look(state, circle.theta_0, 0.0);
  const Vector rate = state.width.rate;
  meter.look(state, circle.theta_0, 0.0);

  EXPECT_EQ(state.looks, 1);
  EXPECT_LE(state.drift.rate.norm(), 1e-13);
  EXPECT_GE(rate.norm(), 1e-2);
  EXPECT_EQ(state.width.value.norm(), 0.0);
}

}  // namespace
}  // namespace ntkflow
