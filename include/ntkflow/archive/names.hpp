#pragma once

#include <string>
#include <string_view>

namespace ntkflow::names {

// Every path inside an archive but those of the observables, which their quantities spell; two of
// these are read back and stand here too. Sizes: N reference points, n training points, d
// components of a point, K eigenpairs over the input space, M eigenvectors of the training set,
// T snapshots (the one at t = 0 included).

inline constexpr std::string_view config_text = "/config/text";            // effective job
inline constexpr std::string_view config_user_text = "/config/user_text";  // job as given

// stage "points"
inline constexpr std::string_view reference_points = "/points/reference";         // (N, d)
inline constexpr std::string_view reference_weight = "/points/reference_weight";  // (N)
inline constexpr std::string_view train_points = "/points/train";                 // (n, d)
inline constexpr std::string_view reference_target = "/target/reference";         // (N)
inline constexpr std::string_view train_weight = "/points/train_weight";          // (n)
inline constexpr std::string_view train_target = "/target/train";                 // (n)

// stage "kernel"
inline constexpr std::string_view kernel_ntk = "/kernel/ntk";              // (n, n)
inline constexpr std::string_view kernel_nngp = "/kernel/nngp";            // (n, n)
inline constexpr std::string_view kernel_empirical = "/kernel/empirical";  // (n, n)
inline constexpr std::string_view kernel_value = "/kernel/value";          // (n)

// stage "analytic_spectrum"
inline constexpr std::string_view analytic_eigenvalue = "/spectrum/analytic/eigenvalue";  // (K)
inline constexpr std::string_view analytic_eigenspace = "/spectrum/analytic/eigenspace";  // (K)
inline constexpr std::string_view eigenfunction = "/spectrum/analytic/eigenfunction";     // (N, K)
inline constexpr std::string_view eigenfunction_train =
    "/spectrum/analytic/eigenfunction_train";                                       // (n, K)
inline constexpr std::string_view analytic_count = "/spectrum/analytic/count";      // (1)
inline constexpr std::string_view analytic_dropped = "/spectrum/analytic/dropped";  // (1)

// stage "closed_forms": D degrees of harmonics (frequencies, on the circle), R arcs of the density
inline constexpr std::string_view known_degree = "/spectrum/known/degree";              // (D)
inline constexpr std::string_view known_eigenvalue = "/spectrum/known/eigenvalue";      // (D)
inline constexpr std::string_view known_multiplicity = "/spectrum/known/multiplicity";  // (D)
inline constexpr std::string_view approximation_eigenvalue =
    "/spectrum/approximation/eigenvalue";  // (D)
inline constexpr std::string_view approximation_angle =
    "/spectrum/approximation/stretched_angle";  // (N)
inline constexpr std::string_view approximation_local_frequency =
    "/spectrum/approximation/local_frequency";                                             // (D, R)
inline constexpr std::string_view local_frequency = "/spectrum/analytic/local_frequency";  // (K, R)

// Also of stage "closed_forms": H harmonics of S^2, thresholds C that their residuals fall to on the
// halves of negative (south) and positive (north) last coordinate; P parts of rho
inline constexpr std::string_view harmonic_degree = "/convergence/harmonic/degree";  // (H)
inline constexpr std::string_view harmonic_order = "/convergence/harmonic/order";    // (H)
inline constexpr std::string_view ideal_threshold = "/convergence/ideal_threshold";  // (C)
inline constexpr std::string_view ideal_time = "/convergence/ideal_time";            // (C)
inline constexpr std::string_view ideal_part_time = "/convergence/ideal_part_time";  // (P, C)
inline constexpr std::string_view harmonic_time_south =
    "/convergence/harmonic/time_south";  // (H, C)
inline constexpr std::string_view harmonic_time_north =
    "/convergence/harmonic/time_north";  // (H, C)

// stage "train_spectrum"
inline constexpr std::string_view train_eigenvalue = "/spectrum/train/eigenvalue";    // (n)
inline constexpr std::string_view train_eigenspace = "/spectrum/train/eigenspace";    // (M)
inline constexpr std::string_view train_eigenvector = "/spectrum/train/eigenvector";  // (n, M)
inline constexpr std::string_view train_count = "/spectrum/train/count";              // (1)

// a value a snapshot
inline constexpr std::string_view time = "/snapshot/time";                                // (T)
inline constexpr std::string_view loss = "/snapshot/loss";                                // (T)
inline constexpr std::string_view train_norm = "/snapshot/train_norm";                    // (T)
inline constexpr std::string_view reference_norm = "/snapshot/reference_norm";            // (T)
inline constexpr std::string_view theta_distance = "/snapshot/theta_distance";            // (T)
inline constexpr std::string_view evaluations = "/integrator/evaluations";                // (T)
inline constexpr std::string_view steps = "/integrator/steps";                            // (T)
inline constexpr std::string_view rejections = "/integrator/rejections";                  // (T)
inline constexpr std::string_view step_size = "/integrator/step_size";                    // (T)
inline constexpr std::string_view rebuilds = "/integrator/rebuilds";                      // (T)
inline constexpr std::string_view lanczos_iterations = "/integrator/lanczos_iterations";  // (T)
inline constexpr std::string_view seconds_evaluation = "/integrator/seconds_evaluation";  // (T)
inline constexpr std::string_view seconds_kernel = "/integrator/seconds_kernel";          // (T)
inline constexpr std::string_view seconds_linear_algebra =
    "/integrator/seconds_linear_algebra";  // (T)
inline constexpr std::string_view seconds_communication =
    "/integrator/seconds_communication";                                            // (T)
inline constexpr std::string_view seconds_archive = "/integrator/seconds_archive";  // (T)

// a row a snapshot
inline constexpr std::string_view train_residual = "/trajectory/train_residual";          // (T, n)
inline constexpr std::string_view reference_residual = "/trajectory/reference_residual";  // (T, N)
inline constexpr std::string_view projection = "/trajectory/projection";                  // (T, K)
inline constexpr std::string_view ideal_projection = "/trajectory/ideal_projection";      // (T, K)
inline constexpr std::string_view projected_deviation =
    "/trajectory/projected_deviation";                                                // (T, K)
inline constexpr std::string_view train_projection = "/trajectory/train_projection";  // (T, M)
inline constexpr std::string_view train_ideal_projection =
    "/trajectory/train_ideal_projection";  // (T, M)

// observables that are read back
inline constexpr std::string_view region_norm = "/snapshot/region_norm";             // (T, regions)
inline constexpr std::string_view bound_projected_ratio = "/bound/projected_ratio";  // (T, K)

// stage "kernel_distance"; K is the kernel of the reference operator
inline constexpr std::string_view distance_reference = "/kernel_distance/reference";  // (1)
inline constexpr std::string_view distance_reference_norm =
    "/kernel_distance/reference_norm";                                                  // (1)
inline constexpr std::string_view distance_train = "/kernel_distance/train";            // (1)
inline constexpr std::string_view distance_train_norm = "/kernel_distance/train_norm";  // (1)

// stage "target"
inline constexpr std::string_view target_coefficient = "/target/coefficient";        // (K)
inline constexpr std::string_view target_beyond = "/target/beyond";                  // (K)
inline constexpr std::string_view target_kernel_norm = "/target/kernel_norm";        // (K)
inline constexpr std::string_view target_eigenvalue_law = "/target/eigenvalue_law";  // (4)
inline constexpr std::string_view target_decay_law = "/target/decay_law";            // (4)

// stage "convergence"; D thresholds
inline constexpr std::string_view convergence_threshold = "/convergence/threshold";  // (D)
inline constexpr std::string_view convergence_train = "/convergence/train";          // (D)
inline constexpr std::string_view convergence_reference = "/convergence/reference";  // (D)
inline constexpr std::string_view convergence_mode = "/convergence/mode";            // (D, K)
inline constexpr std::string_view convergence_region = "/convergence/region";        // (D, regions)

// One row for each start of the program on the archive.
inline constexpr std::string_view run_number = "/runs/number";
inline constexpr std::string_view run_start = "/runs/start";
inline constexpr std::string_view run_stop = "/runs/stop";
inline constexpr std::string_view run_reason = "/runs/reason";
inline constexpr std::string_view run_ranks = "/runs/ranks";
inline constexpr std::string_view run_hosts = "/runs/hosts";
inline constexpr std::string_view run_peak_memory = "/runs/peak_memory";

// Scales of dimensions lie in the root and are named like the dimension, as netCDF readers expect:
// /train, /reference, /mode, ... hold 0, 1, ...; /time is a link to /snapshot/time.
inline constexpr std::string_view time_dimension = "time";
inline std::string dimension_scale(std::string_view dimension) {
  return std::string("/").append(dimension);
}

// Stages of a job; each has a commit marker of its own.
inline constexpr std::string_view stage_points = "points";
inline constexpr std::string_view stage_kernel = "kernel";
inline constexpr std::string_view stage_analytic_spectrum = "analytic_spectrum";
inline constexpr std::string_view stage_closed_forms = "closed_forms";
inline constexpr std::string_view stage_train_spectrum = "train_spectrum";
inline constexpr std::string_view stage_kernel_distance = "kernel_distance";
inline constexpr std::string_view stage_target = "target";
inline constexpr std::string_view stage_convergence = "convergence";

// Commit markers: one a snapshot, one a stage, one a checkpoint slot.
inline constexpr std::string_view snapshot_markers = "/_commit";  // (T, 4)
inline constexpr std::string_view stage_markers = "/_stage/";     // folder; each (1, 4)
inline std::string stage_marker(std::string_view stage) {
  return std::string(stage_markers).append(stage);
}
inline constexpr int slots = 2;  // of the checkpoint, written in turn
inline constexpr std::string_view checkpoint_folder = "/checkpoint/";
inline std::string slot_folder(int slot) {
  return std::string(checkpoint_folder) + "slot" + std::to_string(slot) + "/";
}
inline std::string slot_marker(int slot) {
  return slot_folder(slot) + "_commit";
}

}  // namespace ntkflow::names
