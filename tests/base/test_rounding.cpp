#include "ntkflow/base/rounding.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ntkflow {
namespace {

TEST(RoundForDecision, forgets_the_last_bits_and_keeps_the_first_twenty) {
  for (double value : {1.0, 1e-200, -3.7e5, 0.1}) {
    const double rounded = round_for_decision(value);

    EXPECT_EQ(rounded, round_for_decision(value * (1 + 1e-14)));
    EXPECT_LE(std::abs(rounded - value), std::abs(value) * 0x1p-20);
    EXPECT_NE(rounded, round_for_decision(value * (1 + 0x1p-18)));
  }
}

TEST(RoundForDecision, leaves_special_values_alone) {
  EXPECT_EQ(round_for_decision(0.0), 0.0);
  EXPECT_TRUE(std::isnan(round_for_decision(std::nan(""))));
  EXPECT_TRUE(std::isinf(round_for_decision(std::numeric_limits<double>::infinity())));
}

}  // namespace
}  // namespace ntkflow
