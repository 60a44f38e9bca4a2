#include "kernel/chebyshev.hpp"

namespace ntkflow {

Matrix chebyshev_transform(Index n) {
  return Matrix::NullaryExpr(n, n, [n](Index k, Index i) {
    const double angle = std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(n);
    return (k == 0 ? 1.0 : 2.0) / static_cast<double>(n) * std::cos(static_cast<double>(k) * angle);
  });
}

Matrix chebyshev_polynomials(const Vector& u, Index n) {
  Matrix polynomials(u.size(), n);
  for (Index k = 0; k < n; ++k) {
    if (k == 0)
      polynomials.col(0).setOnes();
    else if (k == 1)
      polynomials.col(1) = u;
    else
      polynomials.col(k) = 2.0 * u.cwiseProduct(polynomials.col(k - 1)) - polynomials.col(k - 2);
  }
  return polynomials;
}

// In extended precision, of the values' differences.
Vector powers_from_nodes(const Vector& values) {
  using Long = long double;
  const Index n = values.size();
  // Row k: the polynomial T_k in powers.
  Matrix chebyshev = Matrix::Zero(n, n);
  chebyshev(0, 0) = 1.0;
  chebyshev(1, 1) = 1.0;
  for (Index k = 2; k < n; ++k) {
    chebyshev.row(k).tail(n - 1) = 2.0 * chebyshev.row(k - 1).head(n - 1);
    chebyshev.row(k) -= chebyshev.row(k - 2);
  }
  const double middle = values[n / 2];
  Eigen::Matrix<Long, Eigen::Dynamic, 1> powers = decltype(powers)::Zero(n);
  for (Index k = 0; k < n; ++k) {
    Long sum = 0;
    for (Index i = 0; i < n; ++i)
      sum += (values[i] - middle) * std::cos(static_cast<Long>(k) * std::numbers::pi_v<Long> *
                                             (static_cast<Long>(i) + 0.5L) / static_cast<Long>(n));
    powers +=
        (k == 0 ? 1 : 2) / static_cast<Long>(n) * sum * chebyshev.row(k).transpose().cast<Long>();
  }
  powers[0] += middle;
  return powers.cast<double>();
}

}  // namespace ntkflow
