#pragma once

#include "ntkflow/base/random.hpp"
#include "ntkflow/kernel/kernel.hpp"

#include <string_view>
#include <utility>

namespace ntkflow {

/// An architecture from its texts; `activation_name` where a layer does not say otherwise.
inline Architecture make_architecture(std::string_view layers, std::string_view readout,
                                      std::string_view activation_name, SampleShape input) {
  LayerDefaults defaults;
  defaults.width = 8;
  defaults.activation = &activation(activation_name);
  Architecture architecture = parse_architecture(layers, readout, defaults);
  architecture.input = std::move(input);
  return architecture;
}
inline Architecture make_architecture(std::string_view layers, std::string_view readout,
                                      std::string_view activation_name, Index input_dimension) {
  return make_architecture(layers, readout, activation_name, SampleShape::vector(input_dimension));
}

/// Standard normal points, one a column.
inline Matrix normal_points(Index dimension, Index count, std::uint64_t seed = 1) {
  const RandomStream stream(seed, RandomPurpose::test);
  return Matrix::NullaryExpr(dimension, count,
                             [&](Index i, Index j) { return stream.normal(j * dimension + i); });
}

/// The whole matrix K(rows, columns).
inline Matrix kernel_matrix(const Kernel& kernel, const Matrix& rows, const Matrix& columns) {
  Matrix out(rows.cols(), columns.cols());
  kernel.tile(*kernel.prepare(rows), *kernel.prepare(columns), out);
  return out;
}

}  // namespace ntkflow
