// A run in miniature that kills one of its ranks at a chosen instant; see test_crash_states.py.
//   killed_run ARCHIVE RANK INSTANT     RANK dies by SIGKILL at its INSTANT-th operation; -1: never

#include "archive/toy_archive.hpp"
#include "ntkflow/archive/run_log.hpp"
#include "ntkflow/parallel/mpi_environment.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace ntkflow {
namespace {

constexpr Index steps_a_snapshot = 2;

class Executioner {
 public:
  Executioner(int victim, long instant) : victim_(victim), instant_(instant) {}
  void operator()() {
    if (world().rank() == victim_ && ++count_ == instant_) std::raise(SIGKILL);
  }

 private:
  int victim_;
  long instant_;
  long count_ = 0;
};

// A state's next step depends on all of the one before: a wrong resume shows in every later row.
void step(toy::State& state) {
  state.time += 0.125;
  state.step += 1;
  state.memory = 0.5 * state.memory + Vector::Constant(3, state.time);
  state.theta.local() = 0.75 * state.theta.local();
  state.theta.local().array() += state.memory.sum();
}

void write_snapshot(Archive& archive, Index i, const toy::State& state, Executioner& operation) {
  archive.write_snapshot(names::time, i, state.time);
  operation();
  archive.write_snapshot("/trajectory/theta", i, state.theta.my_range(),
                         span_of(state.theta.local()));
  operation();
  archive.commit_snapshot(i);
  operation();
}

Archive open(const std::string& path, const toy::State& state, Index snapshots) {
  if (examine_output(world(), path).state != OutputState::absent)
    return Archive::open(world(), path);
  Schema schema;
  add_provenance(schema, world(), {.title = "killed run"});
  add_config(schema, "", "");
  schema.add({.path = std::string(names::time),
              .shape = {snapshots},
              .dimensions = {"time"},
              .long_name = "time",
              .marker = std::string(names::snapshot_markers)});
  schema.add({.path = "/trajectory/theta",
              .shape = {snapshots, state.theta.count()},
              .dimensions = {"time", "parameter"},
              .long_name = "parameters",
              .marker = std::string(names::snapshot_markers)});
  add_runs(schema);
  toy::State sizes = state;
  add_checkpoint(schema, fields_of(sizes));
  return Archive::create(world(), path, schema);
}

void run(const std::string& path, Executioner operation) {
  constexpr Index snapshots = 6;
  toy::State state(world());
  operation();
  Archive archive = open(path, state, snapshots);
  operation();
  RunLog log(archive);
  Checkpoint checkpoint(archive);
  const bool resumed = checkpoint.load(state);
  archive.withdraw_snapshots(resumed ? state.step / steps_a_snapshot + 1 : 0);
  operation();
  for (Index i = resumed ? state.step / steps_a_snapshot + 1 : 0; i < snapshots; ++i) {
    while (state.step < i * steps_a_snapshot) step(state);
    write_snapshot(archive, i, state, operation);
    if (i % 2 == 1) checkpoint.save(state);
    operation();
  }
  log.finish("completed");
  archive.close();
}

}  // namespace
}  // namespace ntkflow

int main(int argc, char** argv) {
  const ntkflow::MpiEnvironment mpi(argc, argv);
  if (argc != 4) return 64;
  ntkflow::run(argv[1], {std::atoi(argv[2]), std::atol(argv[3])});
  return 0;
}
