#include "kernel/scalar_kernel.hpp"

#include "kernel/chebyshev.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#if defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__))
#include <immintrin.h>
#endif

namespace ntkflow {
namespace {

// s ends at sin(pi/4), where rho = 0.
constexpr double end_of_s = 1.0 / std::numbers::sqrt2;

#if !defined(__AVX512F__) && defined(__AVX2__) && defined(__FMA__)
// Column k of a 4 x 4 matrix whose rows stand at four places.
struct Transposed {
  __m256d column[4];

  Transposed(const double* r0, const double* r1, const double* r2, const double* r3) {
    const auto halves = [](const double* low, const double* high) {
      return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd(low)), _mm_load_pd(high), 1);
    };
    const __m256d a = halves(r0, r2), b = halves(r1, r3);
    const __m256d c = halves(r0 + 2, r2 + 2), d = halves(r1 + 2, r3 + 2);
    column[0] = _mm256_unpacklo_pd(a, b);
    column[1] = _mm256_unpackhi_pd(a, b);
    column[2] = _mm256_unpacklo_pd(c, d);
    column[3] = _mm256_unpackhi_pd(c, d);
  }
};
#endif

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
    for (Index k = 0; k < terms; ++k) coefficients_.data()[index_of(piece, k)] = powers[k];
  }
}

Index ScalarKernel::index_of(Index piece, Index k) {
#if defined(__AVX512F__)
  return k * stride + piece;
#else
  return piece * stride + k;
#endif
}

double ScalarKernel::polynomial(Index piece, double u) const {
  double sum = 0.0;
  for (Index k = terms; k-- > 0;) sum = std::fma(sum, u, coefficients_.data()[index_of(piece, k)]);
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
    const __m512d w = _mm512_max_pd(zero, _mm512_sub_pd(one, _mm512_abs_pd(rho)));
    const __m512d place = _mm512_sqrt_pd(_mm512_mul_pd(w, square_scale));
    const __m512d floor = _mm512_min_pd(_mm512_floor_pd(place), last);
    const __m512d u = _mm512_fmsub_pd(_mm512_sub_pd(place, floor), _mm512_set1_pd(2.0), one);
    const __m512i near_piece = _mm512_cvtepi32_epi64(_mm512_cvttpd_epi32(floor));
    const __m512i piece =
        _mm512_mask_add_epi64(near_piece, opposite, near_piece, _mm512_set1_epi64(pieces));
    __m512d sum = zero;
    for (Index k = terms; k-- > 0;) {
      const double* c = coefficients_.data() + index_of(0, k);
      sum = _mm512_fmadd_pd(
          sum, u, _mm512_permutex2var_pd(_mm512_load_pd(c), piece, _mm512_load_pd(c + 8)));
    }
    _mm512_storeu_pd(value + i, sum);
  }
#elif defined(__AVX2__) && defined(__FMA__)
  // Four entries' coefficients, each from its own piece, are turned into the columns of a matrix:
  // half the instructions of looking up every coefficient.
  static_assert(terms == 13);
  const __m256d one = _mm256_set1_pd(1.0), zero = _mm256_setzero_pd();
  const __m256d last = _mm256_set1_pd(pieces - 1), sign = _mm256_set1_pd(-0.0);
  const __m256d square_scale = _mm256_set1_pd(0.5 * pieces * pieces / (end_of_s * end_of_s));
  for (; i + 4 <= count; i += 4) {
    const __m256d rho = _mm256_loadu_pd(value + i);
    const __m256d w = _mm256_max_pd(zero, _mm256_sub_pd(one, _mm256_andnot_pd(sign, rho)));
    const __m256d place = _mm256_sqrt_pd(_mm256_mul_pd(w, square_scale));
    const __m256d floor = _mm256_min_pd(_mm256_floor_pd(place), last);
    const __m256d u = _mm256_fmsub_pd(_mm256_sub_pd(place, floor), _mm256_set1_pd(2.0), one);
    const __m256d opposite = _mm256_and_pd(_mm256_cmp_pd(rho, zero, _CMP_LT_OQ),
                                           _mm256_set1_pd(static_cast<double>(pieces)));
    const __m128i piece = _mm256_cvttpd_epi32(_mm256_add_pd(floor, opposite));
    const auto at_lane = [&](int index) { return coefficients_.data() + index_of(index, 0); };
    const double *r0 = at_lane(_mm_extract_epi32(piece, 0)),
                 *r1 = at_lane(_mm_extract_epi32(piece, 1)),
                 *r2 = at_lane(_mm_extract_epi32(piece, 2)),
                 *r3 = at_lane(_mm_extract_epi32(piece, 3));
    __m256d sum = _mm256_set_pd(r3[12], r2[12], r1[12], r0[12]);
    for (Index first = 8; first >= 0; first -= 4) {
      const Transposed c(r0 + first, r1 + first, r2 + first, r3 + first);
      for (int k = 3; k >= 0; --k) sum = _mm256_fmadd_pd(sum, u, c.column[k]);
    }
    _mm256_storeu_pd(value + i, sum);
  }
#endif
  for (; i < count; ++i) value[i] = at(1.0 - value[i], 1.0 + value[i]);
}

}  // namespace ntkflow
