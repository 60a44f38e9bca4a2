#include "kernel/pair_pass.hpp"

#include "kernel/tap_sums.hpp"

#include <cmath>

namespace ntkflow {
namespace {

// One segment of pairs, from its first lane on, and its points' numbers.
struct Site {
  Segment segment;
  double* near;
  double* far;
};

// The correlations after adding one bias, a Gaussian of variance b, to both numbers of a pair.
// With n, n' the deviations before and m, m' after, all terms are positive:
//   1 - rho <- [b (n - n')^2 / (m m' + n n' + b) + n n' (1 - rho)] / (m m'),
//   1 + rho <- [b (n^2 + n'^2 + b) / (m m' + n n') + b + n n' (1 + rho)] / (m m').
void add_bias(const AffineLimit& affine, const LayerPoints& rows, const LayerPoints& columns,
              const Site& site) {
  const double b = affine.bias_variance, scale = std::sqrt(affine.gain);
  const double* row_before = rows.below.deviation.data() + site.segment.row;
  const double* row_after = rows.dual.deviation.data() + site.segment.row;
  const double before = scale * columns.below.deviation[site.segment.column];
  const double after = columns.dual.deviation[site.segment.column];
#pragma omp simd
  for (Index i = 0; i < lanes; ++i) {
    const double n = scale * row_before[i];
    const double nn = n * before;
    const double mm = row_after[i] * after;
    const double difference = n - before;
    site.near[i] = (b * difference * difference / (mm + nn + b) + nn * site.near[i]) / mm;
    site.far[i] = (b * (n * n + before * before + b) / (mm + nn) + b + nn * site.far[i]) / mm;
  }
}

// Where 1 - |rho| is below this, a kink wants it from small numbers: the rounding of the covariance
// would be 1e-14 of an angle here.
constexpr double rounded_end = 1e-4;

// After the activation, A_new = A + E + mu M' + M mu'. With a, e, N the deviations of A, E, A_new:
//   N N' (1 - rho) = a a' near_A + e e' near_E + (N N' - a a' - e e' - mu M' - M mu'),
// and the last bracket times (N N' + a a' + e e' + mu M' + M mu') is the sum of squares and
// products below, each of which vanishes for proportional points of a homogeneous network.
void add_skip(const LayerPoints& rows, const LayerPoints& columns, const Segment& segment,
              const double* in_near, const double* in_far, double* near, double* far) {
  const auto row = [&](const Vector& v) { return v.data() + segment.row; };
  const double *a = row(rows.below.deviation), *e = row(rows.dual.value_deviation);
  const double *mu = row(rows.dual.mean), *m = row(rows.below.mean), *n = row(rows.above.deviation);
  const double b = columns.below.deviation[segment.column];
  const double f = columns.dual.value_deviation[segment.column];
  const double nu = columns.dual.mean[segment.column], k = columns.below.mean[segment.column];
  const double column = columns.above.deviation[segment.column];
#pragma omp simd
  for (Index i = 0; i < lanes; ++i) {
    const double scale = n[i] * column;
    const double cross = mu[i] * k + m[i] * nu;
    const double turned = a[i] * f - e[i] * b;
    const double lower = (a[i] * nu - b * mu[i]) * (a[i] * k - b * m[i]);
    const double upper = (e[i] * nu - f * mu[i]) * (e[i] * k - f * m[i]);
    const double means = mu[i] * k - m[i] * nu;
    const double plain = a[i] * b + e[i] * f;
    const double gap =
        (turned * turned + 2.0 * (lower + upper) - means * means) / (scale + plain + cross);
    const double inverse = scale > 0.0 ? 1.0 / scale : 0.0;
    const double sum = gap + a[i] * b * in_near[i] + e[i] * f * near[i];
    const double positive = sum > 0.0 ? sum : 0.0;  // the bracket is rounded where it vanishes
    const double new_near = scale > 0.0 ? positive * inverse : 1.0;
    const double opposite =
        (turned * turned / (scale + plain) + a[i] * b * in_far[i] + e[i] * f * far[i]) * inverse;
    far[i] = scale > 0.0 && cross == 0.0 ? opposite : 2.0 - new_near;
    near[i] = new_near;
  }
}

}  // namespace

void set_values(const AlphaPoints& rows, const AlphaPoints& columns,
                std::span<const Segment> segments, const double* near, const double* far,
                double* value) {
  const double *row_deviation = rows.deviation.data(), *column_deviation = columns.deviation.data();
  for (const Segment& segment : segments) {
    const double* row = row_deviation + segment.row;
    const double half = 0.5 * column_deviation[segment.column];
#pragma omp simd
    for (Index i = 0; i < lanes; ++i) value[i] = row[i] * half * (far[i] - near[i]);
    near += lanes, far += lanes, value += lanes;
  }
}

void PairState::resize(Index sites) {
  for (LaneMatrix* each : {&near, &far, &value, &tangent}) each->resize(lanes, sites);
}

struct PairPass::Arguments {
  const LimitLayer& layer;
  const PairNeighbours* neighbours;
  const Sites& sites;
  const LayerPoints& rows;
  const LayerPoints& columns;
  const PairState& in;
  PairState& out;

