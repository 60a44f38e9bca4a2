#pragma once

#include <cstddef>
#include <vector>

namespace ntkflow {

/// The trigonometric polynomial q(a) = 1 + sum_j c_j cos(j a) + s_j sin(j a), j from 1.
class FourierSeries {
 public:
  /// cosines[j-1] = c_j, sines[j-1] = s_j; the lists may differ in length, and may be empty.
  explicit FourierSeries(std::vector<double> cosines = {}, std::vector<double> sines = {});

  std::size_t degree() const { return cosines_.size(); }
  double operator()(double angle) const;
  double slope(double angle) const;

  /// int_{-pi}^{angle} q.
  double integral(double angle) const;

  /// Whether q > 0 everywhere. Proved by Taylor's formula on ever shorter intervals, down to
  /// 2 pi / 2^24; a minimum too near to 0 to be told from it counts as 0.
  bool is_positive() const;

 private:
  std::vector<double> cosines_, sines_;
};

}  // namespace ntkflow
