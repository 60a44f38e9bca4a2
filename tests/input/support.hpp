#pragma once

#include "ntkflow/base/error.hpp"
#include "ntkflow/input/point_set.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace ntkflow {

/// The message of the error E that an action throws; fails the test when it throws none of that
/// kind.
template <typename E, typename Action>
std::string message_of(Action&& action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  } catch (const std::exception& other) {
    ADD_FAILURE() << "threw another error: " << other.what();
    return "";
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

#define EXPECT_MESSAGE(Error, action, part)                                            \
  do {                                                                                 \
    const std::string message = ::ntkflow::message_of<Error>([&] { (void)(action); }); \
    EXPECT_NE(message.find(part), std::string::npos) << message;                       \
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;                       \
  } while (false)

/// A folder that is gone at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ntkflow_test_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Checks that points, weights and targets do not depend on the selection that they are made in.
inline void expect_selection_independent(const PointSet& set) {
  const IndexList all = indices_of({0, set.count()});
  const Matrix points = set.points(all);
  const Vector weights = set.weights(all), targets = set.targets(all);
  const IndexList regions = set.regions(all);
  IndexList some;
  for (Index i = set.count() - 1; i >= 0; i -= 3) some.push_back(i);
  some.push_back(some.front());

  const Matrix some_points = set.points(some);
  const Vector some_weights = set.weights(some), some_targets = set.targets(some);

  for (std::size_t c = 0; c < some.size(); ++c) {
    const IndexList one = {some[c]};
    const auto column = static_cast<Index>(c);
    ASSERT_EQ(some_points.col(column), points.col(some[c]));
    ASSERT_EQ(set.points(one).col(0), points.col(some[c]));
    ASSERT_EQ(some_weights[column], weights[some[c]]);
    ASSERT_EQ(set.weights(one)[0], weights[some[c]]);
    ASSERT_EQ(some_targets[column], targets[some[c]]);
    ASSERT_EQ(set.targets(one)[0], targets[some[c]]);
    ASSERT_EQ(set.regions(one), IndexList{regions[static_cast<std::size_t>(some[c])]});
  }
  EXPECT_EQ(set.points({}).cols(), 0);
}

}  // namespace ntkflow
