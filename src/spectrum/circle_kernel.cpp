#include "ntkflow/spectrum/circle_kernel.hpp"

#include "ntkflow/spectrum/funk_hecke.hpp"

namespace ntkflow {

bool has_kink(const ZonalKernel& kernel) {
  constexpr Index first = 96, last = 128;
  constexpr double rounding = 1e-13;
  const Vector size = zonal_eigenvalues(kernel, last).cwiseAbs();
  return size.tail(last - first).maxCoeff() > rounding * size.maxCoeff();
}

CircleKernel fit_to_circle(std::shared_ptr<const Kernel> kernel,
                           const CircleQuadraturePoints& points) {
  const ZonalKernel zonal(*kernel, points.dimension(), points.radius());
  if (!has_kink(zonal)) return {std::move(kernel), KinkTreatment::none};
  if (points.rule().rule == CircleRule::equispaced)
    return {make_band_limited_kernel(zonal, points.count()), KinkTreatment::band_limited};
  return {make_product_integrated_kernel(std::move(kernel), points.radius(), points.rule().panels),
          KinkTreatment::product_integration};
}

}  // namespace ntkflow
