#include "network/linear_map.hpp"

#include "ntkflow/network/neighbours.hpp"

#include <algorithm>

namespace ntkflow {
namespace {

// Row-major views of theta: Eigen hands them to dgemm as transposed, without a copy.
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// One matrix for every position: a dense layer (one position), or a filter of one tap.
class PointwiseMap final : public LinearMap {
 public:
  explicit PointwiseMap(const AffineMap& map) : map_(map) {}

  void add_product(Parameters theta, const Samples& below, Matrix& above) const override {
    by_channel(above, map_.outputs).noalias() +=
        map_.weight_scale * weights(theta) * by_channel(below, map_.inputs);
  }

  void add_transposed(Parameters theta, const Matrix& above, Matrix& below) const override {
    by_channel(below, map_.inputs).noalias() +=
        map_.weight_scale * weights(theta).transpose() * by_channel(above, map_.outputs);
  }

  void add_gradient(const Matrix& above, const Samples& below,
                    std::span<double> gradient) const override {
    Eigen::Map<RowMajor> out(gradient.data() + map_.weights_at, map_.outputs, map_.inputs);
    out.noalias() += map_.weight_scale * by_channel(above, map_.outputs) *
                     by_channel(below, map_.inputs).transpose();
  }

 private:
  Eigen::Map<const RowMajor> weights(Parameters theta) const {
    return {theta.data() + map_.weights_at, map_.outputs, map_.inputs};
  }

  // The same numbers as channels x (positions * batch).
  template <typename Block>
  static Samples by_channel(const Block& block, Index channels) {
    return {block.data(), channels, block.size() / channels};
  }
  static Eigen::Map<Matrix> by_channel(Matrix& block, Index channels) {
    return {block.data(), channels, block.size() / channels};
  }

  AffineMap map_;
};

// Products with gathered patches, a cache's worth of columns at a time.
class ConvolutionMap final : public LinearMap {
 public:
  ConvolutionMap(const AffineMap& map, Neighbours neighbours)
      : map_(map), neighbours_(std::move(neighbours)) {}

  void add_product(Parameters theta, const Samples& below, Matrix& above) const override {
    const Matrix w = packed_weights(theta);
    Matrix patches;
    for_each_block(below.cols(), [&](IndexRange columns) {
      gather(below, columns, patches);
      columns_of(above, columns).noalias() += map_.weight_scale * w * patches;
    });
  }

  void add_transposed(Parameters theta, const Matrix& above, Matrix& below) const override {
    const Matrix w = packed_weights(theta);
    Matrix patches;
    for_each_block(above.cols(), [&](IndexRange columns) {
      patches.noalias() = map_.weight_scale * w.transpose() * columns_of(above, columns);
      neighbours_.scatter_add(patches.data(), map_.inputs, columns, below.data());
    });
  }

  void add_gradient(const Matrix& above, const Samples& below,
                    std::span<double> gradient) const override {
    Matrix packed = Matrix::Zero(map_.outputs, patch_size());
    Matrix patches;
    for_each_block(above.cols(), [&](IndexRange columns) {
      gather(below, columns, patches);
      packed.noalias() += map_.weight_scale * columns_of(above, columns) * patches.transpose();
    });
    for (Index c = 0; c < map_.outputs; ++c) {
      Eigen::Map<RowMajor> out(gradient.data() + map_.weights_at + c * patch_size(), map_.inputs,
                               map_.taps);
      for (Index o = 0; o < map_.taps; ++o)
        out.col(o) += packed.row(c).segment(o * map_.inputs, map_.inputs).transpose();
    }
  }

 private:
  Index patch_size() const { return map_.inputs * map_.taps; }

  // W[c][c'][o] as a matrix c x (o, c'), in the order of a patch.
  Matrix packed_weights(Parameters theta) const {
    Matrix packed(map_.outputs, patch_size());
    for (Index c = 0; c < map_.outputs; ++c) {
      const Eigen::Map<const RowMajor> w(theta.data() + map_.weights_at + c * patch_size(),
                                         map_.inputs, map_.taps);
      for (Index o = 0; o < map_.taps; ++o)
        packed.row(c).segment(o * map_.inputs, map_.inputs) = w.col(o).transpose();
    }
    return packed;
  }

  // Calls work for ranges of columns, positions of samples, whose patches fit a cache.
  template <typename Work>
  void for_each_block(Index batch, Work&& work) const {
    constexpr Index cached_numbers = 1 << 16;
    const Index columns = batch * neighbours_.positions();
    const Index step = std::max<Index>(cached_numbers / patch_size(), 64);
    for (Index first = 0; first < columns; first += step)
      work(IndexRange{first, std::min(first + step, columns)});
  }

  void gather(const Samples& below, IndexRange columns, Matrix& patches) const {
    patches.resize(patch_size(), columns.count());
    neighbours_.gather(below.data(), map_.inputs, columns, patches.data());
  }

  Samples columns_of(const Matrix& above, IndexRange columns) const {
    return {above.data() + columns.first * map_.outputs, map_.outputs, columns.count()};
  }
  Eigen::Map<Matrix> columns_of(Matrix& above, IndexRange columns) const {
    return {above.data() + columns.first * map_.outputs, map_.outputs, columns.count()};
  }

  AffineMap map_;
  Neighbours neighbours_;
};

}  // namespace

std::unique_ptr<LinearMap> make_linear_map(const Layer& layer, const AffineMap& map,
                                           const SampleShape& below) {
  if (map.taps == 1) return std::make_unique<PointwiseMap>(map);
  return std::make_unique<ConvolutionMap>(map,
                                          Neighbours(below.extents, layer.filter, layer.padding));
}

}  // namespace ntkflow
