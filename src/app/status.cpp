#include "ntkflow/app/status.hpp"

#include "ntkflow/base/clock.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

namespace ntkflow {
namespace {

std::string line_of(const std::string& word, const std::string& detail) {
  return fmt::format("STATUS {} {}", word, detail);
}

}  // namespace

void Status::attach(const std::string& archive_path) {
  path_ = archive_path + ".status";
  if (speaker_ != Speaker::other)
    write("running", fmt::format("since {}; should it have ended without a word, run the same "
                                 "command again to go on",
                                 utc_timestamp()));
}

void Status::report(const std::string& word, const std::string& detail) {
  if (speaker_ == Speaker::other) return;
  write(word, detail);
  if (speaker_ == Speaker::root_of_member) return;
  fmt::print("{}\n", line_of(word, detail));
  std::fflush(stdout);
}

// A convenience: the archive is the truth, so a failure to write here is not an error.
void Status::write(const std::string& word, const std::string& detail) const {
  if (!path_.empty()) std::ofstream(path_) << line_of(word, detail) << "\n";
}

}  // namespace ntkflow
