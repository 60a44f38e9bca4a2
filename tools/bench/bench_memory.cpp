// Peak memory of each rank while the Gram matrix of MNIST images is assembled, one triangle, for a
// fully connected ReLU network of depth 3. Prints "RANK\tBEFORE\tPEAK", bytes, a line a rank.
//
// usage: bench_memory FOLDER IMAGES

#include "ntkflow/base/clock.hpp"
#include "ntkflow/base/heap.hpp"
#include "ntkflow/input/image_points.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/parallel/blas_threads.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/parallel/mpi_environment.hpp"
#include "ntkflow/spectrum/gram_matrix.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace ntkflow {
namespace {

std::shared_ptr<const PointSet> images_of(const char* folder, Index count) {
  InputSpec input;
  input.space = Space::dataset;
  input.path = folder;
  TargetSpec target;
  target.kind = TargetKind::none;
  ReferenceSpec reference;
  reference.points = 1;
  reference.rule = ReferenceRule::sample;
  reference.disjoint = false;
  TrainingSpec training;
  training.samples = count;
  return make_image_points(input, target, reference, training, 1).train;
}

std::unique_ptr<Kernel> kernel_of(const SampleShape& shape) {
  LayerDefaults defaults;
  defaults.width = 1;
  defaults.activation = &activation("relu");
  Architecture architecture = parse_architecture("fc:W, fc:W, fc:W", "dense", defaults);
  architecture.input = shape;
  return make_analytic_kernel(architecture, AnalyticKind::ntk);
}

void measure(const Communicator& world, const char* folder, Index count) {
  const auto points = images_of(folder, count);
  const auto kernel = kernel_of(points->shape());
  const ProcessGrid grid(world);
  barrier(world);
  const long long before = peak_memory_bytes();
  const DistMatrix gram = assemble_gram(grid, *kernel, *points, Triangle::lower);
  const std::string line = fmt::format("{}\t{}\t{}\n", world.rank(), before, peak_memory_bytes());
  for (const std::string& text : gather_texts(world, line)) fmt::print("{}", text);
}

}  // namespace
}  // namespace ntkflow

int main(int argc, char** argv) {
  ntkflow::reuse_freed_memory();
  const ntkflow::MpiEnvironment mpi(argc, argv);
  const auto world = ntkflow::Communicator::duplicate_of(MPI_COMM_WORLD);
  ntkflow::set_blas_threads(world);
  if (argc != 3) return 64;
  ntkflow::measure(world, argv[1], std::atol(argv[2]));
}
