#include "ntkflow/config/read_job.hpp"

#include "config/jobs.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ntkflow {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

TEST(ReadJob, what_is_not_written_has_its_default) {
  const JobConfig job = parse_job(circle_job, "jobs/circle/first.ini");

  EXPECT_EQ(job.title, "Circle");
  EXPECT_EQ(job.seed, 7U);
  EXPECT_EQ(job.output, "first.h5");
  EXPECT_EQ(job.target.frequencies, (IndexList{1, 3}));
  EXPECT_EQ(job.training.samples, 64);
  EXPECT_EQ(job.network, NetworkSpec());
  EXPECT_EQ(job.flow, FlowSpec());
}

TEST(ReadJob, values_out_of_range_name_file_line_key_and_range) {
  EXPECT_EQ(refusal("seed = 1\n[training]\nsamples = 0\n"),
            "job.ini:3: training.samples = 0, need an integer >= 1");
  for (const char* bad : {"-1", "nan", "inf", "1e999", "12x", "1.5", "1 2"})
    EXPECT_EQ(refusal("[training]\nsamples = "s + bad),
              "job.ini:2: training.samples = "s + bad + ", need an integer >= 1");
  for (const char* bad : {"-1", "nan", "inf", "1e999", "0"})
    EXPECT_EQ(refusal("[flow]\ntolerance = "s + bad),
              "job.ini:2: flow.tolerance = "s + bad + ", need a number > 0");
  EXPECT_EQ(refusal("[input]\nspace = circel"),
            "job.ini:2: input.space = circel, need circle, sphere, dataset or points (did you mean "
            "'circle'?)");
  EXPECT_EQ(refusal("title ="), "job.ini:1: title = (nothing), need text");
  EXPECT_EQ(
      refusal("[flow]\n\nt_end = # later\n"),
      "job.ini:3: flow.t_end = (nothing), need a number > 0, or A/sigma[i] with A > 0 and i >= 1");
}

TEST(ReadJob, unknown_keys_name_the_nearest) {
  const std::string see = "; `ntkflow keys` lists them";

  EXPECT_EQ(refusal("\n[training]\nsample = 3"),
            "job.ini:3: unknown key 'training.sample' (did you mean 'training.samples'?)" + see);
  EXPECT_EQ(refusal("[network]\nsamples = 3"),
            "job.ini:2: unknown key 'network.samples' (did you mean 'training.samples'?)" + see);
  EXPECT_EQ(refusal("[flow]\nseed = 3"),
            "job.ini:2: unknown key 'flow.seed' (did you mean 'seed'?)" + see);
  EXPECT_EQ(refusal("qqqqqqq = 3"), "job.ini:1: unknown key 'qqqqqqq'" + see);
  EXPECT_EQ(
      refusal(circle_job, {"flow.tolerence=1"}),
      "--set flow.tolerence=1: unknown key 'flow.tolerence' (did you mean 'flow.tolerance'?)" +
          see);
}

TEST(ReadJob, a_key_given_twice_is_refused) {
  EXPECT_EQ(refusal("seed = 1\n[flow]\ntolerance = 1\n[input]\n[flow]\ntolerance = 1\n"),
            "job.ini:6: flow.tolerance is already set in job.ini:3");
  EXPECT_EQ(refusal(circle_job, {"seed=1", "seed=2"}),
            "--set seed=2: seed is already set in --set seed=1");
}

TEST(ReadJob, overrides_replace_the_files_values) {
  const std::vector<Override> sets = {parse_override("training.samples = 5"),
                                      {"flow.step", "0.5"},
                                      {"flow.integrator", "gradient_descent"}};

  const JobConfig job = parse_job(circle_job, "job.ini", sets);

  EXPECT_EQ(job.training.samples, 5);
  EXPECT_EQ(job.flow.step, 0.5);
  EXPECT_EQ(job.flow.integrator, IntegratorKind::gradient_descent);
}

TEST(ReadJob, wrong_overrides_are_named) {
  EXPECT_EQ(refusal(circle_job, {"training.samples=0"}),
            "--set training.samples=0: training.samples = 0, need an integer >= 1");
  EXPECT_EQ(refusal(circle_job, {"seed="}),
            "--set seed=: seed = (nothing), need an integer from 0 to 2^63 - 1");
  EXPECT_EQ(refusal(circle_job, {"training.samples"}),
            "--set training.samples: need section.key=value");
  EXPECT_EQ(refusal(circle_job, {"title=a#b"}),
            "--set title=a#b: title = a#b, need a value without '#', which begins a comment");
  EXPECT_EQ(
      refusal(circle_job, {"title=a\nseed = 2"}),
      "--set title=a?seed = 2: title = a?seed = 2, need one line of UTF-8 text without control "
      "characters");
}

TEST(ReadJob, a_wrong_value_is_refused_even_where_it_is_overridden) {
  EXPECT_EQ(refusal("[training]\nsamples = 0\n", {"training.samples=5"}),
            "job.ini:2: training.samples = 0, need an integer >= 1");
}

