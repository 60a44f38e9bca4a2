#include "ntkflow/archive/provenance.hpp"

#include "ntkflow/archive/output.hpp"
#include "ntkflow/archive/run_log.hpp"
#include "ntkflow/base/build_info.hpp"
#include "ntkflow/base/clock.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <array>
#include <random>

namespace ntkflow {
namespace {

// A random UUID (RFC 4122, version 4): two archives of the same job are told apart by it.
std::string random_uuid() {
  std::random_device device;
  std::array<std::uint32_t, 4> words{};
  for (std::uint32_t& word : words) word = device();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:04x}{:08x}", words[0], words[1] >> 16,
                     words[1] & 0xfffU, 0x8000U | (words[2] >> 18), words[2] & 0xffffU, words[3]);
}

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

std::string mpi_library() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  check_mpi(MPI_Get_library_version(text.data(), &length));
  const std::string whole(text.data(), static_cast<std::size_t>(length));
  return whole.substr(0, whole.find_first_of(",\n"));
}

std::string eigen_version() {
  return fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION);
}

}  // namespace

void add_provenance(Schema& schema, const Communicator& comm, const Provenance& provenance) {
  const std::string hosts = host_list(comm);
  const auto add = [&](std::string name, AttributeValue value) {
    schema.attributes.emplace_back(std::move(name), std::move(value));
  };
  add("format", std::string(archive_format));
  add("format_version", std::string(archive_format_version));
  add("title", provenance.title);
  add("software_version", std::string(software_version()));
  add("git_commit", std::string(git_commit()));
  add("git_dirty", Index{git_is_dirty() ? 1 : 0});
  add("hdf5_version", hdf5_version());
  add("mpi_library", mpi_library());
  add("eigen_version", eigen_version());
  add("created", utc_timestamp());
  add("run_uuid", random_uuid());
  add("seed", provenance.seed);
  add("mpi_ranks", Index{comm.size()});
  add("process_grid", provenance.process_grid);
  add("hosts", hosts);
  add("command_line", provenance.command_line);
  add("job_digest", provenance.job_digest);
  add("data_digest", provenance.data_digest);
}

}  // namespace ntkflow
