#pragma once

#include "ntkflow/base/types.hpp"

#include <string>
#include <vector>

namespace ntkflow {

enum class Space { circle, sphere, dataset, points };
enum class Density { uniform, piecewise, fourier, hemispheres };
enum class Colours { rgb, grey };
enum class Normalise { unit_norm, unit_range, raw, standardised };
enum class TargetKind { cosines, harmonics, labels, file, none };
enum class ReferenceRule { quadrature, sample, all };
enum class Split { train, test };
enum class TrainingRule { iid, reference };

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
  /// Fourier: (1 + sum_j cosines[j-1] cos(j a) + sines[j-1] sin(j a)) / (2 pi), j from 1.
  Density density = Density::uniform;
  std::vector<double> edges;
  std::vector<double> weights;
  std::vector<double> cosines;
  std::vector<double> sines;

  /// Sphere: S^{d-1} in R^d. Hemispheres: density 1 where the last coordinate is negative, `ratio`
  /// where it is not, divided by their mean.
  Index sphere_dimension = 3;
  double ratio = 2;

  /// Data set: a folder of MNIST's four IDX files or CIFAR-10's binary batches, gzip-compressed or
  /// not; images of these classes, all where there are none, of resize x resize pixels where it is
  /// not 0.
  std::string dataset = "mnist";
  std::string path;
  std::vector<Index> classes;
  Colours colours = Colours::rgb;
  Index resize = 0;
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

  /// Cosines: sum_j amplitudes[j] cos(frequencies[j] angle + phases[j]).
  /// Harmonics: sum_j amplitudes[j] Y_{degrees[j], orders[j]}, see harmonics.hpp.
  /// Where there are none, amplitudes are 1, phases and orders 0.
  std::vector<Index> frequencies;
  std::vector<double> phases;
  std::vector<Index> degrees;
  std::vector<Index> orders;
  std::vector<double> amplitudes;

  /// Labels: +1 for these classes, -1 for the others; the second of two classes when not given.
  std::vector<Index> positive;

  /// File: explicit values, shape (points).
  DatasetPath train_values;
  DatasetPath reference_values;

  /// Standard deviation of the independent normal noise that is added at the training points.
  double noise = 0;

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
  TrainingRule rule = TrainingRule::iid;  ///< reference: the reference points with their weights
  Index samples = 0;                      ///< n of TrainingRule::iid; for points the file decides

  friend bool operator==(const TrainingSpec&, const TrainingSpec&) = default;
};

}  // namespace ntkflow
