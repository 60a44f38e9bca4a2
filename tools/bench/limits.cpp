#include "limits.hpp"

#include "base/vector_math.hpp"
#include "kernel/hermite.hpp"
#include "ntkflow/base/clock.hpp"

#include <algorithm>
#include <cmath>

namespace ntkflow {
namespace {

// Elements a second of an elementwise function in cache.
template <typename Function>
double elementwise_rate(Function&& apply) {
  constexpr int repeats = 2000;
  const Vector in = Vector::LinSpaced(4096, -0.99, 0.99);
  Vector out = in;
  const double seconds = seconds_of([&] {
    for (int i = 0; i < repeats; ++i) apply(in.data(), in.size(), out.data());
  });
  return static_cast<double>(repeats * in.size()) / seconds;
}

}  // namespace

double seconds_of(const std::function<void()>& work) {
  const Stopwatch watch;
  work();
  return watch.elapsed_s();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double dgemm_rate(Index m, Index n, Index k) {
  const Matrix a = Matrix::Random(m, k), b = Matrix::Random(k, n);
  Matrix c = Matrix::Zero(m, n);
  const double seconds = seconds_of([&] { c.noalias() += a * b; });
  return 2.0 * static_cast<double>(m * n * k) / seconds;
}

double dsyrk_rate(Index n, Index k) {
  const Matrix a = Matrix::Random(n, k);
  Matrix c = Matrix::Zero(n, n);
  const double seconds = seconds_of([&] { c.selfadjointView<Eigen::Lower>().rankUpdate(a); });
  return static_cast<double>(n * n * k) / seconds;
}

double acos_rate() {
  return elementwise_rate([](const double* in, Index count, double* out) {
#pragma omp simd
    for (Index i = 0; i < count; ++i) out[i] = acos(in[i]);
  });
}

double sqrt_rate() {
  return elementwise_rate([](const double* in, Index count, double* out) {
#pragma omp simd
    for (Index i = 0; i < count; ++i) out[i] = std::sqrt(1.0 + in[i]);
  });
}

double tanh_rate() {
  return elementwise_rate([](const double* in, Index count, double* out) {
#pragma omp simd
    for (Index i = 0; i < count; ++i) out[i] = tanh(in[i]);
  });
}

double memory_write_rate() {
  constexpr Index count = Index{1} << 26;
  Vector large = Vector::Zero(count);
  const double seconds = seconds_of([&] { large.setConstant(1.0); });
  return 8.0 * static_cast<double>(count) / seconds;
}

Index series_numbers(const Architecture& architecture) {
  Index count = 0;
  double deviation = 1.0;
  for (const Layer& layer : architecture.layers) {
    if (layer.activation->slopes()) return 0;
    const HermiteSeries series = hermite_series(*layer.activation, Vector::Constant(1, deviation));
    deviation = 0.0;
    for (std::size_t r = 0; r < 2; ++r) {
      count += series.value[r].cols() + series.slope[r].cols();
      deviation += series.value[r].squaredNorm();
    }
    deviation = std::sqrt(deviation);
  }
  return count;
}

}  // namespace ntkflow
