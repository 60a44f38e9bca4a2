#include "ntkflow/archive/checkpoint.hpp"

#include "archive/toy_archive.hpp"

namespace ntkflow {
namespace {

using toy::Folder;
using toy::State;
using toy::state_at;

Archive create(const Folder& folder, const Communicator& comm = world()) {
  return Archive::create(comm, folder.file(), toy::schema(comm));
}

void save(Checkpoint& checkpoint, Index step) {
  State state = state_at(world(), step);
  checkpoint.save(state);
}

// The step of the state that a new start would resume from; -1: none.
Index resumed_step(const Communicator& comm, Archive& archive) {
  State state(comm);
  const bool found = Checkpoint(archive).load(state);
  if (!found) return -1;
  EXPECT_TRUE(toy::same(state, state_at(comm, state.step)));
  return state.step;
}

TEST(Checkpoint, gives_nothing_before_the_first_save) {
  const Folder folder(world());
  Archive archive = create(folder);
  State state = state_at(world(), 5);

  EXPECT_FALSE(Checkpoint(archive).available());
  EXPECT_FALSE(Checkpoint(archive).load(state));
  EXPECT_TRUE(toy::same(state, state_at(world(), 5)));
  archive.close();
}

TEST(Checkpoint, gives_back_the_newest_state) {
  const Folder folder(world());
  Archive archive = create(folder);
  Checkpoint checkpoint(archive);
  for (Index step = 1; step <= 5; ++step) {
    save(checkpoint, step);
    EXPECT_EQ(resumed_step(world(), archive), step);
  }
  archive.close();

  Archive again = Archive::open(world(), folder.file());
  EXPECT_EQ(resumed_step(world(), again), 5);
  Checkpoint resumed(again);
  save(resumed, 6);
  EXPECT_EQ(resumed_step(world(), again), 6);
  again.close();
}

TEST(Checkpoint, is_taken_up_by_another_number_of_ranks) {
  const Folder folder(world());
  Archive archive = create(folder);
  Checkpoint checkpoint(archive);
  save(checkpoint, 7);
  archive.close();

  const Communicator alone = world().split(world().is_root() ? 0 : 1, world().rank());
  agree(world(), [&] {
    if (!world().is_root()) return;
    Archive again = Archive::open(alone, folder.file());
    EXPECT_EQ(resumed_step(alone, again), 7);
    again.close();
  });
}

TEST(Checkpoint, falls_back_when_the_newest_slot_is_damaged) {
  const char* const damaged[] = {"theta", "step", "memory", "_commit"};
  for (const std::string field : damaged) {
    const Folder folder(world());
    Archive archive = create(folder);
    Checkpoint checkpoint(archive);
    save(checkpoint, 1);  // slot 0
    save(checkpoint, 2);  // slot 1

    toy::damage(world(), folder.file(), names::slot_folder(1) + field, 0);
    EXPECT_EQ(resumed_step(world(), archive), 1) << field;

    // The next save must go to the damaged slot and be the newest again.
    Checkpoint resumed(archive);
    save(resumed, 3);
    EXPECT_EQ(resumed_step(world(), archive), 3) << field;
    toy::damage(world(), folder.file(), names::slot_folder(1) + field, 0);
    EXPECT_EQ(resumed_step(world(), archive), 1) << field;
    archive.close();
  }
}

TEST(Checkpoint, gives_nothing_when_both_slots_are_damaged) {
  const Folder folder(world());
  Archive archive = create(folder);
  Checkpoint checkpoint(archive);
  save(checkpoint, 1);
  save(checkpoint, 2);

  toy::damage(world(), folder.file(), names::slot_folder(0) + "theta", 9);
  toy::damage(world(), folder.file(), names::slot_folder(1) + "time", 0);
  EXPECT_EQ(resumed_step(world(), archive), -1);
  archive.close();
}

TEST(Checkpoint, half_written_leaves_the_one_before) {
  const Folder folder(world());
  Archive archive = create(folder);
  Checkpoint checkpoint(archive);
  save(checkpoint, 1);
  save(checkpoint, 2);

  // As far as a kill in mid-save lets slot 0 get.
  archive.withdraw({names::slot_marker(0)});
  EXPECT_EQ(resumed_step(world(), archive), 2);
  archive.write_whole(names::slot_folder(0) + "time", std::vector<double>{9.0});
  EXPECT_EQ(resumed_step(world(), archive), 2);
  archive.close();
}

TEST(Checkpoint, refuses_a_state_of_another_size) {
  const Folder folder(world());
  Archive archive = create(folder);
  Checkpoint checkpoint(archive);
  save(checkpoint, 1);
  State larger(world(), 11);
  std::string message;

  EXPECT_EQ(
      toy::exit_code_of([&] { static_cast<void>(Checkpoint(archive).load(larger)); }, &message),
      ExitCode::mismatch);
  EXPECT_NE(message.find("theta has 10 values, this job has 11"), std::string::npos) << message;
  archive.close();
}

}  // namespace
}  // namespace ntkflow
