#pragma once

#include "ntkflow/config/key.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ntkflow {

/// The key of that name in the table, or nullptr.
const Key* find_key(std::string_view name);

/// All keys, and the sections they are in, in the order of the table.
std::vector<std::string> key_names();
std::vector<std::string> section_names();

/// "flow" and "t_end" of "flow.t_end"; "" and "seed" of "seed".
std::string_view section_of(std::string_view key_name);
std::string_view word_of(std::string_view key_name);

/// " (did you mean 'flow.t_end'?)" for a key that is not in the table, or nothing.
std::string suggested_key(std::string_view unknown);

}  // namespace ntkflow
