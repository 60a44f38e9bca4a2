#pragma once

#include "ntkflow/base/error.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace ntkflow {

/// Throws `failure` of the lowest failing rank on every rank, or returns when no rank failed.
/// Collective; the building block of agree().
void throw_together(const Communicator& comm, const std::optional<Error>& failure);

/// Runs work that may fail on one rank only. Either all ranks get their result, or all ranks throw
/// the error of the lowest failing rank, with its exit code.
/// Collective; the work itself must not communicate.
template <typename Work>
auto agree(const Communicator& comm, Work&& work) {
  using Result = std::invoke_result_t<Work>;
  using Stored = std::conditional_t<std::is_void_v<Result>, char, Result>;
  std::optional<Error> failure;
  std::optional<Stored> result;
  try {
    if constexpr (std::is_void_v<Result>) {
      std::forward<Work>(work)();
    } else {
      result.emplace(std::forward<Work>(work)());
    }
  } catch (const std::exception&) {
    failure = as_error(std::current_exception());
  }
  throw_together(comm, failure);
  if constexpr (!std::is_void_v<Result>) return std::move(*result);
}

}  // namespace ntkflow
