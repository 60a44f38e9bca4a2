#include "kernel/dual.hpp"
#include "kernel/hermite.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

// Coefficients (points x terms) in groups of points, lanes x (groups * terms): a term of a group is
// one column and its next term stands right behind. Lanes without a point hold zeros.
Matrix grouped(const Matrix& series) {
  const Index groups = groups_of(series.rows());
  Matrix result = Matrix::Zero(lanes, groups * series.cols());
  for (Index g = 0; g < groups; ++g) {
    const Index count = std::min(lanes, series.rows() - g * lanes);
    result.block(0, g * series.cols(), count, series.cols()) = series.middleRows(g * lanes, count);
  }
  return result;
}

ParitySeries grouped(const ParitySeries& series) {
  return {grouped(series[0]), grouped(series[1])};
}

// One part of a value's and of a slope's series, at one point or from its first lane on of a whole
// group; terms are `lanes` apart. Both have equally many, or one has none.
struct Coefficients {
  const double* value = nullptr;
  const double* slope = nullptr;
  Index value_terms = 0;
  Index slope_terms = 0;

  Coefficients(const Matrix& value_part, const Matrix& slope_part, Index groups, Index point)
      : value_terms(value_part.cols() / groups), slope_terms(slope_part.cols() / groups) {
    value = value_part.data() + point / lanes * value_terms * lanes + point % lanes;
    slope = slope_part.data() + point / lanes * slope_terms * lanes + point % lanes;
  }
};

// Terms beyond these change nothing where rho^2 is at most this.
Index terms_needed(double largest_rho_squared, Index terms) {
  if (!(largest_rho_squared < 1.0)) return terms;
  const double needed = std::log(1e-17) / std::log(largest_rho_squared);
  return needed < static_cast<double>(terms) ? static_cast<Index>(needed) + 1 : terms;
}

// sum_j a_j a'_j rho^(2j) and sum_j b_j b'_j rho^(2j) of one part, for a group of row points.
struct Sums {
  Lanes value = Lanes::Zero();
  Lanes slope = Lanes::Zero();

  Sums(const Coefficients& group, const Coefficients& column, const Lanes& rho_squared) {
    const Index values = std::min(group.value_terms, column.value_terms);
    const Index slopes = std::min(group.slope_terms, column.slope_terms);
    const Index needed = terms_needed(rho_squared.maxCoeff(), std::max(values, slopes)) * lanes;
    if (values > 0 && slopes > 0)
      add_both(group, column, rho_squared, std::min({values * lanes, slopes * lanes, needed}));
    else if (values > 0)
      add(group.value, column.value, rho_squared, std::min(values * lanes, needed), value);
    else
      add(group.slope, column.slope, rho_squared, std::min(slopes * lanes, needed), slope);
  }

 private:
  void add_both(const Coefficients& group, const Coefficients& column, const Lanes& rho_squared,
                Index end) {
    Lanes power = Lanes::Ones(), values = value, slopes = slope;
    for (Index at = 0; at < end; at += lanes) {
      values += column.value[at] * Lanes::Map(group.value + at) * power;
      slopes += column.slope[at] * Lanes::Map(group.slope + at) * power;
      power *= rho_squared;
    }
    value = values;
    slope = slopes;
  }

  static void add(const double* group, const double* column, const Lanes& rho_squared, Index end,
                  Lanes& sum) {
    Lanes power = Lanes::Ones();
    for (Index at = 0; at < end; at += lanes) {
      sum += column[at] * Lanes::Map(group + at) * power;
      power *= rho_squared;
    }
  }
};

// The two parts of the value's series of one point, for its moment with a nearly equal one.
struct ValueSeries {
  const double* parts[2];
  Index terms[2];

  ValueSeries(const DualPoints& points, Index point) {
    const Index groups = groups_of(points.deviation.size());
    for (std::size_t r = 0; r < 2; ++r) {
      terms[r] = points.value_series[r].cols() / groups;
      parts[r] = points.value_series[r].data() + point / lanes * terms[r] * lanes + point % lanes;
    }
  }
};

// s s' - E at rho = 1 - x, with s, s' the points' value deviations: a sum of small terms,
// (|a - a'|^2 - (s - s')^2)/2 + sum_k a_k a'_k (1 - rho^k).
double deficit(const ValueSeries& row, const ValueSeries& column, double x,
               double deviation_difference) {
  const double one_minus_square = x * (2.0 - x);
  double distance = 0.0;
  double sum = 0.0;
  for (std::size_t r = 0; r < 2; ++r) {
    double one_minus_power = r == 0 ? 0.0 : x;
    for (Index at = 0; at < std::min(row.terms[r], column.terms[r]) * lanes; at += lanes) {
      const double a = row.parts[r][at], b = column.parts[r][at];
      distance += (a - b) * (a - b);
      sum += a * b * one_minus_power;
      one_minus_power += (1.0 - one_minus_power) * one_minus_square;
    }
  }
  return 0.5 * (distance - deviation_difference * deviation_difference) + sum;
}

