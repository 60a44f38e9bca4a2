#pragma once

#include "ntkflow/app/job.hpp"
#include "ntkflow/flow/residual_field.hpp"
#include "ntkflow/input/point_set.hpp"
#include "ntkflow/linalg/sharded_vector.hpp"
#include "ntkflow/network/network.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <string>

namespace ntkflow {

/// What a job file describes, before anything is computed: two point sets, a network, its start.
struct Experiment {
  PointSets points;
  Network network;
  ShardedVector theta_0;
  std::string data_digest;  ///< XXH3-128 over every file that was read; empty: none was

  /// Collective.
  ResidualField train_field(Model model) const { return {network, *points.train, theta_0, model}; }
  ResidualField reference_field(Model model) const {
    return {network, *points.reference, theta_0, model};
  }
};

/// The points, the network and the given weights (empty: to be drawn) of a job, without MPI.
/// Throw: ConfigError, MissingInput.
PointSets make_points(const JobConfig& job);
Network make_network(const JobConfig& job, const PointSets& points);
Vector given_weights(const JobConfig& job, const Network& network);

/// How many eigenpairs of the reference operator and of the training matrix are kept at most; 0 of
/// a matrix that is not decomposed.
struct ModeCounts {
  Index reference;
  Index train;
};
ModeCounts mode_counts(const JobConfig& job, const PointSets& points);

/// XXH3-128 over every file that was read for the points and the given weights.
std::string digest_of_data(const PointSets& points, const Vector& given_weights);

/// Reads data and weights and makes the points. Collective.
/// Throws: on all ranks, ConfigError or MissingInput of the first rank that failed.
Experiment prepare_experiment(const Communicator& world, const Job& job);

}  // namespace ntkflow
