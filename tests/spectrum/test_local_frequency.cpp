#include "ntkflow/spectrum/local_frequency.hpp"

#include "ntkflow/parallel/partition.hpp"
#include "ntkflow/spectrum/circle_kernel.hpp"
#include "ntkflow/spectrum/density_approximation.hpp"
#include "ntkflow/spectrum/kernel_spectrum.hpp"
#include "spectrum/angles.hpp"
#include "spectrum/networks.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

CircleDensity three_arcs() {
  return CircleDensity::piecewise({-pi, -pi / 3, pi / 3}, {1, 2, 4});
}

std::vector<FrequencyWindow> windows_of(const CircleDensity& density) {
  std::vector<FrequencyWindow> windows;
  for (const CircleDensity::Arc& arc : density.arcs()) windows.push_back({arc.first, arc.length});
  return windows;
}

Vector my_part(const Vector& whole) {
  const IndexRange mine = Partition(whole.size(), world().size()).range(world().rank());
  return whole.segment(mine.first, mine.count());
}

TEST(LocalFrequency, of_a_wave_is_its_own_in_every_window) {
  const WeightedAngles angles = circle_quadrature(three_arcs(), 300);
  const std::vector<double> frequencies = {0, 0.4, 1, 7.3, 23.125};
  RowBlocks waves{Partition(300, world().size()), {}};
  const Vector mine = my_part(angles.angles);
  waves.local.resize(mine.size(), 5);
  for (Index k = 0; k < 5; ++k)
    waves.local.col(k) = 3 * (frequencies[static_cast<std::size_t>(k)] * mine.array() + 0.2).cos();

  // The second window wraps round; waves of a frequency that is no integer jump there.
  const Matrix found =
      local_frequencies(world(), waves, mine, my_part(angles.weights), {{-1, 2.5}, {-pi, 2}}, 40);

  for (Index k = 0; k < 5; ++k)
    for (Index window = 0; window < 2; ++window)
      // The misfit of a constant grows as w^4: rounding lets a few eps^(1/4), 1e-4, pass for 0.
      EXPECT_NEAR(found(k, window), frequencies[static_cast<std::size_t>(k)], k == 0 ? 5e-4 : 1e-5);
}

TEST(LocalFrequency, is_not_a_number_where_there_is_nothing_to_fit) {
  const WeightedAngles angles = circle_quadrature(three_arcs(), 100);
  const Vector mine = my_part(angles.angles);
  const RowBlocks zero{Partition(100, world().size()), Matrix::Zero(mine.size(), 1)};

  const Matrix found =
      local_frequencies(world(), zero, mine, my_part(angles.weights), windows_of(three_arcs()), 10);

  EXPECT_TRUE(found.array().isNaN().all());
}

// [B20]: the denser an arc, the higher the frequency on it.
TEST(LocalFrequency, of_eigenfunctions_follows_the_root_of_the_density) {
  const CircleDensity density = three_arcs();
  const CircleQuadraturePoints points(density, circle_quadrature(density, 480), {{1}, {1.0}, {0.0}},
                                      1.0);
  const auto kernel = fit_to_circle(first_layer_ntk(), points).kernel;
  const KernelSpectrum spectrum = kernel_spectrum(ProcessGrid(world()), *kernel, points, {41, 1});
  const DensityApproximation approximation(density);

  const Matrix found =
      local_frequencies(world(), spectrum.eigenfunctions, my_part(points.rule().angles),
                        spectrum.my_weights, windows_of(density), 60);

  const Matrix expected = approximation.local_frequencies(21);
  for (Index i = 21; i < 41; ++i)
    for (Index arc = 0; arc < 3; ++arc) {
      const Index q = (i + 1) / 2;
      EXPECT_NEAR(found(i, arc) / expected(q, arc), 1, 0.015) << "q = " << q << ", arc " << arc;
    }
}

}  // namespace
}  // namespace ntkflow
