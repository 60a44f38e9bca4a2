#include "ntkflow/flow/kernel_flow.hpp"

#include "ntkflow/flow/linearised_flow.hpp"

#include "flow/circle_problem.hpp"
#include "support/world.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

// The circle's network at its start, and some points beside the training points.
struct Fields {
  CircleProblem circle;
  ShardedVector theta_0;
  MatrixPoints elsewhere = CircleProblem::angles_to_points(5);
  ResidualField train, reference;
  std::unique_ptr<Kernel> limit;

  explicit Fields(Model model = Model::network, Index n = 13)
      : circle(world(), n),
        theta_0(circle.initial_theta(world())),
        train(circle.network, circle.points, theta_0, model),
        reference(circle.network, elsewhere, theta_0, model),
        limit(make_analytic_kernel(circle.network.architecture(), AnalyticKind::ntk)) {}

  KernelFlow flow(const Kernel& kernel, const ResidualField& off, double eta = 0.0) const {
    return {{kernel, circle.points, off.point_set()}, train, off, theta_0, eta};
  }

  double gap(const ResidualField& field, const Vector& a, const Vector& b) const {
    return field.norm(a - b);
  }
};

TEST(KernelFlow, of_the_kernel_at_the_start_is_the_linearised_network) {
  const Fields fields(Model::linearised);
  const Vector theta = fields.theta_0.gather();
  const auto kernel = make_empirical_kernel(fields.circle.network, span_of(theta));
  const GradientFlow gradient_flow(fields.train);

  for (const double eta : {0.0, 0.5}) {
    const KernelFlow flow = fields.flow(*kernel, fields.reference, eta);
    LinearisedFlow linearised(gradient_flow, fields.theta_0, eta);
    FlowState state = fields.circle.initial_state(world());
    linearised.begin(state);
    for (const double t : {0.5, 20.0}) {
      linearised.step(state, t);
      const Vector moved = state.theta.gather();

      EXPECT_LE(fields.gap(fields.train, flow.train_residual(t), linearised.residual()), 1e-12);
      EXPECT_LE(fields.gap(fields.reference, flow.reference_residual(t),
                           fields.reference.value(span_of(moved))),
                1e-12);
    }
  }
}

TEST(KernelFlow, off_the_sample_agrees_with_the_training_points_where_they_meet) {
  const Fields fields;
  const KernelFlow flow = fields.flow(*fields.limit, fields.train);

  for (const double t : {0.0, 1.0, 100.0, 1e6})
    EXPECT_LE(fields.gap(fields.train, flow.train_residual(t), flow.reference_residual(t)), 1e-12);
}

// dr/dt = -K W r, checked by a central difference at every point.
TEST(KernelFlow, obeys_its_differential_equation) {
  const Fields fields;
  const KernelFlow flow = fields.flow(*fields.limit, fields.reference);
  const auto all = [](const PointSet& set) { return set.points(indices_of({0, set.count()})); };
  const Matrix x = all(fields.circle.points), z = all(fields.elsewhere);
  Matrix cross(z.cols(), x.cols());
  fields.limit->tile(*fields.limit->prepare(z), *fields.limit->prepare(x), cross);
  const double t = 2.0, h = 1e-4;
  const IndexRange mine = fields.train.my_range(), off = fields.reference.my_range();
  Vector whole = Vector::Zero(x.cols());
  whole.segment(mine.first, mine.count()) =
      fields.train.my_weights().cwiseProduct(flow.train_residual(t));
  sum_over_ranks(world(), span_of(whole));

  const Vector rate = (flow.reference_residual(t + h) - flow.reference_residual(t - h)) / (2 * h);

  EXPECT_LE((rate + cross.middleRows(off.first, off.count()) * whole).norm(), 1e-9);
}

// Each point twice: half of the eigenvalues are 0.
TEST(KernelFlow, leaves_what_the_kernel_cannot_see) {
  const Fields fields(Model::network, 10);
  Matrix x = fields.circle.points.points(indices_of({0, 10}));
  x.rightCols(5) = x.leftCols(5);
  Vector y = Vector::Ones(10);
  y.tail(5).setConstant(-3.0);
  const MatrixPoints doubled(x, y);
  const ResidualField train(fields.circle.network, doubled, fields.theta_0);

  const KernelFlow flow({*fields.limit, doubled, doubled}, train, train, fields.theta_0, 0.0);

  // The mean of both targets, -1, is learned; 2 and -2 stay.
  const Vector expected = -(train.my_targets().array() + 1.0);
  for (const double t : {1e10, 1e15}) {
    EXPECT_LE(train.norm(flow.train_residual(t) - expected), 1e-10);
    EXPECT_LE(train.norm(flow.reference_residual(t) - expected), 1e-10);
  }
}

}  // namespace
}  // namespace ntkflow
