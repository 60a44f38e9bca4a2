#include "ntkflow/config/check_job.hpp"

#include "config/jobs.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

// The jobs' lines end at line 11 (circle), 12 (dataset) and 6 (points).

TEST(CheckJob, complete_jobs_are_accepted) {
  for (const std::string& job : {circle_job, dataset_job, points_job})
    EXPECT_EQ(refusal(job), "accepted");
}

TEST(CheckJob, keys_that_the_job_needs_are_named) {
  EXPECT_EQ(refusal(""),
            "job.ini: target.frequencies is not set, need comma-separated integers from 0 to "
            "1000000 when "
            "target.kind = cosines");
  EXPECT_EQ(
      refusal("[target]\nfrequencies = 1\n"),
      "job.ini: reference.points is not set, need an integer >= 1 when reference.rule = quadrature "
      "or sample");
  EXPECT_EQ(refusal("[target]\nfrequencies = 1\n[reference]\npoints = 9\n"),
            "job.ini: training.samples is not set, need an integer >= 1 when training.rule = iid");
  EXPECT_EQ(refusal("[input]\nspace = dataset\n"),
            "job.ini: input.path is not set, need a folder when input.space = dataset");
  EXPECT_EQ(
      refusal("[input]\nspace = points\n"),
      "job.ini: input.train_points is not set, need FILE:/PATH, a dataset inside an HDF5 file when "
      "input.space = points");
  EXPECT_EQ(
      refusal(circle_job + "[input]\ndensity = piecewise\n"),
      "job.ini: input.edges is not set, need comma-separated increasing numbers when input.density "
      "= piecewise");
  EXPECT_EQ(
      refusal(circle_job + "[flow]\nintegrator = gradient_descent\n"),
      "job.ini: flow.step is not set, need a number > 0 when flow.integrator = gradient_descent");
  EXPECT_EQ(
      refusal(points_job + "[input]\nreference_points = d.h5:/z\n"),
      "job.ini: target.reference_values is not set, need FILE:/PATH, a dataset inside an HDF5 file "
      "when input.reference_points is set and target.kind = file");
}

TEST(CheckJob, each_space_has_its_targets_and_reference_rules) {
  EXPECT_EQ(refusal(circle_job + "[target]\nkind = labels\n"),
            "job.ini:13: target.kind = labels, need cosines with input.space = circle");
  EXPECT_EQ(
      refusal(circle_job + "[reference]\nrule = all\n", {}),
      "job.ini:9: reference.points has no effect: it is used only when reference.rule = quadrature "
      "or sample; remove it");
  EXPECT_EQ(
      refusal("[target]\nfrequencies = 1\n[training]\nsamples = 4\n[reference]\nrule = all\n"),
      "job.ini:6: reference.rule = all, need quadrature or sample with input.space = circle");
  EXPECT_EQ(refusal(dataset_job, {"reference.rule=quadrature"}),
            "--set reference.rule=quadrature: reference.rule = quadrature, need sample or all with "
            "input.space = dataset");
  EXPECT_EQ(
      refusal(
          "[input]\nspace = points\ntrain_points = d.h5:/x\n[target]\ntrain_values = d.h5:/y\n"),
      "job.ini: target.kind = cosines, need file with input.space = points");
  EXPECT_EQ(refusal(dataset_job, {"reference.rule=all"}), "accepted");
}

TEST(CheckJob, lists_that_go_together_have_equal_lengths) {
  EXPECT_EQ(refusal(circle_job + "[input]\ndensity = piecewise\nedges = 0, 1, 2\nweights = 1, 2\n"),
            "job.ini:15: input.weights = 1, 2, need as many values as input.edges, 3");
  EXPECT_EQ(refusal(circle_job + "[input]\ndensity = piecewise\nedges = 0, 6.5\nweights = 1, 2\n"),
            "job.ini:14: input.edges = 0, 6.5, need angles less than 2 pi apart");
  EXPECT_EQ(refusal(circle_job + "[target]\namplitudes = 1\n"),
            "job.ini:13: target.amplitudes = 1, need as many values as target.frequencies, 2");
  EXPECT_EQ(refusal(circle_job + "[target]\namplitudes = 1, -2\n"), "accepted");
}

