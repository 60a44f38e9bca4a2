#pragma once

#include "ntkflow/base/types.hpp"

#include <string>
#include <vector>

namespace ntkflow {

enum class Space { circle, dataset, points };
enum class Density { uniform, piecewise };
enum class Normalise { unit_norm, unit_range, raw };
enum class TargetKind { cosines, labels, file };
enum class ReferenceRule { quadrature, sample, all };
enum class Split { train, test };

/// A dataset inside an HDF5 file, written FILE:/PATH in job files. Empty file: not given.
struct DatasetPath {
  std::string file;
  std::string path;

  bool given() const { return !file.empty(); }

  friend bool operator==(const DatasetPath&, const DatasetPath&) = default;
};

/// The measure rho on the input space.
struct InputSpec {
  Space space = Space::circle;

  /// Circle: density on the angle in [-pi, pi). Piecewise: arc j lies between edges[j] and
  /// edges[j+1], the last one wraps round to edges[0] + 2 pi; density proportional to weights[j].
  Density density = Density::uniform;
  std::vector<double> edges;
  std::vector<double> weights;

  /// Data set: a folder of MNIST's four IDX files, gzip-compressed or not; images of these classes.
  std::string dataset = "mnist";
  std::string path;
  std::vector<Index> classes;
  Normalise normalise = Normalise::unit_norm;

  /// Explicit points, shape (points, dimension) or, on a grid, (points, length, channels) or
  /// (points, height, width, channels); weights (points) > 0, which are divided by their sum,
  /// equal when not given.
  DatasetPath train_points;
  DatasetPath reference_points;  ///< the training points when not given
  DatasetPath reference_weights;

  /// Factor on every input, after normalisation.
  double scale = 1.0;

  friend bool operator==(const InputSpec&, const InputSpec&) = default;
};

/// The target f*.
struct TargetSpec {
  TargetKind kind = TargetKind::cosines;

  /// Circle: sum_j amplitudes[j] cos(frequencies[j] angle), amplitudes 1 when there are none.
  std::vector<Index> frequencies;
  std::vector<double> amplitudes;

  /// File: explicit values, shape (points).
  DatasetPath train_values;
  DatasetPath reference_values;

  friend bool operator==(const TargetSpec&, const TargetSpec&) = default;
};

/// Reference points z_1..z_N with weights, which stand for rho.
struct ReferenceSpec {
  Index points = 0;  ///< N; ignored by ReferenceRule::all
  ReferenceRule rule = ReferenceRule::quadrature;
  Split split = Split::train;  ///< data set: which images
  bool disjoint = true;        ///< data set: none of them a training point

  friend bool operator==(const ReferenceSpec&, const ReferenceSpec&) = default;
};

struct TrainingSpec {
  Index samples = 0;  ///< n; for explicit points the file decides

  friend bool operator==(const TrainingSpec&, const TrainingSpec&) = default;
};

}  // namespace ntkflow