  bool has_one_tap() const { return layer.taps.count() == 1; }
  const Segment& segment(Index site) const {
    return sites.segments[static_cast<std::size_t>(site)];
  }

  std::span<const Segment> segments(Index line) const {
    const auto width = static_cast<std::size_t>(sites.width);
    return sites.segments.subspan(static_cast<std::size_t>(line) * width, width);
  }

  // The correlations at the entrance of the activation, and T of a line's sites: of one tap from
  // the state below, of several from their sums, those of B in `tangents`.
  void enter_one_tap(Index line, LaneMatrix& tangents) const;
  void enter_taps(Index line, const LaneMatrix& value_sums, LaneMatrix& tangents) const;
  void refine(Index line, Index column) const;
  // Past the activation.
  void leave(Index line, const LaneMatrix& slopes, const LaneMatrix& tangents) const;
};

void PairPass::Arguments::enter_one_tap(Index line, LaneMatrix& tangents) const {
  const AffineLimit& affine = layer.affine;
  for (Index x = 0; x < sites.width; ++x) {
    const Index at = line * sites.width + x;
    out.near.col(at) = in.near.col(at);
    out.far.col(at) = in.far.col(at);
    if (affine.bias_variance > 0.0)
      add_bias(affine, rows, columns,
               {segment(at), out.near.col(at).data(), out.far.col(at).data()});
    tangents.col(x).array() = affine.weights_tangent * affine.gain * in.value.col(at).array() +
                              affine.bias_tangent + affine.gain * in.tangent.col(at).array();
  }
}

// A correlation is 0 where a deviation is. What is known to be 1 needs no refinement.
void PairPass::Arguments::enter_taps(Index line, const LaneMatrix& value_sums,
                                     LaneMatrix& tangents) const {
  const AffineLimit affine = layer.affine;
  const double weights = affine.weights_tangent * affine.gain;
  const Index first = line * sites.width;
  const double *row_inverse = rows.inverse.data(), *column_inverse = columns.inverse.data();
  const Lanes equal = sites.equal;
  const double* value = value_sums.data();
  double *near = out.near.col(first).data(), *far = out.far.col(first).data();
  double* tangent = tangents.data();
  double extreme = 0.0;
  for (const Segment& segment : segments(line)) {
    const double* inverse = row_inverse + segment.row;
    const double column = column_inverse[segment.column];
#pragma omp simd reduction(max : extreme)
    for (Index i = 0; i < lanes; ++i) {
      const double rho = (affine.gain * value[i] + affine.bias_variance) * (inverse[i] * column);
      const bool is_one = rho * equal[i] > 0.5;  // 1 but for rounding, or a deviation is 0
      const double size = is_one ? 0.0 : std::abs(rho);
      near[i] = is_one ? 0.0 : 1.0 - rho;
      far[i] = 1.0 + rho;
      tangent[i] = weights * value[i] + affine.bias_tangent + affine.gain * tangent[i];
      extreme = extreme > size ? extreme : size;
    }
    value += lanes, near += lanes, far += lanes, tangent += lanes;
  }
  if (layer.dual.ends != Ends::exact || extreme <= 1.0 - rounded_end) return;
  for (Index x = 0; x < sites.width; ++x) {
    const Lanes end = out.near.col(first + x).cwiseMin(out.far.col(first + x));
    const bool is_rounded = (end < rounded_end && equal == 0.0).any();
    if (is_rounded) refine(line, x);
  }
}

// Correlations near to an end again, from small numbers.
void PairPass::Arguments::refine(Index line, Index column) const {
  const Index at = line * sites.width + column;
  const AlphaPoints &row_below = rows.below, &column_below = columns.below;
  TapSums sums(rows.dual.deviation.data() + segment(at).row,
               columns.dual.deviation[segment(at).column], layer.affine.gain);
  for (const Index y : neighbours->rows_of(line))
    for (const Index x : neighbours->columns_of(column)) {
      const Index tap = y * sites.width + x;
      sums.add(row_below.deviation.data() + segment(tap).row,
               column_below.deviation[segment(tap).column], in.near.col(tap).data(),
               in.far.col(tap).data());
    }
  sums.add_common(std::sqrt(layer.affine.bias_variance / layer.affine.gain));
  auto near = out.near.col(at).array(), far = out.far.col(at).array();
  const Eigen::Array<bool, lanes, 1> at_end = near.min(far) < rounded_end;
  near = at_end.select(sums.near(), near);
  far = at_end.select(sums.far(), far);
}

void PairPass::Arguments::leave(Index line, const LaneMatrix& slopes,
                                const LaneMatrix& tangents) const {
  const Index first = line * sites.width, count = sites.width * lanes;
  const double *slope = slopes.data(), *tangent = tangents.data();
  double* above = out.tangent.col(first).data();
#pragma omp simd
  for (Index i = 0; i < count; ++i) above[i] = slope[i] * tangent[i];
  if (layer.skip == Skip::identity) {
    out.tangent.middleCols(first, sites.width) += in.tangent.middleCols(first, sites.width);
    for (Index at = first; at < first + sites.width; ++at)
      add_skip(rows, columns, segment(at), in.near.col(at).data(), in.far.col(at).data(),
               out.near.col(at).data(), out.far.col(at).data());
  }
  set_values(rows.above, columns.above, segments(line), out.near.col(first).data(),
             out.far.col(first).data(), out.value.col(first).data());
}

void PairPass::run(const LimitLayer& layer, const PairNeighbours* neighbours, const Sites& sites,
                   const LayerPoints& rows, const LayerPoints& columns, const PairState& in,
                   PairState& out) {
  for (LaneMatrix* each : {&tangent_, &slope_}) each->resize(lanes, sites.width);
  const Arguments arguments{layer, neighbours, sites, rows, columns, in, out};
  for (Index line = 0; line < sites.lines; ++line) run_line(arguments, line);
}

void PairPass::run_line(const Arguments& a, Index line) {
  const Index first = line * a.sites.width;
  if (a.has_one_tap()) {
    a.enter_one_tap(line, tangent_);
  } else {
    a.neighbours->sum(a.in.value, line, scratch_, value_sum_);
    a.neighbours->sum(a.in.tangent, line, scratch_, tangent_);
    a.enter_taps(line, value_sum_, tangent_);
  }
  a.layer.dual.dual->apply(
      a.rows.dual, a.columns.dual,
      {a.segments(line), a.out.near.col(first).data(), a.out.far.col(first).data(), slope_.data()});
  a.leave(line, slope_, tangent_);
}

}  // namespace ntkflow