TEST(CheckJob, labels_need_two_classes) {
  for (const char* classes : {"3", "1, 2, 3"})
    EXPECT_EQ(refusal(dataset_job, {std::string("input.classes=") + classes}),
              std::string("--set input.classes=") + classes + ": input.classes = " + classes +
                  ", need two classes with target.kind = labels, or target.positive");
  EXPECT_EQ(refusal("[input]\nspace = dataset\npath = p\n[reference]\nrule = all\n[training]\n"
                    "samples = 1\n[target]\nkind = labels\n"),
            "job.ini: input.classes is not set, need two classes with target.kind = labels, or "
            "target.positive");
  EXPECT_EQ(refusal(dataset_job, {"input.classes=3, 3"}),
            "--set input.classes=3, 3: input.classes = 3, 3, need different classes");
}

TEST(CheckJob, positive_classes_are_some_of_the_classes) {
  const auto with = [](const char* classes, const char* positive) {
    return refusal(dataset_job, {std::string("input.classes=") + classes,
                                 std::string("target.positive=") + positive});
  };

  EXPECT_EQ(with("1, 2, 3", "2, 3"), "accepted");
  EXPECT_EQ(
      with("1, 2, 3", "4"),
      "--set target.positive=4: target.positive = 4, need some of input.classes, but not all");
  EXPECT_EQ(with("1, 2", "1, 2"),
            "--set target.positive=1, 2: target.positive = 1, 2, need some of input.classes, but "
            "not all");
  EXPECT_EQ(refusal(dataset_job, {"input.classes=1, 2, 3", "target.kind=none"}), "accepted");
}

TEST(CheckJob, the_sphere_has_its_own_keys) {
  const std::string sphere =
      "[input]\nspace = sphere\n[target]\nkind = harmonics\ndegrees = 2, 3\n[reference]\npoints = "
      "50\n[training]\nsamples = 9\n";

  EXPECT_EQ(refusal(sphere), "accepted");
  EXPECT_EQ(refusal(sphere, {"input.density=hemispheres"}), "accepted");
  EXPECT_EQ(refusal(sphere, {"target.orders=2, -3"}), "accepted");
  EXPECT_EQ(refusal(sphere, {"input.dimension=7", "reference.rule=sample"}), "accepted");
  EXPECT_EQ(refusal(sphere, {"input.dimension=1"}),
            "--set input.dimension=1: input.dimension = 1, need >= 2");
  EXPECT_EQ(
      refusal(sphere, {"input.dimension=4"}),
      "job.ini: reference.rule = quadrature, need sample with input.dimension > 3, where there "
      "is no quadrature");
  EXPECT_EQ(
      refusal(sphere, {"input.density=fourier"}),
      "--set input.density=fourier: input.density = fourier, need uniform or hemispheres with "
      "the sphere");
  EXPECT_EQ(refusal(sphere, {"target.orders=2"}),
            "--set target.orders=2: target.orders = 2, need as many values as target.degrees, 2");
  EXPECT_EQ(refusal(sphere, {"target.orders=2, 4"}),
            "--set target.orders=2, 4: target.orders = 2, 4, need orders from -degree to degree");
  EXPECT_EQ(refusal(sphere, {"target.orders=2, 1", "input.dimension=2"}),
            "--set target.orders=2, 1: target.orders = 2, 1, need 0 unless input.dimension = 3");
  EXPECT_EQ(refusal("[input]\nspace = sphere\n[reference]\npoints = 50\n[training]\nsamples = 9\n"),
            "job.ini: target.kind = cosines, need harmonics with input.space = sphere");
}

