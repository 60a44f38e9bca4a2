#include "ntkflow/observe/bounds.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace ntkflow {
namespace {

// 0 <= 0 holds by any margin.
double ratio(double left, double right) {
  return left > 0.0 ? left / right : 0.0;
}

Vector ratio(const Vector& left, const Vector& right) {
  return left.binaryExpr(right, [](double l, double r) { return ratio(l, r); });
}

Vector transmissions(const Vector& sigma, double t) {
  return sigma.unaryExpr([t](double s) { return transmission(s, t); });
}

void append(std::vector<Vector>& rows, std::vector<Vector> more) {
  std::ranges::move(more, std::back_inserter(rows));
}

}  // namespace

double transmission(double sigma, double t) {
  const double z = sigma * t;
  const double through = z > 1e-12 ? -std::expm1(-z) / sigma : t * (1.0 - 0.5 * z);
  return through * through;
}

std::vector<Quantity> Bounds::quantities() {
  return {
      {"/bound/projected_lhs", Axis::mode, "||P_k (r_t - exp(-T t) r_0)||^2"},
      {"/bound/projected_rhs", Axis::mode, "its bound by Theorem 1 with eps = 0"},
      {"/bound/projected_ratio", Axis::mode, "left over right side; the bound holds up to 1"},
      {"/bound/eps_hat", Axis::mode, "smallest eps >= 0 for which Theorem 1 holds"},
      {"/bound/eps_2", Axis::mode, "projected_lhs over ((1 - exp(-sigma_k t)) / sigma_k)^2"},
      {"/bound/lhs", Axis::none, "||r_t - exp(-T t) r_0||^2 over the input space"},
      {"/bound/lhs_uncertainty", Axis::none,
       "error bound of the root of lhs: what decays beyond phi_K"},
      {"/bound/rhs", Axis::none, "its bound with eps = 0"},
      {"/bound/ratio", Axis::none, "left over right side; the bound holds up to 1"},
      {"/bound/corollary_5_k", Axis::none, "largest k with t >= log(||f*||_inf / eps) / sigma_k"},
      {"/bound/corollary_5_lhs", Axis::none, "half the squared norm of r_t over the input space"},
      {"/bound/corollary_5_rhs", Axis::none, "||(I - P_k) r_0||^2 for that k"}};
}

Bounds::Bounds(const Scene& scene)
    : reference_(&scene.reference), spectrum_(&scene.spectrum), accuracy_(scene.accuracy) {
  const Communicator& comm = reference_->comm();
  const PointSet& points = *scene.points.reference;
  largest_target_ = points.targets(indices_of({0, points.count()})).cwiseAbs().maxCoeff();
  allowance_ = 4.0 * largest_target_ * largest_target_ * scene.kernel_error;
  const Vector theta = scene.theta_0.gather();
  initial_ = reference_->value(span_of(theta));
  initial_squares_ = cumulative_squares(project(comm, *spectrum_, initial_));
}

std::vector<Vector> Bounds::observe(const Moment& moment) const {
  std::vector<Vector> rows = projected(moment);
  append(rows, whole(moment));
  append(rows, corollary_5(moment));
  return rows;
}

std::vector<Vector> Bounds::projected(const Moment& moment) const {
  const double t = moment.seen.time;
  const Vector left = moment.seen.projected_deviation.cwiseAbs2();
  const Vector through = transmissions(spectrum_->eigenvalues, t);
  const Vector right = allowance_ * through;
  const Vector eps_2 = ratio(left, through);
  const Vector eps_hat = (eps_2.array() - allowance_).max(0.0);
  return {left, right, ratio(left, right), eps_hat, eps_2};
}

std::vector<Vector> Bounds::whole(const Moment& moment) const {
  const double t = moment.seen.time;
  const Index last = spectrum_->count() - 1;
  // ||(I - P_K) g||^2 of the moved part g = r_t - r_0; P_K of the law is known exactly.
  const Vector moved = moment.seen.reference_residual - initial_;
  const double moved_norm = reference_->norm(moved);
  const Vector moved_inside = project(reference_->comm(), *spectrum_, moved);
  const double moved_outside = std::max(0.0, moved_norm * moved_norm - moved_inside.squaredNorm());
  const double inside = moment.seen.projected_deviation(last);
  const double left = inside * inside + moved_outside;
  const double right = t * t * allowance_;

  const double norm = reference_->norm(initial_);
  const double outside = std::sqrt(std::max(0.0, norm * norm - initial_squares_(last)));
  const double uncertainty = -std::expm1(-spectrum_->eigenvalues(last) * t) * outside;
  return {row_of(left), row_of(uncertainty), row_of(right), row_of(ratio(left, right))};
}

std::vector<Vector> Bounds::corollary_5(const Moment& moment) const {
  const Vector& sigma = spectrum_->eigenvalues;
  const double wanted = std::log(largest_target_ / accuracy_);
  Index k = 0;
  while (k < sigma.size() && sigma(k) * moment.seen.time >= wanted) ++k;
  const double norm = reference_->norm(initial_);
  const double known = k > 0 ? initial_squares_(k - 1) : 0.0;
  const double left = 0.5 * moment.seen.reference_norm * moment.seen.reference_norm;
  return {row_of(static_cast<double>(k)), row_of(left), row_of(std::max(0.0, norm * norm - known))};
}

}  // namespace ntkflow
