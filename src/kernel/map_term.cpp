#include "kernel/map_term.hpp"

#include "ntkflow/network/neighbours.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

using ConstBlock = Eigen::Block<const Matrix, Eigen::Dynamic, Eigen::Dynamic, true>;

ConstBlock columns_of(const Matrix& m, IndexRange range) {
  return m.middleCols(range.first, range.count());
}

// out += scale a^T b; of a block with itself the lower triangle, which is all that is wanted there.
void add_product(const ConstBlock& a, const ConstBlock& b, double scale, Eigen::Ref<Matrix> out) {
  if (a.data() == b.data() && a.cols() == b.cols())
    out.selfadjointView<Eigen::Lower>().rankUpdate(a.transpose(), scale);
  else
    out.noalias() += scale * a.transpose() * b;
}

// Whether a block is on the diagonal: its lower triangle alone is wanted.
bool is_diagonal(const MapFactors& rows, IndexRange row_range, const MapFactors& columns,
                 IndexRange column_range) {
  return &rows == &columns && row_range == column_range;
}

double squared(double x) {
  return x * x;
}

double weights_factor(const AffineMap& map) {
  return map.weights_trained ? squared(map.weight_scale) : 0.0;
}
double bias_factor(const AffineMap& map) {
  return map.bias_trained ? squared(map.bias_scale) : 0.0;
}

// One position: two products and an entrywise one.
class PointTerm final : public MapTerm {
 public:
  enum class Backward { given, ones };

  PointTerm(const AffineMap& map, Backward backward)
      : weights_(weights_factor(map)), bias_(bias_factor(map)), backward_(backward) {}

  MapFactors factors(Matrix below, Matrix backward) const override {
    if (backward_ == Backward::ones) backward.resize(0, 0);
    return {std::move(below), std::move(backward)};
  }

  void add(const MapFactors& rows, IndexRange row_range, const MapFactors& columns,
           IndexRange column_range, Eigen::Ref<Matrix> out) const override {
    const auto a = columns_of(rows.below, row_range);
    const auto a_other = columns_of(columns.below, column_range);
    if (backward_ == Backward::ones) {
      if (weights_ > 0.0) add_product(a, a_other, weights_, out);
      out.array() += bias_;
      return;
    }
    Matrix signals = Matrix::Zero(out.rows(), out.cols());
    add_product(columns_of(rows.backward, row_range), columns_of(columns.backward, column_range),
                1.0, signals);
    if (weights_ > 0.0) {
      Matrix term = Matrix::Zero(out.rows(), out.cols());
      add_product(a, a_other, weights_, term);
      out.array() += (term.array() + bias_) * signals.array();
    } else {
      out += bias_ * signals;
    }
  }

 private:
  double weights_, bias_;
  Backward backward_;
};

// What a convolution is to its term.
struct ConvolutionSite {
  AffineMap map;
  Neighbours neighbours;

  Index positions() const { return neighbours.positions(); }
  Index patch_size() const { return map.inputs * map.taps; }

  /// Numbers of one output channel's gradient: of the weights, and of the bias.
  Index channel_gradient() const {
    return (map.weights_trained ? patch_size() : 0) + (map.bias_trained ? 1 : 0);
  }

  /// Gradients by the parameters of some output channels.
  /// Shape: (channels.count() * channel_gradient()) x samples.
  Matrix gradients(const MapFactors& factors, IndexRange samples, IndexRange channels) const;
};

Matrix ConvolutionSite::gradients(const MapFactors& factors, IndexRange samples,
                                  IndexRange channels) const {
  Matrix result(channels.count() * channel_gradient(), samples.count());
  Matrix patches(patch_size(), positions());
  for (Index i = samples.first; i < samples.last; ++i) {
    const Eigen::Map<const Matrix> whole(factors.backward.col(i).data(), map.outputs, positions());
    const auto signal = whole.middleRows(channels.first, channels.count());
    Eigen::Map<Matrix> out(result.col(i - samples.first).data(), channels.count(),
                           channel_gradient());
    if (map.weights_trained) {
      neighbours.gather(factors.below.col(i).data(), map.inputs, {0, positions()}, patches.data());
      out.leftCols(patch_size()).noalias() = map.weight_scale * signal * patches.transpose();
    }
    if (map.bias_trained) out.rightCols(1) = map.bias_scale * signal.rowwise().sum();
  }
  return result;
}

// Explicit gradients, where they take no more memory than the signals.
class StoredGradientTerm final : public MapTerm {
 public:
  explicit StoredGradientTerm(ConvolutionSite site) : site_(std::move(site)) {}

  MapFactors factors(Matrix below, Matrix backward) const override {
    const MapFactors signals{std::move(below), std::move(backward)};
    return {site_.gradients(signals, {0, signals.backward.cols()}, {0, site_.map.outputs}), {}};
  }

  void add(const MapFactors& rows, IndexRange row_range, const MapFactors& columns,
           IndexRange column_range, Eigen::Ref<Matrix> out) const override {
    add_product(columns_of(rows.below, row_range), columns_of(columns.below, column_range), 1.0,
                out);
  }

 private:
  ConvolutionSite site_;
};

// Explicit gradients of some channels at a time, made anew for every block.
class FormedGradientTerm final : public MapTerm {
 public:
  explicit FormedGradientTerm(ConvolutionSite site) : site_(std::move(site)) {}

