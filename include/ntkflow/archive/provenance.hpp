#pragma once

#include "ntkflow/archive/schema.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <string>

namespace ntkflow {

/// What only the program knows about where an archive comes from.
struct Provenance {
  std::string title;
  std::string command_line;
  Index seed = 0;
  std::string process_grid;  ///< "2 x 3"
  std::string job_digest;    ///< XXH3-128 of the job file as given
  std::string data_digest;   ///< XXH3-128 of the data read; empty when nothing was
};

/// The root attributes: the above, format and format_version, software version and git commit,
/// library versions, date, a random run_uuid, number of ranks and hosts. Collective.
void add_provenance(Schema& schema, const Communicator& comm, const Provenance& provenance);

}  // namespace ntkflow
