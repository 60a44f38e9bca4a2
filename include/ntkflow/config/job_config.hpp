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

/// What is known of K_inf without a decomposition, and how the numbers are kept as exact.
struct ClosedFormSpec {
  bool stored = true;           ///< spectra in closed form or by quadrature, approximations
  bool integrate_kinks = true;  ///< of K_inf on a circle's quadrature; otherwise the plain rule

  friend bool operator==(const ClosedFormSpec&, const ClosedFormSpec&) = default;
};

enum class SolverChoice { automatic, dense, elpa, krylov };
enum class KernelSource { analytic, initial, monte_carlo, file };

/// The kernel K of Theorem 1 that fixes sigma_i and phi_i: the limit of infinite width, that of the
/// run's own theta_0, the mean over independent draws of theta_0, or a given matrix.
struct ReferenceKernel {
  KernelSource source = KernelSource::analytic;
  Index draws = 0;          ///< of monte_carlo
  DatasetPath matrix = {};  ///< of file, shape (N, N)

  friend bool operator==(const ReferenceKernel&, const ReferenceKernel&) = default;
};

/// The operator on the input space, and how its eigenpairs are found.
struct OperatorSpec {
  ReferenceKernel kernel;
  SolverChoice solver = SolverChoice::automatic;
  double tolerance = 1e-10;  ///< of krylov: of ||K v - sigma v||, relative to sigma_1

  friend bool operator==(const OperatorSpec&, const OperatorSpec&) = default;
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
  bool bounds = false;
  bool deviations = false;
  bool drift = false;
  bool fisher = false;
  bool kernel_flow = false;
  bool defects = false;
  Index kernel_every = 10;         ///< drift and fisher at every so many snapshots, and the last
  Index looks_per_decade = 32;     ///< of deviations
  double accuracy = 0.01;          ///< eps of [BM22] Corollary 5
  std::vector<double> thresholds;  ///< of convergence times; none when empty

  friend bool operator==(const ObserveSpec&, const ObserveSpec&) = default;
};

struct CheckpointSpec {
  double every_s = 600;

  friend bool operator==(const CheckpointSpec&, const CheckpointSpec&) = default;
};

/// A job, checked: what parse_job() makes of a job file. The initialisers of these structs are the
/// defaults, and the only place where they stand; key_table() says what each key means.
struct JobConfig {
  std::string title;
  std::uint64_t seed = 1;
  std::string output;
  InputSpec input;
  TargetSpec target;
  ReferenceSpec reference;
  Index eigenpairs = 200;           ///< [reference] eigenpairs: at most this many eigenfunctions
  ClosedFormSpec closed_forms;      ///< [reference] closed_forms and integrate_kinks
  OperatorSpec reference_operator;  ///< more keys of [reference]
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
