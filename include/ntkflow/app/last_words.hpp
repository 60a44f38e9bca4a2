#pragma once

namespace ntkflow {

/// From now on a signal that ends this process (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) first
/// prints one line: which rank, which signal, and that the same command goes on from what is
/// committed. Replaces the backtrace that Open MPI would print. The process still dies of it.
void say_last_words(int rank);

}  // namespace ntkflow
