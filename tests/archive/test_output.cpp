#include "ntkflow/archive/output.hpp"

#include "archive/toy_archive.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

namespace ntkflow {
namespace {

using toy::exit_code_of;
using toy::Folder;

ExitCode create(const std::string& path, const Schema& schema, std::string* message = nullptr) {
  return exit_code_of([&] { Archive::create(world(), path, schema).close(); }, message);
}

ExitCode create(const std::string& path, std::string* message = nullptr) {
  return create(path, toy::schema(world()), message);
}

ExitCode open(const std::string& path, std::string* message = nullptr) {
  return exit_code_of([&] { Archive::open(world(), path).close(); }, message);
}

void write_file(const std::string& path, const std::string& text) {
  if (world().is_root()) std::ofstream(path) << text;
  barrier(world());
}

TEST(Output, absent_is_told_from_ours) {
  const Folder folder(world());
  EXPECT_EQ(examine_output(world(), folder.file()).state, OutputState::absent);
  EXPECT_EQ(open(folder.file()), ExitCode::input_missing);
  EXPECT_EQ(folder.count(), 0);

  ASSERT_EQ(create(folder.file()), ExitCode::completed);
  const OutputReport report = examine_output(world(), folder.file());
  EXPECT_EQ(report.state, OutputState::ours);
  EXPECT_EQ(report.detail, "1.0.0");
  EXPECT_EQ(report.effective_text, "[flow]\nt_end = 1\n");
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(folder.count(), 1);  // neither .tmp nor .lock
}

TEST(Output, is_complete_with_every_stage_and_snapshot) {
  const Folder folder(world());
  Schema schema;
  add_provenance(schema, world(), {});
  add_config(schema, "a", "b");
  schema.add({.path = "/x", .shape = {1}, .long_name = "x", .marker = names::stage_marker("one")});
  schema.add({.path = std::string(names::time),
              .shape = {2},
              .dimensions = {"time"},
              .long_name = "y",
              .marker = std::string(names::snapshot_markers)});
  toy::State state(world());
  add_checkpoint(schema, fields_of(state));
  Archive archive = Archive::create(world(), folder.file(), schema);

  archive.write_whole("/x", std::vector<double>{1});
  archive.commit_stage("one");
  archive.write_snapshot(names::time, 0, 1.0);
  archive.commit_snapshot(0);
  EXPECT_FALSE(examine_output(world(), folder.file()).complete);
  archive.write_snapshot(names::time, 1, 1.0);
  archive.commit_snapshot(1);
  EXPECT_TRUE(examine_output(world(), folder.file()).complete);
  archive.close();
}

TEST(Output, that_is_not_ours_is_refused_and_left_alone) {
  const Folder folder(world());
  write_file(folder.file("notes.txt"), "my notes");
  std::string message;

  EXPECT_EQ(open(folder.file("notes.txt"), &message), ExitCode::cannot_create);
  EXPECT_NE(message.find("not an HDF5 file"), std::string::npos) << message;
  EXPECT_EQ(create(folder.file("notes.txt")), ExitCode::cannot_create);
  EXPECT_EQ(open(folder.file("."), &message), ExitCode::cannot_create);
  EXPECT_EQ(std::filesystem::file_size(folder.file("notes.txt")), 8u);
  EXPECT_EQ(folder.count(), 1);
}

TEST(Output, of_another_program_is_refused) {
  const Folder folder(world());
  if (world().is_root())
    Hdf5File(H5Fcreate(folder.file().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), "H5Fcreate")
        .close("H5Fclose");
  barrier(world());
  std::string message;

  EXPECT_EQ(open(folder.file(), &message), ExitCode::cannot_create);
  EXPECT_NE(message.find("without the attribute format"), std::string::npos) << message;
}

TEST(Output, cut_short_is_refused) {
  const Folder folder(world());
  ASSERT_EQ(create(folder.file()), ExitCode::completed);
  barrier(world());
  if (world().is_root())
    std::filesystem::resize_file(folder.file(), std::filesystem::file_size(folder.file()) - 1);
  barrier(world());

  EXPECT_EQ(open(folder.file()), ExitCode::cannot_create);
}

TEST(Output, of_another_major_version_is_refused) {
  const Folder folder(world());
  Schema schema = toy::schema(world());
  const auto set_version = [&](const char* version) {
    for (auto& [name, value] : schema.attributes)
      if (name == "format_version") value = std::string(version);
  };
  std::string message;

  set_version("2.0.0");
  ASSERT_EQ(create(folder.file("2.h5"), schema), ExitCode::completed);
  EXPECT_EQ(open(folder.file("2.h5"), &message), ExitCode::mismatch);
  EXPECT_NE(message.find("format 2.0.0, this program reads 1.x"), std::string::npos) << message;

  set_version("1.7.3");
  ASSERT_EQ(create(folder.file("1.h5"), schema), ExitCode::completed);
  EXPECT_EQ(open(folder.file("1.h5")), ExitCode::completed);
}

TEST(Output, is_never_overwritten) {
  const Folder folder(world());
  ASSERT_EQ(create(folder.file()), ExitCode::completed);
  EXPECT_EQ(create(folder.file()), ExitCode::cannot_create);
  EXPECT_EQ(open(folder.file()), ExitCode::completed);
}

TEST(Output, in_a_missing_folder_is_refused) {
  const Folder folder(world());
  std::string message;

  EXPECT_EQ(create(folder.file("no/run.h5"), &message), ExitCode::cannot_create);
  EXPECT_NE(message.find("does not exist; create it"), std::string::npos) << message;
  EXPECT_EQ(folder.count(), 0);
}

TEST(Output, in_a_folder_of_somebody_else_is_refused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  const Folder folder(world());
  if (world().is_root())
    std::filesystem::permissions(folder.file("."), std::filesystem::perms(0755));
  const Schema schema = toy::schema(world());
  std::string message;

  ASSERT_EQ(seteuid(65534), 0);
  const ExitCode code = create(folder.file(), schema, &message);
  ASSERT_EQ(seteuid(0), 0);

  EXPECT_EQ(code, ExitCode::no_permission);
  EXPECT_NE(message.find("no permission to write to folder"), std::string::npos) << message;
  EXPECT_EQ(folder.count(), 0);
}

TEST(Output, larger_than_the_disk_is_refused_with_the_numbers) {
  const Folder folder(world());
  Schema schema = toy::schema(world());
  schema.add({.path = "/huge", .shape = {Index{1} << 50}, .long_name = "huge"});
  std::string message;

  EXPECT_EQ(create(folder.file(), schema, &message), ExitCode::cannot_create);
  EXPECT_NE(message.find("MiB free"), std::string::npos) << message;
  EXPECT_EQ(folder.count(), 0);
}

TEST(Output, has_all_its_blocks_from_the_start) {
  const Folder folder(world());
  Schema schema = toy::schema(world());
  schema.add({.path = "/bulk", .shape = {1 << 20}, .long_name = "bulk"});
  ASSERT_EQ(create(folder.file(), schema), ExitCode::completed);

  struct stat status {};
  ASSERT_EQ(stat(folder.file().c_str(), &status), 0);
  EXPECT_GT(status.st_size, 8 << 20);
  EXPECT_GE(512 * status.st_blocks, status.st_size);
}

TEST(Output, replaces_what_a_killed_creation_left_behind) {
  const Folder folder(world());
  write_file(folder.file("run.h5.tmp"), std::string(5 << 20, 'x'));
  write_file(folder.file("run.h5.lock"), "process 1 on nowhere\n");

  EXPECT_EQ(create(folder.file()), ExitCode::completed);
  EXPECT_EQ(open(folder.file()), ExitCode::completed);
  EXPECT_EQ(folder.count(), 1);
}

TEST(Output, in_use_is_refused) {
  const Folder folder(world());
  Archive archive = Archive::create(world(), folder.file(), toy::schema(world()));
  std::string message;

  EXPECT_EQ(open(folder.file(), &message), ExitCode::no_permission);
  EXPECT_NE(message.find("in use by process"), std::string::npos) << message;
  archive.close();
  EXPECT_EQ(open(folder.file()), ExitCode::completed);
}

// ---- no room ----

// Limits the size of files that this process may write, as a full disk would.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);  // the program does the same
    getrlimit(RLIMIT_FSIZE, &before_);
    const struct rlimit limit { bytes, before_.rlim_max };
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  struct rlimit before_ {};
};

TEST(NoRoom, at_creation_is_refused_and_leaves_nothing) {
  const Folder folder(world());
  const Schema schema = toy::schema(world());
  const FileSizeLimit limit(100'000);
  std::string message;

  EXPECT_EQ(create(folder.file(), schema, &message), ExitCode::cannot_create);
  EXPECT_NE(message.find("ulimit"), std::string::npos) << message;
  EXPECT_EQ(folder.count(), 0);
}

// Writes with a limit on some ranks; all must learn of it, and nothing may count as committed.
void expect_no_false_commit(bool limited) {
  const Folder folder(world());
  Archive archive = Archive::create(world(), folder.file(), toy::schema(world()));
  ExitCode code = ExitCode::completed;
  {
    const FileSizeLimit limit(limited ? 100 : RLIM_INFINITY);
    code = exit_code_of([&] {
      toy::write_points(archive);
      archive.commit_stage(names::stage_points);
    });
  }
  EXPECT_EQ(code, ExitCode::io_failed);
  EXPECT_FALSE(archive.stage_committed(names::stage_points));
  archive.close();
}

TEST(NoRoom, on_the_root_is_an_error_on_all_ranks) {
  expect_no_false_commit(world().is_root());
}

TEST(NoRoom, on_one_other_rank_is_an_error_on_all_ranks) {
  expect_no_false_commit(world().rank() == (world().size() > 1 ? 1 : 0));
}

TEST(NoRoom, everywhere_is_an_error_on_all_ranks) {
  expect_no_false_commit(true);
}

}  // namespace
}  // namespace ntkflow