TEST(CheckJob, a_fourier_density_is_positive) {
  const auto with = [](const std::string& keys) {
    return refusal(circle_job + "[input]\ndensity = fourier\n" + keys);
  };

  EXPECT_EQ(with("cos = 0, -0.6667\n"), "accepted");
  EXPECT_EQ(with(""), "job.ini:13: input.density = fourier, need input.cos or input.sin with it");
  EXPECT_EQ(with("sin = 2\n"),
            "job.ini:14: input.sin = 2, need a density that is positive everywhere");
  EXPECT_EQ(refusal(circle_job + "[input]\ndensity = hemispheres\n"),
            "job.ini:13: input.density = hemispheres, need uniform, piecewise or fourier with the "
            "circle");
}

TEST(CheckJob, training_on_the_reference_points_draws_none) {
  EXPECT_EQ(refusal(circle_job, {"training.rule=reference"}), "accepted");
  EXPECT_EQ(refusal(circle_job + "rule = reference\n"),
            "job.ini:11: training.samples has no effect: it is used only when training.rule = iid; "
            "remove it");
}

TEST(CheckJob, the_network_must_be_possible) {
  const auto line = [](const std::string& keys) {
    return refusal(circle_job + "[network]\n" + keys);
  };

  EXPECT_TRUE(
      line("layers = fc:16, gc:16\n").starts_with("job.ini:13: network.layers = fc:16, gc:16, "));
  EXPECT_TRUE(line("\nreadout = dense:inti=signs\n")
                  .starts_with("job.ini:14: network.readout = dense:inti"));
  EXPECT_TRUE(
      line("layers = fc:8:bias=zero\n").starts_with("job.ini:13: network.layers = fc:8:bias"));
  EXPECT_EQ(line("sigma_b = 0.1\n"),
            "job.ini:13: network.sigma_b = 0.1, need network.bias = random or zero with it");
  EXPECT_EQ(line("bias = zero\n"),
            "job.ini:13: network.bias = zero, need network.sigma_b > 0 with it");
  EXPECT_EQ(line("trained = no\n"),
            "job.ini:13: network.trained = no, need at least one trained parameter");
  EXPECT_EQ(line("trained = bias\n"),
            "job.ini:13: network.trained = bias, need at least one trained parameter");
  EXPECT_EQ(line("trained = no\nlayers = fc:8, fc:8:trained=yes\n"), "accepted");
  EXPECT_EQ(line("bias = zero\nsigma_b = 0.1\ntrained = bias\nfan = one\n"), "accepted");
}

TEST(CheckJob, times_are_checked_where_no_spectrum_is_needed) {
  const auto line = [](const std::string& keys) { return refusal(circle_job + "[flow]\n" + keys); };

  EXPECT_EQ(
      line("t_end = 10/sigma[201]\n"),
      "job.ini:13: flow.t_end = 10/sigma[201], need sigma[i] with i <= reference.eigenpairs, 200");
  EXPECT_EQ(line("t_first = 10/sigma[1]\n"),
            "job.ini:13: flow.t_first = 10/sigma[1], need less than flow.t_end");
  EXPECT_EQ(line("t_end = 1\nt_first = 2\n"),
            "job.ini:14: flow.t_first = 2, which is 2, need less than flow.t_end, 1");
  EXPECT_EQ(line("t_end = 1\nt_first = 2\nsnapshots = 1\n"), "accepted");
  EXPECT_TRUE(
      line("integrator = gradient_descent\nstep = 1\ntimes = 1, 1.2\n")
          .starts_with("job.ini:15: flow.times = 1, 1.2, need times that round to different"));
}

TEST(CheckJob, a_job_made_in_a_program_is_checked_as_well) {
  JobConfig job = circle_with("");
  EXPECT_NO_THROW(check_job(job));

  job.training.samples = 0;
  EXPECT_THROW(check_job(job), ConfigError);
}

}  // namespace
}  // namespace ntkflow
