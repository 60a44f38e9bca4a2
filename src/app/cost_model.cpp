#include "ntkflow/app/cost_model.hpp"

#include "ntkflow/flow/gradient_flow.hpp"
#include "ntkflow/linalg/block_krylov.hpp"
#include "ntkflow/network/network_jacobian.hpp"
#include "ntkflow/parallel/partition.hpp"
#include "ntkflow/parallel/process_grid.hpp"
#include "ntkflow/spectrum/gram_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ntkflow {
namespace {

constexpr double number = 8;  // bytes

// ScaLAPACK, of n^3: its time at DGEMM's rate (2 ranks, n = 4,000, all vectors: 7 s at 105 GFLOP/s). Of
// that the transformation of the vectors, done for those that are kept.
constexpr double dense_flops = 11.5, flops_of_vectors = 2;

// Numbers sent by a rank of an R x C grid, of n^2: (rows (R - 1) + columns (C - 1)) / (R C), as
// tools/bench/communication.py counts them; each column of the matrix waits for about so many
// messages, one after the other, in each level of a tree of ranks.
constexpr double dense_numbers_of_rows = 6.6, dense_numbers_of_columns = 4.0;
constexpr double dense_messages = 8;

// A pass sums that many small matrices over the ranks or hands them out.
constexpr double krylov_sums = 8;

// A decaying spectrum takes 5 to 8.
constexpr double krylov_passes = 7;

constexpr double blocks_beside_basis = 7;  // five of a product, the product and the remainder
constexpr double tile_memory = 2 * 8.4e6;

double real(Index i) {
  return static_cast<double>(i);
}

double rows_of(const SpectrumSize& size) {
  return real((size.points + size.ranks - 1) / size.ranks);
}

double tree_levels(int ranks) {
  return std::ceil(std::log2(std::max(1, ranks)));
}

// Eigenfunctions of a rank's rows, and once more while they are rotated and written.
double functions_memory(const SpectrumSize& size) {
  return 2 * number * rows_of(size) * real(std::min(size.points, size.eigenpairs));
}

// What the kernel keeps of some points.
double features_memory(const SpectrumSize& size, double points) {
  return number * real(size.point_numbers) * points;
}

// An assembly keeps the features of so many rows and columns at most.
constexpr double assembled_points = assembled_rows + assembled_columns;

}  // namespace

double gram_memory(const SpectrumSize& size) {
  const double n = real(size.points);
  const double rows = n / near_square(size.ranks).rows;
  return number * n * n / size.ranks + features_memory(size, std::min(rows, assembled_points));
}

StageCost dense_cost(const SpectrumSize& size) {
  const double n = real(size.points);
  const GridShape grid = near_square(size.ranks);
  const double other_matrices = 3 * number * n * n / grid.size();
  const double numbers =
      n * n / grid.size() *
      (dense_numbers_of_rows * (grid.rows - 1) + dense_numbers_of_columns * (grid.columns - 1));
  // An extension of the eigenfunctions keeps all of a rank's points.
  const double extended = features_memory(size, rows_of(size));
  return {.memory = std::max(other_matrices + gram_memory(size), extended) + functions_memory(size),
          .flops = n * n *
                   ((dense_flops - flops_of_vectors) * n +
                    flops_of_vectors * std::min(n, real(size.eigenpairs))),
          .entries = n * n / 2,
          .bytes = number * numbers,
          .messages = dense_messages * n * tree_levels(size.ranks)};
}

StageCost krylov_cost(const SpectrumSize& size, Index most_columns) {
  const double n = real(size.points), block = real(krylov_block(size.points, size.eigenpairs));
  const Index limit =
      most_columns > 0 ? most_columns : krylov_columns(size.points, size.eigenpairs);
  const double columns = std::min(real(limit), std::min(n, krylov_passes * block));
  const double vectors = number * rows_of(size) * (columns + blocks_beside_basis * block);
  const double projected = 3 * number * columns * columns;  // with its eigenvectors and their work
  const double products = krylov_passes * 2 * n * n * block;
  const double orthogonalisation = 4 * n * columns * columns;
  // After pass i root decomposes the projected matrix, i blocks wide: a sum of cubes.
  const double projected_flops = dense_flops * krylov_passes / 4 * columns * columns * columns;
  const double sent = n * block + krylov_sums * columns * block;
  return {.memory = vectors + projected + tile_memory + features_memory(size, rows_of(size)) +
                    functions_memory(size),
          .flops = products + orthogonalisation,
          .entries = krylov_passes * n * n / 2,
          .root_flops = projected_flops,
          .bytes = size.ranks > 1 ? krylov_passes * number * sent : 0,
          .messages = krylov_passes * (size.ranks - 1 + 2 * krylov_sums * tree_levels(size.ranks))};
}

Index krylov_least_columns(const SpectrumSize& size) {
  return std::min(size.points,
                  size.eigenpairs + 1 + 4 * krylov_block(size.points, size.eigenpairs));
}

double kernel_flow_memory(Index train, Index reference, int ranks) {
  return number * real(train + reference) * real(train) / ranks;
}

// Whole vectors of the parameters, and the two forward passes that are kept where GradientFlow keeps
// them. Every weight meets every position of its layer's output twice forward and four times
// backward. The weights are gathered, the gradient is summed and scattered.
StageCost evaluation_cost(const Network& network, Index samples, int ranks) {
  constexpr double whole_vectors = 3, passes = 2;
  constexpr double flops_of_weight = 6;
  const double parameters = real(network.parameter_count());
  const double pass = NetworkJacobian::memory(network, Partition(samples, ranks).block());
  const std::vector<SampleShape> shapes = layer_shapes(network.architecture());
  double weights = 0;
  for (std::size_t l = 0; l < network.maps().size(); ++l) {
    const Index positions = l + 1 < shapes.size() ? shapes[l + 1].positions() : 1;
    weights += real(network.maps()[l].weight_count() * positions);
  }
  const double halves = parameters / real(network.maps().back().parameters_end());
  return {.memory = whole_vectors * number * parameters +
                    (pass <= GradientFlow::kept_bytes ? passes * pass : 0.0),
          .flops = flops_of_weight * halves * weights * real(samples),
          .bytes = 2 * number * parameters * (ranks - 1) / ranks,
          .messages = 2 * tree_levels(ranks)};
}

}  // namespace ntkflow
