#include "kernel/layer_pass.hpp"

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

void set_values(const AlphaPoints& rows, const AlphaPoints& columns, const Segment& segment,
                const double* near, const double* far, double* value) {
  const double* row = rows.deviation.data() + segment.row;
  const double half = 0.5 * columns.deviation[segment.column];
#pragma omp simd
  for (Index i = 0; i < lanes; ++i) value[i] = row[i] * half * (far[i] - near[i]);
}

void PairState::resize(Index sites) {
  for (LaneMatrix* each : {&near, &far, &value, &tangent}) each->resize(lanes, sites);
}

struct LayerPass::Arguments {
  const LimitLayer& layer;
  const Neighbours* neighbours;
  const Sites& sites;
  const LayerPoints& rows;
  const LayerPoints& columns;
  const PairState& in;
  PairState& out;

  bool has_one_tap() const { return layer.taps.count() == 1; }
  const Segment& segment(Index site) const {
    return sites.segments[static_cast<std::size_t>(site)];
  }
  // T from the sums of A and B over the taps.
  Lanes tangent(const Lanes& value_sum, const Lanes& tangent_sum) const {
    const AffineLimit& affine = layer.affine;
    return affine.weights_tangent * affine.gain * value_sum + affine.bias_tangent +
           affine.gain * tangent_sum;
  }

  // The correlations at the entrance of the activation, and T of a line's sites.
  void enter_one_tap(Index line, LaneMatrix& tangents) const;
  void enter_taps(Index line, const LaneMatrix& value_rows, const LaneMatrix& tangent_rows,
                  LaneMatrix& tangents) const;
  void refine(Index line, Index column) const;
  // Past the activation.
  void leave(Index site, const double* slope, const double* tangent) const;
};

void LayerPass::Arguments::enter_one_tap(Index line, LaneMatrix& tangents) const {
  for (Index x = 0; x < sites.width; ++x) {
    const Index at = line * sites.width + x;
    out.near.col(at) = in.near.col(at);
    out.far.col(at) = in.far.col(at);
    if (layer.affine.bias_variance > 0.0)
      add_bias(layer.affine, rows, columns,
               {segment(at), out.near.col(at).data(), out.far.col(at).data()});
    tangents.col(x) = tangent(in.value.col(at), in.tangent.col(at));
  }
}

// A correlation is 0 where a deviation is.
void LayerPass::Arguments::enter_taps(Index line, const LaneMatrix& value_rows,
                                      const LaneMatrix& tangent_rows, LaneMatrix& tangents) const {
  const AffineLimit& affine = layer.affine;
  Lanes extreme = Lanes::Zero();
  for (Index x = 0; x < sites.width; ++x) {
    const Index at = line * sites.width + x;
    const Lanes value_sum = neighbours->sum_columns(value_rows, x);
    const Lanes rho = (affine.gain * value_sum + affine.bias_variance) *
                      Lanes::Map(rows.inverse.data() + segment(at).row) *
                      columns.inverse[segment(at).column];
    Lanes::Map(out.near.col(at).data()) = 1.0 - rho;
    Lanes::Map(out.far.col(at).data()) = 1.0 + rho;
    Lanes::Map(tangents.col(x).data()) =
        tangent(value_sum, neighbours->sum_columns(tangent_rows, x));
    extreme = extreme.max(rho.abs());
  }
  if (layer.dual.ends != Ends::exact || extreme.maxCoeff() <= 1.0 - rounded_end) return;
  for (Index x = 0; x < sites.width; ++x) {
    const Index at = line * sites.width + x;
    if (out.near.col(at).cwiseMin(out.far.col(at)).minCoeff() < rounded_end) refine(line, x);
  }
}

// Correlations near to an end again, from small numbers.
void LayerPass::Arguments::refine(Index line, Index column) const {
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

void LayerPass::Arguments::leave(Index site, const double* slope, const double* tangent) const {
  double *near = out.near.col(site).data(), *far = out.far.col(site).data();
  Lanes::Map(out.tangent.col(site).data()) = Lanes::Map(slope) * Lanes::Map(tangent);
  if (layer.skip == Skip::identity) {
    add_skip(rows, columns, segment(site), in.near.col(site).data(), in.far.col(site).data(), near,
             far);
    out.tangent.col(site) += in.tangent.col(site);
  }
  set_values(rows.above, columns.above, segment(site), near, far, out.value.col(site).data());
}

void LayerPass::run(const LimitLayer& layer, const Neighbours* neighbours, const Sites& sites,
                    const LayerPoints& rows, const LayerPoints& columns, const PairState& in,
                    PairState& out) {
  for (LaneMatrix* each : {&tangent_, &slope_}) each->resize(lanes, sites.width);
  const Arguments arguments{layer, neighbours, sites, rows, columns, in, out};
  for (Index line = 0; line < sites.lines; ++line) run_line(arguments, line);
}

void LayerPass::run_line(const Arguments& a, Index line) {
  const Index first = line * a.sites.width, width = a.sites.width;
  if (a.has_one_tap()) {
    a.enter_one_tap(line, tangent_);
  } else {
    a.neighbours->sum_rows(a.in.value, line, value_rows_);
    a.neighbours->sum_rows(a.in.tangent, line, tangent_rows_);
    a.enter_taps(line, value_rows_, tangent_rows_, tangent_);
  }
  const auto segments =
      a.sites.segments.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(width));
  a.layer.dual.dual->apply(
      a.rows.dual, a.columns.dual,
      {segments, a.out.near.col(first).data(), a.out.far.col(first).data(), slope_.data()});
  for (Index x = 0; x < width; ++x)
    a.leave(first + x, slope_.col(x).data(), tangent_.col(x).data());
}

}  // namespace ntkflow
