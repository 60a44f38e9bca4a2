#pragma once

// A small archive with known values at every place, and means to damage it.

#include "ntkflow/archive/archive.hpp"
#include "ntkflow/archive/archive_datasets.hpp"
#include "ntkflow/archive/checkpoint.hpp"
#include "ntkflow/archive/provenance.hpp"
#include "ntkflow/base/hdf5_handle.hpp"
#include "ntkflow/parallel/agree.hpp"
#include "ntkflow/parallel/collectives.hpp"
#include "support/world.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace ntkflow::toy {

/// A folder of its own for each test, the same on all ranks, removed at the end.
class Folder {
 public:
  explicit Folder(const Communicator& comm) : comm_(&comm) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = (std::filesystem::temp_directory_path() /
             ("ntkflow_" + std::to_string(getpid()) + "_" + test->name()))
                .string();
    broadcast(comm, path_);
    if (comm.is_root()) std::filesystem::create_directories(path_);
    barrier(comm);
  }
  ~Folder() {
    MPI_Barrier(comm_->native());
    std::error_code ignored;
    if (comm_->is_root()) std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name = "run.h5") const { return path_ + "/" + name; }
  /// Files in the folder, on every rank.
  Index count() const {
    barrier(*comm_);
    const auto n = std::distance(std::filesystem::directory_iterator(path_), {});
    barrier(*comm_);
    return n;
  }

 private:
  const Communicator* comm_;
  std::string path_;
};

// With 4 ranks the last ones have no rows of the training points.
inline constexpr ArchiveSizes sizes = {
    .reference = 11, .train = 2, .dimension = 3, .modes = 4, .train_modes = 2, .snapshots = 3};
inline constexpr Index found_modes = 3;

struct State {
  double time = 0;
  Index step = 0;
  Vector memory = Vector::Zero(3);
  ShardedVector theta;

  explicit State(const Communicator& comm, Index n = 10) : theta(comm, n) {}
};

template <typename S, typename Visitor>
requires std::is_same_v<S, State>
void visit_fields(S& state, Visitor&& field) {
  field("time", state.time);
  field("step", state.step);
  field("memory", state.memory);
  field("theta", state.theta);
}

/// The state after so many steps, without any history.
inline State state_at(const Communicator& comm, Index step) {
  State state(comm);
  state.time = 0.5 * static_cast<double>(step);
  state.step = step;
  state.memory.setConstant(static_cast<double>(100 + step));
  const IndexRange mine = state.theta.my_range();
  for (Index i = mine.first; i < mine.last; ++i)
    state.theta.local()(i - mine.first) = static_cast<double>(1000 * step + i);
  return state;
}

inline bool same(const State& a, const State& b) {
  const bool mine = a.time == b.time && a.step == b.step && a.memory == b.memory &&
                    a.theta.local() == b.theta.local();
  return !any_rank(a.theta.comm(), !mine);
}

inline Schema schema(const Communicator& comm) {
  Schema schema;
  add_provenance(schema, comm,
                 {.title = "toy", .command_line = "toy run", .process_grid = "1 x 1"});
  add_config(schema, "[flow]\nt_end = 1\n", "# as given\n[flow]\n");
  add_points(schema, sizes);
  add_analytic_spectrum(schema, sizes);
  add_trajectory(schema, sizes);
  add_runs(schema);
  State state(comm);
  add_checkpoint(schema, fields_of(state));
  return schema;
}

/// What stands at element (row, column) of any dataset.
inline double value(std::string_view dataset, Index row, Index column) {
  return static_cast<double>(count_of(dataset)) + 100.0 * static_cast<double>(row) +
         0.25 * static_cast<double>(column);
}

inline std::vector<double> values(std::string_view dataset, IndexRange rows, IndexRange columns) {
  std::vector<double> list;
  for (Index row = rows.first; row < rows.last; ++row)
    for (Index column = columns.first; column < columns.last; ++column)
      list.push_back(value(dataset, row, column));
  return list;
}

inline IndexRange my_part(const Archive& archive, Index n) {
  return Partition(n, archive.comm().size()).range(archive.comm().rank());
}

