#include "ntkflow/base/error.hpp"
#include "ntkflow/spectrum/circle_kernel.hpp"
#include "ntkflow/spectrum/funk_hecke.hpp"

#include <unsupported/Eigen/FFT>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

namespace ntkflow {
namespace {

using std::numbers::pi;

/// An even function of period 2 pi without frequencies above n/2, by local interpolation of degree
/// 11 in a table. With 16 or more entries a period of the highest frequency, the error is 1e-9 of
/// that frequency's part and falls like the 12th power below it.
class EvenTrigonometric {
 public:
  EvenTrigonometric(const Vector& coefficients, Index entries);

  /// Expects: 0 <= t <= pi.
  double operator()(double t) const;

 private:
  static constexpr Index stencil = 12, before = 5;
  static constexpr std::array<double, stencil> weights = {-1,   11,  -55,  165, -330, 462,
                                                          -462, 330, -165, 55,  -11,  1};
  double inverse_step_;
  Vector table_;  // entry j + before is at j steps
};

EvenTrigonometric::EvenTrigonometric(const Vector& coefficients, Index entries)
    : inverse_step_(static_cast<double>(entries) / (2 * pi)),
      table_(entries / 2 + stencil + before) {
  std::vector<std::complex<double>> terms(static_cast<std::size_t>(entries)), values;
  for (Index q = 0; q < coefficients.size(); ++q)
    terms[static_cast<std::size_t>(q)] = coefficients[q];
  Eigen::FFT<double> fft;
  fft.fwd(values, terms);  // sum_q c_q e^{-2 pi i j q / entries}, of which the real part is wanted
  for (Index j = 0; j < table_.size(); ++j)
    table_[j] = values[static_cast<std::size_t>(std::abs(j - before))].real();
}

double EvenTrigonometric::operator()(double t) const {
  const double steps = t * inverse_step_;
  const auto first = static_cast<Index>(steps);
  const double* const entry = table_.data() + first;  // that of first - before steps
  const double along = steps - static_cast<double>(first);
  if (along == 0) return entry[before];
  double numerator = 0, denominator = 0;
  for (Index k = 0; k < stencil; ++k) {
    const double share =
        weights[static_cast<std::size_t>(k)] / (along - static_cast<double>(k - before));
    numerator += share * entry[k];
    denominator += share;
  }
  return numerator / denominator;
}

struct AnglesOfPoints final : PointFeatures {
  explicit AnglesOfPoints(const Matrix& points) : angles(points.cols()) {
    for (Index i = 0; i < angles.size(); ++i) angles[i] = std::atan2(points(1, i), points(0, i));
  }
  Index count() const override { return angles.size(); }
  Vector angles;
};

class BandLimitedKernel final : public Kernel {
 public:
  explicit BandLimitedKernel(EvenTrigonometric function) : function_(std::move(function)) {}

  std::unique_ptr<PointFeatures> prepare(const Matrix& points) const override {
    return std::make_unique<AnglesOfPoints>(points);
  }
  void tile(const PointFeatures& rows, const PointFeatures& columns,
            Eigen::Ref<Matrix> out) const override {
    const Vector& x = dynamic_cast<const AnglesOfPoints&>(rows).angles;
    const Vector& z = dynamic_cast<const AnglesOfPoints&>(columns).angles;
    for (Index j = 0; j < z.size(); ++j)
      for (Index i = 0; i < x.size(); ++i) {
        const double distance = std::abs(x[i] - z[j]);
        out(i, j) = function_(std::min(distance, 2 * pi - distance));
      }
  }

 private:
  EvenTrigonometric function_;
};

}  // namespace

std::unique_ptr<Kernel> make_band_limited_kernel(const ZonalKernel& kernel, Index n) {
  NTKFLOW_EXPECTS(kernel.dimension() == 2 && n >= 1);
  // lambda_0 + 2 sum lambda_q cos qt; cos(nt/2) and cos(-nt/2) are the same function on the grid.
  Vector coefficients = 2 * zonal_eigenvalues(kernel, n / 2 + 1);
  coefficients[0] /= 2;
  if (n % 2 == 0 && n > 1) coefficients[n / 2] /= 2;
  Index entries = 64;
  while (entries < 8 * n) entries *= 2;
  return std::make_unique<BandLimitedKernel>(EvenTrigonometric(coefficients, entries));
}

}  // namespace ntkflow
