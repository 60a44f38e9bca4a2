#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/input/input_spec.hpp"
#include "ntkflow/network/architecture.hpp"
#include "ntkflow/network/network.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ntkflow {

enum class IntegratorKind { exponential, rkc, dopri5, gradient_descent, linearised };
enum class Spacing { log, linear };
enum class Trained { yes, no, weights, bias };

/// A time of the flow, absolute or as a multiple of 1/sigma_i of the reference operator.
struct TimeSpec {
  double factor = 0;
  Index sigma = 0;  ///< i, from 1; 0: the time is `factor` itself

  friend bool operator==(const TimeSpec&, const TimeSpec&) = default;
};

/// The network in the words of a job file; architecture_of() reads them.
struct NetworkSpec {
  std::string layers = "fc:W";
  std::string readout = "dense";
  Index width = 1024;  ///< what a layer's W means
  std::string activation = "tanh";
  Fan fan = Fan::channels;
  double sigma_w = 1;
  double sigma_b = 0;
  Bias bias = Bias::none;
  Trained trained = Trained::yes;
  Start start = Start::antisymmetric;
  DatasetPath weights;  ///< a flat theta_0; drawn from the seed when not given

  friend bool operator==(const NetworkSpec&, const NetworkSpec&) = default;
};

/// Which matrices on the training points `ntkflow kernel` writes.
struct KernelSpec {
  bool ntk = true;
  bool nngp = false;
  bool empirical = false;

  friend bool operator==(const KernelSpec&, const KernelSpec&) = default;
};

struct FlowSpec {
  IntegratorKind integrator = IntegratorKind::exponential;
  double tolerance = 1e-3;
  double step = 0;  ///< eta_mean of gradient descent; 0: not set

  /// Whether time goes by in steps of eta_mean.
  bool is_discrete() const {
    return step > 0 && (integrator == IntegratorKind::gradient_descent ||
                        integrator == IntegratorKind::linearised);
  }

  /// Either an explicit list, or a grid of `snapshots` times up to t_end (see snapshot_times.hpp).
  std::vector<double> times;
  TimeSpec t_end{10, 1};
  TimeSpec t_first{0.01, 1};  ///< first time after 0 of the logarithmic grid
  Index snapshots = 50;
  Spacing spacing = Spacing::log;

  friend bool operator==(const FlowSpec&, const FlowSpec&) = default;
};

struct ObserveSpec {
  bool train_projections = true;

  friend bool operator==(const ObserveSpec&, const ObserveSpec&) = default;
};

struct CheckpointSpec {
  double every_s = 600;

  friend bool operator==(const CheckpointSpec&, const CheckpointSpec&) = default;
};

/// A job, checked: what read_job() makes of a job file. The initialisers of these structs are the
/// defaults, and the only place where they stand; key_table() says what each key means.
struct JobConfig {
  std::string title;
  std::uint64_t seed = 1;
  std::string output;
  InputSpec input;
  TargetSpec target;
  ReferenceSpec reference;
  Index eigenpairs = 200;  ///< [reference] eigenpairs: at most this many eigenfunctions
  TrainingSpec training;
  NetworkSpec network;
  KernelSpec kernel;
  FlowSpec flow;
  ObserveSpec observe;
  CheckpointSpec checkpoint;

  friend bool operator==(const JobConfig&, const JobConfig&) = default;
};

/// The architecture that the keys of [network] describe; its input stays empty.
/// Throws: ConfigError that names the piece of text and what is allowed.
Architecture architecture_of(const NetworkSpec& network);

}  // namespace ntkflow
