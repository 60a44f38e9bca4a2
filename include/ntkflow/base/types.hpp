#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

namespace ntkflow {

/// Every count and every index; 64 bits, because n * n passes 2^31 at n = 46,341.
using Index = std::int64_t;

/// Dense real matrix, column-major. A batch of points or activations holds one sample a column,
/// so that a sample is contiguous and the bytes are those of a row-major (samples, features) array.
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

using IndexList = std::vector<Index>;

/// Half-open range [first, last) of indices.
struct IndexRange {
  Index first = 0;
  Index last = 0;

  Index count() const { return last - first; }
  bool contains(Index i) const { return first <= i && i < last; }
  friend bool operator==(const IndexRange&, const IndexRange&) = default;
};

/// The indices of a range, in order.
inline IndexList indices_of(IndexRange range) {
  IndexList list(static_cast<std::size_t>(range.count()));
  std::iota(list.begin(), list.end(), range.first);
  return list;
}

/// Narrows an index to the int of MPI and ScaLAPACK.
/// Throws: Error (not enough memory, exit 71) when the value does not fit; `what` names the
/// quantity.
int to_int(Index value, std::string_view what);

/// Signed size of a standard container.
template <typename Container>
Index count_of(const Container& container) {
  return static_cast<Index>(container.size());
}

/// View of an Eigen vector or matrix's storage.
inline std::span<double> span_of(Matrix& m) {
  return {m.data(), static_cast<std::size_t>(m.size())};
}
inline std::span<double> span_of(Vector& v) {
  return {v.data(), static_cast<std::size_t>(v.size())};
}
inline std::span<const double> span_of(const Matrix& m) {
  return {m.data(), static_cast<std::size_t>(m.size())};
}
inline std::span<const double> span_of(const Vector& v) {
  return {v.data(), static_cast<std::size_t>(v.size())};
}

}  // namespace ntkflow
