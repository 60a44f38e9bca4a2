#include "ntkflow/app/observables.hpp"

#include "ntkflow/base/rounding.hpp"
#include "ntkflow/observe/bounds.hpp"
#include "ntkflow/observe/descent_defects.hpp"
#include "ntkflow/observe/drift.hpp"
#include "ntkflow/observe/fisher.hpp"
#include "ntkflow/observe/kernel_flow_residuals.hpp"
#include "ntkflow/observe/region_norms.hpp"

#include <utility>

namespace ntkflow {
namespace {

// One class of observables: when a job wants it, what it writes, how it is made.
struct Entry {
  bool (*is_asked)(const JobConfig& job);
  std::vector<Quantity> (*quantities)();
  std::unique_ptr<Observable> (*make)(const Scene& scene);
};

template <typename T>
Entry entry(bool (*is_asked)(const JobConfig&)) {
  return {is_asked, &T::quantities, [](const Scene& scene) -> std::unique_ptr<Observable> {
            return std::make_unique<T>(scene);
          }};
}

// A new observable is a class in the room observe, a key, and a line here.
const std::vector<Entry>& table() {
  using Job = JobConfig;
  static const std::vector<Entry> entries = {
      entry<Bounds>([](const Job& job) { return job.observe.bounds; }),
      entry<Deviations>([](const Job& job) { return job.observe.deviations; }),
      entry<TrainDeviations>(
          [](const Job& job) { return job.observe.deviations && job.observe.train_projections; }),
      entry<Drift>([](const Job& job) { return job.observe.drift; }),
      entry<Fisher>([](const Job& job) { return job.observe.fisher; }),
      entry<KernelFlowResiduals>([](const Job& job) { return job.observe.kernel_flow; }),
      entry<RegionNorms>([](const Job& job) { return !job.observe.thresholds.empty(); }),
      entry<DescentDefects>([](const Job& job) { return job.observe.defects; })};
  return entries;
}

// A dimension of an archive: its name and length.
std::pair<std::string, Index> dimension_of(Axis axis, const ArchiveSizes& sizes) {
  switch (axis) {
    case Axis::none:
      return {};
    case Axis::mode:
      return {"mode", sizes.modes};
    case Axis::train_mode:
      return {"train_mode", sizes.train_modes};
    case Axis::train_rank:
      return {"train_rank", sizes.train};
    case Axis::region:
      return {"region", sizes.regions};
    case Axis::train_point:
      return {"train", sizes.train};
    case Axis::reference_point:
      return {"reference", sizes.reference};
  }
  NTKFLOW_EXPECTS(!"an axis that this switch does not know");
  return {};
}

void add_quantity(Schema& schema, const Quantity& quantity, const ArchiveSizes& sizes) {
  DatasetSpec dataset{.path = quantity.path,
                      .shape = {sizes.snapshots},
                      .dimensions = {std::string(names::time_dimension)},
                      .long_name = quantity.meaning,
                      .marker = std::string(names::snapshot_markers)};
  if (quantity.axis != Axis::none) {
    const auto [name, length] = dimension_of(quantity.axis, sizes);
    dataset.shape.push_back(length);
    dataset.dimensions.push_back(name);
  }
  schema.add(std::move(dataset));
}

}  // namespace

void add_observables(Schema& schema, const JobConfig& job, const ArchiveSizes& sizes) {
  for (const Entry& entry : table())
    if (entry.is_asked(job))
      for (const Quantity& quantity : entry.quantities()) add_quantity(schema, quantity, sizes);
}

Observables::Observables(const JobConfig& job, const Scene& scene, const Archive& archive)
    : my_train_(scene.train.my_range()),
      my_reference_(scene.reference.my_range()),
      sigma_1_(round_for_decision(scene.spectrum.eigenvalues(0))),
      spec_(job.observe) {
  for (const Entry& entry : table())
    if (entry.is_asked(job)) members_.push_back({entry.quantities(), entry.make(scene)});
  if (spec_.deviations)
    deviations_.emplace(
        scene, archive.read_row_blocks(names::eigenfunction_train, scene.spectrum.count()));
}

std::vector<double> Observables::look_times(const std::vector<double>& snapshots) const {
  if (!deviations_) return snapshots;
  return ntkflow::look_times(snapshots, sigma_1_, spec_.looks_per_decade);
}

void Observables::look(DeviationState& state, const ShardedVector& theta, double time) const {
  if (deviations_) deviations_->look(state, theta, time);
}

void Observables::write(Archive& archive, const Quantity& quantity, Index snapshot,
                        const Vector& values) const {
  if (quantity.axis == Axis::train_point)
    archive.write_snapshot(quantity.path, snapshot, my_train_, span_of(values));
  else if (quantity.axis == Axis::reference_point)
    archive.write_snapshot(quantity.path, snapshot, my_reference_, span_of(values));
  else
    archive.write_snapshot(quantity.path, snapshot, span_of(values));
}

void Observables::record(Archive& archive, Row row, const Observation& seen,
                         const ShardedVector& theta, const DeviationState& deviation) const {
  const bool inspects_kernel = row.number % spec_.kernel_every == 0 || row.number + 1 == row.count;
  for (const Member& member : members_) {
    const std::vector<Vector> rows =
        member.observable->observe({seen, theta, deviation, inspects_kernel});
    NTKFLOW_EXPECTS(rows.size() == member.quantities.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      write(archive, member.quantities[i], row.number, rows[i]);
  }
}

}  // namespace ntkflow
