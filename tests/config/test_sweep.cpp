#include "ntkflow/config/sweep.hpp"

#include "config/jobs.hpp"
#include "ntkflow/config/job_text.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ntkflow {
namespace {

Sweep sweep_with(const std::string& lines, const std::vector<std::string>& sets = {}) {
  std::vector<Override> overrides;
  for (const std::string& set : sets) overrides.push_back(parse_override(set));
  const auto sweep = parse_sweep(circle_job + "[sweep]\n" + lines, "job.ini", overrides);
  return sweep ? *sweep : Sweep();
}

std::string sweep_refusal(const std::string& lines, const std::vector<std::string>& sets = {}) {
  try {
    sweep_with(lines, sets);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

std::vector<std::string> names_of(const Sweep& sweep) {
  std::vector<std::string> names;
  for (const SweepMember& member : sweep.members) names.push_back(member.name);
  return names;
}

TEST(Sweep, is_the_product_of_its_lines) {
  const Sweep sweep = sweep_with("network.width = 16, 32\nseed = 4..6\ngroups = 2\n");

  EXPECT_EQ(sweep.keys, (std::vector<std::string>{"network.width", "seed"}));
  EXPECT_EQ(sweep.groups, 2);
  EXPECT_EQ(sweep.folder, "job");
  ASSERT_EQ(sweep.members.size(), 6u);
  const SweepMember& last = sweep.members.back();
  EXPECT_EQ(last.name, "network.width=32,seed=6");
  EXPECT_EQ(last.config.network.width, 32);
  EXPECT_EQ(last.config.seed, 6u);
  EXPECT_EQ(last.config.output, "job/network.width=32,seed=6/run.h5");
  EXPECT_EQ(sweep.members[1].values, (std::vector<std::string>{"16", "5"}));
}

TEST(Sweep, keys_in_one_line_change_together) {
  const Sweep equal = sweep_with("network.width & training.samples = 8, 16\n");
  const Sweep paired = sweep_with("network.width & flow.t_end = 8 & 1/sigma[2], 16 & 3\n");

  EXPECT_EQ(names_of(equal), (std::vector<std::string>{"network.width=8,training.samples=8",
                                                       "network.width=16,training.samples=16"}));
  EXPECT_EQ(equal.members[1].config.training.samples, 16);
  EXPECT_EQ(paired.members[0].config.flow.t_end, (TimeSpec{1, 2}));
  EXPECT_EQ(paired.members[1].config.flow.t_end, (TimeSpec{3, 0}));
}

TEST(Sweep, semicolons_separate_values_that_have_commas) {
  const Sweep sweep = sweep_with("network.layers = fc:8, fc:8; fc:16, fc:9\n");

  ASSERT_EQ(sweep.members.size(), 2u);
  EXPECT_EQ(sweep.members[1].config.network.layers, "fc:16, fc:9");
  EXPECT_EQ(names_of(sweep)[0].find_first_of("/:; "), std::string::npos);
  EXPECT_NE(names_of(sweep)[0], names_of(sweep)[1]);
}

TEST(Sweep, paths_belong_to_the_folder_of_the_file) {
  const auto sweep = parse_sweep(points_job + "[sweep]\ninput.train_points = a.h5:/x, b.h5:/x\n",
                                 "/somewhere/job.ini");

  EXPECT_EQ(sweep->members[1].config.input.train_points.file, "/somewhere/b.h5");
}

TEST(Sweep, an_override_replaces_a_line_or_adds_one) {
  EXPECT_EQ(sweep_with("seed = 1..9\n", {"sweep.seed=3..4"}).members.size(), 2u);
  EXPECT_EQ(sweep_with("seed = 1, 2\n", {"sweep.network.width=4,5"}).members.size(), 4u);
  EXPECT_EQ(parse_sweep(circle_job, "job.ini"), std::nullopt);
}

TEST(Sweep, a_job_without_its_section_is_the_job) {
  const std::string section = "[sweep]\nseed = 1..3\n";

  EXPECT_EQ(parse_job(circle_job + section, "job.ini"), parse_job(circle_job, "job.ini"));
}

TEST(Sweep, its_text_makes_the_same_sweep) {
  const Sweep sweep = sweep_with("network.width&training.samples = 8, 16\nseed = 1..3\n");
  const std::string text = effective_text(sweep.members.front().config) + sweep.text;

  const auto again = parse_sweep(text, "other.ini");
  ASSERT_TRUE(again);
  EXPECT_EQ(names_of(*again), names_of(sweep));
  EXPECT_EQ(again->members.back().config.training, sweep.members.back().config.training);
}

TEST(Sweep, refuses_what_is_wrong_with_a_line_or_a_member) {
  const std::string line = "job.ini:13: ";  // where the section's first line is
  EXPECT_EQ(sweep_refusal("network.width = 8, 0\n"),
            line + "network.width = 0, need an integer >= 1");
  EXPECT_EQ(sweep_refusal("sead = 1, 2\n"),
            line + "unknown key 'sead' (did you mean 'seed'?); `ntkflow keys` lists them");
  EXPECT_EQ(sweep_refusal("seed = 1, 2, 1\n"), line + "the same value is there twice");
  EXPECT_EQ(sweep_refusal("seed = 5..1\n"),
            line + "5..1, need FIRST..LAST of at most 10000 integers");
  EXPECT_NE(sweep_refusal("seed = 1..9999\nnetwork.width = 1, 2\n").find("more than 10000"),
            std::string::npos);
  EXPECT_EQ(
      sweep_refusal("network.width & seed = 8 & 1 & 2\n"),
      line + "'8 & 1 & 2', need a value, or one for each of network.width, seed joined by '&'");
  EXPECT_EQ(sweep_refusal("output = a, b\n"),
            line + "output cannot be swept: every member has a folder of its own");
  EXPECT_NE(sweep_refusal("seed = 1, 2\nseed & network.width = 3, 4\n").find("already set"),
            std::string::npos);
  EXPECT_NE(sweep_refusal("seed = 1, 2\n", {"seed=3"}).find("already set"), std::string::npos);
  EXPECT_NE(sweep_refusal("groups = 0\nseed = 1, 2\n").find("an integer >= 1"), std::string::npos);
  EXPECT_NE(sweep_refusal("groups = 2\n").find("groups only"), std::string::npos);
}

}  // namespace
}  // namespace ntkflow
