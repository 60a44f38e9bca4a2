#include "kernel/pair_chain.hpp"

#include "kernel/tap_sums.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

// Pooled pairs whose correlation is within this of an end are taken to be there: the rounding of a
// mean over many pairs of positions, which a kink above would make 1e-8 of.
constexpr double pooled_end = 1e-14;

// 1 - rho and 1 + rho of unit vectors from their cosines, and near the ends from their difference or
// sum. Shape: u lanes x channels, v one lane of the same.
void set_input_correlations(const double* u, const double* v, Index channels, double* near,
                            double* far) {
  Lanes cosine = Lanes::Zero();
  for (Index c = 0; c < channels; ++c) cosine += Lanes::Map(u + c * lanes) * v[c * lanes];
  Lanes::Map(near) = 1.0 - cosine;
  Lanes::Map(far) = 1.0 + cosine;
  // With one channel the cosines are exact.
  if (channels == 1 || cosine.abs().maxCoeff() < 1.0 - near_end) return;
  Lanes difference = Lanes::Zero(), sum = Lanes::Zero();
  for (Index c = 0; c < channels; ++c) {
    difference += (Lanes::Map(u + c * lanes) - v[c * lanes]).square();
    sum += (Lanes::Map(u + c * lanes) + v[c * lanes]).square();
  }
  // A zero vector has no end near to it.
  for (Index i = 0; i < lanes; ++i) {
    if (near[i] < near_end) near[i] = 0.5 * difference[i], far[i] = 2.0 - near[i];
    if (far[i] < near_end) far[i] = 0.5 * sum[i], near[i] = 2.0 - far[i];
  }
}

void set_pooled_correlations(const AlphaPoints& rows, const AlphaPoints& columns,
                             const Segment& segment, const double* value, double* near,
                             double* far) {
  const double* row = rows.deviation.data() + segment.row;
  const double column = columns.deviation[segment.column];
  for (Index i = 0; i < lanes; ++i) {
    const double scale = row[i] * column;
    const double rho = scale > 0.0 ? value[i] / scale : 0.0;
    near[i] = 1.0 - rho < pooled_end ? 0.0 : 1.0 - rho;
    far[i] = 1.0 + rho < pooled_end ? 0.0 : 1.0 + rho;
    if (near[i] == 0.0) far[i] = 2.0;
    if (far[i] == 0.0) near[i] = 2.0;
  }
}

// Sites::equal where a level begins: two points with the same deviations and correlations of 1 have
// the same Gaussians everywhere. Beside the diagonal of a kernel the first sites tell.
Lanes equal_lanes(const AlphaPoints& rows, const AlphaPoints& columns,
                  std::span<const Segment> segments, const LaneMatrix& near) {
  Eigen::Array<bool, lanes, 1> is_equal = Eigen::Array<bool, lanes, 1>::Constant(true);
  for (std::size_t s = 0; s < segments.size() && is_equal.any(); ++s) {
    const Lanes row = Lanes::Map(rows.deviation.data() + segments[s].row);
    const Lanes distance = near.col(static_cast<Index>(s));
    is_equal =
        is_equal && row == columns.deviation[segments[s].column] && (row == 0.0 || distance == 0.0);
  }
  return is_equal.cast<double>();
}

}  // namespace

PairChain::PairChain(const LimitNetwork& network, const AnalyticPoints& rows,
                     const AnalyticPoints& columns)
    : network_(network), rows_(rows), columns_(columns), work_(network.levels.size()) {}

const PairState& PairChain::run(const DisplacementPlan& plan, std::size_t level, Index group,
                                Index column) {
  const Lattice& lattice = network_.levels[level].lattice;
  const Index positions = lattice.count();
  Workspace& work = work_[level];
  work.segments.resize(static_cast<std::size_t>(positions));
  for (Index p = 0; p < positions; ++p)
    work.segments[static_cast<std::size_t>(p)] = {
        (group * positions + p) * lanes,
        point_number(column, plan.partners[static_cast<std::size_t>(p)], positions)};
  PairState& state = work.states[0];
  state.resize(positions);
  switch (network_.levels[level].start) {
    case LevelStart::input:
      start_on_grid(plan, group, column, state);
      break;
    case LevelStart::average_pool:
      start_on_pool(plan, level, group, column, state);
      break;
    case LevelStart::flatten:
      start_flat(plan, level, group, column, state);
      break;
  }
  return pass_layers(
      plan.neighbours, level,
      {lattice.rows, lattice.columns, work.segments,
       equal_lanes(rows_.levels[level].alphas.front(), columns_.levels[level].alphas.front(),
                   work.segments, state.near)});
}

