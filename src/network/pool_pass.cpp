#include "network/pool_pass.hpp"

#include <cmath>

namespace ntkflow {
namespace {

// The positions that each window of a pool covers.
class Windows {
 public:
  Windows(const IndexList& extents, const IndexList& window);

  Index count() const { return static_cast<Index>(table_.size()) / size_; }
  Index size() const { return size_; }
  Index positions() const { return static_cast<Index>(table_.size()); }
  Index at(Index window, Index i) const {
    return table_[static_cast<std::size_t>(window * size_ + i)];
  }

 private:
  Index size_ = 1;
  IndexList table_;
};

Windows::Windows(const IndexList& extents, const IndexList& window) {
  // One dimension after the other: the windows of a grid are products of windows of a line.
  table_ = {0};
  for (std::size_t d = 0; d < extents.size(); ++d) {
    const Index before = static_cast<Index>(table_.size()) / size_;
    const Index windows = extents[d] / window[d];
    IndexList next;
    for (Index w = 0; w < before * windows; ++w)
      for (Index i = 0; i < size_ * window[d]; ++i)
        next.push_back(at(w / windows, i / window[d]) * extents[d] + w % windows * window[d] +
                       i % window[d]);
    table_ = std::move(next);
    size_ *= window[d];
  }
}

// A layer whose tangent and cotangent go the way of its value.
class PlainPass : public LayerPass {
 public:
  void tangent(const Samples& below, const Matrix* below_tangent, Parameters, Matrix& above) final {
    const Matrix none = below_tangent ? Matrix() : Matrix::Zero(below.rows(), below.cols());
    push(below_tangent ? *below_tangent : none, above);
  }

  void backward(Matrix& above, Matrix* below) final {
    if (below) pull(above, *below);
  }

  void add_gradient(const Samples&, const Matrix&, std::span<double>) const final {}

 private:
  /// The linear map that the last forward() was, and its adjoint.
  virtual void push(const Matrix& below, Matrix& above) const = 0;
  virtual void pull(const Matrix& above, Matrix& below) const = 0;
};

class FlattenPass final : public PlainPass {
 public:
  void value(const Samples& below, Matrix& above) override { above = below; }
  void forward(const Samples& below, Matrix& above) override { above = below; }

 private:
  void push(const Matrix& below, Matrix& above) const override { above = below; }
  void pull(const Matrix& above, Matrix& below) const override { below = above; }
};

class AveragePoolPass final : public PlainPass {
 public:
  AveragePoolPass(const SampleShape& below, const IndexList& window)
      : windows_(below.extents, window), channels_(below.channels) {}

  void value(const Samples& below, Matrix& above) override { average(below, above); }
  void forward(const Samples& below, Matrix& above) override { average(below, above); }

 private:
  void push(const Matrix& below, Matrix& above) const override {
    average({below.data(), below.rows(), below.cols()}, above);
  }

  void pull(const Matrix& above, Matrix& below) const override {
    below.resize(channels_ * windows_.positions(), above.cols());
    for (Index j = 0; j < above.cols(); ++j)
      for (Index w = 0; w < windows_.count(); ++w)
        for (Index i = 0; i < windows_.size(); ++i)
          below.col(j).segment(windows_.at(w, i) * channels_, channels_) =
              above.col(j).segment(w * channels_, channels_) * weight();
  }

  void average(const Samples& below, Matrix& above) const {
    above.setZero(channels_ * windows_.count(), below.cols());
    for (Index j = 0; j < below.cols(); ++j)
      for (Index w = 0; w < windows_.count(); ++w)
        for (Index i = 0; i < windows_.size(); ++i)
          above.col(j).segment(w * channels_, channels_) +=
              below.col(j).segment(windows_.at(w, i) * channels_, channels_) * weight();
  }

  double weight() const { return 1.0 / static_cast<double>(windows_.size()); }

  Windows windows_;
  Index channels_;
};

// Of equal numbers the first counts; a NaN is the largest of all.
class MaxPoolPass final : public PlainPass {
 public:
  MaxPoolPass(const SampleShape& below, const IndexList& window)
      : windows_(below.extents, window), channels_(below.channels) {}

  void value(const Samples& below, Matrix& above) override { forward(below, above); }

  void forward(const Samples& below, Matrix& above) override {
    above.resize(channels_ * windows_.count(), below.cols());
    chosen_.resize(above.rows(), above.cols());
    for (Index j = 0; j < below.cols(); ++j)
      for (Index w = 0; w < windows_.count(); ++w)
        for (Index c = 0; c < channels_; ++c)
          choose(below.col(j).data(), w, c, above(w * channels_ + c, j),
                 chosen_(w * channels_ + c, j));
  }

 private:
  void push(const Matrix& below, Matrix& above) const override {
    above.resize(chosen_.rows(), chosen_.cols());
    for (Index j = 0; j < above.cols(); ++j)
      for (Index i = 0; i < above.rows(); ++i) above(i, j) = below(chosen_(i, j), j);
  }

  void pull(const Matrix& above, Matrix& below) const override {
    below.setZero(channels_ * windows_.positions(), above.cols());
    for (Index j = 0; j < above.cols(); ++j)
      for (Index i = 0; i < above.rows(); ++i) below(chosen_(i, j), j) = above(i, j);
  }

  void choose(const double* sample, Index w, Index c, double& largest, Index& chosen) const {
    chosen = windows_.at(w, 0) * channels_ + c;
    for (Index i = 1; i < windows_.size(); ++i) {
      const Index candidate = windows_.at(w, i) * channels_ + c;
      if (sample[candidate] > sample[chosen] || std::isnan(sample[candidate])) chosen = candidate;
    }
    largest = sample[chosen];
  }

  Windows windows_;
  Index channels_;
  Eigen::Matrix<Index, Eigen::Dynamic, Eigen::Dynamic> chosen_;  // row in below of each maximum
};

}  // namespace

std::unique_ptr<LayerPass> make_plain_pass(const Layer& layer, const SampleShape& below) {
  if (layer.kind == LayerKind::flatten) return std::make_unique<FlattenPass>();
  if (layer.kind == LayerKind::average_pool)
    return std::make_unique<AveragePoolPass>(below, layer.filter);
  return std::make_unique<MaxPoolPass>(below, layer.filter);
}

}  // namespace ntkflow
