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
/// Collective; the work itself must not communicate: see after_all().
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

/// Runs work that communicates, and returns when every rank has done it. Collective. A failure on
/// all ranks is thrown on all of them. A rank that fails alone, while others wait for it inside the
/// work or here, throws too, and has to end the program.
template <typename Work>
auto after_all(const Communicator& comm, Work&& work) {
  if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
    std::forward<Work>(work)();
    throw_together(comm, std::nullopt);
  } else {
    auto result = std::forward<Work>(work)();
    throw_together(comm, std::nullopt);
    return result;
  }
}

}  // namespace ntkflow
