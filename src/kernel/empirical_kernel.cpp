#include "kernel/lower_rectangles.hpp"
#include "kernel/map_term.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/kernel/kernel.hpp"

#include <algorithm>
#include <vector>

namespace ntkflow {
namespace {

struct EmpiricalPoints final : PointFeatures {
  Index points = 0;
  std::vector<std::vector<MapFactors>> halves;  ///< of theta; one entry a term

  Index count() const override { return points; }
};

// Columns done at a time: the scratch matrices stay in cache, products run at full speed.
constexpr RectangleWidths panel_widths{384, 96};

class EmpiricalKernel final : public Kernel {
 public:
  EmpiricalKernel(const Network& network, Parameters theta)
      : network_(network), theta_(theta.begin(), theta.end()) {
    NTKFLOW_EXPECTS(count_of(theta) == network.parameter_count());
    for (std::size_t l = 0; l < network.maps().size(); ++l)
      if (auto term = make_map_term(network, l)) terms_.push_back({l, std::move(term)});
  }

  std::unique_ptr<PointFeatures> prepare(const Matrix& points) const override {
    auto features = std::make_unique<EmpiricalPoints>();
    features->points = points.cols();
    for (Index first = 0; first < points.cols(); first += network_.samples_a_block()) {
      const Index count = std::min(network_.samples_a_block(), points.cols() - first);
      append(points.middleCols(first, count), first, *features);
    }
    return features;
  }

  void tile(const PointFeatures& rows, const PointFeatures& columns,
            Eigen::Ref<Matrix> out) const override {
    tile_by_lower_tile(*this, rows, columns, out);
  }

  void lower_tile(const PointFeatures& rows, const PointFeatures& columns,
                  std::span<const Index> first_rows, Eigen::Ref<Matrix> out) const override {
    NTKFLOW_EXPECTS(out.rows() == rows.count() && out.cols() == columns.count());
    NTKFLOW_EXPECTS(count_of(first_rows) == out.cols());
    const bool is_symmetric =
        &rows == &columns && std::ranges::equal(first_rows, columns_from_diagonal(out.cols()));
    const std::vector<Rectangle> parts =
        is_symmetric ? symmetric_rectangles(out.cols(), panel_widths.most)
                     : lower_rectangles(first_rows, out.rows(), panel_widths);
    for (const Rectangle& part : parts)
      fill_panel(
          rows, part.rows, columns, part.columns,
          out.block(part.rows.first, part.columns.first, part.rows.count(), part.columns.count()));
  }

 private:
  // Signals of whole batches would not fit: only what the terms keep of them is.
  void append(const Matrix& block, Index first, EmpiricalPoints& features) const {
    std::vector<Signals> halves = network_.signals(theta_, block);
    features.halves.resize(halves.size(), std::vector<MapFactors>(terms_.size()));
    for (std::size_t half = 0; half < halves.size(); ++half)
      for (std::size_t t = 0; t < terms_.size(); ++t) {
        const auto& [l, term] = terms_[t];
        MapFactors factors =
            term->factors(std::move(halves[half].below[l]), std::move(halves[half].backward[l]));
        set_columns(std::move(factors.below), first, features.points,
                    features.halves[half][t].below);
        set_columns(std::move(factors.backward), first, features.points,
                    features.halves[half][t].backward);
      }
  }

  static void set_columns(Matrix part, Index first, Index count, Matrix& whole) {
    if (part.size() == 0) return;
    if (part.cols() == count) {
      whole = std::move(part);
      return;
    }
    if (whole.size() == 0) whole.resize(part.rows(), count);
    whole.middleCols(first, part.cols()) = part;
  }

  // K is K(theta) of a single network, and the mean over the halves of an antisymmetric one.
  void fill_panel(const PointFeatures& rows, IndexRange row_range, const PointFeatures& columns,
                  IndexRange column_range, Eigen::Ref<Matrix> out) const {
    const auto& row_halves = dynamic_cast<const EmpiricalPoints&>(rows).halves;
    const auto& column_halves = dynamic_cast<const EmpiricalPoints&>(columns).halves;
    out.setZero();
    for (std::size_t half = 0; half < row_halves.size(); ++half)
      for (std::size_t t = 0; t < terms_.size(); ++t)
        terms_[t].term->add(row_halves[half][t], row_range, column_halves[half][t], column_range,
                            out);
    out /= static_cast<double>(row_halves.size());
  }

  struct NumberedTerm {
    std::size_t map;
    std::unique_ptr<MapTerm> term;
  };

  Network network_;
  std::vector<double> theta_;
  std::vector<NumberedTerm> terms_;
};

}  // namespace

// As long as both halves of an antisymmetric network are equal, as at the start, its kernel is that of
// one of them.
std::unique_ptr<Kernel> make_empirical_kernel(const Network& network, Parameters theta) {
  const Parameters first = theta.first(theta.size() / network.halves());
  if (network.halves() == 2 && std::ranges::equal(first, theta.last(first.size())))
    return std::make_unique<EmpiricalKernel>(Network(network.architecture(), Start::standard),
                                             first);
  return std::make_unique<EmpiricalKernel>(network, theta);
}

}  // namespace ntkflow
