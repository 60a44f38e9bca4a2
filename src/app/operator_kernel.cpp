#include "ntkflow/app/operator_kernel.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/random.hpp"
#include "ntkflow/flow/tangent_kernel.hpp"
#include "ntkflow/input/circle_points.hpp"
#include "ntkflow/kernel/mean_kernel.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/spectrum/circle_kernel.hpp"
#include "ntkflow/spectrum/stored_kernel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace ntkflow {
namespace {

// Independent draws of theta_0: each has a seed of its own, drawn from the job's.
std::unique_ptr<Kernel> mean_of_draws(const Network& network, std::uint64_t seed, Index draws) {
  const RandomStream seeds(seed, RandomPurpose::kernel_draws);
  std::vector<std::unique_ptr<Kernel>> kernels;
  for (Index draw = 0; draw < draws; ++draw) {
    const Vector theta =
        network.initial_parameters(seeds.bits(draw), {0, network.parameter_count()});
    kernels.push_back(make_empirical_kernel(network, span_of(theta)));
  }
  return make_mean_kernel(std::move(kernels));
}

bool are_equal(const PointSet& a, const PointSet& b) {
  constexpr Index some = 1024;
  if (a.count() != b.count() || a.dimension() != b.dimension()) return false;
  for (Index first = 0; first < a.count(); first += some) {
    const IndexList numbers = indices_of({first, std::min(a.count(), first + some)});
    if (a.points(numbers) != b.points(numbers)) return false;
  }
  return true;
}

OperatorKernel stored_kernel(const Communicator& world, const DatasetPath& matrix,
                             const PointSets& points) {
  agree(world, [&] {
    if (!are_equal(*points.reference, *points.train))
      throw ConfigError(
          "reference.kernel is a matrix, which knows nothing of other points: the training points "
          "must be the reference points, in the same order (input.space = points without "
          "input.reference_points)");
  });
  return {make_stored_kernel(world, matrix, points.reference->count()),
          std::make_shared<NumberedPoints>(points.reference),
          std::make_shared<NumberedPoints>(points.train)};
}

}  // namespace

OperatorKernel make_operator_kernel(const Communicator& world, const JobConfig& job,
                                    const Experiment& experiment) {
  const ReferenceKernel& spec = job.reference_operator.kernel;
  const PointSets& points = experiment.points;
  const Network& network = experiment.network;
  if (spec.source == KernelSource::file) return stored_kernel(world, spec.matrix, points);
  OperatorKernel result{nullptr, points.reference, points.train};
  if (spec.source == KernelSource::initial) {
    result.kernel = kernel_at(network, experiment.theta_0);
  } else if (spec.source == KernelSource::monte_carlo) {
    result.kernel = mean_of_draws(network, job.seed, spec.draws);
  } else {
    result.kernel = make_analytic_kernel(network.architecture(), AnalyticKind::ntk);
  }
  return result;
}

std::string integrate_kinks(const JobConfig& job, OperatorKernel& given) {
  // On a random sample there is no rule to be true to.
  const auto* circle = dynamic_cast<const CircleQuadraturePoints*>(given.reference.get());
  if (!circle || !job.closed_forms.integrate_kinks ||
      job.reference_operator.kernel.source != KernelSource::analytic)
    return {};
  CircleKernel fitted = fit_to_circle(given.kernel, *circle);
  given.kernel = std::move(fitted.kernel);
  switch (fitted.treatment) {
    case KinkTreatment::band_limited:
      return "the kernel has a kink; its Fourier series stands for it";
    case KinkTreatment::product_integration:
      return "the kernel has a kink; it is integrated panel by panel";
    default:
      return {};
  }
}

void refuse_indefinite(const ReferenceKernel& kernel, double smallest, double largest) {
  constexpr double rounding = 1e-10;
  if (kernel.source == KernelSource::file && smallest < -rounding * largest)
    throw ConfigError(fmt::format(
        "reference.kernel: {}:{} has an eigenvalue <= {:.3g}, beside its largest {:.3g}; need a "
        "positive semi-definite matrix",
        kernel.matrix.file, kernel.matrix.path, smallest, largest));
}

}  // namespace ntkflow
