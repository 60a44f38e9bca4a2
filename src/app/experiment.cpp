#include "ntkflow/app/experiment.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/input/hdf5_reader.hpp"
#include "ntkflow/input/make_point_sets.hpp"
#include "ntkflow/parallel/agree.hpp"

#include <fmt/format.h>

namespace ntkflow {
namespace {

// Given weights may be those of one half of an antisymmetric network, which then stand twice.
Vector read_weights(const DatasetPath& path, const Network& network) {
  const Vector given = read_hdf5_vector(path);
  const Index p = network.parameter_count();
  if (given.size() == p) return given;
  if (network.start() == Start::antisymmetric && 2 * given.size() == p) {
    Vector twice(p);
    twice << given, given;
    return twice;
  }
  throw ConfigError(
      fmt::format("network.weights: {}:{} has {} values, the network has {} parameters", path.file,
                  path.path, given.size(), p));
}

Vector initial_shard(const JobConfig& job, const Network& network, IndexRange mine) {
  if (!job.network.weights.given()) return network.initial_parameters(job.seed, mine);
  return read_weights(job.network.weights, network).segment(mine.first, mine.count());
}

}  // namespace

ResidualField Experiment::field(const PointSet& set) const {
  const Vector whole = theta_0.gather();
  return ResidualField(theta_0.comm(), network, set, span_of(whole));
}

PointSets make_points(const JobConfig& job) {
  return make_point_sets(job.input, job.target, job.reference, job.training, job.seed);
}

Network make_network(const JobConfig& job, const PointSets& points) {
  Architecture architecture = architecture_of(job.network);
  architecture.input_dimension = points.train->dimension();
  return Network(std::move(architecture), job.network.start);
}

Experiment prepare_experiment(const Communicator& world, const JobConfig& job) {
  PointSets points = agree(world, [&] { return make_points(job); });
  Network network = agree(world, [&] { return make_network(job, points); });
  ShardedVector theta_0(world, network.parameter_count());
  theta_0.local() = agree(world, [&] { return initial_shard(job, network, theta_0.my_range()); });
  return {std::move(points), std::move(network), std::move(theta_0)};
}

}  // namespace ntkflow
