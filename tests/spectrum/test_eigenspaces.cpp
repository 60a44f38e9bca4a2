#include "ntkflow/spectrum/eigenspaces.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ntkflow {
namespace {

using Labels = std::vector<Index>;

Vector values(std::initializer_list<double> list) {
  return Eigen::Map<const Vector>(list.begin(), static_cast<Index>(list.size()));
}

TEST(Eigenspaces, equal_eigenvalues_share_one) {
  const EigenspaceChoice choice = choose_eigenspaces(values({3, 2, 2 - 1e-7, 1, 1, 1}), 6);

  EXPECT_EQ(choice.eigenspace, (Labels{0, 1, 1, 2, 2, 2}));
  EXPECT_EQ(choice.dropped, 0);
  EXPECT_EQ(choice.incomplete, 0);
}

TEST(Eigenspaces, a_gap_counts_relative_to_the_eigenvalue_not_to_the_largest) {
  const EigenspaceChoice choice = choose_eigenspaces(values({1, 1.1e-7, 1e-7}), 3);

  EXPECT_EQ(choice.eigenspace, (Labels{0, 1, 2}));
}

TEST(Eigenspaces, a_gap_of_rounding_size_does_not_split_a_small_pair) {
  const EigenspaceChoice choice = choose_eigenspaces(values({1, 1.00005e-9, 1e-9}), 3);

  EXPECT_EQ(choice.eigenspace, (Labels{0, 1, 1}));
}

TEST(Eigenspaces, the_tail_of_a_decaying_spectrum_is_not_chained) {
  // Doublets 1 / q^2, as on the circle, to q = 2000.
  const Vector doublets = Vector::NullaryExpr(
      4000, [](Index i) { return std::pow(static_cast<double>(i / 2 + 1), -2); });

  const EigenspaceChoice choice = choose_eigenspaces(doublets, 4000);

  ASSERT_EQ(choice.count(), 4000);
  for (Index i = 0; i < 4000; ++i)
    ASSERT_EQ(choice.eigenspace[static_cast<std::size_t>(i)], i / 2) << i;
}

TEST(Eigenspaces, are_never_cut_at_the_last_pair_asked_for) {
  const Vector spectrum = values({5, 4, 3, 3, 3, 1});

  EXPECT_EQ(choose_eigenspaces(spectrum, 2).eigenspace, (Labels{0, 1}));
  EXPECT_EQ(choose_eigenspaces(spectrum, 4).eigenspace, (Labels{0, 1}));
  EXPECT_EQ(choose_eigenspaces(spectrum, 4).incomplete, 2);
  EXPECT_EQ(choose_eigenspaces(spectrum, 5).eigenspace, (Labels{0, 1, 2, 2, 2}));
  EXPECT_EQ(choose_eigenspaces(spectrum, 5).incomplete, 0);
}

TEST(Eigenspaces, reports_nothing_kept_when_the_first_is_too_large) {
  const EigenspaceChoice choice = choose_eigenspaces(values({1, 1, 1, 0.5}), 2);

  EXPECT_EQ(choice.count(), 0);
  EXPECT_EQ(choice.incomplete, 2);
  EXPECT_EQ(eigenspace_end(values({1, 1, 1, 0.5}), 0), 3);
}

TEST(Eigenspaces, drops_rounding_and_counts_it_among_those_asked_for) {
  const Vector spectrum = values({1, 1e-11, 1e-13, 1e-16, -1e-16, -1e-15});

  const EigenspaceChoice choice = choose_eigenspaces(spectrum, 5);

  EXPECT_EQ(choice.eigenspace, (Labels{0, 1}));
  EXPECT_EQ(choice.dropped, 3);
  EXPECT_EQ(choose_eigenspaces(spectrum, 100).dropped, 4);
  EXPECT_EQ(choose_eigenspaces(spectrum, 2).dropped, 0);
}

TEST(Eigenspaces, drops_an_eigenspace_whole_when_one_member_is_rounding) {
  const EigenspaceChoice choice = choose_eigenspaces(values({1, 1.00001e-12, 0.99999e-12}), 3);

  EXPECT_EQ(choice.eigenspace, (Labels{0}));
  EXPECT_EQ(choice.dropped, 2);
}

TEST(Eigenspaces, ranges_cover_the_kept_pairs_in_order) {
  const EigenspaceChoice choice = choose_eigenspaces(values({3, 2, 2, 1, 1, 1}), 6);

  EXPECT_EQ(choice.ranges(), (std::vector<IndexRange>{{0, 1}, {1, 3}, {3, 6}}));
}

}  // namespace
}  // namespace ntkflow
