#include "ntkflow/flow/filtered_exponential.hpp"

#include "ntkflow/base/clock.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/flow/spectral_radius.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

constexpr int radius_iterations = 20;

constexpr double share_of_radius = 0.4;  // of the first step

// A step that grows faster meets a kernel that its secants have not caught up with; where the error
// allows more, slower growth is what costs evaluations.
constexpr double largest_growth = 2.5;

}  // namespace

FilteredExponential::FilteredExponential(const GradientFlow& flow, double tolerance,
                                         double initial_norm)
    : flow_(&flow),
      control_{.tolerance = tolerance,
               .share = 0.5,
               .exponent = 1.0 / 2.0,
               .largest_factor = largest_growth},
      initial_norm_(norm_of_errors(initial_norm)),
      kernel_(flow) {}

void FilteredExponential::begin(const FlowState& state) {
  NTKFLOW_EXPECTS(state.kernel.has_value());
  at_state_ = finite_jacobian(*flow_, state);
  last_.reset();
  fresh_ = false;
  if (state.counters.rebuilds == 0) return;
  const KernelMemory& memory = *state.kernel;
  kernel_.rebuild(memory.built_at);
  for (std::size_t i = 0; i < static_cast<std::size_t>(memory.secants); ++i)
    kernel_.correct(memory.directions[i], memory.gains[i]);
}

void FilteredExponential::step(FlowState& state, double t_limit) {
  last_.reset();  // two kept passes are enough
  if (state.counters.rebuilds == 0) start(state);
  if (state.kernel->secants == KernelMemory::capacity) rebuild(state);
  for (int rejections = 1;; ++rejections) {
    const double h = step_within(state.next_step, t_limit - state.time);
    Attempt tried = attempt(state, h);
    const double proposal = control_.proposal(h, tried.error);
    if (control_.accepts(tried.error)) return accept(state, h, proposal, t_limit, std::move(tried));
    reject_step(state, proposal, tried.error, control_.tolerance);
    mend_kernel(state, tried, rejections);
  }
}

// What the rejected step showed of the kernel is free; where that does not do, the kernel is built
// anew. One secant is left for the step that will be accepted.
void FilteredExponential::mend_kernel(FlowState& state, const Attempt& rejected, int rejections) {
  const bool has_room = state.kernel->secants + 1 < KernelMemory::capacity;
  const bool may_learn = rejected.is_finite() && has_room;
  if (!fresh_ && (rejections > 1 || !may_learn))
    rebuild(state);
  else if (may_learn)
    learn_secant(state, rejected);
}

void FilteredExponential::start(FlowState& state) {
  rebuild(state);
  const auto apply = [this](const Vector& u) { return applied(u); };
  estimate_spectral_radius(flow_->train(), apply, state, radius_iterations);
  state.next_step = first_step(state.spectral_radius, share_of_radius);
}

// T u, outside of a Krylov space, which takes its own time.
Vector FilteredExponential::applied(const Vector& u) const {
  const AddElapsed timer(flow_->seconds().linear_algebra);
  return kernel_.apply(u);
}

void FilteredExponential::rebuild(FlowState& state) {
  kernel_.rebuild(state.theta);
  state.kernel->built_at = state.theta;
  state.kernel->secants = 0;
  state.counters.rebuilds += 1;
  fresh_ = true;
}

FilteredExponential::Attempt FilteredExponential::attempt(FlowState& state, double h) const {
  const Vector& residual = at_state_->residual();
  Attempt tried{KrylovSpace(kernel_, residual, h), {}, nullptr, state.theta, {}};
  const Vector g1 = tried.space.phi1(h);
  const ShardedVector v1 = at_state_->vjp(g1);
  ShardedVector theta = state.theta;
  theta.local() -= h * v1.local();
  std::optional<FlowJacobian> predicted(std::in_place, *flow_, theta);
  const Vector at_predicted = predicted->residual();
  state.counters.evaluations += flow_->vjp_cost() + value_cost;
  state.counters.lanczos_iterations += tried.space.dimension();
  if (!std::isfinite(flow_->train().norm(at_predicted))) return tried;

  const KrylovSpace space(kernel_, residual + at_predicted - tried.space.decay(h), h);
  const Vector g2 = space.phi1(h);
  const ShardedVector v2 = predicted->vjp(g2);
  predicted.reset();
  tried.correction.local() = 0.5 * h * (v1.local() - v2.local());
  theta.local() += tried.correction.local();
  tried.next = std::make_shared<FlowJacobian>(*flow_, std::move(theta));
  tried.filtered = 0.5 * (g1 + g2);
  // What the stages show of the error, and what a kernel that lags behind adds to it.
  tried.gain = (residual - tried.next->residual()) / h - applied(tried.filtered);
  const double parted = flow_->train().norm(tried.next->residual() - at_predicted);
  const double lag = 0.5 * h * flow_->train().norm(tried.gain);
  tried.error = error_for_decision(std::max(parted, lag) / initial_norm_);
  state.counters.evaluations += flow_->vjp_cost() + value_cost;
  state.counters.lanczos_iterations += space.dimension();
  return tried;
}

void FilteredExponential::accept(FlowState& state, double h, double proposal, double t_limit,
                                 Attempt tried) {
  learn_secant(state, tried);
  last_ = LastStep{state.time, h, std::move(at_state_), std::move(tried.space),
                   std::move(tried.correction)};
  accept_step(state, h, proposal, t_limit, tried.next->theta());
  at_state_ = std::move(tried.next);
  fresh_ = false;
}

// After it T g = -(r+ - r)/h for the step just made.
void FilteredExponential::learn_secant(FlowState& state, const Attempt& tried) {
  KernelMemory& memory = *state.kernel;
  const auto i = static_cast<std::size_t>(memory.secants);
  memory.directions[i].local() = tried.filtered;
  memory.gains[i].local() = tried.gain;
  kernel_.correct(memory.directions[i], memory.gains[i]);
  memory.secants += 1;
}

// With x = (time - start) / h: theta - x h J^T W phi_1(-x Z) r + x^2 (theta+ - U).
ShardedVector FilteredExponential::interpolate(FlowState& state, double time) const {
  if (time == state.time) return state.theta;
  NTKFLOW_EXPECTS(last_ && last_->time <= time && time < state.time);
  const double part = time - last_->time;
  const double x = part / last_->h;
  ShardedVector theta = last_->at->vjp(last_->space.phi1(part));
  theta.local() =
      last_->at->theta().local() - part * theta.local() + x * x * last_->correction.local();
  state.counters.evaluations += flow_->vjp_cost();
  return theta;
}

}  // namespace ntkflow
