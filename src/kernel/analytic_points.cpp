#include "kernel/analytic_points.hpp"

#include "kernel/pair_chain.hpp"
#include "ntkflow/base/error.hpp"

#include <cmath>

namespace ntkflow {
namespace {

// Squares of numbers that stand as point_number() says, as a matrix lanes x (groups * positions).
LaneMatrix squares(const Vector& v) {
  return v.cwiseAbs2().reshaped(lanes, v.size() / lanes);
}

// q at the entrance of a layer's activation.
Vector deviations_at(const LimitLayer& layer, const Lattice& lattice, const Vector& below) {
  const LaneMatrix second_moments = squares(below);
  LaneMatrix sums = second_moments;
  if (layer.taps.count() > 1) {
    const PairNeighbours neighbours(lattice, layer, {});
    LaneMatrix scratch, line;
    for (Index g = 0; g < sums.cols() / lattice.count(); ++g) {
      const LaneMatrix group = second_moments.middleCols(g * lattice.count(), lattice.count());
      for (Index y = 0; y < lattice.rows; ++y) {
        neighbours.sum(group, y, scratch, line);
        sums.middleCols(g * lattice.count() + y * lattice.columns, lattice.columns) = line;
      }
    }
  }
  return (layer.affine.gain * sums.array() + layer.affine.bias_variance).sqrt().reshaped();
}

AlphaPoints above(const LimitLayer& layer, const AlphaPoints& below, const DualPoints& dual) {
  if (layer.skip == Skip::none)
    return {dual.value_deviation, below.mean.size() > 0 ? dual.mean : Vector()};
  const auto cross = 2.0 * dual.mean.array() * below.mean.array();
  return {(below.deviation.array().square() + dual.value_deviation.array().square() + cross).sqrt(),
          below.mean + dual.mean};
}

void pass_layers(const Level& level, LevelPoints& points) {
  for (const LimitLayer& layer : level.layers) {
    const AlphaPoints& below = points.alphas.back();
    const Vector deviation = deviations_at(layer, level.lattice, below.deviation);
    points.duals.push_back(layer.dual.dual->prepare(deviation));
    points.inverses.push_back(
        deviation.unaryExpr([](double d) { return d > 0.0 ? 1.0 / d : 0.0; }));
    points.alphas.push_back(above(layer, below, points.duals.back()));
  }
}

// Means over the positions of each point.
Vector flat_means(const Vector& v, Index positions) {
  Vector means(v.size() / positions);
  for (Index g = 0; g < means.size() / lanes; ++g)
    means.segment(g * lanes, lanes) = v.segment(g * lanes * positions, lanes * positions)
                                          .reshaped(lanes, positions)
                                          .rowwise()
                                          .mean();
  return means;
}

AlphaPoints flattened(const AlphaPoints& below, Index positions) {
  return {flat_means(below.deviation.cwiseAbs2(), positions).cwiseSqrt(),
          below.mean.size() > 0 ? flat_means(below.mean, positions) : Vector()};
}

// Means over the windows of each point: `windows` lists the positions of each.
Vector window_means(const Vector& v, const std::vector<IndexList>& windows, Index fine) {
  const Index groups = v.size() / (fine * lanes), coarse = count_of(windows);
  Matrix means = Matrix::Zero(lanes, groups * coarse);
  for (Index g = 0; g < groups; ++g)
    for (Index p = 0; p < coarse; ++p)
      for (const Index q : windows[static_cast<std::size_t>(p)])
        means.col(g * coarse + p) += v.segment((g * fine + q) * lanes, lanes);
  return means.reshaped() / static_cast<double>(windows.front().size());
}

// The second moment of a mean over a window is one over pairs of positions: that of the kernel of a
// point with itself.
AlphaPoints pooled(const LimitNetwork& network, std::size_t level, const AnalyticPoints& points) {
  const DisplacementPlan plan(network, level, {});
  PairChain chain(network, points, points);
  const Index positions = network.levels[level].lattice.count();
  AlphaPoints result;
  result.deviation.setZero(points.groups() * positions * lanes);
  for (Index x = 0; x < points.points; ++x) {
    const LaneMatrix& value = chain.pooled_value(plan, level, x / lanes, x);
    for (Index p = 0; p < positions; ++p)
      result.deviation[point_number(x, p, positions)] = std::sqrt(value(x % lanes, p));
  }
  const Vector& mean = points.levels[level - 1].alphas.back().mean;
  if (mean.size() > 0)
    result.mean =
        window_means(mean, plan.whole_windows(), network.levels[level - 1].lattice.count());
  return result;
}

void pass_levels(const LimitNetwork& network, const AnalyticPoints& points) {
  pass_layers(network.input(), points.levels.front());
  for (std::size_t k = 1; k < network.levels.size(); ++k) {
    AlphaPoints start =
        network.levels[k].start == LevelStart::flatten
            ? flattened(points.levels[k - 1].alphas.back(), network.levels[k - 1].lattice.count())
            : pooled(network, k, points);
    points.levels.emplace_back().alphas.push_back(std::move(start));
    pass_layers(network.levels[k], points.levels.back());
  }
}

// One norm for all, up to the rounding of a norm.
std::optional<double> common_norm(const Vector& norms) {
  if (norms.size() == 0 || norms.maxCoeff() - norms.minCoeff() > 1e-15 * norms.maxCoeff())
    return std::nullopt;
  return norms[0];
}

Index numbers_of(const AlphaPoints& alpha) {
  return alpha.deviation.size() + alpha.mean.size();
}

Index numbers_of(const DualPoints& dual) {
  Index numbers = dual.deviation.size() + dual.value_deviation.size() + dual.mean.size();
  for (const ParitySeries* series : {&dual.value_series, &dual.slope_series})
    for (const Matrix& part : *series) numbers += part.size();
  return numbers;
}

void start(const LimitNetwork& network, Vector deviation, AnalyticPoints& points) {
  Vector mean = network.has_skips ? Vector(Vector::Zero(deviation.size())) : Vector();
  points.levels.emplace_back().alphas.push_back({std::move(deviation), std::move(mean)});
}

// Sets the unit vectors; returns sqrt(A(x, x)).
Vector arrange_vectors(const Matrix& x, AnalyticPoints& points) {
  const Vector norms = x.colwise().norm();
  points.norms = norms;
  points.common_norm = common_norm(norms);
  const Vector inverse = (norms.array() > 0.0).select(norms.cwiseInverse(), 0.0);
  points.unit = x * inverse.asDiagonal();
  Vector deviation = Vector::Zero(points.groups() * lanes);
  deviation.head(points.points) = norms / std::sqrt(static_cast<double>(x.rows()));
  return deviation;
}

Vector arrange_grids(const Matrix& x, Index channels, AnalyticPoints& points) {
  const Index positions = x.rows() / channels;
  points.unit.setZero(lanes, points.groups() * positions * channels);
  Vector deviation = Vector::Zero(points.groups() * positions * lanes);
  for (Index j = 0; j < points.points; ++j)
    for (Index p = 0; p < positions; ++p) {
      const auto at_position = x.col(j).segment(p * channels, channels);
      const double norm = at_position.norm();
      if (norm == 0.0) continue;
      const Index number = point_number(j, p, positions);
      deviation[number] = norm / std::sqrt(static_cast<double>(channels));
      points.unit.row(j % lanes).segment(number / lanes * channels, channels) =
          at_position.transpose() / norm;
    }
  return deviation;
}

}  // namespace

void AnalyticPoints::complete(const LimitNetwork& network) const {
  std::call_once(completed_, [&] { pass_levels(network, *this); });
}

std::unique_ptr<AnalyticPoints> AnalyticPoints::completed_part(const LimitNetwork& network,
                                                               IndexRange range) const {
  NTKFLOW_EXPECTS(!network.on_vectors && range.last <= groups());
  const Index positions = network.input().lattice.count();
  const Index columns = positions * network.input_channels;
  auto part = std::make_unique<AnalyticPoints>();
  part->points = std::min(points - range.first * lanes, range.count() * lanes);
  part->unit = unit.middleCols(range.first * columns, range.count() * columns);
  start(network,
        levels.front().alphas.front().deviation.segment(range.first * positions * lanes,
                                                        range.count() * positions * lanes),
        *part);
  part->complete(network);
  return part;
}

Index AnalyticPoints::numbers() const {
  Index sum = 0;
  for (const LevelPoints& level : levels) {
    for (const AlphaPoints& alpha : level.alphas) sum += numbers_of(alpha);
    for (const DualPoints& dual : level.duals) sum += numbers_of(dual);
    for (const Vector& inverse : level.inverses) sum += inverse.size();
  }
  return sum;
}

std::unique_ptr<AnalyticPoints> prepare_points(const LimitNetwork& network, const Matrix& x) {
  NTKFLOW_EXPECTS(x.rows() == network.input_size());
  auto points = std::make_unique<AnalyticPoints>();
  points->points = x.cols();
  Vector deviation = network.on_vectors ? arrange_vectors(x, *points)
                                        : arrange_grids(x, network.input_channels, *points);
  start(network, std::move(deviation), *points);
  return points;
}

std::unique_ptr<AnalyticPoints> prepare_norm(const LimitNetwork& network, double norm,
                                             Index count) {
  NTKFLOW_EXPECTS(network.on_vectors);
  auto points = std::make_unique<AnalyticPoints>();
  points->points = count;
  const double deviation = norm / std::sqrt(static_cast<double>(network.input_size()));
  start(network, Vector::Constant(groups_of(count) * lanes, deviation), *points);
  return points;
}

}  // namespace ntkflow
