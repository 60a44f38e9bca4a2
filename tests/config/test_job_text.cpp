#include "ntkflow/config/job_text.hpp"

#include "ntkflow/config/key_names.hpp"
#include "ntkflow/config/key_table.hpp"

#include "config/full_jobs.hpp"
#include "config/jobs.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ntkflow {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(KeyTable, names_are_unique_and_every_key_is_explained) {
  std::set<std::string> names;
  for (const Key& key : key_table()) {
    EXPECT_TRUE(names.insert(key.name).second) << key.name;
    EXPECT_FALSE(key.needed.empty() || key.meaning.empty()) << key.name;
    EXPECT_EQ(find_key(key.name), &key);
  }
  EXPECT_EQ(find_key("nothing"), nullptr);
}

TEST(KeyTable, required_keys_have_no_default) {
  for (const Key& key : key_table())
    if (key.is_required) EXPECT_EQ(key.text(JobConfig()), "") << key.name;
}

TEST(KeyTable, defaults_parse_to_themselves) {
  for (const Key& key : key_table()) {
    const std::string value = key.text(JobConfig());
    if (value.empty()) continue;
    JobConfig job;
    key.set(job, value);
    EXPECT_EQ(job, JobConfig()) << key.name;
  }
}

TEST(KeyTable, sections_follow_the_table) {
  EXPECT_EQ(section_names(),
            (std::vector<std::string>{"input", "target", "reference", "training", "network",
                                      "kernel", "flow", "observe", "checkpoint"}));
  EXPECT_EQ(section_of("flow.t_end"), "flow");
  EXPECT_EQ(word_of("flow.t_end"), "t_end");
  EXPECT_EQ(section_of("seed"), "");
  EXPECT_EQ(word_of("seed"), "seed");
}

TEST(JobText, the_full_jobs_set_every_key_to_another_value) {
  std::set<std::string> untouched;
  for (const Key& key : key_table()) untouched.insert(key.name);

  for (const std::string& text : full_jobs())
    for (const Key& key : key_table())
      if (key.text(parse_job(text, "a.ini")) != key.text(JobConfig())) untouched.erase(key.name);

  EXPECT_EQ(untouched, std::set<std::string>{});
}

TEST(JobText, the_effective_text_parses_to_the_same_job_anywhere) {
  for (const std::string& text : full_jobs()) {
    const JobConfig job = parse_job(text, "/somewhere/a.ini");

    const std::string effective = effective_text(job);

    EXPECT_EQ(parse_job(effective, "/elsewhere/b.ini"), job) << effective;
    EXPECT_EQ(effective_text(parse_job(effective, "b.ini")), effective);
  }
}

TEST(JobText, the_effective_text_writes_defaults_out) {
  const std::string text = effective_text(parse_job(circle_job, "first.ini"));

  EXPECT_TRUE(text.starts_with("title = Circle\nseed = 7\noutput = first.h5\n\n[input]\n")) << text;
  EXPECT_TRUE(contains(
      text,
      "[flow]\nintegrator = exponential\ntolerance = 0.001\nt_end = 10/sigma[1]\nsnapshots = 50\n"
      "spacing = log\nt_first = 0.01/sigma[1]\n# not set: times\n"
      "# without effect here: step\n"))
      << text;
}

TEST(JobText, every_key_is_written_or_named) {
  for (const std::string& job : full_jobs()) {
    const std::string text = effective_text(parse_job(job, "a.ini"));
    for (const Key& key : key_table())
      EXPECT_TRUE(contains(text, std::string(word_of(key.name)))) << key.name;
  }
}

TEST(JobText, identity_leaves_out_what_may_change_on_resumption) {
  const JobConfig job = circle_with("[checkpoint]\nevery = 60\n");
  JobConfig resumed = job;
  resumed.title = "Another";
  resumed.output = "b.h5";
  resumed.checkpoint.every_s = 5;

  EXPECT_EQ(identity_text(resumed), identity_text(job));
  EXPECT_NE(effective_text(resumed), effective_text(job));
}

TEST(JobText, identity_holds_every_other_key) {
  const std::set<std::string> free = {"title", "output", "checkpoint.every"};
  for (const std::string& text : full_jobs()) {
    const JobConfig job = parse_job(text, "a.ini");
    const std::string identity = "\n" + identity_text(job);
    for (const Key& key : key_table()) {
      const bool expected =
          key.applies_to(job) && !key.text(job).empty() && !free.contains(key.name);
      EXPECT_EQ(contains(identity, "\n" + key.name + " = " + key.text(job) + "\n"), expected)
          << key.name;
    }
  }
}

TEST(JobText, differences_are_named_key_by_key) {
  JobConfig job = circle_with("");
  const std::string archive = identity_text(job);

  EXPECT_EQ(describe_difference(archive, archive), "");
  job.flow.tolerance = 1e-4;
  EXPECT_EQ(describe_difference(archive, identity_text(job)),
            "flow.tolerance = 0.001 in the archive, 0.0001 in the job");
  job.flow.integrator = IntegratorKind::gradient_descent;
  job.flow.step = 2;
  job.seed = 3;
  EXPECT_EQ(
      describe_difference(archive, identity_text(job)),
      "flow.integrator = exponential in the archive, gradient_descent in the job; flow.step = not "
      "set in the "
      "archive, 2 in the job; flow.tolerance = 0.001 in the archive, not set in the job; and "
      "3 more");
}

TEST(KeysText, explains_every_key) {
  const std::string text = keys_text();

  for (const Key& key : key_table()) {
    EXPECT_TRUE(contains(text, "\n" + std::string(word_of(key.name)) + " = " + key.needed))
        << key.name;
    EXPECT_TRUE(contains(text, "\n    " + key.meaning + "\n")) << key.name;
  }
  for (const std::string& section : section_names())
    EXPECT_TRUE(contains(text, keys_text(section))) << section;
}

TEST(KeysText, gives_range_default_and_condition) {
  EXPECT_EQ(
      keys_text("training"),
      "[training]\nrule = iid or reference; default iid; only when input.space = circle, sphere or "
      "dataset\n    independent draws, or the reference points with their weights (infinite "
      "data)\nsamples = an integer >= 1; required; only when training.rule = iid\n"
      "    n, the number of training points\n");
  EXPECT_TRUE(contains(
      keys_text("flow"),
      "\ntolerance = a number > 0; default 0.001; only when flow.integrator = exponential, rkc or "
      "dopri5\n"));
}

TEST(KeysText, an_unknown_section_names_the_nearest) {
  try {
    keys_text("trainin");
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_STREQ(
        error.what(),
        "unknown section 'trainin' (did you mean 'training'?), need input, target, reference, "
        "training, network, kernel, flow, observe, checkpoint or sweep");
  }
}

}  // namespace
}  // namespace ntkflow
