#include "ntkflow/archive/run_log.hpp"

#include "ntkflow/base/clock.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ntkflow {
namespace {

void write_number(Archive& archive, std::string_view dataset, Index row, Index value) {
  const bool root = archive.comm().is_root();
  const Slab slab{{row, row + (root ? 1 : 0)}, {0, 1}};
  archive.write_slab(dataset, slab, std::span<const Index>(&value, root ? 1 : 0));
}

}  // namespace

std::string host_list(const Communicator& comm) {
  std::vector<std::string> hosts = gather_texts(comm, host_name());
  hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
  std::string list = fmt::format("{}", fmt::join(hosts, ","));
  broadcast(comm, list);
  return list;
}

RunLog::RunLog(Archive& archive) : archive_(&archive) {
  const IndexList numbers = archive.read_whole_integers(names::run_number);
  number_ = *std::max_element(numbers.begin(), numbers.end()) + 1;
  row_ = (number_ - 1) % count_of(numbers);
  write_number(archive, names::run_number, row_, number_);
  write_number(archive, names::run_ranks, row_, archive.comm().size());
  write_number(archive, names::run_peak_memory, row_, 0);
  archive.write_text(names::run_start, row_, utc_timestamp());
  archive.write_text(names::run_stop, row_, "");
  archive.write_text(names::run_reason, row_, "");
  archive.write_text(names::run_hosts, row_, host_list(archive.comm()));
}

void RunLog::finish(std::string_view reason) {
  const Index peak = max_over_ranks(archive_->comm(), Index{peak_memory_bytes()});
  write_number(*archive_, names::run_peak_memory, row_, peak);
  archive_->write_text(names::run_stop, row_, utc_timestamp());
  archive_->write_text(names::run_reason, row_, std::string(reason));
}

}  // namespace ntkflow
