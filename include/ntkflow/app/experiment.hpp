#pragma once

#include "ntkflow/config/job_config.hpp"
#include "ntkflow/flow/residual_field.hpp"
#include "ntkflow/input/point_set.hpp"
#include "ntkflow/linalg/sharded_vector.hpp"
#include "ntkflow/network/network.hpp"
#include "ntkflow/parallel/communicator.hpp"

namespace ntkflow {

/// What a job file describes, before anything is computed: two point sets, a network, its start.
struct Experiment {
  PointSets points;
  Network network;
  ShardedVector theta_0;

  ResidualField train_field() const { return field(*points.train); }
  ResidualField reference_field() const { return field(*points.reference); }

 private:
  ResidualField field(const PointSet& set) const;
};

/// The points and the network of a job, without MPI. Throw: ConfigError, MissingInput.
PointSets make_points(const JobConfig& job);
Network make_network(const JobConfig& job, const PointSets& points);

/// Reads data and weights and makes the points. Collective.
/// Throws: on all ranks, ConfigError or MissingInput of the first rank that failed.
Experiment prepare_experiment(const Communicator& world, const JobConfig& job);

}  // namespace ntkflow
