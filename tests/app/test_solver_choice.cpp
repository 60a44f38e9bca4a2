#include "ntkflow/app/solver_choice.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

constexpr double gibibyte = 1024.0 * 1024.0 * 1024.0;

SolverDecision decide(SolverChoice choice, const SpectrumSize& size, double memory) {
  OperatorSpec spec;
  spec.solver = choice;
  return choose_solver(spec, size, memory);
}

TEST(SolverChoice, what_the_job_says_is_done) {
  const SpectrumSize size{50000, 100, 10, 2};
  EXPECT_EQ(decide(SolverChoice::dense, size, gibibyte).solver, Solver::dense);
  EXPECT_EQ(decide(SolverChoice::elpa, size, gibibyte).solver, Solver::elpa);
  EXPECT_EQ(decide(SolverChoice::krylov, {10, 10, 1, 1}, gibibyte).solver, Solver::krylov);
}

TEST(SolverChoice, small_matrices_and_most_of_the_pairs_are_for_dense) {
  EXPECT_EQ(decide(SolverChoice::automatic, {4096, 100, 10, 2}, gibibyte).solver, Solver::dense);
  EXPECT_EQ(decide(SolverChoice::automatic, {6000, 5000, 10, 2}, 64 * gibibyte).solver,
            Solver::dense);
}

TEST(SolverChoice, few_pairs_of_many_are_for_krylov) {
  const SolverDecision decision =
      decide(SolverChoice::automatic, {20000, 100, 10, 2}, 64 * gibibyte);

  EXPECT_EQ(decision.solver, Solver::krylov);
  EXPECT_EQ(decision.most_columns, 0);
  EXPECT_NE(decision.reason.find("times faster"), std::string::npos) << decision.reason;
}

TEST(SolverChoice, a_matrix_that_does_not_fit_is_not_made) {
  const SolverDecision decision =
      decide(SolverChoice::automatic, {4000, 100, 10, 1}, 0.3 * gibibyte);

  EXPECT_EQ(decision.solver, Solver::krylov);
  EXPECT_NE(decision.reason.find("dense would need"), std::string::npos) << decision.reason;
}

TEST(SolverChoice, a_basis_that_does_not_fit_is_restarted) {
  const SpectrumSize size{1000000, 100, 2, 1};
  const double needed = krylov_cost(size).memory;

  const SolverDecision decision = decide(SolverChoice::automatic, size, 0.95 * needed);

  EXPECT_EQ(decision.most_columns, krylov_least_columns(size));
  EXPECT_LT(decision.cost.memory, needed);
}

TEST(CostModel, is_shared_by_the_ranks) {
  for (const auto cost : {dense_cost, +[](const SpectrumSize& s) { return krylov_cost(s); }}) {
    const StageCost one = cost({20000, 100, 10, 1}), four = cost({20000, 100, 10, 4});
    EXPECT_EQ(one.flops, four.flops);
    EXPECT_LT(four.memory, 0.4 * one.memory);
  }
}

TEST(MemoryText, has_three_digits_and_a_unit) {
  EXPECT_EQ(memory_text(1.5 * gibibyte), "1.5 GiB");
  EXPECT_EQ(memory_text(gibibyte / 8), "128 MiB");
}

}  // namespace
}  // namespace ntkflow
