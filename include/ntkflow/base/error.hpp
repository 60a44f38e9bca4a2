#pragma once

#include <exception>
#include <source_location>
#include <stdexcept>
#include <string>

namespace ntkflow {

/// The process's exit code, after BSD's sysexits; the README lists what each tells the user to do.
enum class ExitCode : int {
  completed = 0,
  usage = 64,          ///< unknown subcommand or option
  bad_data = 65,       ///< bad key, value or data
  input_missing = 66,  ///< a file that the job names is not there
  unsuitable = 69,     ///< MPI or a library cannot do what is needed
  internal = 70,       ///< our own mistake
  out_of_memory = 71,
  cannot_create = 73,  ///< the output cannot be created or reserved
  io_failed = 74,      ///< reading or writing failed, or read-back differs
  stopped = 75,        ///< checkpoint committed: run the same command again
  mismatch = 76,       ///< the archive has another format version or belongs to another job
  no_permission = 77,
  numerical = 78,  ///< NaN, overflow or a failed decomposition; last good state kept
};

/// The root of every error the program raises about the world. The message is one line: what was
/// expected, what was found, where, and what to do.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode exit_code() const { return code_; }

 private:
  ExitCode code_;
};

/// A wrong key, value or piece of data in what the user gave us.
struct ConfigError : Error {
  explicit ConfigError(const std::string& message) : Error(ExitCode::bad_data, message) {}
};

/// A file that the user named and that cannot be opened.
struct MissingInput : Error {
  explicit MissingInput(const std::string& message) : Error(ExitCode::input_missing, message) {}
};

struct MpiError : Error {
  explicit MpiError(const std::string& message) : Error(ExitCode::unsuitable, message) {}
};

struct Hdf5Error : Error {
  explicit Hdf5Error(const std::string& message) : Error(ExitCode::io_failed, message) {}
};

struct LapackError : Error {
  explicit LapackError(const std::string& message) : Error(ExitCode::numerical, message) {}
};

struct NumericalError : Error {
  explicit NumericalError(const std::string& message) : Error(ExitCode::numerical, message) {}
};

/// What any exception means for the user, with its exit code: an Error is itself, std::bad_alloc is
/// not enough memory, anything else our own mistake.
Error as_error(const std::exception_ptr& thrown);

/// Prints the broken precondition with its place and ends the process (all ranks, under mpirun).
[[noreturn]] void fail_expectation(const char* condition, std::source_location where);

}  // namespace ntkflow

/// A precondition whose violation is our own mistake; always checked.
#define NTKFLOW_EXPECTS(condition)    \
  ((condition) ? static_cast<void>(0) \
               : ::ntkflow::fail_expectation(#condition, std::source_location::current()))
