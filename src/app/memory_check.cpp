#include "ntkflow/app/memory_check.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/agree.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ntkflow {
namespace {

constexpr double gibibyte = 1024.0 * 1024.0 * 1024.0;

double memory_of_node() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

void refuse_more_than_memory(const Communicator& world, Index n_points, Index n_parameters) {
  const double share = memory_of_node() / world.split_by_node().size();
  const auto n = static_cast<double>(n_points);
  const double matrices = 4.0 * 8.0 * n * n / world.size();
  const double vectors = 3.0 * 8.0 * static_cast<double>(n_parameters);
  agree(world, [&] {
    if (matrices + vectors > share)
      throw Error(
          ExitCode::out_of_memory,
          fmt::format("{} points and {} parameters need at least {:.3g} GiB a rank, there "
                      "are {:.3g}; use more nodes, fewer points or a narrower network",
                      n_points, n_parameters, (matrices + vectors) / gibibyte, share / gibibyte));
  });
}

}  // namespace ntkflow