const PairState& PairChain::run_vectors(Index group, IndexRange columns, const LaneMatrix& near,
                                        const LaneMatrix& far) {
  Workspace& work = work_.front();
  work.segments.clear();
  for (Index x = columns.first; x < columns.last; ++x) work.segments.push_back({group * lanes, x});
  PairState& state = work.states[0];
  state.resize(columns.count());
  state.near = near;
  state.far = far;
  state.tangent.setZero();
  const LevelPoints &row_points = rows_.levels.front(), &column_points = columns_.levels.front();
  set_values(row_points.alphas.front(), column_points.alphas.front(), work.segments,
             state.near.data(), state.far.data(), state.value.data());
  static const std::vector<PairNeighbours> none;
  return pass_layers(none, 0, {.width = columns.count(), .segments = work.segments});
}

void PairChain::start_on_grid(const DisplacementPlan& plan, Index group, Index column,
                              PairState& state) {
  const Index positions = network_.input().lattice.count(), channels = network_.input_channels;
  for (Index p = 0; p < positions; ++p) {
    const Index q = plan.partners[static_cast<std::size_t>(p)];
    const double* u = rows_.unit.data() + (group * positions + p) * channels * lanes;
    const double* v =
        columns_.unit.data() + (column / lanes * positions + q) * channels * lanes + column % lanes;
    set_input_correlations(u, v, channels, state.near.col(p).data(), state.far.col(p).data());
  }
  set_values(rows_.levels.front().alphas.front(), columns_.levels.front().alphas.front(),
             work_.front().segments, state.near.data(), state.far.data(), state.value.data());
  state.tangent.setZero();
}

// A and B as means over the pairs of two windows.
void PairChain::take_means(const DisplacementPlan& plan, std::size_t level, Index group,
                           Index column, PairState& state) {
  state.resize(network_.levels[level].lattice.count());
  state.value.setZero();
  state.tangent.setZero();
  for (const PooledPart& part : plan.below) {
    const PairState& below = run(part.plan, level - 1, group, column);
    for (std::size_t p = 0; p < part.positions.size(); ++p)
      for (const Index q : part.positions[p]) {
        state.value.col(static_cast<Index>(p)) += below.value.col(q);
        state.tangent.col(static_cast<Index>(p)) += below.tangent.col(q);
      }
  }
  const auto window = static_cast<double>(network_.levels[level].window.count());
  state.value /= window * window;
  state.tangent /= window * window;
}

const LaneMatrix& PairChain::pooled_value(const DisplacementPlan& plan, std::size_t level,
                                          Index group, Index column) {
  take_means(plan, level, group, column, work_[level].states[0]);
  return work_[level].states[0].value;
}

void PairChain::start_on_pool(const DisplacementPlan& plan, std::size_t level, Index group,
                              Index column, PairState& state) {
  take_means(plan, level, group, column, state);
  const std::vector<Segment>& segments = work_[level].segments;
  for (std::size_t p = 0; p < segments.size(); ++p) {
    const auto at = static_cast<Index>(p);
    set_pooled_correlations(
        rows_.levels[level].alphas.front(), columns_.levels[level].alphas.front(), segments[p],
        state.value.col(at).data(), state.near.col(at).data(), state.far.col(at).data());
  }
}

// One position, whose channels are those of all positions below: a sum over taps.
void PairChain::start_flat(const DisplacementPlan& plan, std::size_t level, Index group,
                           Index column, PairState& state) {
  const PairState& below = run(plan.below.front().plan, level - 1, group, column);
  const Index positions = below.value.cols();
  const double share = 1.0 / static_cast<double>(positions);
  const AlphaPoints &row_below = rows_.levels[level - 1].alphas.back(),
                    &column_below = columns_.levels[level - 1].alphas.back();
  const Segment& whole = work_[level].segments.front();
  TapSums sums(rows_.levels[level].alphas.front().deviation.data() + whole.row,
               columns_.levels[level].alphas.front().deviation[whole.column], share);
  for (Index p = 0; p < positions; ++p) {
    const Segment& tap = work_[level - 1].segments[static_cast<std::size_t>(p)];
    sums.add(row_below.deviation.data() + tap.row, column_below.deviation[tap.column],
             below.near.col(p).data(), below.far.col(p).data());
  }
  state.resize(1);
  state.near = sums.near();
  state.far = sums.far();
  state.value = share * below.value.rowwise().sum();
  state.tangent = share * below.tangent.rowwise().sum();
}

const PairState& PairChain::pass_layers(const std::vector<PairNeighbours>& neighbours,
                                        std::size_t level, const Sites& sites) {
  const std::vector<LimitLayer>& layers = network_.levels[level].layers;
  Workspace& work = work_[level];
  for (std::size_t l = 0; l < layers.size(); ++l) {
    PairState& out = work.states[(l + 1) % 2];
    out.resize(sites.lines * sites.width);
    work.pass.run(layers[l], neighbours.empty() ? nullptr : &neighbours[l], sites,
                  rows_.levels[level].around(l), columns_.levels[level].around(l),
                  work.states[l % 2], out);
  }
  return work.states[layers.size() % 2];
}

}  // namespace ntkflow
