#include "ntkflow/app/status.hpp"

#include "ntkflow/base/clock.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

namespace ntkflow {

void Status::attach(const std::string& archive_path) {
  path_ = archive_path + ".status";
  write_file("STATUS running since " + utc_timestamp());
}

void Status::report(const std::string& word, const std::string& detail) {
  if (speaker_ != Speaker::root) return;
  const std::string line = fmt::format("STATUS {} {}", word, detail);
  write_file(line);
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

// A convenience: the archive is the truth, so a failure to write here is not an error.
void Status::write_file(const std::string& line) const {
  if (speaker_ == Speaker::root && !path_.empty()) std::ofstream(path_) << line << "\n";
}

}  // namespace ntkflow
