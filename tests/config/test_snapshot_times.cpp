#include "ntkflow/config/snapshot_times.hpp"

#include "ntkflow/base/error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

const std::vector<double> sigma = {0.5, 0.25, 0.0};

std::string refusal(const FlowSpec& flow) {
  try {
    snapshot_times(flow, sigma);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

FlowSpec linear(TimeSpec end, Index snapshots) {
  FlowSpec flow;
  flow.spacing = Spacing::linear;
  flow.t_end = end;
  flow.snapshots = snapshots;
  return flow;
}

FlowSpec descent(FlowSpec flow, double step) {
  flow.integrator = IntegratorKind::gradient_descent;
  flow.step = step;
  return flow;
}

TEST(SnapshotTimes, linear_grid_divides_t_end_evenly) {
  EXPECT_EQ(snapshot_times(linear({2, 0}, 4), sigma), (std::vector<double>{0, 0.5, 1, 1.5, 2}));
  EXPECT_EQ(snapshot_times(linear({2, 2}, 1), sigma), (std::vector<double>{0, 8}));
}

TEST(SnapshotTimes, log_grid_grows_by_a_constant_factor_and_ends_exactly) {
  FlowSpec flow;
  flow.t_first = {0.05, 1};
  flow.t_end = {100, 1};
  flow.snapshots = 12;

  const std::vector<double> times = snapshot_times(flow, sigma);

  ASSERT_EQ(times.size(), 13U);
  EXPECT_EQ(times[0], 0);
  EXPECT_EQ(times[1], 0.1);
  EXPECT_EQ(times[12], 200);
  for (std::size_t j = 2; j < 13; ++j)
    EXPECT_NEAR(times[j] / times[j - 1], std::pow(2000.0, 1.0 / 11), 1e-12);
}

TEST(SnapshotTimes, one_snapshot_of_a_log_grid_is_t_end) {
  FlowSpec flow;
  flow.snapshots = 1;
  flow.t_end = {1e-9, 0};

  EXPECT_EQ(snapshot_times(flow, {}), (std::vector<double>{0, 1e-9}));
}

TEST(SnapshotTimes, a_list_gets_zero_once) {
  FlowSpec flow;
  flow.times = {0.1, 1, 10};
  EXPECT_EQ(snapshot_times(flow, {}), (std::vector<double>{0, 0.1, 1, 10}));
  EXPECT_EQ(snapshot_count(flow), 4);

  flow.times = {0, 0.1};
  EXPECT_EQ(snapshot_times(flow, {}), (std::vector<double>{0, 0.1}));
  EXPECT_EQ(snapshot_count(flow), 2);
}

TEST(SnapshotTimes, descent_rounds_a_list_to_multiples_of_its_step) {
  FlowSpec flow = descent({}, 0.5);
  flow.times = {0.3, 1.1, 7.0};

  EXPECT_EQ(snapshot_times(flow, {}), (std::vector<double>{0, 0.5, 1, 7}));
  flow.times = {0.2, 1};
  EXPECT_EQ(
      refusal(flow),
      "flow.times = 0.2, 1, need times that round to different multiples of flow.step = 0.5 above "
      "0; 0.2 falls on iteration 0");
  flow.times = {1, 1.1};
  EXPECT_NE(refusal(flow).find("1.1 falls on iteration 2"), std::string::npos);
}

TEST(SnapshotTimes, descent_moves_grid_times_that_meet_to_free_iterations) {
  FlowSpec flow = descent({}, 0.1);
  flow.t_first = {0.001, 0};
  flow.t_end = {2, 0};
  flow.snapshots = 12;

  const std::vector<double> times = snapshot_times(flow, {});

  std::vector<long> iterations;
  for (const double t : times) iterations.push_back(std::lround(t / 0.1));
  EXPECT_EQ(iterations, (std::vector<long>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20}));
  for (std::size_t j = 0; j < times.size(); ++j)
    EXPECT_EQ(times[j], static_cast<double>(iterations[j]) * 0.1);
}

TEST(SnapshotTimes, descent_can_record_every_iteration) {
  EXPECT_EQ(snapshot_times(descent(linear({4, 0}, 4), 1), {}),
            (std::vector<double>{0, 1, 2, 3, 4}));
  EXPECT_EQ(refusal(descent(linear({4, 0}, 5), 1)),
            "flow.snapshots = 5, need at most 4: flow.t_end is t = 4, so many iterations of "
            "flow.step = 1");
}

TEST(SnapshotTimes, descent_times_increase_for_any_grid) {
  for (const Spacing spacing : {Spacing::log, Spacing::linear})
    for (Index snapshots = 1; snapshots <= 40; ++snapshots)
      for (Index last = snapshots; last <= 45; ++last) {
        FlowSpec flow = descent(linear({static_cast<double>(last), 0}, snapshots), 1);
        flow.spacing = spacing;
        flow.t_first = {0.01, 0};

        const std::vector<double> times = snapshot_times(flow, {});

        ASSERT_EQ(std::ranges::adjacent_find(times, std::greater_equal<>()), times.end());
        ASSERT_EQ(times.back(), static_cast<double>(last));
      }
}

TEST(SnapshotTimes, impossible_times_are_refused_by_name) {
  EXPECT_EQ(refusal(linear({10, 4}, 2)),
            "flow.t_end = 10/sigma[4], need sigma[i] with i <= 3: no more eigenvalues are known");
  EXPECT_EQ(refusal(linear({10, 3}, 2)),
            "flow.t_end = 10/sigma[3], need an eigenvalue > 0, but sigma[3] is 0");
  FlowSpec flow;
  flow.t_end = {0.01, 0};
  EXPECT_EQ(refusal(flow),
            "flow.t_first = 0.01/sigma[1], which is 0.02, need less than flow.t_end, 0.01");
  flow.t_first = {std::nextafter(0.01, 0.0), 0};
  EXPECT_EQ(refusal(flow),
            "flow.snapshots = 50, need fewer: neighbouring times are equal in double precision");
  EXPECT_EQ(refusal(descent(linear({1e300, 0}, 2), 1e-300)),
            "flow.step = 1e-300, need a larger step: t = 1e+300 is too many of them");
}

TEST(ExtendedTimes, a_grid_goes_on_with_its_spacing_and_ends_exactly) {
  const FlowSpec even = linear({2, 0}, 4);
  FlowSpec log;
  log.t_first = {1, 0};
  log.t_end = {8, 0};
  log.snapshots = 4;  // 1, 2, 4, 8

  EXPECT_EQ(extended_times(even, snapshot_times(even, sigma), {3.2, 0}, sigma),
            (std::vector<double>{0.5, 1, 1.5, 2, 2.5, 3.2}));
  const std::vector<double> times =
      extended_times(log, snapshot_times(log, sigma), {8, 2}, sigma);  // 8/0.25 = 32
  ASSERT_EQ(times.size(), 6u);
  EXPECT_NEAR(times[4], 16, 1e-12);
  EXPECT_EQ(times[5], 32);
}

TEST(ExtendedTimes, a_list_gets_the_end_alone) {
  FlowSpec flow;
  flow.times = {0, 1, 5};

  EXPECT_EQ(extended_times(flow, std::vector<double>{0, 1, 5}, {20, 0}, sigma),
            (std::vector<double>{1, 5, 20}));
}

TEST(ExtendedTimes, refuses_an_earlier_end_and_too_many_snapshots) {
  const FlowSpec even = linear({2, 0}, 4);
  const std::vector<double> known = snapshot_times(even, sigma);

  EXPECT_THROW(extended_times(even, known, {2, 0}, sigma), ConfigError);
  EXPECT_THROW(extended_times(even, known, {1, 4}, sigma), ConfigError);
  EXPECT_THROW(extended_times(even, known, {1e9, 0}, sigma), ConfigError);
}

TEST(SnapshotTimes, a_time_that_the_integrator_never_reaches_is_refused) {
  FlowSpec flow;
  flow.t_end = {1e300, 0};
  const std::vector<double> sigma = {0.5};
  for (const auto kind : {IntegratorKind::exponential, IntegratorKind::rkc, IntegratorKind::dopri5,
                          IntegratorKind::linearised}) {
    flow.integrator = kind;
    EXPECT_THROW(snapshot_times(flow, sigma), ConfigError);
  }
  flow.integrator = IntegratorKind::exponential;
  flow.t_end = {1e12, 0};
  EXPECT_EQ(snapshot_times(flow, sigma).back(), 1e12);
}

}  // namespace
}  // namespace ntkflow