class SeriesDual final : public Dual {
 public:
  SeriesDual(const Activation& omega, Ends ends) : omega_(omega), ends_(ends) {}

  DualPoints prepare(const Vector& deviation) const override {
    const HermiteSeries series = hermite_series(omega_, deviation);
    Vector squares = Vector::Zero(deviation.size());
    for (const Matrix& part : series.value)
      if (part.size() > 0) squares += part.rowwise().squaredNorm();
    const Matrix& even = series.value[0];
    Vector mean = even.size() > 0 ? Vector(even.col(0)) : Vector::Zero(deviation.size());
    return {deviation, squares.cwiseSqrt(), std::move(mean), grouped(series.value),
            grouped(series.slope)};
  }

  void apply(const DualPoints& rows, const DualPoints& columns,
             const PairRun& pairs) const override {
    Index at = 0;
    for (const Segment& segment : pairs.segments) {
      const PairRun one = {{&segment, 1}, pairs.near + at, pairs.far + at, pairs.slope + at};
      apply_to(rows, columns, one);
      at += lanes;
    }
  }

 private:
  void apply_to(const DualPoints& rows, const DualPoints& columns, const PairRun& one) const {
    const Parity parity = omega_.parity();
    const Segment& segment = one.segments[0];
    const Lanes near = Lanes::Map(one.near), far = Lanes::Map(one.far);
    const Lanes rho = (near < far).select(1.0 - near, far - 1.0);
    const Lanes rho_squared = 1.0 - near * far;
    Lanes value = Lanes::Zero(), slope = Lanes::Zero();
    for (std::size_t r = 0; r < 2; ++r) {
      if (parity == (r == 0 ? Parity::odd : Parity::even)) continue;
      const std::size_t of_slope = parity == Parity::none ? r : 1 - r;
      const Matrix &row_value = rows.value_series[r], &row_slope = rows.slope_series[of_slope];
      const Matrix& value_part = columns.value_series[r];
      const Matrix& slope_part = columns.slope_series[of_slope];
      const Sums sums(
          Coefficients(row_value, row_slope, groups_of(rows.deviation.size()), segment.row),
          Coefficients(value_part, slope_part, groups_of(columns.deviation.size()), segment.column),
          rho_squared);
      value += r == 0 ? sums.value : Lanes(rho * sums.value);
      slope += of_slope == 0 ? sums.slope : Lanes(rho * sums.slope);
    }
    Lanes::Map(one.slope) = slope;
    set_correlations(rows, columns, value, one);
    if (ends_ == Ends::exact) refine(rows, columns, parity, near, far, one);
  }

  static void set_correlations(const DualPoints& rows, const DualPoints& columns,
                               const Lanes& value, const PairRun& one) {
    const Segment& segment = one.segments[0];
    const Lanes scale = Lanes::Map(rows.value_deviation.data() + segment.row) *
                        columns.value_deviation[segment.column];
    const Lanes rho = (scale > 0.0).select(value / scale, 0.0);
    Lanes::Map(one.near) = 1.0 - rho;
    Lanes::Map(one.far) = 1.0 + rho;
  }

  // Near equal points, and for an odd or even activation near opposite ones, from small terms.
  static void refine(const DualPoints& rows, const DualPoints& columns, Parity parity,
                     const Lanes& near, const Lanes& far, const PairRun& one) {
    const Segment& segment = one.segments[0];
    const double column = columns.value_deviation[segment.column];
    for (Index i = 0; i < lanes; ++i) {
      const bool close = near[i] < far[i];
      const double x = close ? near[i] : far[i];
      const double row = rows.value_deviation[segment.row + i];
      if (x >= near_end || row * column == 0.0 || (!close && parity == Parity::none)) continue;
      const double sum = deficit(ValueSeries(rows, segment.row + i),
                                 ValueSeries(columns, segment.column), x, row - column);
      const double gap = std::max(sum, 0.0) / (row * column);
      const bool stays_close = close || parity == Parity::even;
      one.near[i] = stays_close ? gap : 2.0 - gap;
      one.far[i] = stays_close ? 2.0 - gap : gap;
    }
  }

  const Activation& omega_;
  Ends ends_;
};

}  // namespace

std::unique_ptr<Dual> make_series_dual(const Activation& smooth, Ends ends) {
  return std::make_unique<SeriesDual>(smooth, ends);
}

}  // namespace ntkflow
