#pragma once

#include "ntkflow/network/architecture.hpp"

#include <cmath>
#include <numbers>

namespace ntkflow {

/// The recursion of the limit kernel as it is defined: all pairs of points and positions, the
/// moments by quadrature. Slow and independent of the kernel's own code.
class Recursion {
 public:
  enum class Means { kept, dropped };

  /// Shape: points input.size() x count.
  Recursion(const Architecture& architecture, const Matrix& points, Means means = Means::kept)
      : architecture_(architecture), count_(points.cols()), means_(means) {
    const auto shapes = layer_shapes(architecture);
    start(shapes.front(), points);
    const auto maps = affine_maps(architecture);
    for (std::size_t l = 0; l < architecture.layers.size(); ++l) {
      const Layer& layer = architecture.layers[l];
      if (layer.is_affine())
        affine(layer, maps[l], shapes[l]);
      else
        average(layer, shapes[l]);
    }
    read_out(maps.back(), shapes.back());
  }

  const Matrix& ntk() const { return ntk_; }
  const Matrix& nngp() const { return nngp_; }

 private:
  // Rows and columns of a and b: point after point, all positions of each.
  Matrix a_, b_, ntk_, nngp_;
  Vector mean_;
  const Architecture& architecture_;
  Index count_;
  Means means_;

  void start(const SampleShape& shape, const Matrix& points) {
    const Matrix at_positions = points.reshaped(shape.channels, count_ * shape.positions());
    a_ = at_positions.transpose() * at_positions / static_cast<double>(shape.channels);
    b_ = Matrix::Zero(a_.rows(), a_.cols());
    mean_ = Vector::Zero(a_.rows());
  }

  // S: entry (p + o, p' + o) summed over o. Shape: all positions of all points.
  static Matrix shifted_sum(const Matrix& m, const Layer& layer, const SampleShape& shape) {
    if (layer.kind == LayerKind::dense) return m;
    const bool is_image = shape.extents.size() == 2;
    const Index rows = is_image ? shape.extents[0] : 1, columns = shape.extents.back();
    const Index reach_y = is_image ? layer.filter[0] / 2 : 0, reach_x = layer.filter.back() / 2;
    const bool wraps = layer.padding == Padding::circular;
    const auto seen = [&](Index site, Index oy, Index ox) -> Index {
      const Index p = site % (rows * columns);
      Index y = p / columns + oy, x = p % columns + ox;
      if (wraps) y = (y + rows * 8) % rows, x = (x + columns * 8) % columns;
      if (y < 0 || y >= rows || x < 0 || x >= columns) return -1;
      return site - p + y * columns + x;
    };
    Matrix sum = Matrix::Zero(m.rows(), m.cols());
    for (Index i = 0; i < m.rows(); ++i)
      for (Index j = 0; j < m.cols(); ++j)
        for (Index oy = -reach_y; oy <= reach_y; ++oy)
          for (Index ox = -reach_x; ox <= reach_x; ++ox) {
            const Index k = seen(i, oy, ox), l = seen(j, oy, ox);
            if (k >= 0 && l >= 0) sum(i, j) += m(k, l);
          }
    return sum;
  }

  struct Moments {
    double value = 0.0, slope = 0.0;
  };

  static Moments moments(const Activation& omega, double q, double r, double c) {
    const double scale = std::sqrt(q * r);
    const double rho = scale > 0.0 ? std::clamp(c / scale, -1.0, 1.0) : 0.0;
    if (const auto s = omega.slopes()) {
      const double energy = 0.5 * (s->negative * s->negative + s->positive * s->positive);
      const double kink = std::pow(s->positive - s->negative, 2) / (2.0 * std::numbers::pi);
      double slope = energy - kink * std::acos(rho);
      const double mean_slope = 0.5 * (s->negative + s->positive);
      if (scale == 0.0)
        slope = (q == 0.0 ? s->negative : mean_slope) * (r == 0.0 ? s->negative : mean_slope);
      return {scale * (kink * std::sqrt(1.0 - rho * rho) + rho * slope), slope};
    }
    return quadrature(omega, q, r, rho);
  }

  static Moments quadrature(const Activation& omega, double q, double r, double rho) {
    constexpr double h = 0.1;
    constexpr Index count = 161;
    const double angle = 0.5 * std::acos(rho);
    const Vector z = Vector::LinSpaced(count, -0.5 * h * (count - 1), 0.5 * h * (count - 1));
    Moments sum;
    Vector u_slope(count), v_slope(count);
    for (Index i = 0; i < count; ++i) {
      const Vector weight =
          h * h / (2.0 * std::numbers::pi) * (-0.5 * (z[i] * z[i] + z.array().square())).exp();
      Vector u = std::sqrt(q) * (std::cos(angle) * z[i] + std::sin(angle) * z.array());
      Vector v = std::sqrt(r) * (std::cos(angle) * z[i] - std::sin(angle) * z.array());
      omega.value_and_derivative(u.data(), count, u.data(), u_slope.data());
      omega.value_and_derivative(v.data(), count, v.data(), v_slope.data());
      sum.value += weight.dot(u.cwiseProduct(v));
      sum.slope += weight.dot(u_slope.cwiseProduct(v_slope));
    }
    return sum;
  }