TEST(ReadJob, keys_without_effect_are_refused) {
  EXPECT_EQ(refusal(circle_job + "[input]\npath = mnist\n"),
            "job.ini:13: input.path has no effect: it is used only when input.space = dataset; "
            "remove it");
  EXPECT_EQ(refusal(circle_job + "[flow]\ntimes = 1, 2\nsnapshots = 3\n"),
            "job.ini:14: flow.snapshots has no effect: it is used only when flow.times is not set; "
            "remove it");
  EXPECT_EQ(refusal(circle_job, {"flow.step=1"}),
            "--set flow.step=1: flow.step has no effect: it is used only when flow.integrator = "
            "gradient_descent or linearised; remove it");
  EXPECT_EQ(refusal(circle_job + "[network]\nlayers = fc:16, fc:16\nwidth = 8\n"),
            "job.ini:14: network.width has no effect: it is used only when a layer's width is W; "
            "remove it");
}

TEST(ReadJob, an_override_may_switch_the_files_keys_off_and_on) {
  const std::string file =
      circle_job + "[flow]\nintegrator = gradient_descent\nstep = 0.1\nt_end = 9\n";
  const std::vector<Override> rkc = {{"flow.integrator", "rkc"}, {"flow.times", "1, 2"}};
  const std::vector<Override> descent = {{"flow.integrator", "gradient_descent"}};

  const JobConfig job = parse_job(file, "job.ini", rkc);

  EXPECT_EQ(job.flow.step, FlowSpec().step);
  EXPECT_EQ(job.flow.t_end, FlowSpec().t_end);
  EXPECT_EQ(refusal(file, {"flow.integrator=rkc", "flow.step=1"}),
            "--set flow.step=1: flow.step has no effect: it is used only when flow.integrator = "
            "gradient_descent or linearised; remove it");
  EXPECT_EQ(parse_job(circle_job + "[flow]\nstep = 0.1\n", "job.ini", descent).flow.step, 0.1);
}

TEST(ReadJob, paths_belong_to_the_job_file_or_to_the_current_directory) {
  const std::string here = fs::current_path().string();
  const std::vector<Override> sets = {{"input.path", "../full"}, {"output", "out/a.h5"}};

  EXPECT_EQ(parse_job(dataset_job, "/jobs/mnist/job.ini").input.path, "/jobs/mnist/mnist");
  EXPECT_EQ(parse_job(dataset_job, "jobs/job.ini").input.path, here + "/jobs/mnist");
  EXPECT_EQ(parse_job(dataset_job, "/jobs/job.ini", sets).input.path,
            fs::path(here).parent_path().string() + "/full");
  EXPECT_EQ(parse_job(dataset_job, "/jobs/job.ini", sets).output, "out/a.h5");
  EXPECT_EQ(parse_job(points_job, "/jobs/job.ini").input.train_points,
            (DatasetPath{"/jobs/data.h5", "/x"}));
  EXPECT_EQ(parse_job("output = a.h5\n" + points_job, "/jobs/job.ini").output, "a.h5");
}

TEST(ReadJob, folders_that_no_job_file_could_name_are_refused) {
  try {
    parse_job(dataset_job, "/run#3/job.ini");
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_STREQ(
        error.what(),
        "/run#3/job.ini:3: input.path = /run#3/mnist, need a value without '#', which begins "
        "a comment");
  }
}

class ReadJobFile : public testing::Test {
 protected:
  ReadJobFile() : folder_(fs::temp_directory_path() / ("ntkflow_job_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~ReadJobFile() override { fs::remove_all(folder_); }

  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(file(name), std::ios::binary) << text;
    return file(name);
  }
  static ExitCode exit_code(const std::string& path) {
    try {
      parse_job(read_job_text(path), path);
    } catch (const Error& error) {
      return error.exit_code();
    }
    return ExitCode::completed;
  }

 private:
  fs::path folder_;
};

TEST_F(ReadJobFile, is_read_and_its_folder_is_where_paths_begin) {
  const std::string path = write("digits.ini", dataset_job);
  const JobConfig job = parse_job(read_job_text(path), path);

  EXPECT_EQ(job.input.path, file("mnist"));
  EXPECT_EQ(job.output, "digits.h5");
}

TEST_F(ReadJobFile, has_an_exit_code_for_each_way_to_fail) {
  EXPECT_EQ(exit_code(write("good.ini", circle_job)), ExitCode::completed);
  EXPECT_EQ(exit_code(write("bad.ini", "x = 1")), ExitCode::bad_data);
  EXPECT_EQ(exit_code(write("large.ini", std::string(2000000, '\n'))), ExitCode::bad_data);
  EXPECT_EQ(exit_code(file("missing.ini")), ExitCode::input_missing);
  EXPECT_EQ(exit_code(file("good.ini/job.ini")), ExitCode::input_missing);
  EXPECT_EQ(exit_code(file("")), ExitCode::input_missing);
  EXPECT_EQ(exit_code("/dev/zero"), ExitCode::bad_data);
}

TEST_F(ReadJobFile, that_may_not_be_read_exits_with_no_permission) {
  fs::permissions(write("secret.ini", circle_job), fs::perms::none);
  constexpr uid_t nobody = 65534;
  const uid_t me = geteuid();  // root may read everything, so it steps down
  if (me == 0) ASSERT_EQ(seteuid(nobody), 0);

  const ExitCode code = exit_code(file("secret.ini"));

  if (me == 0) ASSERT_EQ(seteuid(me), 0);
  EXPECT_EQ(code, ExitCode::no_permission);
}

}  // namespace
}  // namespace ntkflow
