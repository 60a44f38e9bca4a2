#include "ntkflow/app/command_line.hpp"

#include "ntkflow/base/error.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

CommandLine parse(std::vector<const char*> words) {
  words.insert(words.begin(), "ntkflow");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

ExitCode refusal(const std::vector<const char*>& words) {
  try {
    parse(words);
  } catch (const Error& error) {
    return error.exit_code();
  }
  return ExitCode::completed;
}

TEST(CommandLine, reads_a_job_with_its_overrides) {
  const CommandLine line = parse({"run", "a.ini", "--set", "seed=2", "--set=flow.t_end=3",
                                  "--output", "b.h5", "--max-walltime", "60"});

  EXPECT_EQ(line.command, Command::run);
  EXPECT_EQ(line.job, "a.ini");
  ASSERT_EQ(line.overrides.size(), 3u);
  EXPECT_EQ(line.overrides[1].key, "flow.t_end");
  EXPECT_EQ(line.overrides[1].value, "3");
  EXPECT_EQ(line.overrides[2].key, "output");
  EXPECT_EQ(line.max_walltime_s, 60.0);
}

TEST(CommandLine, an_extension_keeps_its_output_apart_from_the_job) {
  const CommandLine line = parse({"run", "a.ini", "--extend", "3/sigma[2]", "--output", "b.h5"});

  EXPECT_EQ(line.extend, "3/sigma[2]");
  EXPECT_EQ(line.output, "b.h5");
  EXPECT_TRUE(line.overrides.empty());
  EXPECT_FALSE(line.fresh);
  EXPECT_TRUE(parse({"spectrum", "a.ini", "--fresh"}).fresh);
}

TEST(CommandLine, without_a_command_helps) {
  EXPECT_EQ(parse({}).command, Command::help);
  EXPECT_EQ(parse({"--help"}).command, Command::help);
  EXPECT_FALSE(parse({"keys"}).section);
  EXPECT_EQ(parse({"keys", "flow"}).section, "flow");
}

TEST(CommandLine, refuses_what_it_does_not_know) {
  EXPECT_EQ(refusal({"ran", "a.ini"}), ExitCode::usage);
  EXPECT_EQ(refusal({"run"}), ExitCode::usage);
  EXPECT_EQ(refusal({"run", "a.ini", "b.ini"}), ExitCode::usage);
  EXPECT_EQ(refusal({"run", "a.ini", "--out", "c.h5"}), ExitCode::usage);
  EXPECT_EQ(refusal({"run", "a.ini", "--max-walltime", "-1"}), ExitCode::usage);
  EXPECT_EQ(refusal({"run", "a.ini", "--max-walltime", "soon"}), ExitCode::usage);
  EXPECT_EQ(refusal({"run", "a.ini", "--extend", "3"}), ExitCode::usage);
  EXPECT_EQ(refusal({"spectrum", "a.ini", "--extend", "3", "--output", "b.h5"}), ExitCode::usage);
  EXPECT_EQ(refusal({"validate", "a.ini", "--fresh"}), ExitCode::usage);
  EXPECT_EQ(refusal({"inspect", "a.h5", "--set", "seed=1"}), ExitCode::usage);
  EXPECT_EQ(refusal({"run", "a.ini", "--set", "seed"}), ExitCode::bad_data);
}

}  // namespace
}  // namespace ntkflow