  void add(const MapFactors& rows, IndexRange row_range, const MapFactors& columns,
           IndexRange column_range, Eigen::Ref<Matrix> out) const override {
    constexpr Index most_numbers = Index{1} << 24;
    const Index a_channel = site_.channel_gradient() * (out.rows() + out.cols());
    const Index step = std::clamp<Index>(most_numbers / a_channel, 1, site_.map.outputs);
    const bool has_own_columns = !is_diagonal(rows, row_range, columns, column_range);
    for (Index first = 0; first < site_.map.outputs; first += step) {
      const IndexRange channels{first, std::min(first + step, site_.map.outputs)};
      const Matrix of_rows = site_.gradients(rows, row_range, channels);
      const Matrix others =
          has_own_columns ? site_.gradients(columns, column_range, channels) : Matrix();
      const Matrix& of_columns = has_own_columns ? others : of_rows;
      add_product(columns_of(of_rows, {0, out.rows()}), columns_of(of_columns, {0, out.cols()}),
                  1.0, out);
    }
  }

 private:
  ConvolutionSite site_;
};

// Contraction over pairs of positions.
class PositionsTerm final : public MapTerm {
 public:
  explicit PositionsTerm(ConvolutionSite site) : site_(std::move(site)) {}

  void add(const MapFactors& rows, IndexRange row_range, const MapFactors& columns,
           IndexRange column_range, Eigen::Ref<Matrix> out) const override {
    constexpr double most_numbers = 1 << 20;  // of a block's products
    const auto step = static_cast<Index>(
        std::max(1.0, std::sqrt(most_numbers) / static_cast<double>(site_.positions())));
    const bool is_lower = is_diagonal(rows, row_range, columns, column_range);
    for (Index j = 0; j < out.cols(); j += step)
      for (Index i = is_lower ? j : 0; i < out.rows(); i += step) {
        const Index m = std::min(step, out.rows() - i), n = std::min(step, out.cols() - j);
        add_block(rows, {row_range.first + i, row_range.first + i + m}, columns,
                  {column_range.first + j, column_range.first + j + n}, out.block(i, j, m, n));
      }
  }

 private:
  // Products of some samples' numbers for all pairs of positions.
  static Matrix products(const Matrix& rows, IndexRange row_range, const Matrix& columns,
                         IndexRange column_range, Index channels) {
    const auto by_channel = [channels](const Matrix& m, IndexRange range) {
      return Eigen::Map<const Matrix>(m.col(range.first).data(), channels,
                                      m.rows() / channels * range.count());
    };
    return by_channel(rows, row_range).transpose() * by_channel(columns, column_range);
  }

  void add_block(const MapFactors& rows, IndexRange row_range, const MapFactors& columns,
                 IndexRange column_range, Eigen::Ref<Matrix> out) const {
    const AffineMap& map = site_.map;
    const Index positions = site_.positions();
    const Matrix moments = products(rows.below, row_range, columns.below, column_range, map.inputs);
    const Matrix signals =
        products(rows.backward, row_range, columns.backward, column_range, map.outputs);
    for (Index j = 0; j < out.cols(); ++j)
      for (Index i = 0; i < out.rows(); ++i)
        out(i, j) += pair(moments.block(i * positions, j * positions, positions, positions),
                          signals.block(i * positions, j * positions, positions, positions));
  }

  // sum over q, q' of (weights sum_o moments(q + o, q' + o) + bias) signals(q, q').
  double pair(const Eigen::Ref<const Matrix>& moments,
              const Eigen::Ref<const Matrix>& signals) const {
    double filtered = 0.0;
    for (Index column = 0; column < signals.cols(); ++column) {
      const auto column_taps = site_.neighbours.around(column);
      for (Index row = 0; row < signals.rows(); ++row)
        filtered += signals(row, column) * patch_moment(moments, row, column_taps);
    }
    return weights_factor(site_.map) * filtered + bias_factor(site_.map) * signals.sum();
  }

  double patch_moment(const Eigen::Ref<const Matrix>& moments, Index row,
                      std::span<const Index> column_taps) const {
    const auto row_taps = site_.neighbours.around(row);
    double sum = 0.0;
    for (std::size_t o = 0; o < row_taps.size(); ++o)
      if (row_taps[o] != Neighbours::outside && column_taps[o] != Neighbours::outside)
        sum += moments(row_taps[o], column_taps[o]);
    return sum;
  }

  ConvolutionSite site_;
};

std::unique_ptr<MapTerm> make_convolution_term(ConvolutionSite site) {
  const Index p = site.positions();
  const Index channels = site.map.inputs + site.map.outputs;
  const Index gradient = site.map.outputs * site.channel_gradient();
  if (gradient <= 2 * p * channels) return std::make_unique<StoredGradientTerm>(std::move(site));
  // Flops a pair; a scattered sum over taps runs at about a tenth of dgemm's rate.
  if (p * p * (channels + 10 * site.map.taps) < gradient)
    return std::make_unique<PositionsTerm>(std::move(site));
  return std::make_unique<FormedGradientTerm>(std::move(site));
}

}  // namespace

std::unique_ptr<MapTerm> make_map_term(const Network& network, std::size_t l) {
  const Architecture& architecture = network.architecture();
  const AffineMap& map = network.maps()[l];
  if (!map.weights_trained && !map.bias_trained) return nullptr;
  if (l == architecture.layers.size())
    return std::make_unique<PointTerm>(map, PointTerm::Backward::ones);
  const Layer& layer = architecture.layers[l];
  if (layer.kind == LayerKind::dense)
    return std::make_unique<PointTerm>(map, PointTerm::Backward::given);
  const IndexList extents = layer_shapes(architecture)[l].extents;
  return make_convolution_term({map, Neighbours(extents, layer.filter, layer.padding)});
}

}  // namespace ntkflow
