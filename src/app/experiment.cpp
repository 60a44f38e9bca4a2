#include "ntkflow/app/experiment.hpp"

#include "ntkflow/app/memory_check.hpp"
#include "ntkflow/base/digest.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/input/hdf5_reader.hpp"
#include "ntkflow/input/make_point_sets.hpp"
#include "ntkflow/parallel/agree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ntkflow {

PointSets make_points(const JobConfig& job) {
  return make_point_sets(job.input, job.target, job.reference, job.training, job.seed);
}

Network make_network(const JobConfig& job, const PointSets& points) {
  Architecture architecture = architecture_of(job.network);
  architecture.input = points.train->shape();
  return Network(std::move(architecture), job.network.start);
}

// They may be those of one half of an antisymmetric network, which then stand twice.
Vector given_weights(const JobConfig& job, const Network& network) {
  const DatasetPath& path = job.network.weights;
  if (!path.given()) return {};
  const Vector given = read_hdf5_vector(path);
  const Index p = network.parameter_count();
  if (given.size() == p) return given;
  if (network.start() == Start::antisymmetric && 2 * given.size() == p)
    return given.replicate(2, 1);
  throw ConfigError(
      fmt::format("network.weights: {}:{} has {} values, the network has {} parameters", path.file,
                  path.path, given.size(), p));
}

ModeCounts mode_counts(const JobConfig& job, const PointSets& points) {
  const Index reference = std::min(job.eigenpairs, points.reference->count());
  if (!job.observe.train_projections) return {reference, 0};
  return {reference, std::min(job.eigenpairs, points.train->count())};
}

std::string digest_of_data(const PointSets& points, const Vector& given_weights) {
  if (given_weights.size() == 0) return points.data_digest;
  return digest(points.data_digest + digest(bytes_of(span_of(given_weights))));
}

Experiment prepare_experiment(const Communicator& world, const Job& given) {
  const JobConfig& job = given.config;
  PointSets points = agree(world, [&] { return make_points(job); });
  Network network = agree(world, [&] { return make_network(job, points); });
  refuse_more_than_memory(world, given, points, network);
  const Vector weights = agree(world, [&] { return given_weights(job, network); });
  ShardedVector theta_0(world, network.parameter_count());
  const IndexRange mine = theta_0.my_range();
  std::string data_digest = digest_of_data(points, weights);
  if (weights.size() > 0)
    theta_0.local() = weights.segment(mine.first, mine.count());
  else
    theta_0.local() = network.initial_parameters(job.seed, mine);
  return {std::move(points), std::move(network), std::move(theta_0), std::move(data_digest)};
}

}  // namespace ntkflow
