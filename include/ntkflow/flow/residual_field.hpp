#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/input/point_set.hpp"
#include "ntkflow/linalg/sharded_vector.hpp"
#include "ntkflow/network/network.hpp"
#include "ntkflow/parallel/communicator.hpp"
#include "ntkflow/parallel/partition.hpp"

namespace ntkflow {

/// What f stands for: the network, or its linearisation f(x; theta_0) + J_0(x)(theta - theta_0),
/// whose derivative along theta is J_0 everywhere.
enum class Model { network, linearised };

/// The residual r(x; theta) = f(x; theta) - f*(x) on a weighted point set whose rows are spread
/// over the ranks: the training points, or the reference points that stand for the whole input
/// space. Keeps references to the network, to the points and to the communicator of theta_0, which
/// must outlive it.
class ResidualField {
 public:
  /// Fetches this rank's points, weights and targets; a centred start, whose value is
  /// f - f(.; theta_0), evaluates the network there. Collective.
  ResidualField(const Network& network, const PointSet& points, const ShardedVector& theta_0,
                Model model = Model::network);

  const Communicator& comm() const { return *comm_; }
  const Network& network() const { return *network_; }
  const PointSet& point_set() const { return *point_set_; }
  const Partition& partition() const { return partition_; }
  bool is_linearised() const { return theta_0_.size() > 0; }
  IndexRange my_range() const { return partition_.range(comm_->rank()); }
  const Matrix& my_points() const { return points_; }
  const Vector& my_weights() const { return weights_; }
  const Vector& my_targets() const { return targets_; }

  /// r at this rank's points. Shape: theta whole; result my_range().count(). No communication.
  Vector value(Parameters theta) const;

  /// r where the network's output at this rank's points is known.
  Vector residual_of(const Vector& output) const { return output - origin_ - targets_; }

  /// J(theta) direction at this rank's points; the direction is whole. No communication.
  Vector jvp(Parameters theta, Parameters direction) const;

  /// One forward and one backward pass over this rank's points: returns r and adds J^T (w r), the
  /// gradient of the loss (1/2) sum_j w_j r_j^2, to `gradient` (whole). No communication.
  Vector value_and_gradient(Parameters theta, std::span<double> gradient) const;

  /// gradient += J^T (w u) for u given at this rank's points. No communication.
  void add_weighted_vjp(Parameters theta, const Vector& u, std::span<double> gradient) const;

  /// (sum_j w_j u_j v_j) over all ranks' points, and the norm that belongs to it. Collective.
  double inner(const Vector& u, const Vector& v) const;
  double norm(const Vector& u) const;

 private:
  const Communicator* comm_;
  const Network* network_;
  const PointSet* point_set_;
  Partition partition_;
  Matrix points_;
  Vector weights_;
  Vector targets_;
  Parameters point_of_derivative(Parameters theta) const;
  Vector from_start(Parameters theta) const;

  Vector origin_;   // f(.; theta_0) of a centred start, else 0
  Vector theta_0_;  // of a linearised network, else empty
  Vector start_;    // r(.; theta_0) of a linearised network
};

}  // namespace ntkflow
