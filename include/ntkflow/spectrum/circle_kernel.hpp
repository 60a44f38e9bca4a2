#pragma once

#include "ntkflow/input/circle_points.hpp"
#include "ntkflow/spectrum/zonal_kernel.hpp"

#include <memory>

namespace ntkflow {

/// What stands in a circle's integral operator for a kernel that is smooth in t = |x - z| but not
/// at t = 0 and pi, where a ReLU network's kernel has kinks: the plain weighted rule has an error
/// O(h^2) there.
enum class KinkTreatment {
  none,                 ///< the kernel itself: the rule integrates it to rounding
  band_limited,         ///< its Fourier series up to the grid's last frequency
  product_integration,  ///< its integral against the polynomials of panels on which it has a kink
};

struct CircleKernel {
  std::shared_ptr<const Kernel> kernel;
  KinkTreatment treatment = KinkTreatment::none;
};

/// Whether the plain rule is too coarse for a kernel on the circle: its eigenvalues at frequencies
/// 96 to 127 are not all below 1e-13 of the largest.
bool has_kink(const ZonalKernel& kernel);

/// The kernel with which the weighted rule of these points, sum_j w_j K(x, z_j) g(z_j), integrates
/// the kernel against a smooth density to the order of the rule itself. It is symmetric, and like
/// any kernel it may be asked at any points x of the circle.
/// Source: product integration, Atkinson 1997, The numerical solution of integral equations of the
/// second kind, section 4.2.
CircleKernel fit_to_circle(std::shared_ptr<const Kernel> kernel,
                           const CircleQuadraturePoints& points);

/// sum_q lambda_q cos q(x - z) of a kernel's eigenvalues under the uniform density, up to frequency
/// n/2: on n equispaced angles, eigenvalues and eigenfunctions are those of the kernel.
std::unique_ptr<Kernel> make_band_limited_kernel(const ZonalKernel& kernel, Index n);

/// K(x, z_j) <- (1 / w_j) int_panel K(x, z) l_j(z) dz where z_j is a node of a panel that holds x or
/// its antipode, with l_j Lagrange's polynomials of the panel's nodes and w_j its Gauss weights;
/// symmetric where x is a node, too: the mean of this and the same with x and z_j exchanged.
std::unique_ptr<Kernel> make_product_integrated_kernel(std::shared_ptr<const Kernel> kernel,
                                                       double radius,
                                                       const std::vector<CirclePanel>& panels);

}  // namespace ntkflow
