#include "ntkflow/archive/output.hpp"

#include "ntkflow/archive/attribute.hpp"
#include "ntkflow/archive/names.hpp"
#include "ntkflow/archive/reader.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

namespace ntkflow {
namespace {

bool has_hdf5_signature(const std::string& path) {
  constexpr std::string_view signature("\x89HDF\r\n\x1a\n", 8);
  std::array<char, signature.size()> head{};
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw Error(ExitCode::no_permission,
                fmt::format("{} exists and cannot be read: {}; change its permissions or choose "
                            "another output",
                            path, std::strerror(errno)));
  file.read(head.data(), head.size());
  return file && std::string_view(head.data(), head.size()) == signature;
}

std::string major_of(std::string_view version) {
  return std::string(version.substr(0, version.find('.')));
}

OutputReport foreign(std::string why) {
  return {OutputState::foreign, std::move(why), "", false};
}

int try_lock(int descriptor) {
  return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

// Whether the path still names the file that is open: its owner may have removed it meanwhile.
bool still_names(const std::string& path, int descriptor) {
  struct stat by_path {
  }, by_descriptor{};
  return stat(path.c_str(), &by_path) == 0 && fstat(descriptor, &by_descriptor) == 0 &&
         by_path.st_ino == by_descriptor.st_ino && by_path.st_dev == by_descriptor.st_dev;
}

void sign(int descriptor) {
  const std::string text = fmt::format("process {} on {}\n", getpid(), host_name());
  // Only for the message of a run that finds the lock taken: nothing depends on it.
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, text.data(), text.size(), 0) < 0) return;
}

std::string signature_of(int descriptor) {
  std::array<char, 256> text{};
  const ssize_t length = pread(descriptor, text.data(), text.size(), 0);
  const std::string_view line(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return line.empty() ? "another process" : std::string(line.substr(0, line.find('\n')));
}

}  // namespace

OutputReport identify_output(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return {};
  if (status.type() != std::filesystem::file_type::regular) return foreign("it is not a file");
  if (!has_hdf5_signature(path)) return foreign("it is not an HDF5 file");

  silence_hdf5();
  const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (id < 0) return foreign("HDF5 cannot open it: " + hdf5_error_text());
  const Hdf5File file(id, "H5Fopen");
  if (read_attribute(file.get(), "format") != archive_format)
    return foreign("it is an HDF5 file without the attribute format = ntkflow");
  const std::string version = read_attribute(file.get(), "format_version").value_or("none");
  const bool readable = major_of(version) == major_of(archive_format_version);
  return {readable ? OutputState::ours : OutputState::other_version, version, "", false};
}

OutputReport examine_output(const std::string& path) {
  OutputReport report = identify_output(path);
  if (report.state != OutputState::ours) return report;
  const ArchiveReader reader(path);
  report.effective_text = reader.read_text(names::config_text);
  report.complete = reader.complete();
  return report;
}

OutputReport examine_output(const Communicator& comm, const std::string& path) {
  OutputReport report =
      agree(comm, [&] { return comm.is_root() ? examine_output(path) : OutputReport{}; });
  std::array<double, 2> numbers = {static_cast<double>(report.state), report.complete ? 1.0 : 0.0};
  broadcast(comm, numbers);
  broadcast(comm, report.detail);
  broadcast(comm, report.effective_text);
  report.state = static_cast<OutputState>(static_cast<int>(numbers[0]));
  report.complete = numbers[1] != 0.0;
  return report;
}

void refuse_unless_ours(const OutputReport& report, const std::string& path) {
  switch (report.state) {
    case OutputState::ours:
      return;
    case OutputState::absent:
      throw MissingInput(fmt::format("{}: no such file; check the path", path));
    case OutputState::foreign:
      throw Error(ExitCode::cannot_create,
                  fmt::format("{} exists and is no ntkflow archive ({}); move it away or choose "
                              "another output",
                              path, report.detail));
    case OutputState::other_version:
      throw Error(ExitCode::mismatch,
                  fmt::format("{} has archive format {}, this program reads {}.x; use the version "
                              "of ntkflow that wrote it",
                              path, report.detail, major_of(archive_format_version)));
  }
}

void throw_cannot_create(const std::string& path, int error_number) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      throw Error(ExitCode::cannot_create,
                  fmt::format("cannot create {}: folder {} does not exist; create it or choose "
                              "another output",
                              path, folder));
    case EACCES:
    case EPERM:
    case EROFS:
      throw Error(ExitCode::no_permission,
                  fmt::format("cannot create {}: no permission to write to folder {}; choose "
                              "another output",
                              path, folder));
    default:
      throw Error(ExitCode::cannot_create,
                  fmt::format("cannot create {}: {}; choose another output", path,
                              std::strerror(error_number)));
  }
}

OutputLock::OutputLock(const std::string& archive_path) {
  const std::string path = archive_path + ".lock";
  for (;;) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) throw_cannot_create(path, errno);
    if (try_lock(descriptor) == EWOULDBLOCK) {
      const std::string owner = signature_of(descriptor);
      ::close(descriptor);
      throw Error(
          ExitCode::no_permission,
          fmt::format("{} is in use by {}; wait until that run has ended", archive_path, owner));
    }
    if (still_names(path, descriptor)) {
      path_ = path;
      descriptor_ = descriptor;
      sign(descriptor);
      return;
    }
    ::close(descriptor);
  }
}

OutputLock::~OutputLock() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());  // before the lock is gone: nobody else can hold this file
  ::close(descriptor_);
}

OutputLock::OutputLock(OutputLock&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

OutputLock& OutputLock::operator=(OutputLock&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

}  // namespace ntkflow
