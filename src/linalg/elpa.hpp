#pragma once

// The one place that knows ELPA, which is optional. Private to room linalg.

#include "ntkflow/linalg/symmetric_eigen.hpp"

namespace ntkflow {

/// All eigenpairs by ELPA's one-stage solver, like symmetric_eigen, which has checked the argument.
/// Memory: the argument, the eigenvectors, and one local matrix while the upper triangle is filled.
/// Throws: LapackError when ELPA reports an error; ConfigError when this build has no ELPA.
EigenDecomposition elpa_eigen(DistMatrix matrix);

}  // namespace ntkflow
