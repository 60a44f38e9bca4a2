#include "ntkflow/spectrum/local_frequency.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/input/circle_density.hpp"
#include "ntkflow/parallel/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace ntkflow {
namespace {

using std::numbers::pi;

/// This rank's points in one window, seen from its middle, where cos and sin are least correlated.
struct Window {
  Vector x;
  Vector weights;
  Matrix functions;  ///< points x K
};

Window window_of(const FrequencyWindow& arc, const Matrix& functions, const Vector& angles,
                 const Vector& weights) {
  IndexList inside;
  for (Index i = 0; i < angles.size(); ++i)
    if (std::abs(wrap_angle(angles[i] - arc.first - arc.length / 2)) < arc.length / 2)
      inside.push_back(i);
  Window window{angles(inside), weights(inside), functions(inside, Eigen::all)};
  for (double& x : window.x) x = wrap_angle(x - arc.first - arc.length / 2);
  return window;
}

// How much of one function's mean square A cos wx + B sin wx takes, from the sums over all ranks
// cc, ss, cs (waves with each other) and cf, sf (with the function): the rest is least where this is
// largest.
double explained(double cc, double ss, double cs, double cf, double sf) {
  const double determinant = cc * ss - cs * cs;
  if (determinant < 1e-12 * cc * ss || ss < 1e-14 * cc) return cc > 0 ? cf * cf / cc : 0;
  return (ss * cf * cf - 2 * cs * cf * sf + cc * sf * sf) / determinant;
}

// For each function k and each of its trial frequencies w(., k): what the fit explains.
// Shape: trials and result count x K.
Matrix explained_by(const Communicator& comm, const Window& window, const Matrix& trials) {
  const Index count = trials.rows(), modes = trials.cols();
  Matrix sums = Matrix::Zero(5 * count, modes);
  for (Index k = 0; k < modes; ++k)
    for (Index c = 0; c < count; ++c) {
      const Eigen::ArrayXd turned = trials(c, k) * window.x.array();
      const Eigen::ArrayXd cosine = turned.cos(), sine = turned.sin();
      const auto w = window.weights.array();
      const auto f = window.functions.col(k).array();
      sums.col(k).segment(5 * c, 5) << (w * cosine * cosine).sum(), (w * sine * sine).sum(),
          (w * cosine * sine).sum(), (w * cosine * f).sum(), (w * sine * f).sum();
    }
  sum_over_ranks(comm, span_of(sums));
  return Matrix::NullaryExpr(count, modes, [&](Index c, Index k) {
    const auto s = sums.col(k).segment(5 * c, 5);
    return explained(s[0], s[1], s[2], s[3], s[4]);
  });
}

// The best of a grid of frequencies, the same for all functions: two matrix products.
Vector best_on_grid(const Communicator& comm, const Window& window, const Vector& grid) {
  const Matrix turned = window.x * grid.transpose();
  const Matrix cosine = turned.array().cos(), sine = turned.array().sin();
  const auto weigh = window.weights.asDiagonal();
  Matrix waves(grid.size(), 3);
  waves << (cosine.cwiseAbs2().transpose() * window.weights),
      (sine.cwiseAbs2().transpose() * window.weights),
      (cosine.cwiseProduct(sine).transpose() * window.weights);
  Matrix cf = cosine.transpose() * weigh * window.functions;
  Matrix sf = sine.transpose() * weigh * window.functions;
  for (Matrix* sums : {&waves, &cf, &sf}) sum_over_ranks(comm, span_of(*sums));

  Vector best(cf.cols());
  for (Index k = 0; k < best.size(); ++k) {
    const Vector share = Vector::NullaryExpr(grid.size(), [&](Index g) {
      return explained(waves(g, 0), waves(g, 1), waves(g, 2), cf(g, k), sf(g, k));
    });
    Index at = 0;
    share.maxCoeff(&at);
    best[k] = grid[at];
  }
  return best;
}

// Narrows each function's bracket of half width `reach` about its frequency.
Vector refined(const Communicator& comm, const Window& window, Vector best, double reach) {
  constexpr Index trials = 9;
  for (; reach > 1e-7; reach /= 4) {
    const Matrix around = Matrix::NullaryExpr(trials, best.size(), [&](Index c, Index k) {
      return std::max(best[k] + reach * (static_cast<double>(c) - 4) / 4, 0.0);
    });
    const Matrix share = explained_by(comm, window, around);
    for (Index k = 0; k < best.size(); ++k) {
      Index at = 0;
      share.col(k).maxCoeff(&at);
      best[k] = around(at, k);
    }
  }
  return best;
}

}  // namespace

Matrix local_frequencies(const Communicator& comm, const RowBlocks& functions,
                         const Vector& my_angles, const Vector& my_weights,
                         const std::vector<FrequencyWindow>& windows, double highest) {
  NTKFLOW_EXPECTS(my_angles.size() == functions.local.rows());
  Matrix frequencies(functions.local.cols(), count_of(windows));
  for (Index r = 0; r < count_of(windows); ++r) {
    const FrequencyWindow& arc = windows[static_cast<std::size_t>(r)];
    const Window window = window_of(arc, functions.local, my_angles, my_weights);
    Vector size(1 + frequencies.rows());
    size << static_cast<double>(window.x.size()),
        window.functions.cwiseAbs2().transpose() * window.weights;
    sum_over_ranks(comm, span_of(size));
    const double step = pi / (4 * arc.length);
    const auto steps = static_cast<Index>(highest / step) + 1;
    const Vector grid = Vector::LinSpaced(steps + 1, 0, static_cast<double>(steps) * step);
    frequencies.col(r) = refined(comm, window, best_on_grid(comm, window, grid), step);
    for (Index k = 0; k < frequencies.rows(); ++k)
      if (size[0] < 4 || !(size[k + 1] > 0))
        frequencies(k, r) = std::numeric_limits<double>::quiet_NaN();
  }
  return frequencies;
}

}  // namespace ntkflow
