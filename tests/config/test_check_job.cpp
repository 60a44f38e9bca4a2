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
            "input.space = circle");
  EXPECT_EQ(
      refusal("[target]\nfrequencies = 1\n"),
      "job.ini: reference.points is not set, need an integer >= 1 when reference.rule = quadrature "
      "or sample");
  EXPECT_EQ(
      refusal("[target]\nfrequencies = 1\n[reference]\npoints = 9\n"),
      "job.ini: training.samples is not set, need an integer >= 1 when input.space = circle or "
      "dataset");
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
      "when input.reference_points is set");
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
  for (const char* classes : {"3", "3, 3", "1, 2, 3"})
    EXPECT_EQ(refusal(dataset_job, {std::string("input.classes=") + classes}),
              std::string("--set input.classes=") + classes + ": input.classes = " + classes +
                  ", need two different classes with target.kind = labels");
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
