#pragma once

#include "ntkflow/archive/archive.hpp"
#include "ntkflow/archive/archive_datasets.hpp"
#include "ntkflow/config/job_config.hpp"
#include "ntkflow/observe/deviations.hpp"
#include "ntkflow/observe/observable.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace ntkflow {

/// Adds the datasets of the observables that a job asks for; they belong to the snapshots.
void add_observables(Schema& schema, const JobConfig& job, const ArchiveSizes& sizes);

/// The observables that a job asks for, at work. Keeps references to what the scene refers to.
class Observables {
 public:
  /// Collective.
  Observables(const JobConfig& job, const Scene& scene, const Archive& archive);

  /// Times at which look() is due: the snapshots' at least.
  std::vector<double> look_times(const std::vector<double>& snapshots) const;

  /// What must be seen more often than at snapshots. Collective.
  void look(DeviationState& state, const ShardedVector& theta, double time) const;

  /// A snapshot's number, and how many there are.
  struct Row {
    Index number;
    Index count;
  };

  /// Writes everything into row row.number. Collective.
  void record(Archive& archive, Row row, const Observation& seen, const ShardedVector& theta,
              const DeviationState& deviation) const;

 private:
  void write(Archive& archive, const Quantity& quantity, Index snapshot,
             const Vector& values) const;

  struct Member {
    std::vector<Quantity> quantities;
    std::unique_ptr<Observable> observable;
  };
  std::vector<Member> members_;
  std::optional<DeviationMeter> deviations_;
  IndexRange my_train_, my_reference_;
  double sigma_1_;
  ObserveSpec spec_;
};

}  // namespace ntkflow
