// The Gram matrix of a kernel as a run assembles it: make the kernel, prepare the points, fill the
// tiles of one triangle, block-cyclic over the ranks. Prints one line a measurement, "seconds\tS",
// and then, with RATES, the machine's rates with all ranks at work, "NAME\tRATE", summed over the
// ranks, each the median of so many measurements; and "coefficients\tN", the numbers of a point's
// series.
//
// usage: bench_kernels LAYERS ACTIVATION EXTENT,...,CHANNELS POINTS ROUNDS [--theta FILE]
//                      [--out FILE] [--rates RATES]
//
// POINTS and THETA hold doubles: the points one after the other, the parameters as the network has
// them. With THETA the kernel is that of the finite network, otherwise the NTK at infinite width.
// OUT receives the matrix, row-major, its upper triangle in part 0.

#include "limits.hpp"
#include "ntkflow/base/heap.hpp"
#include "ntkflow/base/text.hpp"
#include "ntkflow/input/explicit_points.hpp"
#include "ntkflow/kernel/kernel.hpp"
#include "ntkflow/parallel/blas_threads.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "ntkflow/parallel/mpi_environment.hpp"
#include "ntkflow/spectrum/gram_matrix.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

namespace ntkflow {
namespace {

struct Order {
  Architecture architecture;
  Matrix points;
  int rounds = 1;
  std::optional<Vector> theta;
  std::string out;
  int rates = 0;
};

Vector read_doubles(const std::string& path) {
  Vector values(static_cast<Index>(std::filesystem::file_size(path) / sizeof(double)));
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(values.data()), values.size() * Index{sizeof(double)});
  if (!file) throw std::runtime_error("cannot read " + path);
  return values;
}

SampleShape parse_shape(const std::string& text) {
  SampleShape shape;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) shape.extents.push_back(std::stol(word));
  shape.channels = shape.extents.back();
  shape.extents.pop_back();
  return shape;
}

Order parse(const std::vector<std::string>& words) {
  Order order;
  LayerDefaults defaults;
  defaults.width = 1;
  defaults.fan = Fan::fan_in;
  defaults.activation = &activation(words.at(2));
  const SampleShape shape = parse_shape(words.at(3));
  order.architecture =
      parse_architecture(words.at(1), shape.has_grid() ? "flatten" : "dense", defaults);
  order.architecture.input = shape;
  const Vector numbers = read_doubles(words.at(4));
  order.points = numbers.reshaped(shape.size(), numbers.size() / shape.size());
  order.rounds = std::stoi(words.at(5));
  for (std::size_t i = 6; i + 1 < words.size(); i += 2)
    if (words[i] == "--theta")
      order.theta = read_doubles(words[i + 1]);
    else if (words[i] == "--rates")
      order.rates = std::stoi(words[i + 1]);
    else
      order.out = words[i + 1];
  return order;
}

std::unique_ptr<Kernel> make_kernel(const Order& order) {
  if (!order.theta) return make_analytic_kernel(order.architecture, AnalyticKind::ntk);
  return make_empirical_kernel(Network(order.architecture, Start::standard), span_of(*order.theta));
}

// Column j of a symmetric matrix is row j of the file.
void write(const DistMatrix& gram, const std::string& path) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  const Index n = gram.rows();
  for (Index j = 0; j < gram.local().cols(); ++j)
    for (Index i = 0; i < gram.local().rows(); ++i) {
      const Index row = gram.my_rows()[static_cast<std::size_t>(i)];
      const Index column = gram.my_columns()[static_cast<std::size_t>(j)];
      if (row < column) continue;
      file.seekp((column * n + row) * Index{sizeof(double)});
      file.write(reinterpret_cast<const char*>(&gram.local()(i, j)), sizeof(double));
    }
}

void measure(const Communicator& world, const Order& order) {
  const ProcessGrid grid(world);
  const Index n = order.points.cols();
  const ExplicitPoints points(order.architecture.input, order.points,
                              Vector::Constant(n, 1.0 / static_cast<double>(n)), Vector::Zero(n));
  for (int round = 0; round <= order.rounds; ++round) {
    std::optional<DistMatrix> gram;
    barrier(world);
    const double seconds = seconds_of([&] {
      const auto kernel = make_kernel(order);
      gram.emplace(assemble_gram(grid, *kernel, points, Triangle::lower));
      barrier(world);
    });
    const bool is_warm_up = round == 0;
    if (!is_warm_up && world.is_root()) fmt::print("seconds\t{:.6g}\n", seconds);
    if (is_warm_up && !order.out.empty()) write(*gram, order.out);
  }
}

// All ranks at work at the same time.
void print_rates(const Communicator& world, int rounds) {
  const auto print = [&](const char* name, const auto& rate) {
    std::vector<double> rates;
    for (int round = 0; round < rounds; ++round) {
      barrier(world);
      rates.push_back(sum_over_ranks(world, rate()));
    }
    if (world.is_root()) fmt::print("{}\t{:.6g}\n", name, median(rates));
  };
  print("dgemm", [] { return dgemm_rate(1024, 1000, 1024); });
  print("dsyrk", [] { return dsyrk_rate(1000, 784); });
  print("acos", acos_rate);
  print("sqrt", sqrt_rate);
  print("tanh", tanh_rate);
  print("write", memory_write_rate);
}

}  // namespace
}  // namespace ntkflow

int main(int argc, char** argv) {
  ntkflow::reuse_freed_memory();
  const ntkflow::MpiEnvironment mpi(argc, argv);
  const auto world = ntkflow::Communicator::duplicate_of(MPI_COMM_WORLD);
  ntkflow::set_blas_threads(world);
  const ntkflow::Order order = ntkflow::parse({argv, argv + argc});
  ntkflow::measure(world, order);
  if (order.rates == 0) return 0;
  ntkflow::print_rates(world, order.rates);
  if (world.is_root())
    fmt::print("coefficients\t{}\n", ntkflow::series_numbers(order.architecture));
}
