#include "ntkflow/config/key_table.hpp"

#include "ntkflow/config/conditions.hpp"
#include "ntkflow/config/key_section.hpp"
#include "ntkflow/config/number_types.hpp"
#include "ntkflow/config/operator_types.hpp"
#include "ntkflow/config/text_types.hpp"

namespace ntkflow {
namespace {

constexpr Index most_dimension = 1000000;
constexpr Index most_side = 4096;

void add_job(std::vector<Key>& keys) {
  add_key(keys, "title", &JobConfig::title, line_of_text(), "a line for people and pictures")
      .may_change_on_resumption();
  add_key(keys, "seed", &JobConfig::seed, seed_number(),
          "fixes training points, reference sample, weights and eigenbasis on any number of ranks");
  add_key(keys, "output", &JobConfig::output, output_file(),
          "the archive, relative to the current directory; not set: the job file's name with .h5")
      .may_change_on_resumption();
}

void add_input(std::vector<Key>& keys) {
  Section input(keys, "input", &JobConfig::input);
  input.key("space", &InputSpec::space,
            one_of<Space>({{"circle", Space::circle},
                           {"sphere", Space::sphere},
                           {"dataset", Space::dataset},
                           {"points", Space::points}}),
            "the input space: the unit circle in R^2, the unit sphere in R^dimension, images, or "
            "explicit "
            "points");
  input
      .key("dimension", &InputSpec::sphere_dimension, count(most_dimension),
           "d of the sphere S^{d-1}, >= 2")
      .only_when(on_sphere());
  input
      .key("density", &InputSpec::density,
           one_of<Density>({{"uniform", Density::uniform},
                            {"piecewise", Density::piecewise},
                            {"fourier", Density::fourier},
                            {"hemispheres", Density::hemispheres}}),
           "density of rho on the circle's angle in [-pi, pi) (uniform, piecewise or fourier), or "
           "on "
           "the sphere (uniform or hemispheres)")
      .only_when(on_circle_or_sphere());
  input
      .key("edges", &InputSpec::edges, increasing_numbers(),
           "angles where arcs begin; the last arc ends at the first edge + 2 pi")
      .only_when(with_piecewise_density())
      .required();
  input
      .key("weights", &InputSpec::weights, positive_numbers(),
           "relative density on each arc, as many as edges")
      .only_when(with_piecewise_density())
      .required();
  input
      .key("cos", &InputSpec::cosines, numbers(),
           "c_1, c_2, ... of the density (1 + sum_j c_j cos(j x) + s_j sin(j x)) / (2 pi), which "
           "must be > 0")
      .only_when(with_fourier_density());
  input.key("sin", &InputSpec::sines, numbers(), "s_1, s_2, ... of the same")
      .only_when(with_fourier_density());
  input
      .key("ratio", &InputSpec::ratio, positive_number(),
           "density where the last coordinate is >= 0, divided by the density where it is < 0")
      .only_when(with_hemispheres());
  input.key("dataset", &InputSpec::dataset, one_of_names({"mnist", "cifar10"}), "which images")
      .only_when(with_images());
  input
      .key("path", &InputSpec::path, input_folder(),
           "folder of MNIST's four IDX files or CIFAR-10's binary batches, .gz or not, full or "
           "partial")
      .only_when(with_images())
      .required();
  input
      .key("classes", &InputSpec::classes, integers({0, 256}),
           "the classes to keep; not set: all. Of two, labels are -1 for the first and +1 for the "
           "second")
      .only_when(with_images());
  input
      .key("colours", &InputSpec::colours,
           one_of<Colours>({{"rgb", Colours::rgb}, {"grey", Colours::grey}}),
           "three channels, or 0.299 red + 0.587 green + 0.114 blue")
      .only_when(with_colour_images());
  input
      .key("resize", &InputSpec::resize, count(most_side),
           "rows and columns of the images, by area averaging (smaller) or bilinear interpolation "
           "(larger); not set: as they are")
      .only_when(with_images());
  input
      .key("normalise", &InputSpec::normalise,
           one_of<Normalise>({{"unit_norm", Normalise::unit_norm},
                              {"unit_range", Normalise::unit_range},
                              {"raw", Normalise::raw},
                              {"standardised", Normalise::standardised}}),
           "each image divided by its Euclidean norm, by 255, or not at all; or each channel with "
           "mean 0 and deviation 1 over the pixels of the train split's classes")
      .only_when(with_images());
  input
      .key("train_points", &InputSpec::train_points, dataset_path(),
           "training points, shape (n, dimension), (n, length, channels) or (n, height, width, "
           "channels)")
      .only_when(with_explicit_points())
      .required();
  input
      .key("reference_points", &InputSpec::reference_points, dataset_path(),
           "reference points, shaped like train_points; not set: the training points")
      .only_when(with_explicit_points());
  input
      .key("reference_weights", &InputSpec::reference_weights, dataset_path(),
           "weights of the reference points, shape (N); not set: equal")
      .only_when(with_explicit_points());
  input.key("scale", &InputSpec::scale, positive_number(), "factor on every input");
}

void add_target(std::vector<Key>& keys) {
  Section target(keys, "target", &JobConfig::target);
  target.key(
      "kind", &TargetSpec::kind,
      one_of<TargetKind>({{"cosines", TargetKind::cosines},
                          {"harmonics", TargetKind::harmonics},
                          {"labels", TargetKind::labels},
                          {"file", TargetKind::file},
                          {"none", TargetKind::none}}),
      "f*: cosines of the angle (circle), harmonics (sphere), labels (dataset), values from a "
      "file (points), or 0 everywhere, for spectra and kernels");
  target
      .key("frequencies", &TargetSpec::frequencies, integers({0, 1000001}),
           "f* = sum_j amplitude_j cos(frequency_j angle + phase_j)")
      .only_when(with_cosines())
      .required();
  target
      .key("phases", &TargetSpec::phases, numbers(),
           "in radians, as many as frequencies; not set: all 0")
      .only_when(with_cosines());
  target
      .key("degrees", &TargetSpec::degrees, integers({0, 1001}),
           "f* = sum_j amplitude_j Y_{degree_j, order_j}, real harmonics about the last "
           "coordinate's "
           "axis, of mean square 1")
      .only_when(with_harmonics())
      .required();
  target
      .key("orders", &TargetSpec::orders, integers({-1000, 1001}),
           "as many as degrees, cos(m phi) for m > 0, sin(|m| phi) for m < 0; not set: all 0, the "
           "zonal harmonics, the only ones unless input.dimension = 3")
      .only_when(with_harmonics());
  target
      .key("amplitudes", &TargetSpec::amplitudes, numbers(),
           "as many as frequencies or degrees; not set: all 1")
      .only_when(with_amplitudes());
  target
      .key("positive", &TargetSpec::positive, integers({0, 256}),
           "the classes whose label is +1, -1 for the others; not set: the second of two classes")
      .only_when(with_labels());
  target
      .key("train_values", &TargetSpec::train_values, dataset_path(),
           "f* at the training points, shape (n)")
      .only_when(with_values_from_file())
      .required();
  target
      .key("reference_values", &TargetSpec::reference_values, dataset_path(),
           "f* at the reference points, shape (N)")
      .only_when(with_reference_values())
      .required();
  target.key("noise", &TargetSpec::noise, number_from_zero(),
             "deviation of the independent normal noise on the training points' values");
}

void add_reference(std::vector<Key>& keys) {
  Section reference(keys, "reference", &JobConfig::reference);
  reference
      .key("rule", &ReferenceSpec::rule,
           one_of<ReferenceRule>({{"quadrature", ReferenceRule::quadrature},
                                  {"sample", ReferenceRule::sample},
                                  {"all", ReferenceRule::all}}),
           "what stands for rho: a quadrature grid (circle, or sphere with dimension 2 or 3), a "
           "random "
           "sample, or all images")
      .only_when(with_drawn_points());
  reference
      .key("points", &ReferenceSpec::points, count(),
           "N, the number of reference points; of a quadrature on the sphere in R^3 at most so "
           "many, the "
           "largest product grid")
      .only_when(with_counted_reference())
      .required();
  reference
      .key("split", &ReferenceSpec::split,
           one_of<Split>({{"train", Split::train}, {"test", Split::test}}),
           "the images that the reference points are taken from")
      .only_when(with_images());
  reference
      .key("disjoint", &ReferenceSpec::disjoint, yes_no(),
           "whether training images are left out of the reference points")
      .only_when(with_common_split());
  add_key(keys, "reference.eigenpairs", &JobConfig::eigenpairs, count(),
          "at most this many eigenvalues sigma_i and eigenfunctions phi_i are kept");
  Section known(keys, "reference", &JobConfig::closed_forms);
  known
      .key("integrate_kinks", &ClosedFormSpec::integrate_kinks, yes_no(),
           "whether the kink of a ReLU network's kernel is integrated to the rule's order")
      .only_when(with_circle_rule());
  known
      .key("closed_forms", &ClosedFormSpec::stored, yes_no(),
           "whether spectra known without a decomposition are stored beside the numbers")
      .only_when(on_circle_or_sphere());
}

void add_operator(std::vector<Key>& keys) {
  Section reference(keys, "reference", &JobConfig::reference_operator);
  reference.key("kernel", &OperatorSpec::kernel, reference_kernel(),
                "the K whose eigenfunctions they are: of infinite width, of the run's own theta_0, "
                "the mean over independent draws of theta_0, or a given symmetric N x N matrix, "
                "for which the training points must be the reference points");
  reference.key("solver", &OperatorSpec::solver,
                one_of<SolverChoice>({{"auto", SolverChoice::automatic},
                                      {"dense", SolverChoice::dense},
                                      {"elpa", SolverChoice::elpa},
                                      {"krylov", SolverChoice::krylov}}),
                "all eigenpairs by ScaLAPACK or ELPA, the leading ones by block Krylov without the "
                "matrix, or "
                "what suits N, eigenpairs, ranks and memory");
  reference
      .key("tolerance", &OperatorSpec::tolerance, positive_number(),
           "largest ||K v - sigma v|| of an eigenpair by krylov, relative to sigma_1")
      .only_when(with_krylov());
}

void add_training(std::vector<Key>& keys) {
  Section training(keys, "training", &JobConfig::training);
  training
      .key("rule", &TrainingSpec::rule,
           one_of<TrainingRule>(
               {{"iid", TrainingRule::iid}, {"reference", TrainingRule::reference}}),
           "independent draws, or the reference points with their weights (infinite data)")
      .only_when(with_drawn_points());
  training.key("samples", &TrainingSpec::samples, count(), "n, the number of training points")
      .only_when(with_drawn_training())
      .required();
}

void add_network(std::vector<Key>& keys) {
  Section network(keys, "network", &JobConfig::network);
  network.key("layers", &NetworkSpec::layers, layer_list(),
              "hidden layers fc:WIDTH, conv:CHANNELS:FILTER[:circular], residual:WIDTH[:FILTER], "
              "avgpool:WINDOW, maxpool:WINDOW, flatten; those with weights also with :activation= "
              ":fan= :sigma_w= :sigma_b= :bias= :trained= where they differ from the keys below");
  network.key("readout", &NetworkSpec::readout, readout_text(),
              "the last layer: dense, or on a grid flatten[:norm=channels|channels_positions] or "
              "average, with :init=normal|signs :sigma_w= :sigma_b= :bias= :trained=");
  network.key("width", &NetworkSpec::width, count(), "what W means, as in fc:W")
      .only_when(with_common_width());
  network.key("activation", &NetworkSpec::activation, activation_text(),
              "erf is erf(z), not erf(z/sqrt(2))");
  network.key(
      "fan", &NetworkSpec::fan,
      one_of<Fan>({{"channels", Fan::channels}, {"fan_in", Fan::fan_in}, {"one", Fan::one}}),
      "divisor F in h = sigma_w/sqrt(F) W a + sigma_b b; one: first layer only");
  network.key("sigma_w", &NetworkSpec::sigma_w, positive_number(), "scale of the weights");
  network.key("sigma_b", &NetworkSpec::sigma_b, number_from_zero(), "scale of the biases");
  network.key("bias", &NetworkSpec::bias,
              one_of<Bias>({{"none", Bias::none}, {"random", Bias::random}, {"zero", Bias::zero}}),
              "no biases, or started from N(0,1), or from 0");
  network.key("trained", &NetworkSpec::trained,
              one_of<Trained>({{"yes", Trained::yes},
                               {"no", Trained::no},
                               {"weights", Trained::weights},
                               {"bias", Trained::bias}}),
              "which parameters move");
  network.key("start", &NetworkSpec::start,
              one_of<Start>({{"antisymmetric", Start::antisymmetric},
                             {"centred", Start::centred},
                             {"standard", Start::standard}}),
              "f = (f1 - f2)/sqrt(2) with equal halves, f - f(.; theta_0), or f as drawn");
  network.key("weights", &NetworkSpec::weights, dataset_path(),
              "a flat theta_0; not set: drawn from the seed");
}

void add_kernel(std::vector<Key>& keys) {
  Section kernel(keys, "kernel", &JobConfig::kernel);
  kernel.key("ntk", &KernelSpec::ntk, yes_no(), "`ntkflow kernel` writes K_inf");
  kernel.key("nngp", &KernelSpec::nngp, yes_no(), "`ntkflow kernel` writes the covariance of f");
  kernel.key("empirical", &KernelSpec::empirical, yes_no(), "`ntkflow kernel` writes K_0");
}

void add_flow(std::vector<Key>& keys) {
  Section flow(keys, "flow", &JobConfig::flow);
  flow.key("integrator", &FlowSpec::integrator,
           one_of<IntegratorKind>({{"exponential", IntegratorKind::exponential},
                                   {"rkc", IntegratorKind::rkc},
                                   {"dopri5", IntegratorKind::dopri5},
                                   {"gradient_descent", IntegratorKind::gradient_descent},
                                   {"linearised", IntegratorKind::linearised}}),
           "of the gradient flow: exponential, for long times; rkc, without an n x n matrix; "
           "dopri5, explicit; gradient_descent, the discrete iteration itself; linearised, the "
           "network linear in its weights about theta_0, by the decomposition of K_0");
  flow.key("tolerance", &FlowSpec::tolerance, positive_number(),
           "error allowed in a step, in function space and relative to the first residual")
      .only_when(with_tolerance());
  flow.key("step", &FlowSpec::step, positive_number(),
           "eta_mean, the learning rate for the mean loss; an iteration advances t by it; of the "
           "linearised network, whose flow it is when not set, gradient descent's law")
      .only_when(with_step());
  flow.key("t_end", &FlowSpec::t_end, flow_time(), "time of the last snapshot")
      .only_when(with_time_grid());
  flow.key("snapshots", &FlowSpec::snapshots, count(100000),
           "how many snapshots follow the one at t = 0")
      .only_when(with_time_grid());
  flow.key("spacing", &FlowSpec::spacing,
           one_of<Spacing>({{"log", Spacing::log}, {"linear", Spacing::linear}}),
           "of the snapshots' times")
      .only_when(with_time_grid());
  flow.key("t_first", &FlowSpec::t_first, flow_time(), "the first time after t = 0")
      .only_when(with_log_grid());
  flow.key(
      "times", &FlowSpec::times, increasing_times(),
      "the snapshots' times, instead of t_end, snapshots, spacing and t_first; t = 0 is added");
}

void add_observe(std::vector<Key>& keys) {
  Section observe(keys, "observe", &JobConfig::observe);
  observe.key("train_projections", &ObserveSpec::train_projections, yes_no(),
              "whether residuals are projected on the eigenvectors of the n x n matrix too");
  observe.key("bounds", &ObserveSpec::bounds, yes_no(),
              "both sides of [BM22] Theorem 1 and Corollaries 2 and 5, with eps_hat and eps_2");
  observe
      .key("accuracy", &ObserveSpec::accuracy, positive_number(), "the eps of [BM22] Corollary 5")
      .only_when(with_bounds());
  observe
      .key("deviations", &ObserveSpec::deviations, yes_no(),
           "deviations from the law by cause: finite data, finite width, kernel drift")
      .only_when(with_flow());
  observe
      .key("looks_per_decade", &ObserveSpec::looks_per_decade, count(1000),
           "how often in a decade of t the deviations' causes are measured")
      .only_when(with_deviations());
  observe
      .key("defects", &ObserveSpec::defects, yes_no(),
           "where gradient descent leaves the law of G/n: one-step and accumulated defects")
      .only_when(with_gradient_descent());
  observe.key("kernel_flow", &ObserveSpec::kernel_flow, yes_no(),
              "the flow of the infinitely wide network on the same samples, at every point");
  observe.key("drift", &ObserveSpec::drift, yes_no(), "||K_t - K_0|| / ||K_0||");
  observe.key("fisher", &ObserveSpec::fisher, yes_no(),
              "spectrum and effective ranks of the Fisher information on the training points");
  observe
      .key("kernel_every", &ObserveSpec::kernel_every, count(),
           "drift and fisher are measured at every so many snapshots, and at the last")
      .only_when(with_looks_at_kernel());
  observe.key("thresholds", &ObserveSpec::thresholds, positive_numbers(),
              "times are given at which residuals have fallen to these parts of their start");
}

void add_rest(std::vector<Key>& keys) {
  Section checkpoint(keys, "checkpoint", &JobConfig::checkpoint);
  checkpoint
      .key("every", &CheckpointSpec::every_s, positive_number(), "seconds between checkpoints")
      .may_change_on_resumption();
}

std::vector<Key> make_table() {
  std::vector<Key> keys;
  for (const auto add : {add_job, add_input, add_target, add_reference, add_operator, add_training,
                         add_network, add_kernel, add_flow, add_observe, add_rest})
    add(keys);
  return keys;
}

}  // namespace

const std::vector<Key>& key_table() {
  static const std::vector<Key> table = make_table();
  return table;
}

}  // namespace ntkflow