  static double mean_of(const Activation& omega, double q) {
    if (const auto s = omega.slopes())
      return (s->positive - s->negative) * std::sqrt(q / (2.0 * std::numbers::pi));
    double sum = 0.0;
    for (int i = -1000; i <= 1000; ++i) {
      const double z = 0.01 * i;
      double value = std::sqrt(q) * z;
      omega.value(&value, 1, &value);
      sum += 0.01 / std::sqrt(2.0 * std::numbers::pi) * std::exp(-0.5 * z * z) * value;
    }
    return sum;
  }

  void affine(const Layer& layer, const AffineMap& map, const SampleShape& shape) {
    const double s = map.weight_scale * map.weight_scale * static_cast<double>(map.inputs);
    const double bias = map.bias_scale * map.bias_scale;
    const Matrix sum = shifted_sum(a_, layer, shape);
    const Matrix lambda = (s * sum).array() + (map.bias == Bias::random ? bias : 0.0);
    Matrix tangent = s * shifted_sum(b_, layer, shape);
    if (map.weights_trained) tangent += s * sum;
    if (map.bias_trained) tangent.array() += bias;

    const bool skips = layer.skip == Skip::identity;
    Vector mean(a_.rows());
    for (Index i = 0; i < a_.rows(); ++i) mean[i] = mean_of(*layer.activation, lambda(i, i));
    for (Index i = 0; i < a_.rows(); ++i)
      for (Index j = 0; j < a_.cols(); ++j) {
        const Moments m = moments(*layer.activation, lambda(i, i), lambda(j, j), lambda(i, j));
        const double cross = means_ == Means::kept ? mean[i] * mean_[j] + mean_[i] * mean[j] : 0.0;
        a_(i, j) = skips ? a_(i, j) + m.value + cross : m.value;
        b_(i, j) = (skips ? b_(i, j) : 0.0) + m.slope * tangent(i, j);
      }
    mean_ = skips ? Vector(mean_ + mean) : mean;
  }

  // Flatten and average pooling.
  void average(const Layer& layer, const SampleShape& shape) {
    const bool flattens = layer.kind == LayerKind::flatten;
    const Index positions = shape.positions(), columns = shape.extents.back();
    const bool is_image = shape.extents.size() == 2;
    const Index wy = !is_image ? 1 : layer.kind == LayerKind::flatten ? 0 : layer.filter[0];
    const auto target = [&](Index site) -> Index {
      const Index p = site % positions, point = site / positions;
      if (flattens) return point;
      const Index wx = layer.filter.back(), coarse = positions / (wy * wx);
      return point * coarse + p / columns / wy * (columns / wx) + p % columns / wx;
    };
    const Index above = target(count_ * positions - 1) + 1, window = count_ * positions / above;
    Matrix a = Matrix::Zero(above, above), b = a;
    Vector mean = Vector::Zero(above);
    for (Index i = 0; i < a_.rows(); ++i) {
      mean[target(i)] += mean_[i] / static_cast<double>(window);
      for (Index j = 0; j < a_.cols(); ++j) {
        if (flattens && i % positions != j % positions) continue;
        const auto pairs = static_cast<double>(flattens ? window : window * window);
        a(target(i), target(j)) += a_(i, j) / pairs;
        b(target(i), target(j)) += b_(i, j) / pairs;
      }
    }
    a_ = a;
    b_ = b;
    mean_ = mean;
  }

  void read_out(const AffineMap& map, const SampleShape& shape) {
    const Index positions = shape.positions();
    const bool averages = architecture_.readout.kind == ReadoutKind::average;
    const double s = map.weight_scale * map.weight_scale * static_cast<double>(map.inputs);
    const double bias = map.bias_scale * map.bias_scale;
    nngp_ = Matrix::Constant(count_, count_, map.bias == Bias::random ? bias : 0.0);
    ntk_ = Matrix::Constant(count_, count_, map.bias_trained ? bias : 0.0);
    for (Index i = 0; i < a_.rows(); ++i)
      for (Index j = 0; j < a_.cols(); ++j) {
        if (!averages && i % positions != j % positions) continue;
        const double share = averages ? s / static_cast<double>(positions * positions) : s;
        nngp_(i / positions, j / positions) += share * a_(i, j);
        ntk_(i / positions, j / positions) +=
            share * (b_(i, j) + (map.weights_trained ? a_(i, j) : 0.0));
      }
  }
};

}  // namespace ntkflow
