// Random damage to valid jobs: a text is a job or a ConfigError of one printable line, and a job
// survives the way through its effective text.

#include "ntkflow/config/job_text.hpp"
#include "ntkflow/config/read_job.hpp"
#include "ntkflow/config/value_text.hpp"

#include "config/full_jobs.hpp"
#include "config/jobs.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ntkflow {
namespace {

const std::vector<std::string> pieces = {"\n",
                                         "=",
                                         "#",
                                         "[",
                                         "]",
                                         "[flow]\n",
                                         "-1",
                                         "nan",
                                         "1e999",
                                         "/sigma[2]",
                                         "\r",
                                         "\xef\xbb\xbf",
                                         "\xff",
                                         ",",
                                         ".",
                                         "fc:W",
                                         "fc:99999999999999999999",
                                         "times = 1\n",
                                         "step = 2\n",
                                         "yes",
                                         "circle",
                                         "points",
                                         "dataset",
                                         "sphere",
                                         "density = fourier\n",
                                         "cos = 2\n",
                                         "reference",
                                         "none",
                                         "noise = 1\n",
                                         "orders = -1\n",
                                         "gradient_descent",
                                         "0",
                                         "9",
                                         ":/x",
                                         " ",
                                         "\t",
                                         "path",
                                         std::string(1, '\0'),
                                         std::string(70000, 'a')};

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string mutate(std::string text) {
    for (std::size_t i = 1 + below(2); i > 0; --i) change(text);
    return text;
  }
  std::size_t below(std::size_t count) { return random_() % count; }

 private:
  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = below(12);
    switch (below(4)) {
      case 0:
        text.insert(at, pieces[below(pieces.size())]);
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.replace(at, length, pieces[below(pieces.size())]);
        break;
      default:
        text.insert(at, text.substr(below(text.size() + 1), 4 * length));
    }
  }

  std::mt19937 random_;
};

TEST(JobFuzz, damaged_jobs_parse_or_are_refused_on_one_line) {
  Mutator mutator(20260101);
  std::vector<std::string> seeds = full_jobs();
  seeds.push_back(circle_job);
  int accepted = 0, refused = 0;

  for (int i = 0; i < 5000; ++i) {
    const std::string text = mutator.mutate(seeds[mutator.below(seeds.size())]);
    try {
      const JobConfig job = parse_job(text, "a.ini");
      ASSERT_EQ(parse_job(effective_text(job), "b.ini"), job) << text;
      ++accepted;
    } catch (const ConfigError& error) {
      ASSERT_EQ(printable(error.what()), error.what()) << text;
      ASSERT_TRUE(std::string(error.what()).starts_with("a.ini:")) << error.what();
      ++refused;
    }
  }

  EXPECT_GT(accepted, 200);
  EXPECT_GT(refused, 1000);
}

TEST(JobFuzz, damaged_overrides_parse_or_are_refused) {
  Mutator mutator(7);
  int refused = 0;

  for (int i = 0; i < 2000; ++i) {
    const std::string set = mutator.mutate("training.samples=64");
    try {
      const std::vector<Override> overrides = {parse_override(set)};
      parse_job(circle_job, "a.ini", overrides);
    } catch (const ConfigError& error) {
      ASSERT_EQ(printable(error.what()), error.what()) << set;
      ++refused;
    }
  }

  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace ntkflow
