#pragma once

#include "ntkflow/base/random.hpp"
#include "ntkflow/kernel/kernel.hpp"

#include <algorithm>
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

/// The largest difference of a lower tile, whose first rows ascend by 7 every 5 columns, from the
/// whole tile, relative to its largest entry. Shape: more than 5 points x.
inline double lower_tile_error(const Kernel& kernel, const Matrix& x) {
  const Index rows = x.cols() - 5, columns = x.cols();
  const auto row_points = kernel.prepare(x.rightCols(rows)), column_points = kernel.prepare(x);
  IndexList first_rows;
  for (Index j = 0; j < columns; ++j) first_rows.push_back(std::min(j / 5 * 7, rows));
  Matrix whole(rows, columns), lower = Matrix::Zero(rows, columns);
  kernel.tile(*row_points, *column_points, whole);
  kernel.lower_tile(*row_points, *column_points, first_rows, lower);
  double error = 0.0;
  for (Index j = 0; j < columns; ++j) {
    const Index count = rows - first_rows[static_cast<std::size_t>(j)];
    const Vector difference = (lower - whole).col(j).tail(count);
    error = std::max(error, difference.size() > 0 ? difference.cwiseAbs().maxCoeff() : 0.0);
  }
  return error / whole.cwiseAbs().maxCoeff();
}

}  // namespace ntkflow
