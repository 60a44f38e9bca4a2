#pragma once

#include "ntkflow/parallel/communicator.hpp"

#include <string>
#include <string_view>

namespace ntkflow {

/// Root attributes `format` and `format_version` of every archive. Readers accept the same major
/// version and refuse any other.
inline constexpr std::string_view archive_format = "ntkflow";
inline constexpr std::string_view archive_format_version = "1.0.0";

/// What lies where the output is to go.
enum class OutputState {
  absent,
  ours,           ///< an archive of this program, of a version that it reads
  other_version,  ///< an archive of this program, of another major version
  foreign,        ///< anything else, a damaged file included
};

struct OutputReport {
  OutputState state = OutputState::absent;
  std::string detail;          ///< the format version, or why it is foreign
  std::string effective_text;  ///< /config/text of an archive of ours: the identity of its job
  bool complete = false;       ///< every stage and snapshot of an archive of ours is committed
};

/// Looks at a path without changing anything. No MPI.
/// Throws: Error 77 when there is something that may not be read.
OutputReport examine_output(const std::string& path);

/// The same for all ranks: root looks, everybody learns. Collective.
OutputReport examine_output(const Communicator& comm, const std::string& path);

/// Only state and detail of that report.
OutputReport identify_output(const std::string& path);

/// Throws unless the report says ours: Error 66 for absent, 73 for foreign, 76 for another version.
void refuse_unless_ours(const OutputReport& report, const std::string& path);

/// Turns errno of a failed attempt to create or reserve `path` into an Error with what to do: 77
/// for missing permission, 73 for anything else.
[[noreturn]] void throw_cannot_create(const std::string& path, int error_number);

/// Holds PATH.lock against a second run on the same archive, for as long as it lives. A file of its
/// own, because serial HDF5 locks the archive itself when somebody reads it during the run, and
/// the two locks would exclude each other. The lock dies with the process; a file left over by a
/// killed run does no harm. File systems without locks are taken as they are.
class OutputLock {
 public:
  OutputLock() = default;  ///< holds nothing: ranks other than root

  /// Throws: Error 77 when another process holds it or the folder may not be written, 73 when the
  /// folder is missing.
  explicit OutputLock(const std::string& archive_path);
  ~OutputLock();
  OutputLock(OutputLock&& other) noexcept;
  OutputLock& operator=(OutputLock&& other) noexcept;

 private:
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace ntkflow
