#include "kernel/dual.hpp"
#include "kernel/hermite.hpp"

#include "ntkflow/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace ntkflow {
namespace {

// Pairs whose sums run together, in registers.
constexpr Index lanes = 32;
static_assert(PairBlock::capacity % lanes == 0);
using Lanes = std::array<double, lanes>;

// Where 1 - |rho| is below this, its rounding error would matter to a kink above.
constexpr double near_end = 1e-3;

Matrix padded(const Matrix& series) {
  Matrix result = Matrix::Zero((series.rows() + lanes - 1) / lanes * lanes, series.cols());
  result.topRows(series.rows()) = series;
  return result;
}

// The coefficients of one pair's or one chunk's two sums.
struct Coefficients {
  const double* row_value;
  const double* row_slope;
  Index stride;  ///< between a row point's coefficients
  const Vector& value;
  const Vector& slope;

  Coefficients of_row(Index i) const {
    return {row_value + i, row_slope + i, stride, value, slope};
  }
};

struct Sums {
  Lanes value{}, slope{};
};

// value = sum_j a_j a'_j rho^(2j), slope = sum_j b_j b'_j rho^(2j).
Sums sum_series(Coefficients c, Index terms, const Lanes& rho_squared) {
  Sums sums;
  Lanes power;
  power.fill(1.0);
  for (Index j = 0; j < terms; ++j, c.row_value += c.stride, c.row_slope += c.stride) {
    const double value = c.value[j];
    const double slope = c.slope[j];
#pragma omp simd
    for (std::size_t i = 0; i < lanes; ++i) {
      sums.value[i] += value * c.row_value[i] * power[i];
      sums.slope[i] += slope * c.row_slope[i] * power[i];
      power[i] *= rho_squared[i];
    }
  }
  return sums;
}

// Terms beyond these change nothing where rho^2 is at most this.
Index terms_needed(Index terms, const Lanes& rho_squared) {
  const double largest = *std::max_element(rho_squared.begin(), rho_squared.end());
  if (!(largest < 1.0)) return terms;
  const double needed = std::log(1e-17) / std::log(largest);
  return needed < static_cast<double>(terms) ? static_cast<Index>(needed) + 1 : terms;
}

// s s' - E at |rho|, with s, s' the points' value deviations and x = 1 - |rho|; a sum of positive
// terms, (|a - a'|^2 - (s - s')^2)/2 + sum_k a_k a'_k (1 - |rho|^k).
double deficit(Coefficients c, double x, double deviation_difference) {
  const double one_minus_square = x * (2.0 - x);
  double one_minus_power = x;
  double distance = 0.0;
  double sum = 0.0;
  for (Index j = 0; j < c.value.size(); ++j, c.row_value += c.stride) {
    const double difference = *c.row_value - c.value[j];
    distance += difference * difference;
    sum += *c.row_value * c.value[j] * one_minus_power;
    one_minus_power += (1.0 - one_minus_power) * one_minus_square;
  }
  return 0.5 * (distance - deviation_difference * deviation_difference) + sum;
}

class SeriesDual final : public Dual {
 public:
  SeriesDual(const Activation& omega, Ends ends) : omega_(omega), ends_(ends) {}

  DualPoints prepare(const Vector& deviation) const override {
    const HermiteSeries series = hermite_series(omega_, deviation);
    return {deviation, series.value.rowwise().norm(), padded(series.value), padded(series.slope)};
  }

  void apply(const DualPoints& rows, const DualPoints& columns, PairBlock& pairs) const override {
    const Index terms = std::min(rows.value_series.cols(), columns.value_series.cols());
    const Vector value = columns.value_series.row(pairs.column).head(terms);
    const Vector slope = columns.slope_series.row(pairs.column).head(terms);
    const double column_deviation = columns.value_deviation[pairs.column];
    for (Index chunk = 0; chunk < pairs.count; chunk += lanes) {
      const Index row = pairs.first_row + chunk;
      const Coefficients c = {rows.value_series.data() + row, rows.slope_series.data() + row,
                              rows.value_series.rows(), value, slope};
      apply_chunk(c, rows.value_deviation.data() + row, column_deviation, chunk, pairs);
    }
  }

 private:
  void apply_chunk(const Coefficients& c, const double* row_deviation, double column_deviation,
                   Index chunk, PairBlock& pairs) const {
    double* const near = pairs.near.data() + chunk;
    double* const far = pairs.far.data() + chunk;
    const Index count = std::min(lanes, pairs.count - chunk);
    Lanes rho_squared{};
    for (Index i = 0; i < count; ++i)
      rho_squared[static_cast<std::size_t>(i)] = 1.0 - near[i] * far[i];
    const Sums sums = sum_series(c, terms_needed(c.value.size(), rho_squared), rho_squared);

    for (Index i = 0; i < count; ++i) {
      const auto lane = static_cast<std::size_t>(i);
      const double x = std::min(near[i], far[i]);
      const double scale = row_deviation[i] * column_deviation;
      double gap = 1.0;  // 1 - |rho| of the values
      if (ends_ == Ends::exact && x < near_end && scale > 0.0)
        gap = deficit(c.of_row(i), x, row_deviation[i] - column_deviation) / scale;
      else if (scale > 0.0)
        gap = 1.0 - (1.0 - x) * sums.value[lane] / scale;
      // An odd activation keeps the sign of rho.
      std::tie(near[i], far[i]) =
          near[i] < far[i] ? std::pair(gap, 2.0 - gap) : std::pair(2.0 - gap, gap);
      pairs.slope[static_cast<std::size_t>(chunk + i)] = sums.slope[lane];
    }
  }

  const Activation& omega_;
  Ends ends_;
};

}  // namespace

std::unique_ptr<Dual> make_series_dual(const Activation& odd_activation, Ends ends) {
  return std::make_unique<SeriesDual>(odd_activation, ends);
}

}  // namespace ntkflow
