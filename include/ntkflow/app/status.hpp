#pragma once

#include <string>

namespace ntkflow {

/// The one line that says how a start of the program ended: the last line of its output, repeated
/// in ARCHIVE.status beside the archive for scripts that watch a queue. Root's prints; others do
/// nothing. A member of a sweep has the file only.
class Status {
 public:
  enum class Speaker { root, root_of_member, other };
  explicit Status(Speaker speaker) : speaker_(speaker) {}

  /// From now on the archive is this run's own, and its status file may be written.
  void attach(const std::string& archive_path);

  /// Prints the line and repeats it in the file. word: completed, stopped or failed.
  void report(const std::string& word, const std::string& detail);

  /// Only the file, from any rank: for the one that ends the job alone.
  void write(const std::string& word, const std::string& detail) const;

 private:
  Speaker speaker_;
  std::string path_;
};

}  // namespace ntkflow
