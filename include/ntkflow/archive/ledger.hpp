#pragma once

#include "ntkflow/archive/slab_file.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// What this rank has written and not yet committed: which slabs, and what they must read back as.
/// No communication.
class Ledger {
 public:
  void note(std::string_view dataset, const Slab& slab, std::uint64_t sum);

  /// Elements noted in the rows of a part of a dataset.
  Index count(std::string_view dataset, const Slab& part) const;

  /// The sum of hashes of those elements, once the file was found to hold them as they were written.
  /// Throws: Error 74 when it does not.
  std::uint64_t read_back(const SlabFile& file, std::string_view dataset, const Slab& part) const;

  void forget(std::string_view dataset, const Slab& part);

 private:
  struct Entry {
    Slab slab;
    std::uint64_t sum;
  };
  std::map<std::string, std::vector<Entry>, std::less<>> entries_;  // by dataset
};

}  // namespace ntkflow
