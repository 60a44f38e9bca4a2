#include "ntkflow/archive/archive.hpp"

#include "archive/toy_archive.hpp"
#include "ntkflow/archive/reader.hpp"

#include <cmath>

namespace ntkflow {
namespace {

using toy::Folder;
using toy::found_modes;
using toy::sizes;

Archive create(const Folder& folder, const Communicator& comm = world()) {
  return Archive::create(comm, folder.file(), toy::schema(comm));
}

void write_all(Archive& archive) {
  toy::write_points(archive);
  archive.commit_stage(names::stage_points);
  toy::write_spectrum(archive);
  archive.commit_stage(names::stage_analytic_spectrum);
  for (Index i = 0; i < sizes.snapshots; ++i) {
    toy::write_snapshot(archive, i);
    archive.commit_snapshot(i);
  }
}

void expect_all(const Archive& archive) {
  EXPECT_TRUE(archive.stage_committed(names::stage_points));
  EXPECT_TRUE(archive.stage_committed(names::stage_analytic_spectrum));
  EXPECT_EQ(archive.committed_snapshots(), sizes.snapshots);
  const IndexRange mine = toy::my_part(archive, sizes.reference);
  const Matrix points = archive.read_rows(names::reference_points, mine);
  ASSERT_EQ(points.rows(), sizes.dimension);
  ASSERT_EQ(points.cols(), mine.count());
  for (Index i = 0; i < mine.count(); ++i)
    for (Index j = 0; j < sizes.dimension; ++j)
      EXPECT_EQ(points(j, i), toy::value(names::reference_points, mine.first + i, j));
  const RowBlocks phi = archive.read_row_blocks(names::eigenfunction, found_modes);
  EXPECT_EQ(phi.local,
            toy::row_blocks(archive, names::eigenfunction, sizes.reference, found_modes).local);
  const Vector residual = archive.read_whole(names::reference_residual);
  for (Index i = 0; i < sizes.snapshots; ++i)
    for (Index j = 0; j < sizes.reference; ++j)
      EXPECT_EQ(residual(i * sizes.reference + j), toy::value(names::reference_residual, i, j));
  EXPECT_EQ(archive.read_whole_integers(names::steps), (IndexList{0, 10, 20}));
}

TEST(Archive, gives_back_what_was_written) {
  const Folder folder(world());
  Archive archive = create(folder);
  write_all(archive);
  expect_all(archive);
  archive.close();

  Archive again = Archive::open(world(), folder.file());
  expect_all(again);
  EXPECT_EQ(again.read_text(names::config_text), "[flow]\nt_end = 1\n");
  again.close();
}

TEST(Archive, does_not_depend_on_who_wrote_it) {
  const Folder folder(world());
  const Communicator alone = world().split(world().is_root() ? 0 : 1, world().rank());
  agree(world(), [&] {
    if (!world().is_root()) return;
    Archive archive = create(folder, alone);
    write_all(archive);
    archive.close();
  });

  Archive together = Archive::open(world(), folder.file());
  expect_all(together);
  EXPECT_TRUE(together.intact({names::stage_marker(names::stage_points)}));
  EXPECT_TRUE(together.intact({names::stage_marker(names::stage_analytic_spectrum)}));
  for (Index i = 0; i < sizes.snapshots; ++i)
    EXPECT_TRUE(together.intact({std::string(names::snapshot_markers), i}));
  together.close();
}

TEST(Archive, leaves_unused_columns_without_a_number) {
  const Folder folder(world());
  Archive archive = create(folder);
  write_all(archive);

  const Vector sigma = archive.read_whole(names::analytic_eigenvalue);
  const Vector phi = archive.read_whole(names::eigenfunction);
  const Vector projection = archive.read_whole(names::projection);
  EXPECT_FALSE(std::isnan(sigma(found_modes - 1)));
  EXPECT_TRUE(std::isnan(sigma(found_modes)));
  for (Index i = 0; i < sizes.reference; ++i)
    EXPECT_TRUE(std::isnan(phi(i * sizes.modes + found_modes)));
  EXPECT_TRUE(std::isnan(projection(sizes.modes + found_modes)));
  EXPECT_EQ(archive.read_whole_integers(names::analytic_eigenspace), (IndexList{0, 1, 1, -1}));
  archive.close();
}

TEST(Archive, counts_only_what_is_committed) {
  const Folder folder(world());
  Archive archive = create(folder);
  toy::write_points(archive);
  toy::write_snapshot(archive, 0);
  archive.commit_snapshot(0);
  toy::write_snapshot(archive, 1);
  archive.close();

  Archive again = Archive::open(world(), folder.file());
  EXPECT_FALSE(again.stage_committed(names::stage_points));
  EXPECT_EQ(again.committed_snapshots(), 1);
  again.close();
}

TEST(Archive, takes_snapshots_back_to_write_them_again) {
  const Folder folder(world());
  Archive archive = create(folder);
  write_all(archive);

  archive.withdraw_snapshots(1);
  EXPECT_EQ(archive.committed_snapshots(), 1);
  toy::write_snapshot(archive, 1);
  archive.commit_snapshot(1);
  EXPECT_EQ(archive.committed_snapshots(), 2);
  archive.withdraw_snapshots(sizes.snapshots);  // nothing
  EXPECT_EQ(archive.committed_snapshots(), 2);
  archive.close();
}

TEST(Archive, refuses_to_commit_what_is_not_complete) {
  const Folder folder(world());
  Archive archive = create(folder);
  archive.write_snapshot(names::loss, 0, 1.0);
  std::string message;

  EXPECT_EQ(toy::exit_code_of([&] { archive.commit_snapshot(0); }, &message), ExitCode::internal);
  EXPECT_EQ(message.find(std::string(names::loss)), std::string::npos) << message;
  EXPECT_NE(message.find("had 0 of"), std::string::npos) << message;
  EXPECT_EQ(archive.committed_snapshots(), 0);
  archive.close();
}

TEST(Archive, refuses_to_commit_what_does_not_read_back) {
  const Folder folder(world());
  Archive archive = create(folder);
  toy::write_snapshot(archive, 0);
  toy::damage(world(), folder.file(), names::reference_residual, sizes.reference - 1);
  std::string message;

  EXPECT_EQ(toy::exit_code_of([&] { archive.commit_snapshot(0); }, &message), ExitCode::io_failed);
  EXPECT_NE(message.find("reference_residual does not read back"), std::string::npos) << message;
  EXPECT_EQ(archive.committed_snapshots(), 0);
  archive.close();
}

TEST(Archive, notices_damage_after_the_commit) {
  const Folder folder(world());
  Archive archive = create(folder);
  write_all(archive);
  const CommitUnit unit{std::string(names::snapshot_markers), 1};
  ASSERT_TRUE(archive.intact(unit));

  toy::damage(world(), folder.file(), names::train_residual, sizes.train);  // first of row 1
  EXPECT_FALSE(archive.intact(unit));
  EXPECT_TRUE(archive.intact({unit.marker, 0}));
  EXPECT_TRUE(archive.intact({unit.marker, 2}));

  toy::damage(world(), folder.file(), names::snapshot_markers, 4 * 2 + 2);
  EXPECT_EQ(archive.committed_snapshots(), 2);
  archive.close();
}

// A kernel matrix of a size that does not divide by the block size or the grid.
TEST(Archive, writes_a_block_cyclic_matrix_as_a_plain_one) {
  const Folder folder(world());
  const ProcessGrid grid(world());
  constexpr Index n = 23;
  DistMatrix matrix(grid, BlockCyclicLayout::square(n, grid.shape(), 4));
  for (Index j = 0; j < count_of(matrix.my_columns()); ++j)
    for (Index i = 0; i < count_of(matrix.my_rows()); ++i)
      matrix.local()(i, j) = toy::value("", matrix.my_rows()[static_cast<std::size_t>(i)],
                                        matrix.my_columns()[static_cast<std::size_t>(j)]);
  Schema schema;
  add_provenance(schema, world(), {});
  const std::string_view which[] = {names::kernel_ntk};
  add_kernel(schema, {.train = n}, which);

  Archive archive = Archive::create(world(), folder.file(), schema);
  archive.write_matrix(names::kernel_ntk, matrix);
  archive.commit_stage(names::stage_kernel);

  const Vector plain = archive.read_whole(names::kernel_ntk);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) EXPECT_EQ(plain(i * n + j), toy::value("", i, j));
  archive.close();
}

TEST(Archive, takes_datasets_without_elements) {
  const Folder folder(world());
  Schema schema;
  add_provenance(schema, world(), {});
  add_train_spectrum(schema, {.train = 3, .train_modes = 0});

  Archive archive = Archive::create(world(), folder.file(), schema);
  archive.write_whole(names::train_eigenvalue, std::vector<double>{3, 2, 1});
  archive.write_whole(names::train_eigenspace, std::span<const Index>());
  archive.write_rows(names::train_eigenvector, toy::row_blocks(archive, "", 3, 0));
  archive.write_whole(names::train_count, Index{0});
  archive.commit_stage(names::stage_train_spectrum);

  EXPECT_TRUE(archive.intact({names::stage_marker(names::stage_train_spectrum)}));
  archive.close();
}

TEST(Archive, is_readable_without_mpi_while_it_is_written) {
  const Folder folder(world());
  Archive archive = create(folder);
  write_all(archive);
  archive.withdraw_snapshots(2);

  if (world().is_root()) {
    const ArchiveReader reader(folder.file());
    Index committed = 0;
    for (const UnitReport& report : reader.units()) {
      committed += report.committed ? 1 : 0;
      EXPECT_EQ(reader.intact(report.unit), report.committed) << report.name;
    }
    EXPECT_EQ(committed, 2 + 2);  // stages, snapshots
    EXPECT_FALSE(reader.complete());
    EXPECT_EQ(reader.read(names::time)[1], toy::value(names::time, 1, 0));
    EXPECT_EQ(reader.read_integers(names::analytic_count), IndexList{found_modes});
    EXPECT_EQ(reader.read_text(names::config_user_text), "# as given\n[flow]\n");
  }
  barrier(world());
  archive.close();
}

struct Extent {
  std::string name;
  std::size_t first;
  std::size_t last;
};

// Where the elements of an archive's datasets lie in the file.
std::vector<Extent> extents_of(const std::string& path) {
  std::vector<Extent> list;
  for (const SlabFile::Info& dataset : ArchiveReader(path).datasets()) {
    const auto first = static_cast<std::size_t>(toy::place(path, dataset.path, 0));
    const Index element = dataset.type == ElementType::text ? dataset.text_length : 8;
    list.push_back(
        {dataset.path, first, first + static_cast<std::size_t>(dataset.all().count() * element)});
  }
  return list;
}

std::string bytes_without(const std::vector<Extent>& extents, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  for (const Extent& extent : extents)
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(extent.first),
              bytes.begin() + static_cast<std::ptrdiff_t>(extent.last), '\0');
  return bytes;
}

// What makes the file open after a kill at any instant.
TEST(Archive, never_changes_anything_but_elements_of_datasets) {
  const Folder folder(world());
  Archive archive = create(folder);
  std::string before;
  std::vector<Extent> extents;
  if (world().is_root()) {
    extents = extents_of(folder.file());
    before = bytes_without(extents, folder.file());
  }
  barrier(world());

  write_all(archive);
  toy::State state = toy::state_at(world(), 3);
  Checkpoint(archive).save(state);
  archive.close();

  if (world().is_root()) {
    EXPECT_EQ(before, bytes_without(extents, folder.file()));
  }
}

}  // namespace
}  // namespace ntkflow
