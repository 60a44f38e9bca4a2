#include "ntkflow/observe/deviations.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/flow/phi_functions.hpp"
#include "ntkflow/flow/tangent_kernel.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/spectrum/nystrom.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace ntkflow {
namespace {

// (T_K0 phi_i)(x) at this rank's training points x.
Matrix image_of_eigenfunctions(const Scene& scene, const Kernel& start, const PointSet& points,
                               const KernelSpectrum& spectrum) {
  return kernel_image(scene.train.comm(), start, points, spectrum, *scene.points.train).local;
}

// A step before that is shorter, as between a look and a snapshot that happens to follow it, says
// nothing of the curvature but the flow's own error, enlarged.
constexpr double shortest_stretch = 0.05;

// Sum over the training points of all ranks.
Vector sum_at_train(const ResidualField& train, const Matrix& functions, const Vector& values) {
  Vector sum = functions.transpose() * train.my_weights().cwiseProduct(values);
  sum_over_ranks(train.comm(), span_of(sum));
  return sum;
}

std::vector<Quantity> parts(const std::string& path, Axis axis, const std::string& of) {
  return {{path + "width", axis, "part of " + of + " that the finite width causes"},
          {path + "drift", axis, "part of " + of + " that the moving kernel causes"}};
}

}  // namespace

DeviationMeter::DeviationMeter(const Scene& scene, RowBlocks eigenfunctions_at_train)
    : train_(&scene.train),
      reference_(&scene.reference),
      spectrum_(&scene.spectrum),
      train_spectrum_(scene.train_spectrum),
      flow_(scene.train),
      at_train_(std::move(eigenfunctions_at_train.local)) {
  NTKFLOW_EXPECTS(at_train_.cols() == spectrum_->count());
  at_train_ *= spectrum_->eigenvalues.asDiagonal();
  const auto start = kernel_at(scene.network, scene.theta_0);
  start_at_train_ = image_of_eigenfunctions(scene, *start, *scene.points.reference, *spectrum_);
  if (train_spectrum_ != nullptr)
    start_train_ = image_of_eigenfunctions(scene, *start, *scene.points.train, *train_spectrum_);
}

DeviationRates DeviationMeter::rates(const ShardedVector& theta) const {
  const GradientFlow::Evaluation at = flow_.evaluate(theta);
  const Vector weights = theta.gather(), velocity = at.velocity.gather();
  const Communicator& comm = train_->comm();
  const Vector reference_residual = reference_->value(span_of(weights));
  const Vector reference_rate = reference_->jvp(span_of(weights), span_of(velocity));

  const Vector ideal =
      spectrum_->eigenvalues.cwiseProduct(project(comm, *spectrum_, reference_residual));
  const Vector sampled = sum_at_train(*train_, at_train_, at.residual);
  const Vector start = sum_at_train(*train_, start_at_train_, at.residual);
  const Vector now = -project(comm, *spectrum_, reference_rate);
  DeviationRates result{ideal - sampled, sampled - start, start - now, {}, {}};
  if (train_spectrum_ == nullptr) return result;

  const Vector train_rate = train_->jvp(span_of(weights), span_of(velocity));
  const Vector train_ideal =
      train_spectrum_->eigenvalues.cwiseProduct(project(comm, *train_spectrum_, at.residual));
  const Vector train_start = sum_at_train(*train_, start_train_, at.residual);
  result.train_width = train_ideal - train_start;
  result.train_drift = train_start + project(comm, *train_spectrum_, train_rate);
  return result;
}

void DeviationMeter::look(DeviationState& state, const ShardedVector& theta, double time) const {
  if (state.looks > 0 && time <= state.time) return;
  const DeviationRates g = rates(theta);
  const double h = time - state.time;
  const auto carry = [&](DampedIntegral& integral, const KernelSpectrum& spectrum,
                         const Vector& rate) {
    advance(integral, spectrum.eigenvalues, state.last_step, h, rate);
  };
  carry(state.data, *spectrum_, g.data);
  carry(state.width, *spectrum_, g.width);
  carry(state.drift, *spectrum_, g.drift);
  if (train_spectrum_ != nullptr) {
    carry(state.train_width, *train_spectrum_, g.train_width);
    carry(state.train_drift, *train_spectrum_, g.train_drift);
  }
  state.last_step = h;
  state.time = time;
  state.looks += 1;
}

std::vector<Quantity> Deviations::quantities() {
  const std::string deviation = "<r_t, phi_i> - exp(-sigma_i t) <r_0, phi_i>";
  std::vector<Quantity> all = {{"/trajectory/deviation/data", Axis::mode,
                                "part of " + deviation + " that finite data cause"}};
  std::ranges::copy(parts("/trajectory/deviation/", Axis::mode, deviation),
                    std::back_inserter(all));
  return all;
}

Deviations::Deviations(const Scene& scene) : modes_(scene.spectrum.count()) {}

std::vector<Vector> Deviations::observe(const Moment& moment) const {
  const DeviationState& state = moment.deviation;
  return {state.data.value.head(modes_), state.width.value.head(modes_),
          state.drift.value.head(modes_)};
}

std::vector<Quantity> TrainDeviations::quantities() {
  return parts("/trajectory/train_deviation/", Axis::train_mode,
               "train_projection - train_ideal_projection");
}

TrainDeviations::TrainDeviations(const Scene& scene) : modes_(scene.train_spectrum->count()) {}

std::vector<Vector> TrainDeviations::observe(const Moment& moment) const {
  const DeviationState& state = moment.deviation;
  return {state.train_width.value.head(modes_), state.train_drift.value.head(modes_)};
}

void advance(DampedIntegral& integral, const Vector& sigma, double last_h, double h,
             const Vector& rate) {
  const double stretch = last_h >= shortest_stretch * h && h > 0.0 ? last_h / h : 0.0;
  for (Index i = 0; i < sigma.size(); ++i) {
    const double z = -sigma(i) * h, g = integral.rate(i), slope = rate(i) - g;
    const double bend = stretch > 0.0 ? (integral.rate_before(i) - g + stretch * slope) /
                                            (stretch * (stretch + 1.0))
                                      : 0.0;
    integral.value(i) =
        std::exp(z) * integral.value(i) +
        h * (phi(1, z) * g + phi(2, z) * slope + bend * (2.0 * phi(3, z) - phi(2, z)));
    integral.rate_before(i) = g;
    integral.rate(i) = rate(i);
  }
}

std::vector<double> look_times(const std::vector<double>& snapshots, double sigma_1,
                               Index per_decade) {
  std::vector<double> times;
  double last = 0.01 / sigma_1;  // from where looks are dense
  for (const double snapshot : snapshots) {
    if (snapshot > last) {
      if (times.size() == 1) times.push_back(last);
      const double decades = std::log10(snapshot / last);
      const auto pieces =
          static_cast<Index>(std::ceil(decades * static_cast<double>(per_decade) - 1e-6));
      for (Index j = 1; j < pieces; ++j)
        times.push_back(
            last * std::pow(snapshot / last, static_cast<double>(j) / static_cast<double>(pieces)));
      last = snapshot;
    }
    times.push_back(snapshot);
  }
  return times;
}

}  // namespace ntkflow
