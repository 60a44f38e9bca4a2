// The main of every test. Under mpirun all ranks run every test; a failure on any rank fails the
// program and is printed with its rank. Without mpirun, MPI is not started.

#include "ntkflow/parallel/mpi_environment.hpp"

#include <gtest/gtest.h>
#include <mpi.h>

#include <cstdio>

namespace {

class PrintWithRank : public testing::EmptyTestEventListener {
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed()) return;
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    std::fprintf(stderr, "rank %d: %s:%d: %s\n", rank,
                 result.file_name() != nullptr ? result.file_name() : "?", result.line_number(),
                 result.message());
  }
};

int failures_on_any_rank(int mine) {
  int any = mine;
  MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  return any;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (!ntkflow::started_by_launcher()) return RUN_ALL_TESTS();

  const ntkflow::MpiEnvironment mpi(argc, argv);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
  if (rank != 0) delete listeners.Release(listeners.default_result_printer());
  listeners.Append(new PrintWithRank);
  return failures_on_any_rank(RUN_ALL_TESTS());
}
