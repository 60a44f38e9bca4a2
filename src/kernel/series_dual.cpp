#include "kernel/dual.hpp"
#include "kernel/hermite.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

// Row points whose sums run together, in registers.
constexpr Index lanes = 32;
static_assert(PairBlock::capacity % lanes == 0);
using Lanes = Eigen::Array<double, lanes, 1>;

// Where 1 - |rho| is below this, its rounding error would matter to a kink above.
constexpr double near_end = 1e-3;

// Coefficients (points x terms) in groups of points, lanes x (groups * terms): a term of a group is
// one column and its next term stands right behind. Lanes without a point hold zeros.
Matrix grouped(const Matrix& series) {
  const Index groups = (series.rows() + lanes - 1) / lanes;
  Matrix result = Matrix::Zero(lanes, groups * series.cols());
  for (Index g = 0; g < groups; ++g) {
    const Index count = std::min(lanes, series.rows() - g * lanes);
    result.block(0, g * series.cols(), count, series.cols()) = series.middleRows(g * lanes, count);
  }
  return result;
}

// The two series of one point, or from its first lane on of a whole group; terms are `lanes` apart.
struct Series {
  const double* value;
  const double* slope;
  Index terms;

  Series(const DualPoints& points, Index point) {
    const Index groups = (points.deviation.size() + lanes - 1) / lanes;
    terms = points.value_series.cols() / groups;
    const Index at = point / lanes * terms * lanes + point % lanes;
    value = points.value_series.data() + at;
    slope = points.slope_series.data() + at;
  }
};

// sum_j a_j a'_j rho^(2j) and sum_j b_j b'_j rho^(2j), for a group of row points.
struct Sums {
  Lanes value = Lanes::Zero();
  Lanes slope = Lanes::Zero();

  Sums(const Series& group, const Series& column, const Lanes& rho_squared, Index terms) {
    Lanes power = Lanes::Ones();
    for (Index at = 0; at < terms * lanes; at += lanes) {
      value += column.value[at] * Lanes::Map(group.value + at) * power;
      slope += column.slope[at] * Lanes::Map(group.slope + at) * power;
      power *= rho_squared;
    }
  }
};

// Terms beyond these change nothing where rho^2 is at most this.
Index terms_needed(const Lanes& rho_squared, Index terms) {
  const double largest = rho_squared.maxCoeff();
  if (!(largest < 1.0)) return terms;
  const double needed = std::log(1e-17) / std::log(largest);
  return needed < static_cast<double>(terms) ? static_cast<Index>(needed) + 1 : terms;
}

// s s' - E at |rho|, with s, s' the points' value deviations and x = 1 - |rho|: a sum of positive
// terms, (|a - a'|^2 - (s - s')^2)/2 + sum_k a_k a'_k (1 - |rho|^k).
double deficit(const Series& row, const Series& column, double x, double deviation_difference) {
  const double one_minus_square = x * (2.0 - x);
  double one_minus_power = x;
  double distance = 0.0;
  double sum = 0.0;
  for (Index at = 0; at < std::min(row.terms, column.terms) * lanes; at += lanes) {
    const double difference = row.value[at] - column.value[at];
    distance += difference * difference;
    sum += row.value[at] * column.value[at] * one_minus_power;
    one_minus_power += (1.0 - one_minus_power) * one_minus_square;
  }
  return 0.5 * (distance - deviation_difference * deviation_difference) + sum;
}

class SeriesDual final : public Dual {
 public:
  SeriesDual(const Activation& omega, Ends ends) : omega_(omega), ends_(ends) {}

  DualPoints prepare(const Vector& deviation) const override {
    const HermiteSeries series = hermite_series(omega_, deviation);
    return {deviation, series.value.rowwise().norm(), grouped(series.value), grouped(series.slope)};
  }

  void apply(const DualPoints& rows, const DualPoints& columns, PairBlock& pairs) const override {
    const Series column(columns, pairs.column);
    for (Index chunk = 0; chunk < pairs.count; chunk += lanes) {
      const Index count = std::min(lanes, pairs.count - chunk);
      const Series group(rows, pairs.first_row + chunk);
      Lanes rho_squared = 1.0 - pairs.near.segment<lanes>(chunk) * pairs.far.segment<lanes>(chunk);
      rho_squared.tail(lanes - count).setZero();
      const Index terms = terms_needed(rho_squared, std::min(group.terms, column.terms));
      const Sums sums(group, column, rho_squared, terms);

      pairs.slope.segment<lanes>(chunk) = sums.slope;
      Lanes gap = rounded_gaps(rows, columns, sums.value, chunk, pairs);
      if (ends_ == Ends::exact) refine_gaps(rows, columns, chunk, pairs, gap);
      set_correlations(gap, chunk, pairs);
    }
  }

 private:
  // 1 - |rho| of the values.
  static Lanes rounded_gaps(const DualPoints& rows, const DualPoints& columns, const Lanes& sum,
                            Index chunk, const PairBlock& pairs) {
    const double* row = rows.value_deviation.data() + pairs.first_row + chunk;
    const double column = columns.value_deviation[pairs.column];
    const double* near = pairs.near.data() + chunk;
    const double* far = pairs.far.data() + chunk;
    Lanes gap = Lanes::Ones();
    const Index count = std::min(lanes, pairs.count - chunk);
#pragma omp simd
    for (Index i = 0; i < count; ++i) {
      const double size = near[i] < far[i] ? 1.0 - near[i] : 1.0 - far[i];
      const double scale = row[i] * column;
      gap[i] = scale > 0.0 ? 1.0 - size * sum[i] / scale : 1.0;
    }
    return gap;
  }

  static void refine_gaps(const DualPoints& rows, const DualPoints& columns, Index chunk,
                          const PairBlock& pairs, Lanes& gap) {
    for (Index i = chunk; i < std::min(chunk + lanes, pairs.count); ++i) {
      const double x = std::min(pairs.near[i], pairs.far[i]);
      const double row = rows.value_deviation[pairs.first_row + i];
      const double column = columns.value_deviation[pairs.column];
      if (x < near_end && row * column > 0.0)
        gap[i - chunk] = deficit(Series(rows, pairs.first_row + i), Series(columns, pairs.column),
                                 x, row - column) /
                         (row * column);
    }
  }

  // An odd activation keeps the sign of rho.
  static void set_correlations(const Lanes& gap, Index chunk, PairBlock& pairs) {
    double* near = pairs.near.data() + chunk;
    double* far = pairs.far.data() + chunk;
#pragma omp simd
    for (Index i = 0; i < lanes; ++i) {
      const double small = gap[i];
      const double large = 2.0 - small;
      const double difference = far[i] - near[i];
      near[i] = difference > 0.0 ? small : large;
      far[i] = difference > 0.0 ? large : small;
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
