#include "network/readout_form.hpp"

namespace ntkflow {
namespace {

double mean_weight(const SampleShape& shape) {
  return 1.0 / static_cast<double>(shape.positions());
}

}  // namespace

Vector ReadoutForm::spread(Parameters parameters) const {
  const Eigen::Map<const Vector> v(parameters.data() + map_.weights_at, map_.weight_count());
  switch (kind_) {
    case ReadoutKind::average:
      return mean_weight(below_) * v.replicate(below_.positions(), 1);
    case ReadoutKind::flatten:
      return Eigen::Map<const Matrix>(v.data(), below_.positions(), below_.channels)
          .transpose()
          .reshaped();
    case ReadoutKind::dense:
      break;
  }
  return v;
}

Vector ReadoutForm::gather(const Vector& by_alpha) const {
  const Eigen::Map<const Matrix> by_channel(by_alpha.data(), below_.channels, below_.positions());
  switch (kind_) {
    case ReadoutKind::average:
      return mean_weight(below_) * by_channel.rowwise().sum();
    case ReadoutKind::flatten:
      return by_channel.transpose().reshaped();
    case ReadoutKind::dense:
      break;
  }
  return by_alpha;
}

Vector ReadoutForm::value(Parameters theta, const Samples& alpha) const {
  Vector f = map_.weight_scale * (alpha.transpose() * spread(theta));
  if (map_.bias_at) f.array() += map_.bias_scale * theta[static_cast<std::size_t>(*map_.bias_at)];
  return f;
}

Vector ReadoutForm::tangent(Parameters theta, const Samples& alpha, const Matrix& alpha_tangent,
                            Parameters direction) const {
  Vector t = map_.weight_scale * (alpha_tangent.transpose() * spread(theta));
  if (map_.weights_trained) t += map_.weight_scale * (alpha.transpose() * spread(direction));
  if (map_.bias_trained)
    t.array() += map_.bias_scale * direction[static_cast<std::size_t>(*map_.bias_at)];
  return t;
}

void ReadoutForm::backward(Parameters theta, const Vector& cotangent,
                           Matrix& alpha_cotangent) const {
  alpha_cotangent.noalias() = (map_.weight_scale * spread(theta)) * cotangent.transpose();
}

void ReadoutForm::add_gradient(const Samples& alpha, const Vector& cotangent,
                               std::span<double> gradient) const {
  if (map_.weights_trained) {
    const Vector by_alpha = map_.weight_scale * (alpha * cotangent);
    Eigen::Map<Vector>(gradient.data() + map_.weights_at, map_.weight_count()) += gather(by_alpha);
  }
  if (map_.bias_trained)
    gradient[static_cast<std::size_t>(*map_.bias_at)] += map_.bias_scale * cotangent.sum();
}

Matrix ReadoutForm::features(Matrix alpha) const {
  if (kind_ == ReadoutKind::dense) return alpha;
  Matrix result(map_.weight_count(), alpha.cols());
  for (Index j = 0; j < alpha.cols(); ++j) result.col(j) = gather(alpha.col(j));
  return result;
}

}  // namespace ntkflow
