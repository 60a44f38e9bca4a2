#pragma once

// Orthogonalisation of tall blocks, of which each rank holds some rows. Private to room linalg.
// Every function is collective on comm, and what it returns of small matrices is the same, to the
// last bit, on every rank.

#include "ntkflow/base/types.hpp"
#include "ntkflow/parallel/communicator.hpp"

#include <Eigen/Core>

namespace ntkflow {

/// Takes the basis's share out of a block: block -= basis coefficients with
/// coefficients = basis^T block, which is returned.
/// Shape: basis my rows x m, block my rows x b; result m x b.
Matrix project_out(const Communicator& comm, const Eigen::Ref<const Matrix>& basis, Matrix& block);

/// An orthonormal basis of what a block spans, as block = columns coefficients.
/// Shape: columns my rows x r, coefficients r x b.
struct Orthonormal {
  Matrix columns;
  Matrix coefficients;

  Index count() const { return columns.cols(); }
};

/// By a QR decomposition on each rank, of their R two by two up a binary tree, and one with pivoting
/// at its root (TSQR). Directions smaller than `smallest` are left out. Good for any condition number,
/// b > rows included. Communication: log2(ranks) messages of b^2 numbers up and as many down.
/// Source: Demmel, Grigori, Hoemmen and Langou 2012, Communication-optimal parallel QR.
Orthonormal orthonormalise(const Communicator& comm, const Matrix& block, double smallest);

/// The same for a block that is orthonormal but for a small correction, by the square root of its
/// Gram matrix. Directions shorter than 0.1 are left out: the correction was most of them.
Orthonormal polish(const Communicator& comm, const Matrix& block);

}  // namespace ntkflow
