#include "ntkflow/config/snapshot_times.hpp"

#include "ntkflow/config/key_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

namespace ntkflow {
namespace {

[[noreturn]] void fail(const std::string& key, const FlowSpec& flow, const std::string& need) {
  JobConfig job;
  job.flow = flow;
  throw KeyError(key, job, need);
}

double resolve(const std::string& key, const FlowSpec& flow, const TimeSpec& time,
               std::span<const double> eigenvalues) {
  if (time.sigma == 0) return time.factor;
  if (time.sigma > count_of(eigenvalues))
    fail(key, flow,
         fmt::format("need sigma[i] with i <= {}: no more eigenvalues are known",
                     eigenvalues.size()));
  const double sigma = eigenvalues[static_cast<std::size_t>(time.sigma - 1)];
  const double value = time.factor / sigma;
  if (!(sigma > 0) || !std::isfinite(value))
    fail(key, flow, fmt::format("need an eigenvalue > 0, but sigma[{}] is {}", time.sigma, sigma));
  return value;
}

// The times after 0 as the job asks for them.
std::vector<double> grid(const FlowSpec& flow, std::span<const double> eigenvalues) {
  const double end = resolve("flow.t_end", flow, flow.t_end, eigenvalues);
  const bool is_log = flow.spacing == Spacing::log && flow.snapshots > 1;
  const double first = is_log ? resolve("flow.t_first", flow, flow.t_first, eigenvalues) : end;
  if (is_log && !(first < end))
    fail("flow.t_first", flow,
         fmt::format("which is {}, need less than flow.t_end, {}", first, end));
  std::vector<double> times;
  for (Index j = 1; j < flow.snapshots; ++j)
    times.push_back(is_log
                        ? first * std::pow(end / first, static_cast<double>(j - 1) /
                                                            static_cast<double>(flow.snapshots - 1))
                        : end * (static_cast<double>(j) / static_cast<double>(flow.snapshots)));
  times.push_back(end);
  return times;
}

// The iteration nearest to a time.
Index iteration(double time, const FlowSpec& flow) {
  constexpr double most_iterations = 9e15;  // beyond, doubles skip whole numbers
  const double steps = std::round(time / flow.step);
  if (!(steps <= most_iterations))
    fail("flow.step", flow, fmt::format("need a larger step: t = {} is too many of them", time));
  return static_cast<Index>(steps);
}

std::vector<double> times_of(const IndexList& iterations, const FlowSpec& flow) {
  std::vector<double> times;
  for (const Index s : iterations) times.push_back(static_cast<double>(s) * flow.step);
  return times;
}

std::vector<double> listed_iterations(const FlowSpec& flow, const std::vector<double>& wanted) {
  IndexList iterations;
  Index before = 0;
  for (const double time : wanted) {
    const Index s = iteration(time, flow);
    if (s <= before)
      fail("flow.times", flow,
           fmt::format("need times that round to different multiples of flow.step = {} above 0; {} "
                       "falls on iteration {}",
                       flow.step, time, s));
    iterations.push_back(before = s);
  }
  return times_of(iterations, flow);
}

std::vector<double> grid_iterations(const FlowSpec& flow, const std::vector<double>& wanted) {
  const Index last = iteration(wanted.back(), flow);
  if (last < flow.snapshots)
    fail("flow.snapshots", flow,
         fmt::format("need at most {}: flow.t_end is t = {}, so many iterations of flow.step = {}",
                     last, wanted.back(), flow.step));
  IndexList iterations;
  Index before = 0;
  for (Index j = 1; j <= flow.snapshots; ++j) {
    // Leaves an iteration for each snapshot that follows.
    const Index nearest = iteration(wanted[static_cast<std::size_t>(j - 1)], flow);
    iterations.push_back(before = std::clamp(nearest, before + 1, last - (flow.snapshots - j)));
  }
  return times_of(iterations, flow);
}

// sigma_1 t beyond which a method would not end, or would only follow rounding errors.
double longest_time(IntegratorKind integrator) {
  switch (integrator) {
    case IntegratorKind::dopri5:
    case IntegratorKind::gradient_descent:
      return 1e9;  // evaluations grow as sigma_1 t
    case IntegratorKind::rkc:
      return 1e12;  // as its root
    case IntegratorKind::exponential:
    case IntegratorKind::linearised:
      return 1e16;  // eigenvalues below 1e-16 sigma_1 are rounding
  }
  return 0;
}

void refuse_endless(const FlowSpec& flow, double end, double sigma_1) {
  const double longest = longest_time(flow.integrator);
  if (end * sigma_1 > longest)
    fail(flow.times.empty() ? "flow.t_end" : "flow.times", flow,
         fmt::format("need at most {:.6g}, {:g}/sigma[1], with this flow.integrator",
                     longest / sigma_1, longest));
}

}  // namespace

Index snapshot_count(const FlowSpec& flow) {
  if (flow.times.empty()) return 1 + flow.snapshots;
  return count_of(flow.times) + (flow.times.front() > 0 ? 1 : 0);
}

std::vector<double> snapshot_times(const FlowSpec& flow, std::span<const double> eigenvalues) {
  const bool is_grid = flow.times.empty();
  std::vector<double> times = is_grid ? grid(flow, eigenvalues) : flow.times;
  if (!is_grid && times.front() == 0) times.erase(times.begin());
  if (flow.is_discrete())
    times = is_grid ? grid_iterations(flow, times) : listed_iterations(flow, times);
  times.insert(times.begin(), 0.0);
  if (std::ranges::adjacent_find(times, std::greater_equal<>()) != times.end())
    fail("flow.snapshots", flow, "need fewer: neighbouring times are equal in double precision");
  if (!eigenvalues.empty()) refuse_endless(flow, times.back(), eigenvalues.front());
  NTKFLOW_EXPECTS(count_of(times) == snapshot_count(flow));
  return times;
}

std::vector<double> extended_times(const FlowSpec& flow, std::span<const double> known_times,
                                   const TimeSpec& end, std::span<const double> eigenvalues) {
  constexpr std::size_t most_listed = 1000;
  FlowSpec only_end = flow;
  only_end.times = {};
  only_end.snapshots = 1;
  only_end.t_end = end;
  const double last = snapshot_times(only_end, eigenvalues).back();
  std::vector<double> times(known_times.begin() + 1, known_times.end());
  if (!(last > times.back()))
    throw ConfigError(fmt::format("--extend: t = {}, need a time after the last snapshot's, {}",
                                  last, times.back()));
  const std::size_t n_known = times.size();
  const bool is_grid = flow.times.empty() && n_known > 1;
  const bool is_log = flow.spacing == Spacing::log;
  const double before = n_known > 1 ? times[n_known - 2] : 0.0;
  const double ratio = times.back() / before;
  const double interval = times.back() - before;
  const auto after = [&](double t, double steps) {
    return is_log ? t * std::pow(ratio, steps) : t + steps * interval;
  };
  while (is_grid && after(times.back(), 1.5) <= last && times.size() < most_listed)
    times.push_back(after(times.back(), 1.0));
  times.push_back(last);
  if (times.size() > most_listed)
    throw ConfigError(fmt::format("--extend: more than {} snapshots in all", most_listed));
  return times;
}

}  // namespace ntkflow
