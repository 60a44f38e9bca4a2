#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <string>

namespace ntkflow {

/// What lies where the output is to go.
enum class OutputState {
  absent,
  ours,           ///< an archive of this program, of a version that it reads
  other_version,  ///< an archive of this program, of another major version
  foreign,        ///< anything else
};

struct OutputReport {
  OutputState state = OutputState::absent;
  std::string detail;          ///< why it is foreign, or the other format version
  std::string effective_text;  ///< /config/text of an archive of ours: the identity of its job
  bool complete = false;       ///< every stage and snapshot of an archive of ours is committed
};

/// Looks at a path without changing anything. No MPI: for one rank, or for programs without ranks.
OutputReport examine_output(const std::string& path);

/// The same for all ranks: root looks, everybody learns. Collective.
OutputReport examine_output(const Communicator& comm, const std::string& path);

/// Throws: Error 73 when the report says foreign, 76 when it says another version.
void refuse_unreadable(const OutputReport& report, const std::string& path);

/// Holds PATH.lock against a second run on the same archive, for as long as it lives. A file of its
/// own, because serial HDF5 locks the archive itself when somebody reads it during the run, and on
/// network file systems the two kinds of locks exclude each other. The lock dies with the process;
/// a file left over by a killed run does no harm.
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
