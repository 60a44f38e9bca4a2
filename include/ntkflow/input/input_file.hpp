#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ntkflow {

/// Checks that a regular file is there and may be read.
/// Throws: MissingInput naming the path, the system's reason and the remedy, e.g. which key to set.
void require_input_file(const std::filesystem::path& path, std::string_view remedy);

/// The whole content of a file.
/// Throws: MissingInput as above; Error (exit 74) when reading fails.
std::string read_input_file(const std::filesystem::path& path, std::string_view remedy);

/// The content of a gzip file, from its bytes; `name` is for messages.
/// Throws: ConfigError when the bytes are no gzip stream, or a truncated or corrupt one, when bytes
///         follow its end, or when the content exceeds 1 GiB.
std::string gunzip(std::string_view compressed, std::string_view name);

}  // namespace ntkflow