inline void write_points(Archive& archive) {
  for (const auto dataset : {names::reference_points, names::reference_weight, names::train_points,
                             names::reference_target, names::train_target, names::train_weight}) {
    const IndexList shape = archive.shape(dataset);
    const IndexRange mine = my_part(archive, shape[0]);
    archive.write_rows(dataset, mine, values(dataset, mine, {0, shape.size() > 1 ? shape[1] : 1}));
  }
}

inline RowBlocks row_blocks(const Archive& archive, std::string_view dataset, Index rows,
                            Index columns) {
  const IndexRange mine = my_part(archive, rows);
  RowBlocks blocks{Partition(rows, archive.comm().size()), Matrix(mine.count(), columns)};
  for (Index i = 0; i < mine.count(); ++i)
    for (Index j = 0; j < columns; ++j) blocks.local(i, j) = value(dataset, mine.first + i, j);
  return blocks;
}

inline void write_spectrum(Archive& archive) {
  const auto sigma = values(names::analytic_eigenvalue, {0, found_modes}, {0, 1});
  archive.write_whole(names::analytic_eigenvalue, sigma);
  archive.write_whole(names::analytic_eigenspace, std::span<const Index>(IndexList{0, 1, 1}));
  archive.write_rows(names::eigenfunction,
                     row_blocks(archive, names::eigenfunction, sizes.reference, found_modes));
  archive.write_rows(names::eigenfunction_train,
                     row_blocks(archive, names::eigenfunction_train, sizes.train, found_modes));
  archive.write_whole(names::analytic_count, found_modes);
  archive.write_whole(names::analytic_dropped, Index{1});
}

inline void write_snapshot(Archive& archive, Index i) {
  for (const auto dataset : {names::time, names::loss, names::train_norm, names::reference_norm,
                             names::theta_distance, names::evaluations, names::step_size})
    archive.write_snapshot(dataset, i, value(dataset, i, 0));
  archive.write_snapshot(names::steps, i, Index{10 * i});
  archive.write_snapshot(names::rejections, i, i);
  for (const auto dataset : {names::train_residual, names::reference_residual}) {
    const IndexRange mine = my_part(archive, archive.shape(dataset)[1]);
    archive.write_snapshot(dataset, i, mine, values(dataset, {i, i + 1}, mine));
  }
  for (const auto dataset :
       {names::projection, names::ideal_projection, names::projected_deviation})
    archive.write_snapshot(dataset, i, values(dataset, {i, i + 1}, {0, found_modes}));
  for (const auto dataset : {names::train_projection, names::train_ideal_projection})
    archive.write_snapshot(dataset, i, values(dataset, {i, i + 1}, {0, sizes.train_modes}));
}

/// Byte in the file at which an element of a dataset starts.
inline off_t place(const std::string& path, std::string_view dataset, Index element) {
  const Hdf5File file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), "H5Fopen");
  const Hdf5Dataset handle(H5Dopen2(file.get(), std::string(dataset).c_str(), H5P_DEFAULT),
                           "H5Dopen2");
  return static_cast<off_t>(H5Dget_offset(handle.get())) + 8 * element;
}

/// Turns one bit of a dataset over, behind everybody's back. Collective.
inline void damage(const Communicator& comm, const std::string& path, std::string_view dataset,
                   Index element) {
  barrier(comm);
  if (comm.is_root()) {
    const int file = ::open(path.c_str(), O_RDWR);
    const off_t at = place(path, dataset, element) + 3;
    char byte = 0;
    ASSERT_EQ(pread(file, &byte, 1, at), 1);
    byte = static_cast<char>(byte ^ 4);
    ASSERT_EQ(pwrite(file, &byte, 1, at), 1);
    ::close(file);
  }
  barrier(comm);
}

/// The exit code of the Error that all ranks throw; completed when nobody throws.
template <typename Work>
ExitCode exit_code_of(Work&& work, std::string* message = nullptr) {
  try {
    work();
    return ExitCode::completed;
  } catch (const Error& error) {
    if (message != nullptr) *message = error.what();
    return error.exit_code();
  }
}

}  // namespace ntkflow::toy
