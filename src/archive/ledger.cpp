#include "ntkflow/archive/ledger.hpp"

#include "ntkflow/base/error.hpp"

#include <fmt/format.h>

namespace ntkflow {

void Ledger::note(std::string_view dataset, const Slab& slab, std::uint64_t sum) {
  entries_[std::string(dataset)].push_back({slab, sum});
}

Index Ledger::count(std::string_view dataset, const Slab& part) const {
  const auto found = entries_.find(dataset);
  if (found == entries_.end()) return 0;
  Index total = 0;
  for (const Entry& entry : found->second)
    if (part.rows.contains(entry.slab.rows.first)) total += entry.slab.count();
  return total;
}

std::uint64_t Ledger::read_back(const SlabFile& file, std::string_view dataset,
                                const Slab& part) const {
  const auto found = entries_.find(dataset);
  if (found == entries_.end()) return 0;
  std::uint64_t total = 0;
  for (const Entry& entry : found->second) {
    if (!part.rows.contains(entry.slab.rows.first)) continue;
    if (file.sum_of(dataset, entry.slab) != entry.sum)
      throw Error(ExitCode::io_failed,
                  fmt::format("{}:{} does not read back as it was written from {}; check the disk, "
                              "then run the same command again",
                              file.path(), dataset, host_name()));
    total += entry.sum;
  }
  return total;
}

void Ledger::forget(std::string_view dataset, const Slab& part) {
  const auto found = entries_.find(dataset);
  if (found == entries_.end()) return;
  std::erase_if(found->second,
                [&](const Entry& entry) { return part.rows.contains(entry.slab.rows.first); });
}

}  // namespace ntkflow
