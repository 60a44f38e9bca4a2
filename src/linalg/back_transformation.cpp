#include "linalg/back_transformation.hpp"

#include "ntkflow/parallel/collectives.hpp"

#include <algorithm>

namespace ntkflow {
namespace {

// Wide enough that the products run at DGEMM's speed, narrow against n: V^T V is work on top.
constexpr Index panel_width = 128;

// The local indices of global ones from `first` on; local order is global order.
Index first_local(const IndexList& globals, Index first) {
  return std::lower_bound(globals.begin(), globals.end(), first) - globals.begin();
}

// Reflectors [panel.first, panel.last), one a column, in this rank's rows from local row `top` on.
Matrix panel_of(const GridLines& lines, const DistMatrix& reflectors, const Vector& tau,
                IndexRange panel, Index top) {
  const IndexList& rows = reflectors.my_rows();
  const IndexList& columns = reflectors.my_columns();
  Matrix v = Matrix::Zero(reflectors.local().rows() - top, panel.count());
  for (Index local = first_local(columns, panel.first);
       local < std::ssize(columns) && columns[static_cast<std::size_t>(local)] < panel.last;
       ++local) {
    const Index j = columns[static_cast<std::size_t>(local)];
    if (tau[j] == 0) continue;  // H_j = 1
    const Index unit = first_local(rows, j + 1);
    const Index below = reflectors.local().rows() - unit;
    v.col(j - panel.first).tail(below) = reflectors.local().col(local).tail(below);
    if (below > 0 && rows[static_cast<std::size_t>(unit)] == j + 1)
      v(unit - top, j - panel.first) = 1;
  }
  sum_over_ranks(lines.row, span_of(v));  // one column of processes has it, the others zeros
  return v;
}

// T^-1, upper triangular.
Matrix inverse_factor(const GridLines& lines, const Matrix& v, const Vector& tau,
                      IndexRange panel) {
  Matrix gram = v.transpose() * v;
  sum_over_ranks(lines.column, span_of(gram));
  for (Index j = 0; j < panel.count(); ++j) {
    const double t = tau[panel.first + j];
    gram(j, j) = t == 0 ? 1 : 1 / t;
  }
  return gram;
}

}  // namespace

GridLines::GridLines(const ProcessGrid& grid)
    : row(grid.comm().split(grid.is_member() ? grid.my_row() : grid.rows(), grid.comm().rank())),
      column(grid.comm().split(grid.is_member() ? grid.my_column() : grid.columns(),
                               grid.comm().rank())) {}

Vector gather_columns(const GridLines& lines, const DistMatrix& matrix, const Vector& local) {
  Vector whole = Vector::Zero(matrix.columns());
  whole(matrix.my_columns()) = local;
  sum_over_ranks(lines.row, span_of(whole));
  return whole;
}

void back_transform(const GridLines& lines, const DistMatrix& reflectors, const Vector& tau,
                    Index first, DistMatrix& z) {
  const Index left = first_local(z.my_columns(), first);
  auto columns = z.local().rightCols(z.local().cols() - left);
  for (Index last = z.rows() - 1; last > 0; last -= std::min(last, panel_width)) {
    const IndexRange panel{last - std::min(last, panel_width), last};
    const Index top = first_local(z.my_rows(), panel.first + 1);
    const Matrix v = panel_of(lines, reflectors, tau, panel, top);
    auto rows = columns.bottomRows(v.rows());
    Matrix w = v.transpose() * rows;
    sum_over_ranks(lines.column, span_of(w));
    const Matrix factor = inverse_factor(lines, v, tau, panel);
    if (w.size() > 0)
      factor.triangularView<Eigen::Upper>().solveInPlace(w);  // a rank without columns
    rows.noalias() -= v * w;
  }
}

}  // namespace ntkflow
