#include "kernel/scalar_kernel.hpp"

#include "kernel/chebyshev.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace ntkflow {
namespace {

// s ends at sin(pi/4), where rho = 0.
constexpr double end_of_s = 1.0 / std::numbers::sqrt2;

}  // namespace

ScalarKernel::ScalarKernel(const Function& function) {
  Vector near(2 * pieces * terms), far(near.size());
  for (Index piece = 0; piece < 2 * pieces; ++piece)
    for (Index i = 0; i < terms; ++i) {
      const double u = chebyshev_node(i, terms);
      const double s = (static_cast<double>(piece % pieces) + 0.5 * (u + 1.0)) / pieces * end_of_s;
      const double small = 2.0 * s * s;
      near[piece * terms + i] = piece < pieces ? small : 2.0 - small;
      far[piece * terms + i] = piece < pieces ? 2.0 - small : small;
    }
  const Vector values = function(near, far);
  for (Index piece = 0; piece < 2 * pieces; ++piece) {
    const Vector powers = powers_from_nodes(values.segment(piece * terms, terms));
    for (Index k = 0; k < terms; ++k)
      coefficients_[static_cast<std::size_t>(k)][static_cast<std::size_t>(piece)] = powers[k];
  }
}

double ScalarKernel::polynomial(Index piece, double u) const {
  double sum = 0.0;
  for (std::size_t k = terms; k-- > 0;)
    sum = std::fma(sum, u, coefficients_[k][static_cast<std::size_t>(piece)]);
  return sum;
}

double ScalarKernel::at(double near, double far) const {
  const bool close = near < far;
  const double place = pieces / end_of_s * std::sqrt(0.5 * std::max(std::min(near, far), 0.0));
  const Index piece = std::min(static_cast<Index>(place), pieces - 1);
  return polynomial(close ? piece : piece + pieces,
                    2.0 * (place - static_cast<double>(piece)) - 1.0);
}

void ScalarKernel::apply(double* value, Index count) const {
  Index i = 0;
#if defined(__AVX512F__)
  // The 16 pieces' coefficients are two registers, in which one instruction looks eight places up.
  const __m512d one = _mm512_set1_pd(1.0), zero = _mm512_setzero_pd();
  const __m512d last = _mm512_set1_pd(pieces - 1);
  const __m512d square_scale = _mm512_set1_pd(0.5 * pieces * pieces / (end_of_s * end_of_s));
  for (; i + 8 <= count; i += 8) {
    const __m512d rho = _mm512_loadu_pd(value + i);
    const __mmask8 opposite = _mm512_cmp_pd_mask(rho, zero, _CMP_LT_OQ);
    const __m512d w = _mm512_max_pd(_mm512_sub_pd(one, _mm512_abs_pd(rho)), zero);
    const __m512d place = _mm512_sqrt_pd(_mm512_mul_pd(w, square_scale));
    const __m512d floor =
        _mm512_min_pd(_mm512_roundscale_pd(place, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC), last);
    const __m512d u = _mm512_fmsub_pd(_mm512_sub_pd(place, floor), _mm512_set1_pd(2.0), one);
    const __m512i near_piece = _mm512_cvtepi32_epi64(_mm512_cvttpd_epi32(floor));
    const __m512i piece =
        _mm512_mask_add_epi64(near_piece, opposite, near_piece, _mm512_set1_epi64(pieces));
    __m512d sum = zero;
    for (std::size_t k = terms; k-- > 0;) {
      const double* c = coefficients_[k].data();
      sum = _mm512_fmadd_pd(
          sum, u, _mm512_permutex2var_pd(_mm512_load_pd(c), piece, _mm512_load_pd(c + 8)));
    }
    _mm512_storeu_pd(value + i, sum);
  }
#endif
  for (; i < count; ++i) value[i] = at(1.0 - value[i], 1.0 + value[i]);
}

}  // namespace ntkflow
