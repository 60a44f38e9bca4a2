#include "ntkflow/kernel/mean_kernel.hpp"

#include "kernel/lower_rectangles.hpp"
#include "ntkflow/base/error.hpp"

#include <utility>

namespace ntkflow {
namespace {

struct MeanPoints final : PointFeatures {
  std::vector<std::unique_ptr<PointFeatures>> parts;  ///< one a kernel

  Index count() const override { return parts.front()->count(); }
};

class MeanKernel final : public Kernel {
 public:
  explicit MeanKernel(std::vector<std::unique_ptr<Kernel>> kernels) : kernels_(std::move(kernels)) {
    NTKFLOW_EXPECTS(!kernels_.empty());
  }

  std::unique_ptr<PointFeatures> prepare(const Matrix& points) const override {
    auto features = std::make_unique<MeanPoints>();
    for (const auto& kernel : kernels_) features->parts.push_back(kernel->prepare(points));
    return features;
  }

  void tile(const PointFeatures& rows, const PointFeatures& columns,
            Eigen::Ref<Matrix> out) const override {
    tile_by_lower_tile(*this, rows, columns, out);
  }

  void lower_tile(const PointFeatures& rows, const PointFeatures& columns,
                  std::span<const Index> first_rows, Eigen::Ref<Matrix> out) const override {
    const auto& row_points = dynamic_cast<const MeanPoints&>(rows);
    const auto& column_points = dynamic_cast<const MeanPoints&>(columns);
    // A kernel may leave entries as they are, which must be numbers.
    Matrix part = Matrix::Zero(out.rows(), out.cols());
    out.setZero();
    for (std::size_t k = 0; k < kernels_.size(); ++k) {
      kernels_[k]->lower_tile(*row_points.parts[k], *column_points.parts[k], first_rows, part);
      out += part;
    }
    out /= static_cast<double>(kernels_.size());
  }

 private:
  std::vector<std::unique_ptr<Kernel>> kernels_;
};

}  // namespace

std::unique_ptr<Kernel> make_mean_kernel(std::vector<std::unique_ptr<Kernel>> kernels) {
  return std::make_unique<MeanKernel>(std::move(kernels));
}

}  // namespace ntkflow
