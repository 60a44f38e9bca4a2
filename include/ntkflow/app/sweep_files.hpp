#pragma once

#include "ntkflow/app/sweep_table.hpp"

#include <string>

namespace ntkflow {

/// Writes the table as FOLDER/index.h5, members.csv and summary.csv, each replaced at once. index.h5
/// holds /member/{name, path, status, exit_code}, /key/KEY, /result/NUMBER, /summary/..., and under
/// /archive/NAME all that is in the archive of a member. No MPI.
/// Throws: Error 73, 74 or 77 as replace_index_file().
void write_sweep_files(const std::string& folder, const SweepTable& table);

}  // namespace ntkflow
